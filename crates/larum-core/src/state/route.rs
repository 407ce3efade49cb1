//! To whom: which receivers an alert's labels lead to, and into which of their groups.

use std::sync::Arc;

use super::State;
use crate::alert::AlertId;
use crate::group::{Group, GroupId};
use crate::label::LabelSet;
use crate::receiver::{Receiver, ReceiverId};
use crate::time::Now;
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
            return self.hush(id, None, Hushed::NoReceiver, now);
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
            None => self.begin_group(key, now),
        };
        let Some(held) = self.alerts.get_mut(&id) else { return };
        if !held.groups.contains(&group) {
            held.groups.push(group);
        }
        if let Some(group) = self.groups.get_mut(&group) {
            group.firing.insert(id);
        }
    }

    fn begin_group(&mut self, key: (ReceiverId, LabelSet), now: Now) -> GroupId {
        let id = GroupId(self.draw_id());
        let due = now.steady.plus(self.config.grouping.group_wait());
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
        group.firing.remove(&id);
        if group.told.contains_key(&id) {
            return;
        }
        let (receiver, over) = (group.receiver, group.is_over());
        if let Some(held) = self.alerts.get_mut(&id) {
            held.groups.retain(|held| *held != group_id);
        }
        self.hush(id, Some(receiver), reason, now);
        if over {
            self.end_group(group_id);
        }
    }

    pub(super) fn end_group(&mut self, id: GroupId) {
        let Some(group) = self.groups.remove(&id) else { return };
        self.due.remove(&(group.due, id));
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
