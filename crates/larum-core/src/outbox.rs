//! Everything that is owed: which message goes next on which channel, and what its answer means.

use std::cmp::Reverse;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet};

use smol_str::SmolStr;

use crate::config::{Config, Pace};
use crate::group::GroupId;
use crate::receiver::{Channel, ReceiverId};
use crate::time::{Now, Steady, Timestamp};

mod delivery;
mod lane;
mod pace;
mod answer;
mod remember;
mod waits;

pub use delivery::{BodyId, Delivery, DeliveryId, DeliveryState, Outcome};
pub use lane::{Lane, PROBE_INTERVAL, Paused};
use pace::Pacer;
pub use pace::{MAX_RETRY_AFTER, Workspace};
pub use remember::{LaneChanges, PausedLane, RetryAfter};
pub use waits::WaitsFor;

/// What has changed about a delivery and must be written down before anything follows from it.
#[derive(Clone, Debug)]
pub struct DeliveryChange {
    /// The delivery as it is now.
    pub delivery: Delivery,
    /// Where it stands now.
    pub state: DeliveryState,
    /// When this happened.
    pub at: Timestamp,
}

type LaneKey = (ReceiverId, Channel);

/// All messages that wait or are on their way.
#[derive(Debug, Default)]
pub struct Outbox {
    rows: BTreeMap<DeliveryId, Delivery>,
    sending: HashSet<DeliveryId>,
    /// Why these, which are on their way, are not to be sent again if they do not arrive.
    unwanted: HashMap<DeliveryId, SmolStr>,
    /// Which of those on their way were sent with settings that are no longer in force.
    outdated: HashSet<DeliveryId>,
    /// How many rows each group has.
    groups: HashMap<GroupId, usize>,
    lanes: BTreeMap<LaneKey, Lane>,
    /// Lanes that were paused and in which nothing waits any more.
    left_paused: Vec<LaneKey>,
    pacer: Pacer,
}

impl Outbox {
    /// Takes in a delivery that waits.
    pub fn push(&mut self, delivery: Delivery) {
        let key = (delivery.receiver, delivery.channel.clone());
        self.lanes.entry(key).or_default().push(&delivery);
        *self.groups.entry(delivery.group).or_default() += 1;
        self.rows.insert(delivery.id, delivery);
    }

    /// The delivery that a newer turn of this group would take the place of: it waits, and the channel certainly
    /// does not have it.
    pub fn replaceable(&self, receiver: ReceiverId, channel: &Channel, group: GroupId) -> Option<&Delivery> {
        let last = self.last_of(receiver, channel, group)?;
        (!last.uncertain && !self.sending.contains(&last.id)).then_some(last)
    }

    /// The last delivery that waits or is on its way there for this group.
    pub fn last_of(&self, receiver: ReceiverId, channel: &Channel, group: GroupId) -> Option<&Delivery> {
        self.rows.get(&self.lanes.get(&(receiver, channel.clone()))?.last_of(group)?)
    }

    /// Takes a waiting delivery out for good.
    pub fn withdraw(&mut self, id: DeliveryId, state: DeliveryState, now: Now) -> Option<DeliveryChange> {
        if self.sending.contains(&id) {
            return None;
        }
        let delivery = self.rows.remove(&id)?;
        let next = self.lane(&delivery).and_then(|lane| lane.remove(&delivery));
        self.left(&delivery, next);
        Some(DeliveryChange { delivery, state, at: now.wall })
    }

    /// Withdraws what waits for a receiver and is of no use any more. What is on its way may arrive, but is not sent
    /// again if it does not.
    pub fn cancel(
        &mut self,
        receiver: ReceiverId,
        useless: impl Fn(&Channel) -> bool,
        why: &str,
        now: Now,
    ) -> Vec<DeliveryChange> {
        let hers = self.rows.values().filter(|delivery| delivery.receiver == receiver);
        let ids: Vec<DeliveryId> =
            hers.filter(|delivery| useless(&delivery.channel)).map(|delivery| delivery.id).collect();
        let on_their_way = ids.iter().filter(|id| self.sending.contains(id));
        self.unwanted.extend(on_their_way.map(|id| (*id, why.into())));
        let state = DeliveryState::Cancelled { why: why.into() };
        ids.into_iter().filter_map(|id| self.withdraw(id, state.clone(), now)).collect()
    }

