//! With whom an alert is told, and when: a receiver's alerts that share the grouping labels take turns together.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Duration;

use crate::alert::{Alert, AlertId, EndReason, Phase};
use crate::label::LabelSet;
use crate::notification::{NotifyReason, ToldAlert, Voice};
use crate::receiver::{Channel, ReceiverId};
use crate::time::Steady;

/// A group, known by this number for as long as it has something to say.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct GroupId(pub u64);

/// One receiver's alerts with the same grouping labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Known by this number.
    pub id: GroupId,
    /// Whom it tells.
    pub receiver: ReceiverId,
    /// What its alerts share.
    pub labels: LabelSet,
    /// When it may speak next.
    pub due: Steady,
    /// How many times it has spoken.
    pub turn: u32,
    /// When it last spoke.
    pub spoke_at: Option<Steady>,
    /// Alerts that belong to it and fire.
    pub firing: BTreeSet<AlertId>,
    /// Alerts told as firing and not yet as over, with the turn that first told them.
    pub told: BTreeMap<AlertId, u32>,
    /// Since which turn each channel has been listening. From then on it is told of every turn, and every turn tells
    /// all that fires: so it has heard of everything in `told`, or is about to by a message that waits.
    pub heard: BTreeMap<Channel, u32>,
}

/// What a group has to say at its turn.
#[derive(Clone, Debug)]
pub struct Speech {
    /// Why it speaks.
    pub reason: NotifyReason,
    /// All that fires, and all that was told and is over.
    pub alerts: Vec<ToldAlert>,
}

impl Group {
    /// A group that begins with its first alert and speaks when it is `due`.
    pub fn new(id: GroupId, receiver: ReceiverId, labels: LabelSet, due: Steady) -> Self {
        Self {
            id,
            receiver,
            labels,
            due,
            turn: 0,
            spoke_at: None,
            firing: BTreeSet::new(),
            told: BTreeMap::new(),
            heard: BTreeMap::new(),
        }
    }

    /// Whether it has nothing more to say, ever.
    pub fn is_over(&self) -> bool {
        self.firing.is_empty() && self.told.is_empty()
    }

    /// Whether there is anything new to say now, and what (Alertmanager, notify/dedup_stage, `needsUpdate`).
    /// `alert` finds an alert by its number; those that it does not find are left out.
    pub fn decide<'a>(
        &self,
        alert: impl Fn(AlertId) -> Option<&'a Arc<Alert>>,
        now: Steady,
        repeat_interval: Duration,
    ) -> Option<Speech> {
        let firing: Vec<&Arc<Alert>> = self.firing.iter().filter_map(|id| alert(*id)).collect();
        let over: Vec<&Arc<Alert>> =
            self.told.keys().filter(|id| !self.firing.contains(id)).filter_map(|id| alert(*id)).collect();
        let reason = self.reason(&firing, &over, now, repeat_interval)?;
        let mut alerts: Vec<ToldAlert> = firing
            .iter()
            .map(|alert| ToldAlert { alert: Arc::clone(alert), voice: self.voice(alert, &over) })
            .collect();
        let heirs: HashSet<AlertId> = firing.iter().filter_map(|alert| alert.continues).collect();
        let names: HashSet<_> = firing.iter().map(|alert| (alert.policy(), &alert.labels)).collect();
        let continued =
            |ended: &Alert| heirs.contains(&ended.id) || names.contains(&(ended.policy(), &ended.labels));
        let resolved = over.into_iter().filter(|ended| !continued(ended));
        alerts.extend(resolved.map(|ended| ToldAlert { alert: Arc::clone(ended), voice: Voice::Resolved }));
        Some(Speech { reason, alerts })
    }

    fn reason(
        &self,
        firing: &[&Arc<Alert>],
        over: &[&Arc<Alert>],
        now: Steady,
        repeat_interval: Duration,
    ) -> Option<NotifyReason> {
        let mut new = firing.iter().filter(|alert| !self.told.contains_key(&alert.id)).peekable();
        if new.peek().is_some() {
            let only_continued =
                new.all(|alert| matches!(self.voice(alert, over), Voice::SeverityChanged { .. }));
            return Some(match (self.told.is_empty(), only_continued) {
                (_, true) => NotifyReason::SeverityChanged,
                (true, false) => NotifyReason::FirstNotification,
                (false, false) => NotifyReason::NewAlerts,
            });
        }
        if !over.is_empty() {
            let all = firing.is_empty();
            return Some(if all { NotifyReason::AllResolved } else { NotifyReason::SomeResolved });
        }
        let spoke_at = self.spoke_at?;
        let repeat = !firing.is_empty() && now.since(spoke_at) >= repeat_interval;
        repeat.then_some(NotifyReason::RepeatInterval)
    }

    /// An alert that its policy's edit gave other labels continues the one that was told before.
    fn voice(&self, alert: &Alert, over: &[&Arc<Alert>]) -> Voice {
        // They come from `told`, in order of their numbers.
        let place = alert.continues.and_then(|id| over.binary_search_by_key(&id, |ended| ended.id).ok());
        match place.map(|place| over[place]) {
            Some(before) if changed_by_edit(before) && before.severity() != alert.severity() => {
                Voice::SeverityChanged { from: before.severity() }
            }
            _ => Voice::Firing,
        }
    }

    /// What one channel is told of a speech: not the end of what it never heard begin. What was to be told at turn
    /// `unheard` or later still waits, so that the channel has not heard it.
    pub fn for_channel(&self, channel: &Channel, speech: &[ToldAlert], unheard: u32) -> Vec<ToldAlert> {
        let listens = self.heard.contains_key(channel);
        let hers = speech.iter().filter(|told| told.voice != Voice::Resolved || listens);
        let told = hers.map(|told| ToldAlert {
            alert: Arc::clone(&told.alert),
            voice: self.voice_for(channel, told, unheard),
        });
        told.collect()
    }

    fn voice_for(&self, channel: &Channel, told: &ToldAlert, unheard: u32) -> Voice {
        let knows = |id: AlertId| {
            let turns = self.heard.get(channel).zip(self.told.get(&id));
            turns.is_some_and(|(since, told)| *since.max(told) < unheard)
        };
        match told.voice {
            Voice::Resolved if !knows(told.alert.id) => Voice::FiredAndResolved,
            Voice::SeverityChanged { .. } if !told.alert.continues.is_some_and(knows) => Voice::Firing,
            voice => voice,
        }
    }

    /// Takes note that this was said, at `now`, to those channels that had anything to hear.
    /// Answers which alerts it no longer holds.
    pub fn spoke<'a>(
        &mut self,
        speech: &Speech,
        channels: impl Iterator<Item = &'a Channel>,
        now: Steady,
    ) -> Vec<AlertId> {
        self.turn += 1;
        self.spoke_at = Some(now);
        for channel in channels {
            self.heard.entry(channel.clone()).or_insert(self.turn);
        }
        for told in &speech.alerts {
            if self.firing.contains(&told.alert.id) {
                self.told.entry(told.alert.id).or_insert(self.turn);
            }
        }
        let over: Vec<AlertId> = self.told.keys().filter(|id| !self.firing.contains(id)).copied().collect();
        self.told.retain(|id, _| self.firing.contains(id));
        over
    }
}

fn changed_by_edit(alert: &Alert) -> bool {
    matches!(alert.phase, Phase::Ended { reason: EndReason::PolicyChanged, .. })
}
