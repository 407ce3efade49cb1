//! To whom: which receivers an alert's labels lead to, and into which of their groups.

use std::borrow::Cow;
use std::sync::Arc;

use super::State;
use crate::alert::{Alert, AlertId, AlertKey};
use crate::config::Timers;
use crate::group::{Group, GroupId};
use crate::label::LabelSet;
use crate::mute::Mute;
use crate::receiver::ReceiverId;
use crate::route::Way;
use crate::routing::Destination;
use crate::time::{Now, Steady};
use crate::verdict::Hushed;

impl State {
    /// Puts a firing alert into each group that it belongs to, or writes down why there is none. An alert that the
    /// group has already is not put there twice.
    pub(super) fn join_groups(&mut self, id: AlertId, now: Now) {
        let Some(alert) = self.alert(id).map(Arc::clone) else { return };
        let destinations = self.config.destinations(&alert.labels);
        let hushed = self.hushed(&alert);
        if destinations.is_empty() && hushed.is_empty() && self.groups_of(id).next().is_none() {
            let reason = if alert.is_heartbeat() { Hushed::Heartbeat } else { Hushed::NoReceiver };
            self.hush(id, None, reason, now);
        }
        for (receiver, reason) in hushed {
            self.hush(id, Some(receiver), reason, now);
        }
        destinations.into_iter().for_each(|destination| self.join_group(id, destination, now));
    }

    /// Who would be told of an alert and is not, and why.
    fn hushed(&self, alert: &Alert) -> Vec<(ReceiverId, Hushed)> {
        let routing = self.config.routing.as_ref();
        let mut hushed = routing.map(|routing| routing.silent(&alert.labels)).unwrap_or_default();
        if self.config.receivers.iter().any(|receiver| !receiver.enabled) && !alert.is_heartbeat() {
            let off = self.config.receivers.iter().filter(|receiver| !receiver.enabled);
            let off = off.filter(|receiver| receiver.conditions.hold(&alert.labels));
            hushed.extend(off.map(|receiver| (receiver.id, Hushed::SwitchedOff)));
        }
        hushed
    }

    /// Whether an alert that belongs to `destination` may stand in this group: alerts come there by the same way, or
    /// by one that there is no more. What was told there stays there, so that nothing is told twice.
    pub(crate) fn serves(&self, group: &Group, destination: &Destination) -> bool {
        group.receiver == destination.receiver
            && (group.way == destination.way || !self.config.leads(&group.way, group.receiver))
    }

