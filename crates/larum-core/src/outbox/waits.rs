//! What a delivery waits for, and behind which other one.

use super::{DeliveryId, Lane, Outbox, Paused, pace, unproven};
use crate::config::Config;
use crate::time::Steady;

/// Why a delivery is still here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WaitsFor {
    /// It is on its way.
    Sending,
    /// Its lane is paused until somebody does something.
    Paused(Paused),
    /// Slack has not said yet whether the receiver's new token is of the same workspace.
    Proof,
    /// This one of its group was before it and arrives first.
    Group(DeliveryId),
    /// It is tried again then.
    Retry(Steady),
    /// Its lane is held until then: Slack asked for it, or does not answer.
    Held(Steady),
    /// This one of its lane goes first: it is more urgent.
    Urgent(DeliveryId),
    /// This one of its lane goes first: it is as urgent, and older.
    Older(DeliveryId),
    /// This one of its lane is on its way, and no other goes beside it.
    Answer(DeliveryId),
    /// Messages follow one another at a pace, by which it may go then.
    Pace(Steady),
    /// Nothing: it goes next.
    Turn,
}

impl Outbox {
    /// Why a delivery is still here; `None` if it is not. Of several reasons, the one that lasts or weighs most.
    pub fn waits_for(&self, config: &Config, id: DeliveryId, now: Steady) -> Option<WaitsFor> {
        let delivery = self.rows.get(&id)?;
        let lane = self.lanes.get(&(delivery.receiver, delivery.channel.clone()))?;
        let (workspace, pace) = pace(config, delivery.receiver);
        let place = (workspace.clone(), delivery.channel.clone());
        let held = self.pacer.asked().get(&place).map_or(lane.held_until(), |at| lane.held_until().max(*at));
        if self.sending.contains(&id) {
            return Some(WaitsFor::Sending);
        }
        if let Some(paused) = lane.paused() {
            return Some(WaitsFor::Paused(paused.clone()));
        }
        if unproven(config).any(|receiver| receiver == delivery.receiver) {
            return Some(WaitsFor::Proof);
        }
        if let Some(before) = lane.before_in_group(delivery) {
            return Some(WaitsFor::Group(before));
        }
        if delivery.not_before > now {
            return Some(WaitsFor::Retry(delivery.not_before.max(held)));
        }
        if held > now {
            return Some(WaitsFor::Held(held));
        }
        let paced = self.pacer.is_paced(pace, &workspace, now);
        let free_at = self.pacer.free_at(pace, &workspace, &delivery.channel, now);
        Some(match (self.ahead(lane, id), lane.awaited(paced)) {
            (Some(ahead), _) => ahead,
            (None, Some(answer)) => WaitsFor::Answer(answer),
            (None, None) if free_at > now => WaitsFor::Pace(free_at),
            (None, None) => WaitsFor::Turn,
        })
    }

    /// The one that goes right before this one, of those of other groups.
    fn ahead(&self, lane: &Lane, id: DeliveryId) -> Option<WaitsFor> {
        let delivery = self.rows.get(&id)?;
        let (severity, before) = lane.before_in_line(delivery)?;
        Some(if severity == delivery.severity { WaitsFor::Older(before) } else { WaitsFor::Urgent(before) })
    }
}
