//! A group of rules, evaluated one after the other (Prometheus, "Recording rules", `<rule_group>`).

use std::sync::Arc;
use std::time::Duration;

use larum_core::alert::PolicyId;
use larum_core::policy::{Outcome, Policy};
use larum_core::time::Timestamp;

use super::rule::{Alerting, Recording, Setting, Time};
use super::view::RuleGroup;

/// What a group is known by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum GroupKey {
    /// A policy made in the console, or one that comes with Larum: a group of its own.
    Policy(PolicyId),
    /// A group of a rule file.
    File {
        /// The path of the file.
        file: Arc<str>,
        /// The group's name.
        name: Arc<str>,
    },
    /// The rules that cannot be evaluated because their files are wrong.
    Broken,
}

/// A group of rules.
#[derive(Debug)]
pub(super) struct Group {
    pub interval: Duration,
    pub offset: Duration,
    pub limit: u64,
    pub rules: Vec<Rule>,
    /// What people see of it, if it stands in a rule file.
    pub view: Option<Arc<RuleGroup>>,
}

/// A rule of a group.
#[derive(Debug)]
pub(super) enum Rule {
    Alerting(Box<Alerting>),
    Recording(Recording),
    /// One that cannot be evaluated, for this reason.
    Broken {
        policy: Arc<Policy>,
        reason: String,
    },
}

impl Group {
    /// A policy as a group of its own.
    pub fn of_policy(policy: Arc<Policy>, interval: Duration) -> Self {
        let rules = vec![Rule::Alerting(Box::new(Alerting::of(policy)))];
        Self { interval, offset: Duration::ZERO, limit: 0, rules, view: None }
    }

    /// Evaluates its rules, each when the one before is done.
    pub async fn evaluate(mut self, setting: &Setting, at: Timestamp) -> Self {
        let began = setting.clock.now().steady;
        let time = Time { at, offset: self.offset };
        for rule in &mut self.rules {
            match rule {
                Rule::Alerting(rule) => rule.evaluate(setting, self.limit, time).await,
                Rule::Recording(rule) => rule.evaluate(setting, self.limit, time).await,
                Rule::Broken { policy, reason } => {
                    let outcome = Outcome::Failed(reason.clone());
                    setting.engine.evaluated(policy.id, policy.version, outcome, Duration::ZERO).await;
                }
            }
        }
        if let Some(view) = &self.view {
            view.last.lock().last = Some((at, setting.clock.now().steady.since(began)));
        }
        self
    }

    /// Takes over what the group has written in whose place it comes, where its rules have the same names. What is left
    /// over ends.
    pub fn go_on_from(&mut self, mut before: Self, setting: &Setting) {
        for (rule, former) in self.rules.iter_mut().zip(&mut before.rules) {
            match (rule, former) {
                (Rule::Alerting(rule), Rule::Alerting(former)) if rule.policy.name == former.policy.name => {
                    std::mem::swap(&mut rule.recorded, &mut former.recorded);
                }
                (Rule::Recording(rule), Rule::Recording(former)) if rule.name() == former.name() => {
                    std::mem::swap(&mut rule.recorded, &mut former.recorded);
                }
                _ => {}
            }
        }
        before.end(setting);
    }

    /// Ends what its rules have written, because it is no more.
    pub fn end(&mut self, setting: &Setting) {
        let Some(store) = setting.source.store() else { return };
        let now = setting.clock.now().wall;
        for rule in &mut self.rules {
            match rule {
                Rule::Alerting(rule) => rule.recorded.write(store, Vec::new(), now, now),
                Rule::Recording(rule) => rule.recorded.write(store, Vec::new(), now, now),
                Rule::Broken { .. } => {}
            }
        }
    }
}