    /// The way that says when a group speaks: its own, or if nothing leads there by that any more, the one by which the
    /// first alert that it speaks of would come there now. If that does not either it speaks in the root's steps.
    pub(super) fn way_in_force<'a>(&self, group: &'a Group) -> Cow<'a, Way> {
        if self.config.leads(&group.way, group.receiver) {
            return Cow::Borrowed(&group.way);
        }
        let first = group.firing.first().or_else(|| group.told.keys().next()).and_then(|id| self.alert(*id));
        let places = first.map(|alert| self.config.routed_destinations(&alert.labels)).unwrap_or_default();
        let there = places.into_iter().find(|place| place.receiver == group.receiver);
        there.map_or(Cow::Borrowed(&group.way), |place| Cow::Owned(place.way))
    }

    pub(super) fn join_group(&mut self, id: AlertId, destination: Destination, now: Now) {
        let Some(held) = self.alerts.get(&id) else { return };
        let serves = |group: &&GroupId| self.groups.get(group).is_some_and(|g| self.serves(g, &destination));
        let due = self.first_turn(&destination.way, destination.receiver, &held.alert, now);
        let group = match held.groups.iter().find(serves).or_else(|| self.group_keys.get(&destination)) {
            Some(group) => *group,
            None => self.begin_group(destination, due),
        };
        if self.groups.get(&group).is_some_and(|group| group.is_over() || self.waits_for_first(group)) {
            // One that is over only waits for its last word to arrive: this is a new beginning.
            self.hasten(group, due);
        }
        self.put_into(id, group);
    }

    /// When a group speaks for the first time that begins with this alert.
    pub(super) fn first_turn(&self, way: &Way, receiver: ReceiverId, alert: &Alert, now: Now) -> Steady {
        let wait = self.config.group_wait(way, receiver);
        let due = match self.config.timers {
            Timers::AsAlertmanager if alert.starts_at.plus(wait) < now.wall => now.steady,
            Timers::AsAlertmanager | Timers::Lasting => now.steady.plus(wait),
        };
        due.max(self.config.speaks_from)
    }

    /// Whether an alert that joins may bring the group's first turn forward.
    fn waits_for_first(&self, group: &Group) -> bool {
        self.config.timers == Timers::AsAlertmanager && group.turn == 0 && group.muted.is_empty()
    }

    /// Lets the groups of an alert speak at once: there may be no later.
    pub fn speak_now(&mut self, key: &AlertKey, now: Now) {
        let held = self.known_by(key).and_then(|id| self.alerts.get(&id));
        let groups = held.map(|held| held.groups.to_vec()).unwrap_or_default();
        groups.into_iter().for_each(|group| self.hasten(group, now.steady));
    }

    pub(super) fn put_into(&mut self, id: AlertId, group: GroupId) {
        let Some(held) = self.alerts.get_mut(&id) else { return };
        if !held.groups.contains(&group) {
            held.groups.push(group);
        }
        if let Some(group) = self.groups.get_mut(&group) {
            group.firing.insert(id);
        }
        self.has_news(group);
    }

    /// There is something to say: a time that was put off in silence is written down.
    pub(super) fn has_news(&mut self, id: GroupId) {
        let Some(group) = self.groups.get_mut(&id) else { return };
        if std::mem::take(&mut group.put_off) {
            self.dirty.groups.insert(id);
        }
    }

    /// An alert goes on where an earlier episode of it was told and not yet its end, whatever the grouping is by now:
    /// elsewhere its beginning would be told, and then the end of the earlier one.
    pub(super) fn succeed(&mut self, id: AlertId, earlier: AlertId) {
        let (Some(held), Some(alert)) = (self.alerts.get(&earlier), self.alert(id)) else { return };
        let mut destinations = self.config.destinations(&alert.labels);
        // After a restart it stands already where it was told itself.
        destinations.retain(|place| !self.groups_of(id).any(|group| self.serves(group, place)));
        let wanted = |group: &GroupId| {
            let group = self.groups.get(group);
            group.is_some_and(|group| destinations.iter().any(|place| self.serves(group, place)))
        };
        let groups: Vec<GroupId> = held.groups.iter().copied().filter(wanted).collect();
        groups.into_iter().for_each(|group| self.put_into(id, group));
    }

    /// Puts an alert that its group has not told yet where it belongs by now. It does not wait longer.
    pub(super) fn regather(&mut self, id: AlertId, from: GroupId, now: Now) {
        let Some(alert) = self.alert(id) else { return };
        let destinations = self.config.destinations(&alert.labels);
        let Some(group) = self.groups.get(&from) else { return };
        let Some(place) = destinations.into_iter().find(|place| self.serves(group, place)) else { return };
        let stood = group.place();
        if place == stood {
            return;
        }
        let (Some(held), Some(group)) = (self.alerts.get_mut(&id), self.groups.get_mut(&from)) else {
            return;
        };
        let due = group.due;
        group.firing.remove(&id);
        let muted = group.muted.remove(&id);
        held.groups.retain(|held| *held != from);
        let to = self.group_keys.get(&place).copied();
        let to = to.unwrap_or_else(|| self.begin_group(place.clone(), due));
        self.hasten(to, due);
        self.put_into(id, to);
        if let Some(mute) = muted {
            self.hides_no_more(&mute, from, id);
            // The next start is to find it there, and not where it was.
            if place.way != stood.way {
                self.hush_in(&stood, id, Hushed::ConditionsChanged, now);
            }
            self.hush_in(&place, id, mute.clone().into(), now);
            self.keep_silent(id, to, mute);
        }
        self.end_if_over(from);
    }

    /// An alert fires again. Groups that told it before and do not want it any more will only tell its end.
    pub(super) fn leave_unsaid(&mut self, id: AlertId) {
        let groups = self.alerts.get(&id).map(|held| held.groups.to_vec()).unwrap_or_default();
        for group_id in groups {
            let Some(group) = self.groups.get_mut(&group_id) else { continue };
            if !group.firing.contains(&id) && group.told.contains_key(&id) {
                group.falls_silent_about(id);
                self.dirty.groups.insert(group_id);
            }
        }
    }

    /// How many groups an alert with these labels would begin.
    pub(super) fn begins_groups(&self, labels: &LabelSet) -> usize {
        let wanted = self.config.destinations(labels);
        wanted.iter().filter(|place| !self.group_keys.contains_key(*place)).count()
    }

    /// Lets a group speak at `due`, if that is earlier than it would.
    fn hasten(&mut self, id: GroupId, due: Steady) {
        if self.groups.get(&id).is_some_and(|group| due < group.due) {
            self.move_turn(id, due);
        }
    }

    /// Lets a group speak at `due`.
    pub(super) fn move_turn(&mut self, id: GroupId, due: Steady) {
        let Some(group) = self.groups.get_mut(&id) else { return };
        self.due.remove(&(group.due, id));
        group.due = due;
        self.due.insert((due, id));
        self.dirty.groups.insert(id);
    }

    fn begin_group(&mut self, place: Destination, due: Steady) -> GroupId {
        let id = GroupId(self.draw_id());
        self.groups.insert(id, Group::new(id, place.clone(), due));
        self.group_keys.insert(place, id);
        self.due.insert((due, id));
        self.dirty.groups.insert(id);
        id
    }

    /// An alert has no more part in a group: what the group told of it, it will tell the end of; if it told nothing,
    /// there is a reason.
    pub(super) fn leave_group(&mut self, id: AlertId, group_id: GroupId, reason: Hushed, now: Now) {
        let Some(group) = self.groups.get_mut(&group_id) else { return };
        let fires_on = reason == Hushed::ConditionsChanged;
        let muted = group.muted.get(&id).cloned();
        if let Some(by) = muted.as_ref().and_then(Mute::inhibiting) {
            self.hides.remove(&(by, group_id, id));
        }
        if group.leave(id, fires_on) {
            if fires_on {
                self.dirty.groups.insert(group_id);
            }
            return self.has_news(group_id);
        }
        let place = group.place();
        if let Some(held) = self.alerts.get_mut(&id) {
            held.groups.retain(|held| *held != group_id);
        }
        if muted.is_none() || reason != Hushed::ResolvedBeforeFirstTurn {
            // There were turns: why it was not told at them is written down.
            self.hush_in(&place, id, reason, now);
        }
        self.end_if_silent(group_id);
    }

    /// Ends a group that has nothing more to say, once all that it said has arrived: until then whatever fires in it
    /// keeps its place behind that. One that has not spoken yet waits for its first turn: what comes and goes is told
    /// if it is there then, and does not begin to wait anew each time.
    pub(super) fn end_if_silent(&mut self, id: GroupId) {
        if self.groups.get(&id).is_some_and(|group| group.turn > 0) {
            self.end_if_over(id);
        }
    }

    /// The same, also for one that has not spoken yet.
    pub(super) fn end_if_over(&mut self, id: GroupId) {
        let over = self.groups.get(&id).is_some_and(Group::is_over);
        if over && !self.outbox.speaks_for(id) {
            self.end_group(id);
        }
    }

    pub(super) fn end_group(&mut self, id: GroupId) {
        let Some(group) = self.groups.remove(&id) else { return };
        self.due.remove(&(group.due, id));
        for (alert, mute) in &group.muted {
            self.hides_no_more(mute, id, *alert);
        }
        let key = group.place();
        if self.group_keys.get(&key) == Some(&id) {
            self.group_keys.remove(&key);
        }
        self.dirty.groups.remove(&id);
        self.dirty.ended_groups.push(id);
        for alert in group.firing.iter().chain(group.told.keys()) {
            if let Some(held) = self.alerts.get_mut(alert) {
                held.groups.retain(|held| *held != id);
            }
            self.release(*alert);
        }
    }
}
