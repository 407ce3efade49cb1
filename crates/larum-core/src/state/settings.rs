//! Changes of the settings: they hold from the next notification on, and restart no timer.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Refused, State};
use crate::alert::{AlertId, AlertKey};
use crate::config::{Config, Grouping, Timers};
use crate::group::{Group, GroupId};
use crate::inhibit::{InhibitRule, Inhibitions};
use crate::label::LabelSet;
use crate::outbox::{Delivery, DeliveryChange, DeliveryId, DeliveryState};
use crate::receiver::{Channel, Receiver, ReceiverId};
use crate::route::Way;
use crate::routing::{Destination, Routing};
use crate::time::{Now, Steady};
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
    pub fn put_grouping(&mut self, grouping: Grouping) {
        if grouping.group_interval() != self.config.grouping.group_interval() {
            // Their steps so far were of another length.
            self.dirty.groups.extend(self.groups.keys());
        }
        self.config.grouping = grouping;
        self.regather_untold();
    }

    /// Puts other routes, and those whom they tell, into force, or none. `actor` is who changed them.
    ///
    /// # Errors
    /// [`Refused::TooManyGroups`] if there is no room for the groups in which what fires would be gathered; then
    /// nothing has changed.
    pub fn put_routing(
        &mut self,
        routing: Option<Arc<Routing>>,
        actor: &str,
        now: Now,
    ) -> Result<(), Refused> {
        self.has_room_for_routing(routing.as_deref())?;
        // Their steps so far may have been of another length.
        self.dirty.groups.extend(self.groups.keys());
        let was = self.config.routing.iter().flat_map(|routing| routing.integrations());
        let was: Vec<ReceiverId> = was.map(|receiver| receiver.id).collect();
        let stays = |id: &ReceiverId| routing.as_ref().is_some_and(|to| to.integration(*id).is_some());
        let (stay, go): (Vec<ReceiverId>, Vec<ReceiverId>) = was.into_iter().partition(stays);
        for id in go {
            let why = format!("taken out of the configuration file, which {actor} loaded");
            self.hush_receiver(id, &why, &Hushed::ReceiverDeleted, now);
        }
        let before = std::mem::replace(&mut self.config.routing, routing);
        stay.into_iter().for_each(|id| self.outbox.probe(id, now));
        self.regroup(|group| group.way != Way::Conditions, Config::routed_destinations, now);
        self.say_who_is_silent(before.as_deref(), now);
        self.regather_untold();
        if self.config.timers == Timers::AsAlertmanager {
            self.restart_timers(now);
        }
        Ok(())
    }

    /// Writes down of what fires by which receivers nobody is told of it, unless that was so before.
    fn say_who_is_silent(&mut self, before: Option<&Routing>, now: Now) {
        let Some(routing) = self.config.routing.clone() else { return };
        let mut firing: Vec<AlertId> = self.firing().map(|alert| alert.id).collect();
        firing.sort_unstable();
        for id in firing {
            let Some(alert) = self.alert(id) else { continue };
            let known = before.map(|routing| routing.silent(&alert.labels)).unwrap_or_default();
            let mut silent = routing.silent(&alert.labels);
            silent.retain(|hushed| !known.contains(hushed));
            silent.into_iter().for_each(|(receiver, reason)| self.hush(id, Some(receiver), reason, now));
        }
    }

    fn has_room_for_routing(&self, routing: Option<&Routing>) -> Result<(), Refused> {
        let limit = self.config.limits.groups;
        let routes = routing.map_or(0, Routing::most_destinations);
        let most = self.alerts.len().saturating_mul(routes);
        if self.groups.len().saturating_add(most) <= limit {
            return Ok(());
        }
        let wanted = self.firing().flat_map(|alert| routing.map(|r| r.destinations(&alert.labels)));
        let wanted: HashSet<Destination> = wanted.flatten().collect();
        let begins = wanted.iter().filter(|place| !self.group_keys.contains_key(*place)).count();
        let after = self.groups.len().saturating_add(begins);
        if after > limit { Err(Refused::TooManyGroups { limit }) } else { Ok(()) }
    }

    /// Other rules say from now on what inhibits what.
    pub fn put_inhibitions(&mut self, rules: Arc<[InhibitRule]>) {
        self.config.inhibitions = Arc::clone(&rules);
        self.inhibitions = Inhibitions::new(rules);
        for held in self.alerts.values().filter(|held| held.alert.is_firing()) {
            self.inhibitions.begins(&held.alert);
        }
        // Who was kept silent may have something to say at its next turn.
        let silent: Vec<GroupId> =
            self.groups.values().filter(|group| !group.muted.is_empty()).map(|group| group.id).collect();
        silent.into_iter().for_each(|id| self.has_news(id));
    }

    /// All groups begin to wait anew, but those with an alert that began long ago (Alertmanager, dispatch,
    /// `aggrGroup.insert`).
    fn restart_timers(&mut self, now: Now) {
        let mut groups: Vec<GroupId> = self.groups.keys().copied().collect();
        groups.sort_unstable();
        for id in groups {
            let Some(group) = self.groups.get(&id) else { continue };
            let alerts = group.firing.iter().chain(group.told.keys()).filter_map(|id| self.alert(*id));
            let first = alerts.map(|alert| self.first_turn(&group.way, group.receiver, alert, now)).min();
            let due =
                first.unwrap_or_else(|| now.steady.plus(self.config.group_wait(&group.way, group.receiver)));
            self.move_turn(id, due);
        }
    }

    /// Untold alerts move to where they belong by now.
    fn regather_untold(&mut self) {
        let mut untold: Vec<(Steady, GroupId, AlertId)> = Vec::new();
        for group in self.groups.values() {
            let told: HashSet<AlertKey> =
                group.told.keys().filter_map(|id| self.alert(*id)).map(|a| a.key()).collect();
            let goes_on = |id: &AlertId| self.alert(*id).is_some_and(|alert| told.contains(&alert.key()));
            let stays = |id: &AlertId| group.told.contains_key(id) || goes_on(id);
            let moves = group.firing.iter().filter(|id| !stays(id));
            untold.extend(moves.map(|id| (group.due, group.id, *id)));
        }
        untold.sort_unstable();
        untold.into_iter().for_each(|(_, group, id)| self.regather(id, group));
    }

    fn hush_receiver(&mut self, id: ReceiverId, why: &str, reason: &Hushed, now: Now) {
        for change in self.outbox.cancel(id, |_| true, why, now) {
            self.settled(change);
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
            self.settled(change);
        }
        for group in self.groups.values_mut().filter(|group| group.receiver == after.id) {
            let heard = group.heard.len();
            group.heard.retain(|channel, _| !gone(channel));
            if group.heard.len() != heard {
                self.dirty.groups.insert(group.id);
            }
        }
    }

    /// Of the groups that `concerns` names: alerts join where they belong by now, and leave where they do not any more.
    /// Of one that was told, only the end is told.
    fn regroup(
        &mut self,
        concerns: impl Fn(&Group) -> bool,
        belongs: impl Fn(&Config, &LabelSet) -> Vec<Destination>,
        now: Now,
    ) {
        let mut firing: Vec<AlertId> = self.firing().map(|alert| alert.id).collect();
        firing.sort_unstable();
        for id in firing {
            let Some(alert) = self.alert(id) else { continue };
            let destinations = belongs(&self.config, &alert.labels);
            let wanted = |group: &&Group| destinations.iter().any(|place| self.serves(group, place));
            let stands = self.groups_of(id).filter(|group| concerns(group) && !wanted(group));
            let leaves: Vec<GroupId> = stands.map(|group| group.id).collect();
            leaves.into_iter().for_each(|group| self.leave_group(id, group, Hushed::ConditionsChanged, now));
            destinations.into_iter().for_each(|place| self.join_group(id, place, now));
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
    /// the channel, a later turn of its group has spoken since, or what it says is firing is over.
    pub fn revive_delivery(&mut self, delivery: Delivery) {
        let holds = match self.groups.get(&delivery.group) {
            Some(group) => group.turn == delivery.turn,
            None => delivery.alerts.iter().all(|(_, voice)| voice.is_over()),
        };
        if !holds || !self.wants(&delivery) || self.outbox.get(delivery.id).is_some() {
            return;
        }
        self.owe(&delivery);
        self.say_again(&delivery);
        self.outbox.push(delivery);
    }
}
