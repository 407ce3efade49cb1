//! A lane: one channel of one receiver. Keeps order within a group, lets the urgent pass between groups, waits where
//! it must, and never stops another lane.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::time::Duration;

use smol_str::SmolStr;

use super::delivery::{Delivery, DeliveryId};
use crate::group::GroupId;
use crate::severity::Severity;
use crate::time::{Now, Steady, Timestamp};

/// How long a paused lane waits before it tries again by itself.
pub const PROBE_INTERVAL: Duration = Duration::from_secs(5 * 60);
/// How many messages of different groups an unpaced lane sends side by side.
const SIDE_BY_SIDE: usize = 16;

/// Why nothing moves in a lane until somebody does something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Paused {
    /// Slack's code.
    pub error: SmolStr,
    /// Since when.
    pub since: Timestamp,
    /// When one message is tried again.
    pub probe_at: Steady,
}

/// The waiting messages of one channel of one receiver.
#[derive(Debug, Default)]
pub struct Lane {
    pub(crate) groups: HashMap<GroupId, VecDeque<DeliveryId>>,
    /// The first of each group that may go at once, the most urgent in front.
    pub(crate) ready: BTreeSet<(Severity, DeliveryId)>,
    /// The first of each group that may go later.
    pub(crate) later: BTreeSet<(Steady, Severity, DeliveryId)>,
    pub(crate) in_flight: BTreeSet<DeliveryId>,
    held_until: Steady,
    failures: u32,
    refusals: u32,
    paused: Option<Paused>,
    /// Whether `paused` is something else than what was last written down.
    pause_changed: bool,
}

impl Lane {
    /// Puts a delivery behind those of its group.
    pub fn push(&mut self, delivery: &Delivery) {
        let queue = self.groups.entry(delivery.group).or_default();
        queue.push_back(delivery.id);
        if queue.len() == 1 {
            self.admit(delivery);
        }
    }

    /// Lets the first of a group take part: now, or when its time has come.
    pub fn admit(&mut self, head: &Delivery) {
        self.later.insert((head.not_before, head.severity, head.id));
    }

    /// Takes a delivery out that is not on its way. Answers its group's next, which is to be admitted.
    pub fn remove(&mut self, delivery: &Delivery) -> Option<DeliveryId> {
        let was_head = self.ready.remove(&(delivery.severity, delivery.id))
            | self.later.remove(&(delivery.not_before, delivery.severity, delivery.id));
        self.leave(delivery, was_head)
    }

    /// Takes a delivery out that was on its way. Answers its group's next, which is to be admitted.
    pub fn finish(&mut self, delivery: &Delivery) -> Option<DeliveryId> {
        self.in_flight.remove(&delivery.id);
        self.leave(delivery, true)
    }

    fn leave(&mut self, delivery: &Delivery, was_head: bool) -> Option<DeliveryId> {
        let queue = self.groups.get_mut(&delivery.group)?;
        queue.retain(|id| *id != delivery.id);
        let next = queue.front().copied();
        if next.is_none() {
            self.groups.remove(&delivery.group);
        }
        next.filter(|_| was_head)
    }

    /// Puts a delivery that was on its way back in front of its group.
    pub fn put_back(&mut self, delivery: &Delivery) {
        self.in_flight.remove(&delivery.id);
        self.admit(delivery);
    }

    /// The delivery of this group that waits last in line.
    pub fn last_of(&self, group: GroupId) -> Option<DeliveryId> {
        self.groups.get(&group)?.back().copied()
    }

    /// The next delivery to send, if one may be sent now as far as this lane is concerned.
    pub fn peek(&mut self, now: Steady, paced: bool) -> Option<DeliveryId> {
        // Also of a lane in which nothing moves, so that whoever asks sees who is before whom.
        while let Some((due, severity, id)) = self.later.first().copied().filter(|(due, ..)| *due <= now) {
            self.later.remove(&(due, severity, id));
            self.ready.insert((severity, id));
        }
        if self.is_full(paced) || self.held(now) {
            return None;
        }
        self.ready.first().map(|(_, id)| *id)
    }

    /// The delivery of its group that arrives right before this one.
    pub fn before_in_group(&self, delivery: &Delivery) -> Option<DeliveryId> {
        let queue = self.groups.get(&delivery.group)?;
        let place = queue.iter().position(|id| *id == delivery.id)?;
        place.checked_sub(1).map(|before| queue[before])
    }

    /// The first of another group that goes right before this one, which is the first of its own.
    pub fn before_in_line(&self, delivery: &Delivery) -> Option<(Severity, DeliveryId)> {
        self.ready.range(..(delivery.severity, delivery.id)).next_back().copied()
    }

