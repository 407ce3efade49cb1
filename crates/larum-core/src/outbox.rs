//! Everything that is owed: which message goes next on which channel, and what its answer means.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use smol_str::SmolStr;

use crate::config::Config;
use crate::group::GroupId;
use crate::receiver::{Channel, ReceiverId};
use crate::severity::Severity;
use crate::time::{Now, Steady, Timestamp};

mod delivery;
mod lane;
mod pace;

pub use delivery::{BodyId, Delivery, DeliveryId, DeliveryState, Outcome};
pub use lane::{Lane, PROBE_INTERVAL, Paused};
use pace::{Pacer, Workspace};

/// The longest that one message waits before it is tried again.
const MAX_BACKOFF: Duration = Duration::from_secs(60);
/// The longest that a lane waits whose other side does not answer.
const MAX_LANE_BACKOFF: Duration = Duration::from_secs(30);

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

/// Why a delivery is still here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WaitsFor {
    /// It is on its way.
    Sending,
    /// Its lane is paused until somebody does something.
    Paused(Paused),
    /// Its lane is held until then: Slack asked for it, or does not answer.
    Held(Steady),
    /// It is tried again then.
    Retry(Steady),
    /// Others go first, or the pace is not to be exceeded.
    Turn,
}

type LaneKey = (ReceiverId, Channel);

/// All messages that wait or are on their way.
#[derive(Debug, Default)]
pub struct Outbox {
    rows: BTreeMap<DeliveryId, Delivery>,
    sending: HashSet<DeliveryId>,
    lanes: BTreeMap<LaneKey, Lane>,
    pacer: Pacer,
}

impl Outbox {
    /// Takes in a delivery that waits.
    pub fn push(&mut self, delivery: Delivery) {
        let key = (delivery.receiver, delivery.channel.clone());
        self.lanes.entry(key).or_default().push(&delivery);
        self.rows.insert(delivery.id, delivery);
    }

    /// The delivery that a newer turn of this group would take the place of: it waits, and the channel certainly
    /// does not have it.
    pub fn replaceable(&self, receiver: ReceiverId, channel: &Channel, group: GroupId) -> Option<&Delivery> {
        let last = self.lanes.get(&(receiver, channel.clone()))?.last_of(group)?;
        self.rows.get(&last).filter(|delivery| !delivery.uncertain && !self.sending.contains(&delivery.id))
    }

    /// Takes a waiting delivery out for good.
    pub fn withdraw(&mut self, id: DeliveryId, state: DeliveryState, now: Now) -> Option<DeliveryChange> {
        if self.sending.contains(&id) {
            return None;
        }
        let delivery = self.rows.remove(&id)?;
        let next = self.lane(&delivery).and_then(|lane| lane.remove(&delivery));
        self.admit(next);
        self.forget_empty_lane(&delivery);
        Some(DeliveryChange { delivery, state, at: now.wall })
    }

