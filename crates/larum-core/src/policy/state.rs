//! Where a policy stands: the state machine from inactive over pending to firing and back.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;
use std::time::Duration;

use crate::alert::{EndReason, Observation, PolicyId};
use crate::label::LabelSet;
use crate::policy::Policy;
use crate::policy::outcome::{Health, LastEvaluation, Outcome, SeriesValue};
use crate::policy::stage::PolicyStage;
use crate::policy::step::Step;
use crate::policy::track::{SeriesState, Tracked, steady_before};
use crate::time::{Now, Steady, Timestamp};
use crate::transition::{Stage, Transition};

/// How far ahead the end of a firing observation lies. Silence ends nothing here: a policy's alert ends when the
/// policy says so, and an evaluation that fails for days must not end it.
pub const FAR_END: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The most series one policy's answer can have; more is a failed evaluation.
pub const MAX_SERIES: usize = 10_000;

/// Where a policy stands, in one word, the most pressing first: what fires is shown as firing also when the last
/// evaluation failed, and no data is never shown as healthy.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Standing {
    /// It is switched off.
    Disabled,
    /// At least one series fires.
    Firing,
    /// The last evaluation failed.
    Error,
    /// There is nothing to measure.
    NoData,
    /// At least one series is in the answer, none for long enough yet.
    Pending,
    /// All is well, or it has not been evaluated yet.
    Inactive,
}

impl Standing {
    /// Every standing.
    pub const ALL: [Self; 6] =
        [Self::Disabled, Self::Firing, Self::Error, Self::NoData, Self::Pending, Self::Inactive];

    /// The word under which it is sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::Firing => "firing",
            Self::Error => "error",
            Self::NoData => "no_data",
            Self::Pending => "pending",
            Self::Inactive => "inactive",
        }
    }
}

/// What one step of a policy brings about.
#[derive(Clone, Debug, Default)]
pub struct Advanced {
    /// What is to be said, ends before beginnings. What fires on is said again at each step.
    pub observations: Vec<Observation>,
    /// What changed that its observations do not tell.
    pub transitions: Vec<Transition>,
    /// Whether [`PolicyState::to_record`] is no longer what was written down last.
    pub persist: bool,
}

/// What of a policy's state outlives a restart.
#[derive(Clone, PartialEq, Debug)]
pub struct PolicyRecord {
    /// Whose state it is.
    pub policy: PolicyId,
    /// The expression whose answer the series are in.
    pub expr: Arc<str>,
    /// The series that are pending or firing.
    pub series: Vec<SeriesState>,
    /// Since when there is no data.
    pub no_data_since: Option<Timestamp>,
    /// Where the policy as a whole stands, and since when.
    pub stage: (Stage, Option<Timestamp>),
}

/// What is known of a policy from its evaluations so far. Begins empty; [`PolicyState::advance`] moves it.
#[derive(Clone, Debug, Default)]
pub struct PolicyState {
    /// By [`Policy::target`]: a policy that is renamed still speaks of the same.
    series: BTreeMap<LabelSet, Tracked>,
    expr: Arc<str>,
    no_data: Option<(Timestamp, Steady)>,
    stage: PolicyStage,
    last: Option<LastEvaluation>,
}

impl PolicyState {
    /// Takes the outcome of one evaluation in, which took `took`:
    ///
    /// * a series that is new in the answer is *pending*, and *fires* once it has been there for the policy's
    ///   `hold`; with a `hold` of zero at once (Prometheus, "Alerting rules");
    /// * a series that is gone from a complete answer ends: *resolved*, or *policy changed* if the expression is
    ///   another one than before; it fires on for the policy's `keep_firing` first. An answer that is not complete
    ///   ends nothing;
    /// * no data keeps everything as it is for `no_data_hold`. Then what fires ends as *no data*, and what is
    ///   pending is forgotten: a gap shorter than that should not make a lasting trouble start to count anew, and
    ///   what was seen before a longer one says nothing about now;
    /// * a failure changes nothing;
    /// * a policy with another name or severity ends each alert as *policy changed* and says it again under its
    ///   new labels, with its old start.
    pub fn advance(&mut self, policy: &Policy, outcome: Outcome, took: Duration, now: Now) -> Advanced {
        let mut step = Step::new(policy, now);
        let mut told = Vec::new();
        let health = match outcome {
            Outcome::Failed(message) => Health::Error { message },
            Outcome::NoData { selectors, complete } => {
                Health::NoData { since: self.miss(&mut step, policy, complete), selectors }
            }
            Outcome::Series { series, complete, warnings } => match by_target(policy, series) {
                Err(message) => Health::Error { message },
                Ok(answer) => {
                    told = warnings;
                    self.answer(&mut step, policy, answer, complete);
                    Health::Ok
                }
            },
        };
        self.stage.take_in(&mut step, &health);
        self.last = Some(LastEvaluation { at: now.wall, took, health, warnings: told });
        step.advanced
    }

