//! Keeping silent about what is inhibited or silenced, for as long as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::State;
use crate::alert::AlertId;
use crate::group::{Group, GroupId};
use crate::mute::{Mute, Silenced};
use crate::receiver::{Receiver, ReceiverId};
use crate::time::{Now, Timestamp};
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

    /// Why nobody is told at `now` that this alert fires, if that is so: that it is inhibited is asked before whether
    /// it is silenced (Alertmanager, cmd/alertmanager, `notify.PipelineBuilder`).
    pub fn mute_of(&self, id: AlertId, now: Timestamp) -> Option<Mute> {
        if let Some(inhibitor) = self.inhibitor(id) {
            return Some(Mute::Inhibited(inhibitor.to_inhibited()));
        }
        let alert = self.alert(id).filter(|alert| alert.is_firing())?;
        let by = self.silences.muted(&alert.labels, now);
        (!by.is_empty()).then(|| Mute::Silenced(Silenced { by: by.into() }))
    }

    /// Those of a group's alerts that it is to keep silent about now.
    pub(super) fn muted(&self, group: &Group, now: Timestamp) -> BTreeMap<AlertId, Mute> {
        if self.inhibitions.is_idle() && self.silences.is_idle() {
            return BTreeMap::new();
        }
        group.firing.iter().filter_map(|id| Some((*id, self.mute_of(*id, now)?))).collect()
    }

    /// Lets a group whose turn it is keep silent about what is muted now. Why an alert is not told is written down, and
    /// when it is told after that.
    pub(super) fn mute(&mut self, group: &mut Group, now: Now) {
        let muted = self.muted(group, now.wall);
        if muted == group.muted {
            return;
        }
        let receiver = Some(group.receiver);
        for (id, mute) in &group.muted {
            self.hides_no_more(mute, group.id, *id);
            if !muted.contains_key(id) && !group.told.contains_key(id) {
                let before = match mute {
                    Mute::Inhibited(_) => Hushed::InhibitedBefore,
                    Mute::Silenced(_) => Hushed::SilencedBefore,
                };
                self.hush(*id, receiver, before, now);
            }
        }
        for (id, mute) in &muted {
            self.hides.extend(mute.inhibiting().map(|by| (by, group.id, *id)));
            if group.muted.get(id) != Some(mute) && !group.told.contains_key(id) {
                self.hush(*id, receiver, mute.clone().into(), now);
            }
        }
        group.mute(muted);
    }

    /// A group kept silent about an alert at its last turn.
    pub(super) fn keep_silent(&mut self, id: AlertId, group: GroupId, mute: Mute) {
        let Some(group) = self.groups.get_mut(&group) else { return };
        self.hides.extend(mute.inhibiting().map(|by| (by, group.id, id)));
        group.muted.insert(id, mute);
    }

    /// What muted an alert in a group does so no more.
    pub(super) fn hides_no_more(&mut self, mute: &Mute, group: GroupId, id: AlertId) {
        if let Some(by) = mute.inhibiting() {
            self.hides.remove(&(by, group, id));
        }
    }

    /// A receiver was not told of an alert, because it was muted: it waits on in its group, and that is not written
    /// down again.
    pub(super) fn remember_muted(&mut self, id: AlertId, receiver: ReceiverId, mute: Mute) {
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
            self.keep_silent(id, group, mute);
        }
    }
}
