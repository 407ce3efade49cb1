//! Many alerts, taken out of the state a few at a time, so that nobody waits for a question; and how they stand.

use std::sync::Arc;

use larum_core::alert::{Alert, AlertId};
use larum_core::index::AlertIds;
use larum_core::silence::SilenceState;
use larum_core::time::Timestamp;

use crate::handle::Handle;
use crate::meters::Standing;

/// How many alerts are taken out under one lock: it is held for less than a millisecond.
const AT_ONCE: usize = 4096;

impl Handle {
    /// Those of these alerts that fire, each as it is when it is reached.
    pub fn firing<'a>(&'a self, ids: &'a AlertIds) -> impl Iterator<Item = Arc<Alert>> + 'a {
        self.firing_of(ids.iter())
    }

    /// The same, the newest first.
    pub fn firing_newest_first<'a>(&'a self, ids: &'a AlertIds) -> impl Iterator<Item = Arc<Alert>> + 'a {
        self.firing_of(ids.newest_first())
    }

    /// All alerts that fire and are no heartbeats, each as it is when it is reached. It takes as long as there are alerts:
    /// ask for it where nobody else waits.
    pub fn all_firing(&self) -> Vec<Arc<Alert>> {
        let all = self.read(|state| state.candidates(&[]));
        self.firing(&all).filter(|alert| !alert.is_heartbeat()).collect()
    }

    /// The heartbeats that beat. It takes as long as there are alerts.
    pub fn heartbeats(&self) -> Vec<Arc<Alert>> {
        let all = self.read(|state| state.candidates(&[]));
        self.firing(&all).filter(|alert| alert.is_heartbeat()).collect()
    }

    fn firing_of(&self, mut ids: impl Iterator<Item = AlertId>) -> impl Iterator<Item = Arc<Alert>> {
        let some = std::iter::from_fn(move || {
            let some: Vec<AlertId> = ids.by_ref().take(AT_ONCE).collect();
            let take = || self.read(|state| some.iter().filter_map(|id| state.alert(*id)).cloned().collect());
            (!some.is_empty()).then(take)
        });
        some.flat_map(|alerts: Vec<Arc<Alert>>| alerts).filter(|alert| alert.is_firing())
    }

    /// Counts alerts and silences by state. Only where something hides alerts is each of them looked at.
    pub(crate) fn measure_standings(&self, now: Timestamp) {
        let (firing, silences, inhibitions) = self.read(|state| {
            let hiding = (!state.inhibitions().is_idle()).then(|| state.inhibitions().clone());
            (state.firing_len(), Arc::clone(state.silences()), hiding)
        });
        let suppressed = if silences.is_idle() && inhibitions.is_none() {
            0
        } else {
            let all = self.read(|state| state.candidates(&[]));
            let inhibited = |alert: &Alert| {
                inhibitions.as_ref().is_some_and(|inhibitions| inhibitions.inhibitor(&alert.labels).is_some())
            };
            let hidden = |alert: &Alert| inhibited(alert) || !silences.muted(&alert.labels, now).is_empty();
            self.firing(&all).filter(|alert| hidden(alert)).count()
        };
        let gauge = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let states =
            [("active", firing.saturating_sub(suppressed)), ("suppressed", suppressed), ("unprocessed", 0)];
        for (state, count) in states {
            self.meters().firing.get_or_create(&Standing { state }).set(gauge(count));
        }
        for state in [SilenceState::Active, SilenceState::Pending, SilenceState::Expired] {
            let count = silences.iter().filter(|silence| silence.state(now) == state).count();
            self.meters().silences.get_or_create(&Standing { state: state.as_str() }).set(gauge(count));
        }
    }
}