    /// Withdraws what waits for a receiver and is of no use any more; what is on its way arrives.
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
        let state = DeliveryState::Cancelled { why: why.into() };
        ids.into_iter().filter_map(|id| self.withdraw(id, state.clone(), now)).collect()
    }

    /// Sends on their way all that may go now. Each is to be written down as sending before it is sent.
    pub fn start(&mut self, config: &Config, now: Now) -> Vec<DeliveryChange> {
        let mut started = Vec::new();
        while let Some(id) = self.next(config, now) {
            let Some(delivery) = self.rows.get_mut(&id) else { break };
            delivery.attempts += 1;
            let delivery = delivery.clone();
            self.sending.insert(id);
            let workspace = workspace(config, delivery.receiver);
            self.pacer.sent(config.pace, &workspace, &delivery.channel, now.steady);
            if let Some(lane) = self.lane(&delivery) {
                lane.start(&delivery, now);
            }
            started.push(DeliveryChange { delivery, state: DeliveryState::Sending, at: now.wall });
        }
        started
    }

    /// The most urgent delivery of all lanes that may go now.
    fn next(&mut self, config: &Config, now: Now) -> Option<DeliveryId> {
        let paced = self.pacer.is_paced(config.pace, now.steady);
        let mut best: Option<(Severity, DeliveryId)> = None;
        for ((receiver, channel), lane) in &mut self.lanes {
            let Some(id) = lane.peek(now.steady, paced) else { continue };
            let Some(severity) = self.rows.get(&id).map(|delivery| delivery.severity) else { continue };
            if best.is_some_and(|best| best <= (severity, id)) {
                continue;
            }
            let workspace = workspace(config, *receiver);
            if self.pacer.free_at(config.pace, &workspace, channel, now.steady) <= now.steady {
                best = Some((severity, id));
            }
        }
        best.map(|(_, id)| id)
    }

    /// Takes in what became of an attempt. `jitter` (0 to 1) spreads the next attempts out.
    pub fn finish(
        &mut self,
        id: DeliveryId,
        outcome: Outcome,
        jitter: f64,
        now: Now,
    ) -> Option<DeliveryChange> {
        if !self.sending.remove(&id) {
            return None;
        }
        let mut delivery = self.rows.remove(&id)?;
        let state = self.judge(&mut delivery, outcome, jitter, now);
        let change = DeliveryChange { delivery: delivery.clone(), state, at: now.wall };
        if change.state == DeliveryState::Waiting {
            if let Some(lane) = self.lane(&delivery) {
                lane.put_back(&delivery);
            }
            self.rows.insert(id, delivery);
        } else {
            let next = self.lane(&delivery).and_then(|lane| lane.finish(&delivery));
            self.admit(next);
            self.forget_empty_lane(&delivery);
        }
        Some(change)
    }

    fn judge(&mut self, delivery: &mut Delivery, outcome: Outcome, jitter: f64, now: Now) -> DeliveryState {
        delivery.not_before = now.steady;
        match outcome {
            Outcome::Delivered { ts, channel_id } => {
                self.delivered(delivery, now);
                return DeliveryState::Delivered { ts, channel_id };
            }
            Outcome::PayloadRefused { error } => {
                delivery.last_error = Some(error);
                if std::mem::replace(&mut delivery.plain, true) {
                    return DeliveryState::Dead;
                }
            }
            Outcome::RetryAfter { wait } => {
                delivery.last_error = Some("ratelimited".into());
                self.pacer.slowed(now.steady, wait);
                if let Some(lane) = self.lane(delivery) {
                    lane.hold(now.steady.plus(wait));
                }
            }
            Outcome::ChannelRefused { error } => {
                if let Some(lane) = self.lane(delivery) {
                    lane.pause(&error, now);
                }
                delivery.last_error = Some(error);
            }
            Outcome::CredentialRefused { error } => {
                self.lanes_of(delivery.receiver).for_each(|lane| lane.pause(&error, now));
                delivery.last_error = Some(error);
            }
            Outcome::Unreachable { error } => self.unanswered(delivery, error, jitter, now),
            Outcome::Unknown { error } => {
                delivery.uncertain = true;
                self.unanswered(delivery, error, jitter, now);
            }
        }
        DeliveryState::Waiting
    }

    /// A lane that delivers is not paused; and if the token was refused before, it is not any more.
    fn delivered(&mut self, delivery: &Delivery, now: Now) {
        let error = self.lane(delivery).and_then(|lane| {
            lane.answered();
            let error = lane.paused().map(|paused| paused.error.clone());
            lane.resume();
            error
        });
        let Some(error) = error else { return };
        for lane in self.lanes_of(delivery.receiver) {
            if lane.paused().is_some_and(|paused| paused.error == error) {
                lane.probe(now.steady);
            }
        }
    }

    fn unanswered(&mut self, delivery: &mut Delivery, error: SmolStr, jitter: f64, now: Now) {
        delivery.last_error = Some(error);
        delivery.not_before = now.steady.plus(backoff(delivery.attempts, MAX_BACKOFF, jitter));
        if let Some(lane) = self.lane(delivery) {
            let failures = lane.failed();
            lane.hold(now.steady.plus(backoff(failures, MAX_LANE_BACKOFF, jitter)));
        }
    }

    /// A waiting delivery was sent before everything was read back; its answer is still awaited.
    pub fn still_sending(&mut self, id: DeliveryId, now: Now) {
        let Some(delivery) = self.rows.get(&id).cloned() else { return };
        if let Some(lane) = self.lane(&delivery) {
            lane.hurry(&delivery, now.steady);
            lane.start(&delivery, now);
            self.sending.insert(id);
        }
    }

    /// The settings of a receiver were updated: what was paused is tried at once.
    pub fn probe(&mut self, receiver: ReceiverId, now: Now) {
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
        let lanes = self.lanes.iter().filter_map(|((receiver, channel), lane)| {
            let wakes_at = lane.wakes_at()?;
            let workspace = workspace(config, *receiver);
            Some(wakes_at.max(self.pacer.free_at(config.pace, &workspace, channel, now)))
        });
        lanes.min()
    }

    /// Why a delivery is still here; `None` if it is not.
    pub fn waits_for(&self, id: DeliveryId, now: Steady) -> Option<WaitsFor> {
        let delivery = self.rows.get(&id)?;
        let lane = self.lanes.get(&(delivery.receiver, delivery.channel.clone()))?;
        Some(match lane.paused() {
            _ if self.sending.contains(&id) => WaitsFor::Sending,
            Some(paused) => WaitsFor::Paused(paused.clone()),
            None if delivery.not_before > now => WaitsFor::Retry(delivery.not_before.max(lane.held_until())),
            None if lane.held_until() > now => WaitsFor::Held(lane.held_until()),
            None => WaitsFor::Turn,
        })
    }

    /// A delivery that waits or is on its way.
    pub fn get(&self, id: DeliveryId) -> Option<&Delivery> {
        self.rows.get(&id)
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

    fn admit(&mut self, next: Option<DeliveryId>) {
        let Some(next) = next.and_then(|id| self.rows.get(&id).cloned()) else { return };
        if let Some(lane) = self.lane(&next) {
            lane.admit(&next);
        }
    }

    fn forget_empty_lane(&mut self, delivery: &Delivery) {
        let key = (delivery.receiver, delivery.channel.clone());
        if self.lanes.get(&key).is_some_and(Lane::is_empty) {
            self.lanes.remove(&key);
        }
    }
}

/// One second, doubled with each attempt up to `most`, less up to a fifth of it.
fn backoff(attempts: u32, most: Duration, jitter: f64) -> Duration {
    let full = Duration::from_secs(1).saturating_mul(1 << attempts.saturating_sub(1).min(10)).min(most);
    full.mul_f64(1.0 - 0.2 * jitter.clamp(0.0, 1.0))
}

fn workspace(config: &Config, receiver: ReceiverId) -> Workspace {
    config.receiver(receiver).and_then(|receiver| receiver.workspace.clone())
}
