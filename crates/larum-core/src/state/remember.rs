//! Going on from what was written down.

use std::sync::Arc;

use super::{Remembered, State, Watched};
use crate::alert::AlertId;
use crate::config::Config;
use crate::group::{Group, GroupId};
use crate::outbox::{Delivery, DeliveryId, DeliveryState};
use crate::policy::PolicyState;
use crate::time::Now;

impl State {
    /// Goes on from what was written down. Groups and lanes continue their times; nothing is
    /// told again.
    pub fn remember(config: Config, remembered: Remembered, now: Now) -> Self {
        let mut state = Self::new(config);
        state.next_id = remembered.next_id.max(1);
        for alert in remembered.alerts {
            state.hold(Arc::new(alert));
        }
        for (policy, record) in remembered.policies {
            let known = record.map(|record| PolicyState::from_record(record, now)).unwrap_or_default();
            state.policies.insert(policy.id, Watched { policy: Arc::new(policy), state: known });
        }
        remembered.groups.into_iter().for_each(|group| state.remember_group(group));
        for delivery in remembered.deliveries {
            state.owe(&delivery);
            state.outbox.push(delivery);
        }
        state.outbox.remember(remembered.paused, remembered.retry_after, now);
        let mut firing: Vec<AlertId> = state.firing().map(|alert| alert.id).collect();
        firing.sort_unstable();
        firing.into_iter().for_each(|id| state.join_groups(id, now));
        state.cancel_unwanted(now);
        let mut silent: Vec<GroupId> = state.groups.keys().copied().collect();
        silent.sort_unstable();
        silent.into_iter().for_each(|id| state.end_if_silent(id));
        state.dirty.verdicts.clear();
        state
    }

    /// What a group told and what fires belongs to it, whatever the conditions and the grouping are by now.
    fn remember_group(&mut self, mut group: Group) {
        group.told.retain(|id, _| self.alerts.contains_key(id));
        for id in group.told.keys() {
            let Some(held) = self.alerts.get_mut(id) else { continue };
            held.groups.push(group.id);
            if held.alert.is_firing() {
                group.firing.insert(*id);
            }
        }
        self.due.insert((group.due, group.id));
        self.group_keys.insert((group.receiver, group.labels.clone()), group.id);
        self.groups.insert(group.id, group);
    }

    /// What was on its way when its receiver was switched off or its channel removed is not sent again.
    fn cancel_unwanted(&mut self, now: Now) {
        let unwanted = self.outbox.iter().filter(|delivery| !self.wants(delivery));
        let unwanted: Vec<DeliveryId> = unwanted.map(|delivery| delivery.id).collect();
        let why = "switched off or removed while it was on its way".into();
        let state = DeliveryState::Cancelled { why };
        for id in unwanted {
            if let Some(change) = self.outbox.withdraw(id, state.clone(), now) {
                self.settled(change);
            }
        }
    }

    /// Whether its receiver is on and still has its channel.
    pub(super) fn wants(&self, delivery: &Delivery) -> bool {
        let receiver = self.config.receiver(delivery.receiver);
        receiver.is_some_and(|receiver| receiver.enabled && receiver.channels.contains(&delivery.channel))
    }
}
