//! Where a policy stands: the state machine from inactive over pending to firing and back.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::alert::{EndReason, Observation, PolicyId, Says};
use crate::label::LabelSet;
use crate::policy::Policy;
use crate::policy::outcome::{Health, LastEvaluation, Outcome, SeriesValue};
use crate::policy::track::{SeriesState, Tracked, steady_before, target};
use crate::time::{Now, Steady, Timestamp};

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
}

/// What is known of a policy from its evaluations so far. Begins empty; [`PolicyState::advance`] moves it.
#[derive(Clone, Debug, Default)]
pub struct PolicyState {
    /// By [`target`]: a policy that is renamed still speaks of the same.
    series: BTreeMap<LabelSet, Tracked>,
    expr: Arc<str>,
    no_data: Option<(Timestamp, Steady)>,
    last: Option<LastEvaluation>,
}

impl PolicyState {
    /// Takes the outcome of one evaluation in, which took `took`:
    ///
    /// * a series that is new in the answer is *pending*, and *fires* once it has been there for the policy's
    ///   `hold`; with a `hold` of zero at once (Prometheus, "Alerting rules");
    /// * a series that is gone from a complete answer ends: *resolved*, or *policy changed* if the expression is
    ///   another one than before. An answer that is not complete ends nothing;
    /// * no data keeps everything as it is for `no_data_hold`. Then what fires ends as *no data*, and what is
    ///   pending is forgotten: a gap shorter than that should not make a lasting trouble start to count anew, and
    ///   what was seen before a longer one says nothing about now;
    /// * a failure changes nothing;
    /// * a policy with another name or severity ends each alert as *policy changed* and says it again under its
    ///   new labels, with its old start.
    pub fn advance(&mut self, policy: &Policy, outcome: Outcome, took: Duration, now: Now) -> Advanced {
        let mut advanced = Advanced::default();
        let mut told = Vec::new();
        let health = match outcome {
            Outcome::Failed(message) => Health::Error { message },
            Outcome::NoData { selectors, complete } => {
                let since = self.miss(policy, complete, now, &mut advanced);
                Health::NoData { since, selectors }
            }
            Outcome::Series { series, complete, warnings } => match by_target(policy, series) {
                Err(message) => Health::Error { message },
                Ok(answer) => {
                    told = warnings;
                    self.answer(policy, answer, complete, now, &mut advanced);
                    Health::Ok
                }
            },
        };
        self.last = Some(LastEvaluation { at: now.wall, took, health, warnings: told });
        advanced
    }

    /// Ends everything at once, because the policy was disabled or deleted, and forgets it.
    pub fn end(&mut self, policy: PolicyId, reason: EndReason, now: Now) -> Advanced {
        let mut advanced = Advanced { persist: self.no_data.is_some(), ..Advanced::default() };
        self.leave_out(policy, |_| true, reason, now, &mut advanced);
        *self = Self::default();
        advanced
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
        }
    }

    /// Takes up what was written down. Pending series keep their time, firing ones neither begin nor end by this.
    pub fn from_record(record: PolicyRecord, now: Now) -> Self {
        let PolicyRecord { expr, series, no_data_since, .. } = record;
        let series = series.into_iter().map(|state| (target(&state.labels), Tracked::restore(state, now)));
        Self {
            series: series.collect(),
            expr,
            no_data: no_data_since.map(|since| (since, steady_before(since, now))),
            last: None,
        }
    }

    fn miss(&mut self, policy: &Policy, complete: bool, now: Now, advanced: &mut Advanced) -> Timestamp {
        advanced.persist |= self.no_data.is_none();
        let (since, steady) = *self.no_data.get_or_insert((now.wall, now.steady));
        if complete && now.steady.since(steady) >= policy.no_data_hold {
            self.leave_out(policy.id, |_| true, EndReason::NoData, now, advanced);
        }
        since
    }

    fn answer(
        &mut self,
        policy: &Policy,
        answer: BTreeMap<LabelSet, SeriesValue>,
        complete: bool,
        now: Now,
        advanced: &mut Advanced,
    ) {
        advanced.persist |= self.no_data.take().is_some();
        let edited = !self.series.is_empty() && self.expr != policy.expr;
        if complete || self.series.is_empty() {
            advanced.persist |= edited;
            self.expr = Arc::clone(&policy.expr);
        }
        if complete {
            let reason = if edited { EndReason::PolicyChanged } else { EndReason::Resolved };
            self.leave_out(policy.id, |target| !answer.contains_key(target), reason, now, advanced);
        }
        for (target, value) in answer {
            self.take_in(policy, target, value, now, advanced);
        }
    }

    fn take_in(
        &mut self,
        policy: &Policy,
        target: LabelSet,
        value: SeriesValue,
        now: Now,
        advanced: &mut Advanced,
    ) {
        let labels = policy.alert_labels(&value.labels);
        let mut continues = None;
        let tracked = match self.series.entry(target) {
            std::collections::btree_map::Entry::Vacant(place) => {
                advanced.persist = true;
                place.insert(Tracked::begin(labels, value, now))
            }
            std::collections::btree_map::Entry::Occupied(place) => {
                let tracked = place.into_mut();
                if tracked.state.labels != labels {
                    advanced.persist = true;
                    if tracked.state.fired_at.is_some() {
                        let says = Says::Ended { at: now.wall, reason: EndReason::PolicyChanged };
                        advanced.observations.push(tracked.observation(policy.id, says, None));
                        continues = Some(std::mem::replace(&mut tracked.state.labels, labels.clone()));
                    }
                    tracked.state.labels = labels;
                }
                tracked.state.annotations = value.annotations;
                tracked.state.measured = value.measured;
                tracked
            }
        };
        if tracked.state.fired_at.is_none() && now.steady.since(tracked.since) >= policy.hold {
            advanced.persist = true;
            tracked.state.fired_at = Some(now.wall);
        }
        if tracked.state.fired_at.is_some() {
            let says = Says::Firing { ends_at: now.wall.plus(FAR_END), timeout: true };
            advanced.observations.push(tracked.observation(policy.id, says, continues));
        }
    }

    /// Drops the series whose target `gone` says yes to, and says of those that fire that they ended.
    fn leave_out(
        &mut self,
        policy: PolicyId,
        gone: impl Fn(&LabelSet) -> bool,
        reason: EndReason,
        now: Now,
        advanced: &mut Advanced,
    ) {
        for (_, tracked) in self.series.extract_if(.., |target, _| gone(target)) {
            advanced.persist = true;
            if tracked.state.fired_at.is_some() {
                let says = Says::Ended { at: now.wall, reason };
                advanced.observations.push(tracked.observation(policy, says, None));
            }
        }
    }
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
        let target = target(&policy.alert_labels(&value.labels));
        if let Some(twin) = answer.insert(target, value) {
            let labels = policy.alert_labels(&twin.labels);
            return Err(format!("the answer has several series for the one alert {labels}"));
        }
    }
    Ok(answer)
}