    /// Ends everything at once, because the policy was disabled or deleted, and forgets it.
    pub fn end(&mut self, policy: &Policy, reason: EndReason, now: Now) -> Advanced {
        let mut step = Step::new(policy, now);
        step.advanced.persist = self.no_data.is_some();
        self.series.values().for_each(|tracked| step.say_ended(tracked, reason));
        self.stage.end(&mut step, reason);
        *self = Self { stage: self.stage, ..Self::default() };
        step.advanced
    }

    /// Takes note that the policy is switched on, if it was off.
    pub fn enable(&mut self, policy: &Policy, now: Now) -> Advanced {
        let mut step = Step::new(policy, now);
        self.stage.enable(&mut step);
        step.advanced
    }

    /// Adds to what is wrong without making the answer of the last evaluation wrong.
    pub(crate) fn warn(&mut self, warning: String) {
        if let Some(last) = &mut self.last {
            last.warnings.push(warning);
        }
    }

    /// Where the policy as a whole stands, whatever its series do, and since when.
    pub fn stage(&self) -> (Stage, Option<Timestamp>) {
        self.stage.stands()
    }

    /// Where the policy stands.
    pub fn standing(&self, policy: &Policy) -> Standing {
        let health = self.last.as_ref().map(|last| &last.health);
        if !policy.enabled {
            Standing::Disabled
        } else if self.series().any(|series| series.fired_at.is_some()) {
            Standing::Firing
        } else if matches!(health, Some(Health::Error { .. })) {
            Standing::Error
        } else if self.no_data.is_some() {
            Standing::NoData
        } else if self.series.is_empty() {
            Standing::Inactive
        } else {
            Standing::Pending
        }
    }

    /// The series that are pending or firing, in order of their labels.
    pub fn series(&self) -> impl ExactSizeIterator<Item = &SeriesState> {
        self.series.values().map(|tracked| &tracked.state)
    }

    /// The last evaluation; `None` before the first since Larum's start.
    pub fn last(&self) -> Option<&LastEvaluation> {
        self.last.as_ref()
    }

    /// What is to be written down.
    pub fn to_record(&self, policy: PolicyId) -> PolicyRecord {
        PolicyRecord {
            policy,
            expr: Arc::clone(&self.expr),
            series: self.series().cloned().collect(),
            no_data_since: self.no_data.map(|(since, _)| since),
            stage: self.stage.stands(),
        }
    }

    /// Takes up what was written down. Pending series keep their time, firing ones neither begin nor end by this.
    pub fn from_record(policy: &Policy, record: PolicyRecord, now: Now) -> Self {
        let PolicyRecord { expr, series, no_data_since, stage, .. } = record;
        let series =
            series.into_iter().map(|state| (policy.target(&state.labels), Tracked::restore(state, now)));
        Self {
            series: series.collect(),
            expr,
            no_data: no_data_since.map(|since| (since, steady_before(since, now))),
            stage: PolicyStage::restore(stage),
            last: None,
        }
    }
}

impl PolicyState {
    /// Takes in that there was no data, and tells since when.
    fn miss(&mut self, step: &mut Step<'_>, policy: &Policy, complete: bool) -> Timestamp {
        step.advanced.persist |= self.no_data.is_none();
        let (since, steady) = *self.no_data.get_or_insert((step.now.wall, step.now.steady));
        if complete && step.now.steady.since(steady) >= policy.no_data_hold {
            self.miss_out(step, policy, |_| true, EndReason::NoData);
        }
        since
    }

