//! To whom: which receivers an alert's labels lead to, and into which of their groups.

use std::sync::Arc;

use super::State;
use crate::alert::{AlertId, AlertKey};
use crate::group::{Group, GroupId};
use crate::label::LabelSet;
use crate::mute::Mute;
use crate::receiver::{Receiver, ReceiverId};
use crate::time::{Now, Steady};
use crate::verdict::Hushed;

impl State {
    /// Puts a firing alert into a group of each receiver whose conditions let it through, or writes down why there
    /// is none. An alert that the group has already is not put there twice.
    pub(super) fn join_groups(&mut self, id: AlertId, now: Now) {
        let Some(alert) = self.alert(id).map(Arc::clone) else { return };
        if alert.is_heartbeat() {
            return self.hush(id, None, Hushed::Heartbeat, now);
        }
        let receivers =
            self.config.receivers.iter().filter(|receiver| receiver.conditions.hold(&alert.labels));
        let wanted: Vec<Arc<Receiver>> = receivers.cloned().collect();
        if wanted.is_empty() {
            if self.groups_of(id).next().is_none() {
                self.hush(id, None, Hushed::NoReceiver, now);
            }
            return;
        }
        for receiver in wanted {
            if receiver.enabled {
                self.join_group(id, receiver.id, now);
            } else {
                self.hush(id, Some(receiver.id), Hushed::SwitchedOff, now);
            }
        }
    }

    pub(super) fn join_group(&mut self, id: AlertId, receiver: ReceiverId, now: Now) {
        let Some(held) = self.alerts.get(&id) else { return };
        let key = (receiver, self.config.grouping.key(&held.alert.labels));
        let known =
            held.groups.iter().find(|group| self.groups.get(group).is_some_and(|g| g.receiver == receiver));
        let group = match known.or_else(|| self.group_keys.get(&key)) {
            Some(group) => *group,
            None => self.begin_group(key, now.steady.plus(self.config.grouping.group_wait())),
        };
        if self.groups.get(&group).is_some_and(Group::is_over) {
            // It only waits for its last word to arrive: this is a new beginning.
            self.hasten(group, now.steady.plus(self.config.grouping.group_wait()));
        }
        self.put_into(id, group);
    }

    /// Lets the groups of an alert speak at once: there may be no later.
    pub fn speak_now(&mut self, key: &AlertKey, now: Now) {
        let held = self.keys.get(key).and_then(|id| self.alerts.get(id));
        let groups = held.map(|held| held.groups.clone()).unwrap_or_default();
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
        let labels = &alert.labels;
        // After a restart it stands already where it was told itself.
        let stands = |receiver: ReceiverId| self.groups_of(id).any(|group| group.receiver == receiver);
        let wanted = |group: &GroupId| {
            let receiver = self.groups.get(group).and_then(|group| self.config.receiver(group.receiver));
            let wants = |receiver: &&Arc<Receiver>| receiver.enabled && receiver.conditions.hold(labels);
            receiver.filter(wants).is_some_and(|receiver| !stands(receiver.id))
        };
        let groups: Vec<GroupId> = held.groups.iter().copied().filter(wanted).collect();
        groups.into_iter().for_each(|group| self.put_into(id, group));
    }

    /// Puts an alert that its group has not told yet where the grouping in force wants it. It does not wait longer.
    pub(super) fn regather(&mut self, id: AlertId, from: GroupId) {
        let (Some(held), Some(group)) = (self.alerts.get_mut(&id), self.groups.get_mut(&from)) else {
            return;
        };
        let key = (group.receiver, self.config.grouping.key(&held.alert.labels));
        if key.1 == group.labels {
            return;
        }
        let due = group.due;
        group.firing.remove(&id);
        let muted = group.muted.remove(&id);
        held.groups.retain(|held| *held != from);
        let to = self.group_keys.get(&key).copied();
        let to = to.unwrap_or_else(|| self.begin_group(key, due));
        self.hasten(to, due);
        self.put_into(id, to);
        if let Some(mute) = muted {
            self.hides_no_more(&mute, from, id);
            self.keep_silent(id, to, mute);
        }
        self.end_if_over(from);
    }

    /// An alert fires again. Groups that told it before and do not want it any more will only tell its end.
    pub(super) fn leave_unsaid(&mut self, id: AlertId) {
        let groups = self.alerts.get(&id).map(|held| held.groups.clone()).unwrap_or_default();
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
        let receivers = self.config.receivers.iter().filter(|receiver| receiver.enabled);
        let group = |receiver: &Receiver| (receiver.id, self.config.grouping.key(labels));
        let wanted = receivers.filter(|receiver| receiver.conditions.hold(labels));
        wanted.filter(|receiver| !self.group_keys.contains_key(&group(receiver))).count()
    }

    /// Lets a group speak at `due`, if that is earlier than it would.
    fn hasten(&mut self, id: GroupId, due: Steady) {
        let Some(group) = self.groups.get_mut(&id).filter(|group| due < group.due) else { return };
        self.due.remove(&(group.due, id));
        group.due = due;
        self.due.insert((due, id));
        self.dirty.groups.insert(id);
    }

    fn begin_group(&mut self, key: (ReceiverId, LabelSet), due: Steady) -> GroupId {
        let id = GroupId(self.draw_id());
        self.groups.insert(id, Group::new(id, key.0, key.1.clone(), due));
        self.group_keys.insert(key, id);
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
        let receiver = group.receiver;
        if let Some(held) = self.alerts.get_mut(&id) {
            held.groups.retain(|held| *held != group_id);
        }
        if muted.is_none() || reason != Hushed::ResolvedBeforeFirstTurn {
            // There were turns: why it was not told at them is written down.
            self.hush(id, Some(receiver), reason, now);
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
        let key = (group.receiver, group.labels);
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
