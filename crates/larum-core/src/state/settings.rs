//! Changes of the settings: they hold from the next notification on, and restart no timer.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Refused, State};
use crate::alert::AlertId;
use crate::config::{Config, Grouping};
use crate::group::{Group, GroupId};
use crate::inhibit::{InhibitRule, Inhibitions};
use crate::label::LabelSet;
use crate::outbox::{Delivery, DeliveryChange, DeliveryId, DeliveryState};
use crate::receiver::{Channel, Receiver, ReceiverId};
use crate::routing::Destination;
use crate::time::Now;
use crate::verdict::Hushed;

impl State {
    /// Whether there is room for the groups in which a receiver would gather what fires now.
    ///
    /// # Errors
    /// [`Refused::TooManyGroups`] if there is not.
    pub fn has_room_for(&self, receiver: &Receiver) -> Result<(), Refused> {
        let limit = self.config.limits.groups;
        if !receiver.enabled || self.groups.len().saturating_add(self.alerts.len()) <= limit {
            return Ok(());
        }
        let wanted = self.firing().filter_map(|alert| self.config.own_destination(receiver, &alert.labels));
        let wanted: HashSet<Destination> = wanted.collect();
        let begins = wanted.iter().filter(|place| !self.group_keys.contains_key(*place)).count();
        if self.groups.len().saturating_add(begins) > limit {
            Err(Refused::TooManyGroups { limit })
        } else {
            Ok(())
        }
    }

    /// Puts a new or changed receiver into force. `actor` is who changed it.
    pub fn put_receiver(&mut self, receiver: Receiver, actor: &str, now: Now) {
        let id = receiver.id;
        let before = self.config.receiver(id).cloned();
        let receiver = Arc::new(receiver);
        self.config.receivers.retain(|known| known.id != id);
        self.config.receivers.push(Arc::clone(&receiver));
        self.config.receivers.sort_by_key(|known| known.id);
        if !receiver.enabled {
            let why = format!("Receive Notifications switched off by {actor}");
            return self.hush_receiver(id, &why, &Hushed::SwitchedOff, now);
        }
        if let Some(before) = before {
            self.leave_channels(&before, &receiver, actor, now);
        }
        self.outbox.probe(id, now);
        let hers = |group: &Group| group.receiver == id;
        let wants = |config: &Config, labels: &LabelSet| config.own_destination(&receiver, labels);
        self.regroup(hers, |config, labels| wants(config, labels).into_iter().collect(), now);
    }

    /// Takes a receiver away for good.
    pub fn remove_receiver(&mut self, id: ReceiverId, actor: &str, now: Now) {
        self.hush_receiver(id, &format!("receiver deleted by {actor}"), &Hushed::ReceiverDeleted, now);
        self.config.receivers.retain(|known| known.id != id);
    }

    /// Gathers alerts in another way from now on. What a group has told stays in it until its end is told too, and so
    /// does what goes on for that; what it has not told yet moves, and waits no longer than it would have.
    pub fn put_grouping(&mut self, grouping: Grouping, now: Now) {
        if grouping.group_interval() != self.config.grouping.group_interval() {
            // Their steps so far were of another length.
            self.dirty.groups.extend(self.groups.keys());
        }
        self.config.grouping = grouping;
        self.regather_all(now);
    }

    /// Other rules say from now on what inhibits what.
    pub fn put_inhibitions(&mut self, rules: Arc<[InhibitRule]>) {
        self.put_inhibiting(self.inhibiting_by(rules));
    }

    /// What inhibits what by these rules, of all that fires.
    pub fn inhibiting_by(&self, rules: Arc<[InhibitRule]>) -> Inhibitions {
        let mut inhibitions = Inhibitions::new(rules);
        self.firing().for_each(|alert| inhibitions.begins(alert));
        inhibitions
    }

    /// This inhibits from now on, which [`Self::inhibiting_by`] has just found.
    pub fn put_inhibiting(&mut self, inhibitions: Inhibitions) {
        self.config.inhibitions = Arc::clone(inhibitions.rules());
        self.inhibitions = inhibitions;
        // Who was kept silent may have something to say at its next turn.
        let silent: Vec<GroupId> =
            self.groups.values().filter(|group| !group.muted.is_empty()).map(|group| group.id).collect();
        silent.into_iter().for_each(|id| self.has_news(id));
    }

    pub(super) fn hush_receiver(&mut self, id: ReceiverId, why: &str, reason: &Hushed, now: Now) {
        for change in self.outbox.cancel(id, |_| true, why, now) {
            self.settled(change, now);
        }
        let mut groups: Vec<GroupId> =
            self.groups.values().filter(|group| group.receiver == id).map(|group| group.id).collect();
        groups.sort_unstable();
        for id in groups {
            let Some(group) = self.groups.get(&id) else { continue };
            let untold = group.firing.iter().filter(|alert| !group.told.contains_key(alert));
            let (untold, place): (Vec<AlertId>, _) = (untold.copied().collect(), group.place());
            untold.into_iter().for_each(|alert| self.hush_in(&place, alert, reason.clone(), now));
            self.end_group(id);
        }
    }

    fn leave_channels(&mut self, before: &Receiver, after: &Receiver, actor: &str, now: Now) {
        let moved =
            before.workspace.is_some() && after.workspace.is_some() && before.workspace != after.workspace;
        let gone = |channel: &Channel| moved || !after.channels.contains(channel);
        let why = if moved {
            format!("token of another workspace saved by {actor}")
        } else {
            format!("channel removed by {actor}")
        };
        for change in self.outbox.cancel(after.id, gone, &why, now) {
            self.settled(change, now);
        }
        for group in self.groups.values_mut().filter(|group| group.receiver == after.id) {
            let heard = group.heard.len();
            group.heard.retain(|channel, _| !gone(channel));
            if group.heard.len() != heard {
                self.dirty.groups.insert(group.id);
            }
        }
    }

    /// Somebody asks to try a waiting delivery at once. Answers whether it waits here.
    pub fn retry_delivery(&mut self, id: DeliveryId, now: Now) -> bool {
        let waits = self.outbox.retry(id, now);
        if let Some(delivery) = self.outbox.get(id).filter(|_| !self.outbox.is_sending(id)) {
            // One that was given up before waits again from here on.
            let change =
                DeliveryChange { delivery: delivery.clone(), state: DeliveryState::Waiting, at: now.wall };
            self.dirty.changes.push(change);
        }
        waits
    }

    /// Takes note, after everything was read back, that these were sent before and their answers are still awaited.
    pub fn still_sending(&mut self, ids: &[DeliveryId]) {
        ids.iter().for_each(|id| self.outbox.still_sending(*id));
    }

    /// Takes a delivery up again that was given up, unless nobody wants it any more: its receiver is off or has lost
    /// the channel, a later turn of its group has spoken since, something of its group waits there, or what it says is
    /// firing is over.
    pub fn revive_delivery(&mut self, delivery: Delivery) {
        let fires = |id: &AlertId| self.alert(*id).is_some_and(|alert| alert.is_firing());
        let holds = delivery.alerts.iter().all(|(id, voice)| voice.is_over() || fires(id));
        let passed = self.groups.get(&delivery.group).is_some_and(|group| group.turn != delivery.turn);
        let waits = self.outbox.last_of(delivery.receiver, &delivery.channel, delivery.group).is_some();
        if !holds || passed || waits || !self.wants(&delivery) {
            return;
        }
        self.owe(&delivery);
        self.say_again(&delivery);
        self.outbox.push(delivery);
    }
}