    /// Sends on their way all that may go now, the most urgent of all lanes first. Each is to be written down as
    /// sending before it is sent.
    pub fn start(&mut self, config: &Config, now: Now) -> Vec<DeliveryChange> {
        self.pacer.forget(now.steady);
        let urgency = |rows: &BTreeMap<DeliveryId, Delivery>, id| {
            rows.get(&id).map(|delivery| Reverse((delivery.severity, delivery.id)))
        };
        let unproven: Vec<ReceiverId> = unproven(config).collect();
        let lanes = self.lanes.iter_mut().filter(|((receiver, _), _)| !unproven.contains(receiver));
        let pacer = &self.pacer;
        let firsts = lanes.filter_map(|((receiver, _), lane)| {
            let (workspace, pace) = pace(config, *receiver);
            lane.peek(now.steady, pacer.is_paced(pace, &workspace, now.steady))
        });
        let mut firsts: BinaryHeap<_> = firsts.filter_map(|id| urgency(&self.rows, id)).collect();
        let mut started = Vec::new();
        while let Some(Reverse((_, id))) = firsts.pop() {
            let Some(delivery) = self.rows.get(&id) else { continue };
            let (workspace, pace) = pace(config, delivery.receiver);
            // Nothing of this lane may go before then, nor of another one to the same channel.
            if self.pacer.free_at(pace, &workspace, &delivery.channel, now.steady) > now.steady {
                continue;
            }
            self.pacer.sent(pace, &workspace, &delivery.channel, now.steady);
            let paced = self.pacer.is_paced(pace, &workspace, now.steady);
            let Some(change) = self.send(id, now) else { continue };
            let next = self.lane(&change.delivery).and_then(|lane| lane.peek(now.steady, paced));
            firsts.extend(next.and_then(|id| urgency(&self.rows, id)));
            started.push(change);
        }
        started
    }

    fn send(&mut self, id: DeliveryId, now: Now) -> Option<DeliveryChange> {
        let delivery = self.rows.get_mut(&id)?;
        delivery.attempts += 1;
        let delivery = delivery.clone();
        self.sending.insert(id);
        if let Some(lane) = self.lane(&delivery) {
            lane.start(&delivery, now);
        }
        Some(DeliveryChange { delivery, state: DeliveryState::Sending, at: now.wall })
    }

    /// A waiting delivery was sent before everything was read back; its answer is still awaited.
    pub fn still_sending(&mut self, id: DeliveryId) {
        let Some(delivery) = self.rows.get(&id).cloned() else { return };
        if !self.sending.insert(id) {
            return;
        }
        if let Some(lane) = self.lane(&delivery) {
            lane.on_its_way(&delivery);
        }
    }

    /// The settings of a receiver were updated: what was paused is tried at once, and what is on its way with the
    /// former ones pauses nothing.
    pub fn probe(&mut self, receiver: ReceiverId, now: Now) {
        let hers = |id: &&DeliveryId| self.rows.get(id).is_some_and(|delivery| delivery.receiver == receiver);
        self.outdated.extend(self.sending.iter().filter(hers));
        let wait = |delivery: &&Delivery| delivery.receiver == receiver && delivery.not_before > now.steady;
        let waiting: Vec<DeliveryId> = self.rows.values().filter(wait).map(|delivery| delivery.id).collect();
        for id in waiting {
            self.retry(id, now);
        }
        self.lanes_of(receiver).for_each(|lane| lane.probe(now.steady));
    }