    /// The delivery whose answer comes before another one goes, if as many are on their way as may be.
    pub fn awaited(&self, paced: bool) -> Option<DeliveryId> {
        self.in_flight.first().copied().filter(|_| self.is_full(paced))
    }

    /// Whether as many are on their way as may be, so that an answer comes first.
    fn is_full(&self, paced: bool) -> bool {
        let one_by_one = self.paused.is_some() || paced;
        self.in_flight.len() >= if one_by_one { 1 } else { SIDE_BY_SIDE }
    }

    /// Sends a delivery on its way that is the first of its group. A paused lane sends no other for a while.
    pub fn start(&mut self, delivery: &Delivery, now: Now) {
        self.on_its_way(delivery);
        self.probe_at(now.steady.plus(PROBE_INTERVAL));
    }

    /// Takes note that a delivery is on its way that is the first of its group.
    pub fn on_its_way(&mut self, delivery: &Delivery) {
        self.ready.remove(&(delivery.severity, delivery.id));
        self.later.remove(&(delivery.not_before, delivery.severity, delivery.id));
        self.in_flight.insert(delivery.id);
    }

    /// When the lane wants to be looked at again, if by itself.
    pub fn wakes_at(&self, paced: bool) -> Option<Steady> {
        if self.is_full(paced) {
            return None;
        }
        let held =
            self.paused.as_ref().map_or(self.held_until, |paused| paused.probe_at.max(self.held_until));
        if !self.ready.is_empty() {
            return Some(held);
        }
        self.later.first().map(|(due, ..)| held.max(*due))
    }

    fn held(&self, now: Steady) -> bool {
        self.held_until > now || self.paused.as_ref().is_some_and(|paused| paused.probe_at > now)
    }

    /// Sends nothing for a while.
    pub fn hold(&mut self, until: Steady) {
        self.held_until = self.held_until.max(until);
    }

    /// Until when nothing is sent, because Slack could not be reached.
    pub fn held_until(&self) -> Steady {
        self.held_until
    }

    /// Counts another attempt in a row that nobody answered; those that went side by side are one. Answers how many
    /// those are.
    pub fn failed(&mut self, now: Steady) -> u32 {
        if self.held_until <= now || self.failures == 0 {
            self.failures += 1;
        }
        self.failures
    }

    /// Counts another message in a row that was refused where it was to arrive. Answers how many those are.
    pub fn refused(&mut self) -> u32 {
        self.refusals = self.refusals.saturating_add(1);
        self.refusals
    }

    /// Somebody answered.
    pub fn answered(&mut self) {
        self.failures = 0;
    }

    /// Stops until somebody does something about `error`; keeps the time since when.
    pub fn pause(&mut self, error: &SmolStr, now: Now) {
        let since =
            self.paused.as_ref().filter(|paused| paused.error == *error).map_or(now.wall, |p| p.since);
        let probe_at = now.steady.plus(PROBE_INTERVAL);
        self.put_pause(Some(Paused { error: error.clone(), since, probe_at }));
    }

    /// Goes on being paused as it was written down, and tries one message no later than `latest`.
    pub fn remember(&mut self, paused: Paused, latest: Steady) {
        let probe_at = paused.probe_at.min(latest);
        self.paused = Some(paused);
        self.probe_at(probe_at);
    }

    /// Goes on.
    pub fn resume(&mut self) {
        self.refusals = 0;
        self.put_pause(None);
    }

    /// Tries one message at once.
    pub fn probe(&mut self, now: Steady) {
        self.held_until = self.held_until.min(now);
        self.probe_at(now);
    }

    fn probe_at(&mut self, probe_at: Steady) {
        let paused = self.paused.clone().map(|paused| Paused { probe_at, ..paused });
        self.put_pause(paused);
    }

    fn put_pause(&mut self, paused: Option<Paused>) {
        self.pause_changed |= self.paused != paused;
        self.paused = paused;
    }

    /// Whether it was paused, goes on or is tried at another time since this was last asked.
    pub fn take_pause_changed(&mut self) -> bool {
        std::mem::take(&mut self.pause_changed)
    }

    /// Tries the lane's next message at once, and lets this one take part at once.
    pub fn hurry(&mut self, delivery: &Delivery, now: Steady) {
        if self.later.remove(&(delivery.not_before, delivery.severity, delivery.id)) {
            self.ready.insert((delivery.severity, delivery.id));
        }
        self.probe(now);
    }

    /// Why nothing moves, if so.
    pub fn paused(&self) -> Option<&Paused> {
        self.paused.as_ref()
    }

    /// How many deliveries wait or are on their way.
    pub fn len(&self) -> usize {
        self.groups.values().map(VecDeque::len).sum()
    }

    /// Whether nothing waits and nothing is on its way.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }
}
