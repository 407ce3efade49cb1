//! Keeping silent about what is inhibited or silenced, for as long as it is.

use std::collections::{BTreeMap, BTreeSet};

use super::State;
use crate::alert::AlertId;
use crate::group::{Group, GroupId};
use crate::mute::{Mute, OffTime, Silenced};
use crate::routing::Destination;
use crate::time::{Now, Timestamp};
use crate::verdict::{Hushed, Verdict};

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

    /// Why nobody is told at `now` that this alert fires, by whichever way, if that is so: that it is inhibited is
    /// asked before whether it is silenced (Alertmanager, cmd/alertmanager, `notify.PipelineBuilder`).
    pub fn mute_of(&self, id: AlertId, now: Timestamp) -> Option<Mute> {
        self.inhibited(id).or_else(|| self.silenced(id, now))
    }

    fn inhibited(&self, id: AlertId) -> Option<Mute> {
        self.inhibitor(id).map(|inhibitor| Mute::Inhibited(inhibitor.to_inhibited()))
    }

    fn silenced(&self, id: AlertId, now: Timestamp) -> Option<Mute> {
        let alert = self.alert(id).filter(|alert| alert.is_firing())?;
        let by = self.silences.muted(&alert.labels, now);
        (!by.is_empty()).then(|| Mute::Silenced(Silenced { by: by.into() }))
    }

    /// Those of a group's alerts that it is to keep silent about now. That it is inhibited is asked first, then the
    /// time, then whether somebody silenced it (Alertmanager, cmd/alertmanager, `notify.PipelineBuilder`).
    pub(super) fn muted(&self, group: &Group, now: Timestamp) -> BTreeMap<AlertId, Mute> {
        let off_time = self.off_time(group, now).map(Mute::OffTime);
        if off_time.is_none() && self.inhibitions.is_idle() && self.silences.is_idle() {
            return BTreeMap::new();
        }
        let mute = |id: AlertId| {
            let inhibited = self.inhibited(id).or_else(|| off_time.clone());
            inhibited.or_else(|| self.silenced(id, now))
        };
        group.firing.iter().filter_map(|id| Some((*id, mute(*id)?))).collect()
    }

    /// Why a group says nothing at all at this time, if that is so.
    pub fn off_time(&self, group: &Group, now: Timestamp) -> Option<OffTime> {
        self.config.off_time(&self.way_in_force(group), group.receiver, now)
    }

    /// Lets a group whose turn it is keep silent about what is muted now. Why an alert is not told is written down, and
    /// when it is told after that.
    pub(super) fn mute(&mut self, group: &mut Group, now: Now) {
        let muted = self.muted(group, now.wall);
        if muted == group.muted {
            return;
        }
        let place = group.place();
        for (id, mute) in &group.muted {
            self.hides_no_more(mute, group.id, *id);
            if !muted.contains_key(id) && !group.told.contains_key(id) {
                let before = match mute {
                    Mute::Inhibited(_) => Hushed::InhibitedBefore,
                    Mute::OffTime(_) => Hushed::OffTimeBefore,
                    Mute::Silenced(_) => Hushed::SilencedBefore,
                };
                self.hush_in(&place, *id, before, now);
            }
        }
        for (id, mute) in &muted {
            self.hides.extend(mute.inhibiting().map(|by| (by, group.id, *id)));
            if group.muted.get(id) != Some(mute) && !group.told.contains_key(id) {
                self.hush_in(&place, *id, mute.clone().into(), now);
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

    /// What a group kept silent about when that was last decided waits on in it, and that is not written down again. That
    /// it waits there no more, because somebody edited a configuration file while nobody read it, is.
    pub(super) fn remember_muted(&mut self, verdict: &Verdict, now: Now) {
        let (Some(mute), Some(at), Some(receiver)) =
            (verdict.reason.mute(), &verdict.group, verdict.receiver)
        else {
            return;
        };
        let id = verdict.alert;
        let Some(alert) = self.alert(id).filter(|alert| alert.is_firing()) else { return };
        let hers = self.config.destinations(&alert.labels).into_iter();
        let hers: Vec<Destination> = hers.filter(|place| place.receiver == receiver).collect();
        let place = Destination { receiver, way: at.way.clone(), labels: at.labels.clone() };
        let group = self.group_keys.get(&place).and_then(|group| self.group(*group));
        match group.filter(|group| hers.iter().any(|hers| self.serves(group, hers))) {
            Some(group) if group.told.contains_key(&id) => {}
            Some(group) => {
                let group = group.id;
                self.put_into(id, group);
                self.keep_silent(id, group, mute);
            }
            None => {
                let known = self.config.receiver(receiver).is_some();
                let reason = if known { Hushed::ConditionsChanged } else { Hushed::ReceiverDeleted };
                self.hush_in(&place, id, reason, now);
            }
        }
    }
}
