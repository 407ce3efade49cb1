//! Keeping silent about what is inhibited, for as long as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::State;
use crate::alert::AlertId;
use crate::group::{Group, GroupId};
use crate::inhibit::Inhibited;
use crate::receiver::{Receiver, ReceiverId};
use crate::time::Now;
use crate::verdict::Hushed;

impl State {
    /// An alert fires: from now on it inhibits what the rules say.
    pub(super) fn inhibits(&mut self, id: AlertId) {
        if let Some(held) = self.alerts.get(&id) {
            self.inhibitions.begins(&held.alert);
        }
    }

    /// An alert is over. Groups that kept silent because of it may have something to say at their next turn.
    pub(super) fn inhibits_no_more(&mut self, id: AlertId) {
        let Some(held) = self.alerts.get(&id) else { return };
        self.inhibitions.ends(&held.alert);
        let hidden = self.hides.range((id, GroupId(0), AlertId(0))..).take_while(|(by, ..)| *by == id);
        let groups: BTreeSet<GroupId> = hidden.map(|(_, group, _)| *group).collect();
        groups.into_iter().for_each(|group| self.has_news(group));
    }

    /// Those of a group's alerts that are inhibited now.
    pub(super) fn muted(&self, group: &Group) -> BTreeMap<AlertId, Inhibited> {
        if self.inhibitions.is_idle() {
            return BTreeMap::new();
        }
        let inhibited = |id: &AlertId| Some((*id, self.inhibitor(*id)?.to_inhibited()));
        group.firing.iter().filter_map(inhibited).collect()
    }

    /// Lets a group whose turn it is keep silent about what is inhibited now. Why an alert is not told is written
    /// down, and when it is told after that.
    pub(super) fn mute(&mut self, group: &mut Group, now: Now) {
        let muted = self.muted(group);
        if muted == group.muted {
            return;
        }
        let receiver = Some(group.receiver);
        for (id, inhibited) in &group.muted {
            self.hides.remove(&(inhibited.by, group.id, *id));
            if !muted.contains_key(id) && !group.told.contains_key(id) {
                self.hush(*id, receiver, Hushed::InhibitedBefore, now);
            }
        }
        for (id, inhibited) in &muted {
            self.hides.insert((inhibited.by, group.id, *id));
            if group.muted.get(id) != Some(inhibited) && !group.told.contains_key(id) {
                self.hush(*id, receiver, Hushed::Inhibited(inhibited.clone()), now);
            }
        }
        group.mute(muted);
    }

    /// An alert was inhibited at the last turn of its group.
    pub(super) fn keep_silent(&mut self, id: AlertId, group: GroupId, inhibited: Inhibited) {
        let Some(group) = self.groups.get_mut(&group) else { return };
        self.hides.insert((inhibited.by, group.id, id));
        group.muted.insert(id, inhibited);
    }

    /// A receiver was not told of an alert, because it was inhibited: it waits on in its group, and that is not
    /// written down again.
    pub(super) fn remember_inhibited(&mut self, id: AlertId, receiver: ReceiverId, inhibited: Inhibited) {
        let Some(alert) = self.alert(id).filter(|alert| alert.is_firing()) else { return };
        let wanted = |known: &&Arc<Receiver>| known.enabled && known.conditions.hold(&alert.labels);
        if self.config.receiver(receiver).filter(wanted).is_none() {
            return;
        }
        let key = (receiver, self.config.grouping.key(&alert.labels));
        let hers = self.groups_of(id).find(|group| group.receiver == receiver).map(|group| group.id);
        let Some(group) = hers.or_else(|| self.group_keys.get(&key).copied()) else { return };
        if self.groups.get(&group).is_some_and(|group| !group.told.contains_key(&id)) {
            self.put_into(id, group);
            self.keep_silent(id, group, inhibited);
        }
    }
}
