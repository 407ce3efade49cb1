//! With whom an alert is told, and when: a receiver's alerts that share the grouping labels take turns together.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Duration;

use crate::alert::{Alert, AlertId, EndReason, Phase};
use crate::label::LabelSet;
use crate::mute::Mute;
use crate::notification::{NotifyReason, ToldAlert, Voice};
use crate::receiver::{Channel, ReceiverId};
use crate::route::Way;
use crate::routing::Destination;
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
    /// By which way its alerts come to that receiver.
    pub way: Way,
    /// What its alerts share.
    pub labels: LabelSet,
    /// When it may speak next.
    pub due: Steady,
    /// Whether `due` was put off since it was last written down, because there was nothing to say.
    pub put_off: bool,
    /// How many times it has spoken.
    pub turn: u32,
    /// When it last spoke.
    pub spoke_at: Option<Steady>,
    /// Alerts that belong to it and fire.
    pub firing: BTreeSet<AlertId>,
    /// Those of `firing` that it kept silent about at its last turn, and why.
    pub muted: BTreeMap<AlertId, Mute>,
    /// Alerts told as firing and not yet as over, with the turn that first told them.
    pub told: BTreeMap<AlertId, u32>,
    /// Those of `told` that the conditions did not want for some time, or do not want any more, or that are or were
    /// muted: as long as that lasts only their end is told. Each time apart, the last of them last; those in which
    /// no channel began to listen are forgotten.
    pub gaps: BTreeMap<AlertId, Vec<Gap>>,
    /// Since which turn each channel has been listening. From then on it is told of every turn, and every turn tells
    /// all that fires: so it has heard of everything in `told`, or is about to by a message that waits.
    pub heard: BTreeMap<Channel, u32>,
}

/// For how long a group did not speak of an alert that it had told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Gap {
    /// The last turn that named it.
    pub after: u32,
    /// The first turn that named it again.
    pub until: Option<u32>,
}

impl Gap {
    /// Whether who began to listen at this turn was not told of it then.
    fn holds(&self, turn: u32) -> bool {
        turn > self.after && self.until.is_none_or(|until| turn <= until)
    }
}

/// What a group has to say at its turn.
#[derive(Clone, Debug)]
pub struct Speech {
    /// Why it speaks.
    pub reason: NotifyReason,
    /// All that fires, and all that was told and is over.
    pub alerts: Vec<ToldAlert>,
    /// What was told and is over, also where something that fires goes on for it.
    pub over: Vec<AlertId>,
}

impl Group {
    /// A group that begins with its first alert and speaks when it is `due`.
    pub fn new(id: GroupId, place: Destination, due: Steady) -> Self {
        Self {
            id,
            receiver: place.receiver,
            way: place.way,
            labels: place.labels,
            due,
            put_off: false,
            turn: 0,
            spoke_at: None,
            firing: BTreeSet::new(),
            muted: BTreeMap::new(),
            told: BTreeMap::new(),
            gaps: BTreeMap::new(),
            heard: BTreeMap::new(),
        }
    }

    /// Where an alert belongs that is in this group and in no other of its receiver's.
    pub fn place(&self) -> Destination {
        Destination { receiver: self.receiver, way: self.way.clone(), labels: self.labels.clone() }
    }

    /// Whether it has nothing more to say, ever.
    pub fn is_over(&self) -> bool {
        self.firing.is_empty() && self.told.is_empty()
    }

