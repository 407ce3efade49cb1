//! Evaluating policies and the groups of rule files, each at its own pace, and handing what they say to the writer.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use larum_core::policy::Policy;
use larum_core::time::{Now, Steady};
use larum_rules::Installation;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

use crate::clock::Clock;
use crate::collect::COLLECTION_INTERVAL;
use crate::gaps::Gaps;
use crate::handle::Handle;
use crate::rule_files::RuleFiles;
use crate::source::Source;

mod schedule;
mod recorded;
mod view;
mod ask;
mod rule;
mod group;
mod files;

use group::{Group, GroupKey, Rule};
use rule::Setting;
use schedule::Schedule;
pub use view::{GroupEvaluation, GroupRule, RecordingEvaluation, RecordingRule, RuleGroup};

/// How often policies are evaluated, and the groups of rule files that do not say (Prometheus,
/// `global.evaluation_interval`, has a minute; this is how often this host is looked at).
pub const EVALUATION_INTERVAL: Duration = COLLECTION_INTERVAL;
/// How long after each collection of this host's metrics policies are evaluated, so that they see it.
const AFTER_COLLECTION: Duration = Duration::from_millis(500);

/// Evaluates policies and rule files.
#[derive(Debug)]
pub struct Evaluator {
    setting: Arc<Setting>,
    schedule: Schedule<GroupKey>,
    /// The groups that are not at work.
    resting: HashMap<GroupKey, Group>,
    working: JoinSet<(GroupKey, Group)>,
    /// The version of each policy that is to be evaluated.
    policies: BTreeMap<GroupKey, Arc<Policy>>,
    files: Arc<RuleFiles>,
    /// The groups of those files.
    views: HashMap<GroupKey, Arc<RuleGroup>>,
    /// When policies were evaluated first: each is, in steps from then on.
    began: Steady,
}

/// What wakes the evaluator.
enum Woken {
    Stop,
    PolicySaved,
    RulesChanged,
    Finished(GroupKey, Box<Group>),
    Due,
}

impl Evaluator {
    /// An evaluator that asks `source`, of which gaps are counted, and says of the installation what texts ask.
    pub fn new(engine: Handle, clock: Clock, source: Source, gaps: Gaps, installation: Installation) -> Self {
        let began = clock.now().steady.plus(AFTER_COLLECTION);
        Self {
            setting: Arc::new(Setting { engine, clock, source, gaps, installation }),
            schedule: Schedule::default(),
            resting: HashMap::new(),
            working: JoinSet::new(),
            policies: BTreeMap::new(),
            files: Arc::default(),
            views: HashMap::new(),
            began,
        }
    }

    /// Evaluates until `stop` turns true.
    ///
    /// # Errors
    /// [`JoinError`] if an evaluation panicked outside what an expression can bring about.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) -> Result<(), JoinError> {
        let engine = self.setting.engine.clone();
        self.take_files();
        self.take_policies(self.began);
        loop {
            self.start_due();
            let (clock, due) = (self.setting.clock, self.schedule.next());
            let woken = tokio::select! {
                biased;
                _ = stop.wait_for(|stop| *stop) => Woken::Stop,
                () = engine.shared.policy_saved.notified() => Woken::PolicySaved,
                () = engine.shared.rules_changed.notified() => Woken::RulesChanged,
                Some(done) = self.working.join_next() => {
                    let (key, group) = done?;
                    Woken::Finished(key, Box::new(group))
                }
                () = clock.sleep_until(due) => Woken::Due,
            };
            match woken {
                Woken::Stop => return Ok(()),
                Woken::PolicySaved => self.take_policies(self.now().steady),
                Woken::RulesChanged => self.take_files(),
                Woken::Finished(key, group) => self.finished(key, *group),
                Woken::Due => {}
            }
        }
    }

    fn now(&self) -> Now {
        self.setting.clock.now()
    }

    /// Sets to work what is due.
    fn start_due(&mut self) {
        let now = self.now();
        self.setting.gaps.look(now, self.setting.source.store().map(Arc::as_ref));
        for (key, due) in self.schedule.start(now.steady) {
            let Some(group) = self.resting.remove(&key) else { continue };
            let setting = Arc::clone(&self.setting);
            let at = now.wall.minus(now.steady.since(due).min(group.interval));
            self.working.spawn(async move { (key, group.evaluate(&setting, at).await) });
        }
    }

    /// Takes back a group that was at work. It may have been edited, or be wanted no more.
    fn finished(&mut self, key: GroupKey, mut group: Group) {
        let now = self.now();
        let missed = self.schedule.finished(&key, now.steady);
        let meters = &self.setting.engine.shared.meters;
        meters.last_evaluation.set(now.wall.as_millis() as f64 / 1000.0);
        if missed > 0 {
            meters.evaluations_missed.inc_by(missed);
            tracing::warn!(?key, missed, "an evaluation took longer than its interval: some were left out");
            if let Some(view) = &group.view {
                view.last.lock().missed += missed;
            }
        }
        let wanted = match (&key, self.policies.get(&key)) {
            (GroupKey::Policy(_), None) => false,
            (GroupKey::Policy(_), Some(policy)) => {
                self.edit(&mut group, &Arc::clone(policy));
                true
            }
            (GroupKey::File { .. }, _) => self.is_current(&key, &group),
            (GroupKey::Broken, _) => !self.resting.contains_key(&key) && self.schedule.knows(&key),
        };
        if wanted {
            self.resting.insert(key, group);
        } else {
            group.end(&self.setting);
        }
    }

    /// Sees to it that what is in force is evaluated: policies that are new or edited at `due`, all at each interval.
    fn take_policies(&mut self, due: Steady) {
        let wanted: BTreeMap<GroupKey, Arc<Policy>> = self.setting.engine.read(|state| {
            let policies = state.policies().filter(|_| state.alerting());
            let policies = policies.filter(|(policy, _)| policy.enabled && !policy.kind.is_rule());
            policies.map(|(policy, _)| (GroupKey::Policy(policy.id), Arc::clone(policy))).collect()
        });
        let before = std::mem::replace(&mut self.policies, wanted.clone());
        for key in before.keys().filter(|key| !wanted.contains_key(key)) {
            self.schedule.remove(key);
            if let Some(mut group) = self.resting.remove(key) {
                group.end(&self.setting);
            }
        }
        for (key, policy) in &wanted {
            if before.get(key).is_some_and(|known| known.version == policy.version) {
                continue;
            }
            let known = before.contains_key(key);
            match self.resting.remove(key) {
                Some(mut group) => {
                    self.edit(&mut group, policy);
                    self.resting.insert(key.clone(), group);
                }
                None if known => {}
                None => {
                    let group = Group::of_policy(Arc::clone(policy), EVALUATION_INTERVAL);
                    self.resting.insert(key.clone(), group);
                }
            }
            self.schedule.put(key, EVALUATION_INTERVAL, due);
        }
    }

    /// Puts the policy in force into its group.
    fn edit(&self, group: &mut Group, policy: &Arc<Policy>) {
        let Some(Rule::Alerting(rule)) = group.rules.pop() else { return };
        let same = rule.policy.version == policy.version;
        let rule = if same { rule } else { Box::new(rule.edited(Arc::clone(policy), &self.setting.gaps)) };
        group.rules.push(Rule::Alerting(rule));
    }
}
