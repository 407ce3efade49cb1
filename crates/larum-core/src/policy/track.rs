//! One series of a policy's answer, followed from evaluation to evaluation.

use std::sync::Arc;

use crate::alert::{Measured, Observation, Origin, PolicyId, Says};
use crate::label::LabelSet;
use crate::policy::outcome::SeriesValue;
use crate::time::{Now, Steady, Timestamp};
use crate::transition::Stage;

/// Where one series of a policy's answer stands: what people see of it, and what is written down.
#[derive(Clone, PartialEq, Debug)]
pub struct SeriesState {
    /// The labels of its alert, as they were last said.
    pub labels: LabelSet,
    /// The texts of its alert, as they were last said.
    pub annotations: LabelSet,
    /// What was last measured.
    pub measured: Measured,
    /// Since when it is in the answer (Prometheus' `activeAt`).
    pub since: Timestamp,
    /// Since when it fires; `None` while it is pending.
    pub fired_at: Option<Timestamp>,
    /// Since when it is in the answer no more and fires all the same, as the policy's `keep_firing` asks.
    pub kept_since: Option<Timestamp>,
}

/// A [`SeriesState`] with the clock that its pending time runs on.
#[derive(Clone, Debug)]
pub(super) struct Tracked {
    pub(super) state: SeriesState,
    /// Where the expression can be looked at, as it was last said; empty after a restart.
    pub(super) generator_url: Arc<str>,
    pub(super) since: Steady,
    pub(super) kept_since: Option<Steady>,
}

impl Tracked {
    /// A series that has just appeared in the answer.
    pub(super) fn begin(labels: LabelSet, value: SeriesValue, now: Now) -> Self {
        let SeriesValue { annotations, measured, generator_url, .. } = value;
        let state =
            SeriesState { labels, annotations, measured, since: now.wall, fired_at: None, kept_since: None };
        Self { state, generator_url, since: now.steady, kept_since: None }
    }

    /// A series as it was written down before a restart: the time since then counts.
    pub(super) fn restore(state: SeriesState, now: Now) -> Self {
        let kept_since = state.kept_since.map(|since| steady_before(since, now));
        let since = steady_before(state.since, now);
        Self { since, kept_since, state, generator_url: Arc::default() }
    }

    /// Where the series stands, and since when.
    pub(super) fn stands(&self) -> (Stage, Option<Timestamp>) {
        let SeriesState { since, fired_at, kept_since, .. } = self.state;
        match (fired_at, kept_since) {
            (None, _) => (Stage::Pending, Some(since)),
            (Some(fired_at), None) => (Stage::Firing, Some(fired_at)),
            (_, Some(kept_since)) => (Stage::Kept, Some(kept_since)),
        }
    }

    /// What the policy says of this series. Its start is when it fired, as Prometheus has it
    /// (`rules/manager.go`, `SendAlerts`).
    pub(super) fn observation(
        &self,
        policy: PolicyId,
        says: Says,
        continues: Option<LabelSet>,
    ) -> Observation {
        let SeriesState { labels, annotations, measured, since, fired_at, .. } = &self.state;
        Observation {
            origin: Origin::Policy(policy),
            labels: labels.clone(),
            annotations: annotations.clone(),
            generator_url: Arc::clone(&self.generator_url),
            starts_at: fired_at.unwrap_or(*since),
            says,
            measured: Some(measured.clone().into()),
            continues,
        }
    }
}

/// The steady instant of a wall time that has passed; a wall clock that was set back meanwhile makes it now.
pub(super) fn steady_before(wall: Timestamp, now: Now) -> Steady {
    now.steady_at(wall).min(now.steady)
}