    /// Whether there is anything new to say now, and what (Alertmanager, notify/dedup_stage, `needsUpdate`).
    /// `alert` finds an alert by its number; those that it does not find are left out. Of those that
    /// are muted nothing is said before they are over.
    pub fn decide<'a>(
        &self,
        alert: impl Fn(AlertId) -> Option<&'a Arc<Alert>>,
        now: Steady,
        repeat_interval: Duration,
    ) -> Option<Speech> {
        let audible = self.firing.iter().filter(|id| !self.muted.contains_key(id));
        let firing: Vec<&Arc<Alert>> = audible.filter_map(|id| alert(*id)).collect();
        let told = self.told.keys().filter_map(|id| alert(*id));
        let over: Vec<&Arc<Alert>> = told.filter(|alert| !alert.is_firing()).collect();
        let reason = self.reason(&firing, &over, now, repeat_interval)?;
        let mut alerts: Vec<ToldAlert> = firing
            .iter()
            .map(|alert| ToldAlert { alert: Arc::clone(alert), voice: self.voice(alert, &over) })
            .collect();
        let heirs: HashSet<AlertId> = firing.iter().filter_map(|alert| alert.continues).collect();
        let names: HashSet<_> = firing.iter().map(|alert| (alert.policy(), &alert.labels)).collect();
        let continued =
            |ended: &Alert| heirs.contains(&ended.id) || names.contains(&(ended.policy(), &ended.labels));
        let resolved = over.iter().copied().filter(|ended| !continued(ended));
        alerts.extend(resolved.map(|ended| ToldAlert { alert: Arc::clone(ended), voice: Voice::Resolved }));
        Some(Speech { reason, alerts, over: over.iter().map(|alert| alert.id).collect() })
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

    /// When it would tell once more what it told last, if it fires on and nothing else is said before: at the first
    /// of its turns after that long. Nothing if it has told of nothing that fires, or keeps silent about all of it.
    pub fn repeats_at(&self, group_interval: Duration, repeat_interval: Duration) -> Option<Steady> {
        let audible = |id: &AlertId| self.firing.contains(id) && !self.muted.contains_key(id);
        let spoke_at = self.spoke_at.filter(|_| self.told.keys().any(audible))?;
        let not_before = spoke_at.plus(repeat_interval);
        let turn_before = Steady::from_millis(not_before.as_millis().saturating_sub(1));
        Some(if self.due >= not_before { self.due } else { self.due.step_past(turn_before, group_interval) })
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
        let hers = speech
            .iter()
            .filter(|told| told.voice != Voice::Resolved || self.named_to(channel, told.alert.id).is_some());
        let told = hers.map(|told| ToldAlert {
            alert: Arc::clone(&told.alert),
            voice: self.voice_for(channel, told, unheard),
        });
        told.collect()
    }

    /// The turn at which this channel was told first that the alert fires, if it was.
    fn named_to(&self, channel: &Channel, id: AlertId) -> Option<u32> {
        let (since, told) = self.heard.get(channel).zip(self.told.get(&id))?;
        match self.gaps.get(&id).into_iter().flatten().find(|gap| gap.holds(*since)) {
            Some(gap) => gap.until,
            None => Some(*since.max(told)),
        }
    }

    fn voice_for(&self, channel: &Channel, told: &ToldAlert, unheard: u32) -> Voice {
        let knows = |id: AlertId| self.named_to(channel, id).is_some_and(|turn| turn < unheard);
        match told.voice {
            Voice::Resolved if !knows(told.alert.id) => Voice::FiredAndResolved,
            Voice::SeverityChanged { .. } if !told.alert.continues.is_some_and(knows) => Voice::Firing,
            voice => voice,
        }
    }

    /// Takes note that this was said, at `now`, to those channels that had anything to hear. What is over it no
    /// longer holds.
    pub fn spoke<'a>(&mut self, speech: &Speech, channels: impl Iterator<Item = &'a Channel>, now: Steady) {
        self.turn += 1;
        self.spoke_at = Some(now);
        for channel in channels {
            self.heard.entry(channel.clone()).or_insert(self.turn);
        }
        for told in &speech.alerts {
            if self.firing.contains(&told.alert.id) {
                self.told.entry(told.alert.id).or_insert(self.turn);
                if let Some(gap) = self.gaps.get_mut(&told.alert.id).and_then(|gaps| gaps.last_mut()) {
                    gap.until.get_or_insert(self.turn);
                }
            }
        }
        speech.over.iter().for_each(|over| self.forget(*over));
    }

    /// An alert is over and that is told, or nobody wants to be told it.
    pub fn forget(&mut self, over: AlertId) {
        self.told.remove(&over);
        self.gaps.remove(&over);
    }

    /// An alert is over, or fires on and is no longer wanted here. Answers whether it was told: then its end will be.
    pub fn leave(&mut self, id: AlertId, fires_on: bool) -> bool {
        let was_wanted = self.firing.remove(&id);
        self.muted.remove(&id);
        let told = self.told.contains_key(&id);
        if was_wanted && told && fires_on {
            self.falls_silent_about(id);
        }
        told
    }

    /// It keeps silent about these from now on, and about no others.
    pub fn mute(&mut self, muted: BTreeMap<AlertId, Mute>) {
        let before = std::mem::replace(&mut self.muted, muted);
        let fresh = self.muted.keys().filter(|id| !before.contains_key(id) && self.told.contains_key(id));
        let fresh: Vec<AlertId> = fresh.copied().collect();
        fresh.into_iter().for_each(|id| self.falls_silent_about(id));
    }

    /// It was told and is not named any more, though it fires on.
    pub(crate) fn falls_silent_about(&mut self, id: AlertId) {
        let gaps = self.gaps.entry(id).or_default();
        if gaps.last().is_some_and(|gap| gap.until.is_none()) {
            return;
        }
        gaps.retain(|gap| self.heard.values().any(|since| gap.holds(*since)));
        gaps.push(Gap { after: self.turn, until: None });
    }
}

fn changed_by_edit(alert: &Alert) -> bool {
    matches!(alert.phase, Phase::Ended { reason: EndReason::PolicyChanged, .. })
}
