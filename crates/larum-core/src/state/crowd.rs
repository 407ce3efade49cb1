//! How many alerts of one name fire, where that is limited (Alertmanager, `--alerts.per-alertname-limit`): one rule that
//! goes wrong must not take the room of all others.

use super::{Refused, State};
use crate::alert::AlertId;
use crate::label::{ALERT_NAME, LabelSet};

impl State {
    /// Whether one more alert with these labels may fire.
    pub(super) fn room_in_crowd(&self, labels: &LabelSet) -> Result<(), Refused> {
        let limit = self.config.limits.per_alertname;
        let fire = || self.crowds.get(labels.value(ALERT_NAME)).copied().unwrap_or_default();
        if limit > 0 && fire() >= limit { Err(Refused::TooManyOfName { limit }) } else { Ok(()) }
    }

    pub(super) fn joins_crowd(&mut self, labels: &LabelSet) {
        if self.config.limits.per_alertname > 0 {
            *self.crowds.entry(labels.value(ALERT_NAME).into()).or_default() += 1;
        }
    }

    /// An alert is over.
    pub(super) fn leaves_crowd(&mut self, id: AlertId) {
        let Some(name) = self.alerts.get(&id).map(|held| held.alert.labels.value(ALERT_NAME)) else { return };
        let Some(fire) = self.crowds.get_mut(name) else { return };
        *fire -= 1;
        if *fire == 0 {
            self.crowds.remove(name);
        }
    }
}