    /// Somebody asks to try this waiting delivery at once. Answers whether it waits here.
    pub fn retry(&mut self, id: DeliveryId, now: Now) -> bool {
        if self.sending.contains(&id) {
            return true;
        }
        let Some(delivery) = self.rows.get(&id).cloned() else { return false };
        if let Some(lane) = self.lane(&delivery) {
            lane.hurry(&delivery, now.steady);
        }
        if let Some(delivery) = self.rows.get_mut(&id) {
            delivery.not_before = now.steady;
        }
        true
    }

    /// When the next message may go, if any waits.
    pub fn next_due(&self, config: &Config, now: Steady) -> Option<Steady> {
        let unproven: Vec<ReceiverId> = unproven(config).collect();
        let lanes = self.lanes.iter().filter(|((receiver, _), _)| !unproven.contains(receiver));
        let lanes = lanes.filter_map(|((receiver, channel), lane)| {
            let (workspace, pace) = pace(config, *receiver);
            let wakes_at = lane.wakes_at(self.pacer.is_paced(pace, &workspace, now))?;
            Some(wakes_at.max(self.pacer.free_at(pace, &workspace, channel, now)))
        });
        lanes.min()
    }

    /// A delivery that waits or is on its way.
    pub fn get(&self, id: DeliveryId) -> Option<&Delivery> {
        self.rows.get(&id)
    }

    /// Whether something that this group said waits or is on its way.
    pub fn speaks_for(&self, group: GroupId) -> bool {
        self.groups.contains_key(&group)
    }

    /// Whether a delivery is on its way.
    pub fn is_sending(&self, id: DeliveryId) -> bool {
        self.sending.contains(&id)
    }

    /// The lanes in which something waits.
    pub fn lanes(&self) -> impl Iterator<Item = (ReceiverId, &Channel, &Lane)> {
        self.lanes.iter().map(|((receiver, channel), lane)| (*receiver, channel, lane))
    }

    /// When the oldest of them was decided on.
    pub fn oldest(&self) -> Option<Timestamp> {
        self.rows.first_key_value().map(|(_, delivery)| delivery.planned_at)
    }

    /// Everything that waits or is on its way, the oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Delivery> {
        self.rows.values()
    }

    /// How many deliveries wait or are on their way.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether nothing waits and nothing is on its way.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn lane(&mut self, delivery: &Delivery) -> Option<&mut Lane> {
        self.lanes.get_mut(&(delivery.receiver, delivery.channel.clone()))
    }

    fn lanes_of(&mut self, receiver: ReceiverId) -> impl Iterator<Item = &mut Lane> {
        self.lanes.iter_mut().filter(move |((owner, _), _)| *owner == receiver).map(|(_, lane)| lane)
    }

    /// A delivery is gone from its lane: lets the next of its group take part, and forgets what is empty.
    fn left(&mut self, delivery: &Delivery, next: Option<DeliveryId>) {
        if let Some(next) = next.and_then(|id| self.rows.get(&id).cloned())
            && let Some(lane) = self.lane(&next)
        {
            lane.admit(&next);
        }
        if let Entry::Occupied(mut rows) = self.groups.entry(delivery.group) {
            *rows.get_mut() -= 1;
            if *rows.get() == 0 {
                rows.remove();
            }
        }
        let key = (delivery.receiver, delivery.channel.clone());
        if self.lanes.get(&key).is_some_and(Lane::is_empty) {
            self.forget_lane(key);
        }
    }
}

fn unproven(config: &Config) -> impl Iterator<Item = ReceiverId> {
    config.receivers.iter().filter(|receiver| receiver.unproven).map(|receiver| receiver.id)
}

/// How fast messages on behalf of this receiver may follow one another, and with those to which workspace they share
/// that.
fn pace(config: &Config, receiver: ReceiverId) -> (Workspace, Pace) {
    let receiver = config.receiver(receiver);
    let paced = receiver.is_none_or(|receiver| receiver.manner.paced);
    let workspace = receiver.and_then(|receiver| receiver.workspace.clone());
    (workspace, if paced { config.pace } else { Pace::NONE })
}

fn workspace(config: &Config, receiver: ReceiverId) -> Workspace {
    config.receiver(receiver).and_then(|receiver| receiver.workspace.clone())
}