    /// Takes in an answer, the series by their targets.
    fn answer(
        &mut self,
        step: &mut Step<'_>,
        policy: &Policy,
        answer: BTreeMap<LabelSet, SeriesValue>,
        complete: bool,
    ) {
        step.advanced.persist |= self.no_data.take().is_some();
        let edited = !self.series.is_empty() && self.expr != policy.expr;
        if complete || self.series.is_empty() {
            step.advanced.persist |= edited;
            self.expr = Arc::clone(&policy.expr);
        }
        if complete {
            let reason = if edited { EndReason::PolicyChanged } else { EndReason::Resolved };
            self.miss_out(step, policy, |target| !answer.contains_key(target), reason);
        }
        for (target, value) in answer {
            self.take_in(step, policy, target, value);
        }
    }

    /// Takes in one series of an answer.
    fn take_in(&mut self, step: &mut Step<'_>, policy: &Policy, target: LabelSet, value: SeriesValue) {
        let labels = policy.alert_labels(&value);
        let mut continues = None;
        let tracked = match self.series.entry(target) {
            Entry::Vacant(place) => {
                step.advanced.persist = true;
                let tracked = place.insert(Tracked::begin(labels, value, step.now));
                if !policy.hold.is_zero() {
                    step.note(tracked, (Stage::Inactive, None), Stage::Pending, None);
                }
                tracked
            }
            Entry::Occupied(place) => {
                let tracked = place.into_mut();
                let moved = tracked.state.labels != labels;
                if moved {
                    step.say_ended(tracked, EndReason::PolicyChanged);
                    let old = std::mem::replace(&mut tracked.state.labels, labels);
                    continues = tracked.state.fired_at.map(|_| old);
                }
                tracked.generator_url = value.generator_url;
                tracked.state.annotations = value.annotations;
                tracked.state.measured = value.measured;
                step.advanced.persist |= tracked.kept_since.take().is_some();
                if let Some(since) = tracked.state.kept_since.take().filter(|_| !moved) {
                    step.note(tracked, (Stage::Kept, Some(since)), Stage::Firing, None);
                }
                tracked
            }
        };
        if tracked.state.fired_at.is_none() && step.now.steady.since(tracked.since) >= policy.hold {
            step.advanced.persist = true;
            if !policy.hold.is_zero() {
                step.note(tracked, tracked.stands(), Stage::Firing, None);
            }
            tracked.state.fired_at = Some(step.now.wall);
        }
        step.say_firing(tracked, continues);
    }

    /// Drops the series whose target `gone` says yes to, unless they fire and are to fire on.
    fn miss_out(
        &mut self,
        step: &mut Step<'_>,
        policy: &Policy,
        gone: impl Fn(&LabelSet) -> bool,
        reason: EndReason,
    ) {
        let over = |target: &LabelSet, tracked: &mut Tracked| {
            gone(target) && !keeps_firing(step, policy.keep_firing, tracked, reason)
        };
        let over: Vec<Tracked> = self.series.extract_if(.., over).map(|(_, tracked)| tracked).collect();
        over.iter().for_each(|tracked| step.say_ended(tracked, reason));
    }
}

/// Whether a series that is gone for this reason fires on for now; if so, says so.
fn keeps_firing(step: &mut Step<'_>, span: Duration, tracked: &mut Tracked, reason: EndReason) -> bool {
    if tracked.state.fired_at.is_none() || span.is_zero() {
        return false;
    }
    if tracked.kept_since.is_none() {
        step.note(tracked, tracked.stands(), Stage::Kept, Some(reason));
    }
    tracked.state.kept_since.get_or_insert(step.now.wall);
    let since = *tracked.kept_since.get_or_insert(step.now.steady);
    let keeps = step.now.steady.since(since) < span;
    if keeps {
        step.say_firing(tracked, None);
    }
    keeps
}

/// The series of an answer by what they speak of; refuses two that would be one alert (Prometheus,
/// `rules/alerting.go`, `ErrDuplicateAlertLabelSet`).
fn by_target(policy: &Policy, series: Vec<SeriesValue>) -> Result<BTreeMap<LabelSet, SeriesValue>, String> {
    if series.len() > MAX_SERIES {
        let count = series.len();
        return Err(format!("the answer has {count} series; at most {MAX_SERIES} are allowed"));
    }
    let mut answer = BTreeMap::new();
    for value in series {
        let target = policy.target(&policy.alert_labels(&value));
        if let Some(twin) = answer.insert(target, value) {
            let labels = policy.alert_labels(&twin);
            return Err(format!("the answer has several series for the one alert {labels}"));
        }
    }
    Ok(answer)
}
