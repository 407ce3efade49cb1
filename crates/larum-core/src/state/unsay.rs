//! What an integration of a configuration file refused for good it has not heard: it is told again at the next turn.

use super::State;
use crate::alert::AlertId;
use crate::notification::Voice;
use crate::outbox::Delivery;
use crate::time::Now;

/// For how many of its repeat intervals a group goes on telling that an alert is over. Alertmanager does for as long as it
/// remembers what it told (notify, `SetNotifiesStage`).
const PATIENCE: u32 = 2;

impl State {
    /// An integration refused a message for good: of what it was to hear it is told at the next turn what fires still,
    /// and that is over what it knows to fire (Alertmanager, notify, where only what was delivered is remembered;
    /// dispatch, `aggrGroup.flush`, which lets go only of ends that were).
    pub(super) fn unsay(&mut self, delivery: &Delivery, now: Now) {
        for (id, voice) in delivery.alerts.iter() {
            match voice {
                Voice::Firing | Voice::SeverityChanged { .. } => self.unsay_beginning(*id, delivery, now),
                Voice::Resolved => self.unsay_end(*id, delivery, now),
                // Of what it does not know it needs no end.
                Voice::FiredAndResolved => {}
            }
        }
    }

    /// What was not told after all waits where it belongs by now; why it waits there longer is written down.
    fn unsay_beginning(&mut self, id: AlertId, delivery: &Delivery, now: Now) {
        let first_turn = delivery.replaced.map_or(delivery.turn, |replaced| replaced.first_turn);
        let Some(group) = self.groups.get_mut(&delivery.group) else { return };
        if group.told.get(&id).is_none_or(|turn| *turn < first_turn) {
            return;
        }
        group.forget(id);
        let (fires_there, muted, place) =
            (group.firing.contains(&id), group.muted.get(&id).cloned(), group.place());
        self.dirty.groups.insert(delivery.group);
        self.has_news(delivery.group);
        if fires_there {
            muted.into_iter().for_each(|mute| self.hush_in(&place, id, mute.into(), now));
            return self.regather(id, delivery.group, now);
        }
        if let Some(held) = self.alerts.get_mut(&id) {
            held.groups.retain(|held| *held != delivery.group);
            self.release(id);
        }
    }

    fn unsay_end(&mut self, id: AlertId, delivery: &Delivery, now: Now) {
        let Some(alert) = self.alert(id) else { return };
        let Some(ended_at) = alert.ended_at() else { return };
        let Some(group) = self.groups.get(&delivery.group) else { return };
        let goes_on = |newer: AlertId| newer != id && self.groups_of(newer).any(|g| g.id == group.id);
        let way = self.way_in_force(group);
        let patience = self.config.repeat_interval(&way, group.receiver).saturating_mul(PATIENCE);
        if self.known_by(&alert.key()).is_some_and(goes_on) || now.wall.since(ended_at) > patience {
            return;
        }
        let Some(since) = group.heard.get(&delivery.channel).copied() else { return };
        let Some(group) = self.groups.get_mut(&delivery.group) else { return };
        group.told.insert(id, since);
        self.dirty.groups.insert(delivery.group);
        if let Some(held) = self.alerts.get_mut(&id) {
            held.groups.push(delivery.group);
        }
        self.has_news(delivery.group);
    }

    /// What was taken for unsaid, because its message was given up, is said by that message after all.
    pub(super) fn say_again(&mut self, delivery: &Delivery) {
        let Some(group) = self.groups.get_mut(&delivery.group) else { return };
        for (id, voice) in delivery.alerts.iter().filter(|_| delivery.channel.is_integration()) {
            let told = group.told.contains_key(id);
            match voice {
                Voice::Firing | Voice::SeverityChanged { .. } if group.firing.contains(id) && !told => {
                    group.told.insert(*id, delivery.turn);
                    if group.muted.contains_key(id) {
                        group.falls_silent_about(*id);
                    }
                }
                Voice::Resolved if told && !group.firing.contains(id) => {
                    group.forget(*id);
                    if let Some(held) = self.alerts.get_mut(id) {
                        held.groups.retain(|held| *held != delivery.group);
                    }
                }
                _ => continue,
            }
            self.dirty.groups.insert(delivery.group);
        }
    }
}
