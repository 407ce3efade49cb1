//! What became of an attempt, and what that means for the delivery and its lane.

use std::time::Duration;

use smol_str::SmolStr;

use super::{
    Delivery, DeliveryChange, DeliveryId, DeliveryState, MAX_RETRY_AFTER, Outbox, Outcome, PROBE_INTERVAL,
    workspace,
};
use crate::config::Config;
use crate::time::Now;

/// How many messages of an integration are refused one after the other until none is sent any more for a while.
const REFUSED_IN_A_ROW: u32 = 3;
/// The longest that one message waits before it is tried again.
const MAX_BACKOFF: Duration = Duration::from_secs(60);
/// The longest that a lane waits whose other side does not answer.
const MAX_LANE_BACKOFF: Duration = Duration::from_secs(30);

impl Outbox {
    /// Takes in what became of an attempt. `jitter` (0 to 1) spreads the next attempts out.
    pub fn finish(
        &mut self,
        config: &Config,
        id: DeliveryId,
        outcome: Outcome,
        jitter: f64,
        now: Now,
    ) -> Option<DeliveryChange> {
        if self.rows.get(&id)?.uncertain {
            // It may have been sent before everything was read back: its answer counts nevertheless.
            self.still_sending(id);
        }
        if !self.sending.remove(&id) {
            return None;
        }
        let unwanted = self.unwanted.remove(&id);
        let outdated = self.outdated.remove(&id);
        let mut delivery = self.rows.remove(&id)?;
        let state = match outcome {
            // Whom Slack refused was asked with settings that are no longer in force.
            Outcome::ChannelRefused { error } | Outcome::CredentialRefused { error } if outdated => {
                delivery.not_before = now.steady;
                delivery.last_error = Some(error);
                DeliveryState::Waiting
            }
            outcome => self.judge(config, &mut delivery, outcome, jitter, now),
        };
        let state = match (state, unwanted) {
            (DeliveryState::Waiting, Some(why)) => DeliveryState::Cancelled { why },
            (state, _) => state,
        };
        let change = DeliveryChange { delivery: delivery.clone(), state, at: now.wall };
        if change.state == DeliveryState::Waiting {
            if let Some(lane) = self.lane(&delivery) {
                lane.put_back(&delivery);
            }
            self.rows.insert(id, delivery);
        } else {
            let next = self.lane(&delivery).and_then(|lane| lane.finish(&delivery));
            self.left(&delivery, next);
        }
        Some(change)
    }

    fn judge(
        &mut self,
        config: &Config,
        delivery: &mut Delivery,
        outcome: Outcome,
        jitter: f64,
        now: Now,
    ) -> DeliveryState {
        delivery.not_before = now.steady;
        if !matches!(outcome, Outcome::Unreachable { .. } | Outcome::Unknown { .. })
            && let Some(lane) = self.lane(delivery)
        {
            lane.answered();
        }
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
            Outcome::Undeliverable { error } => {
                delivery.last_error = Some(error);
                return DeliveryState::Dead;
            }
            Outcome::RetryAfter { wait } => {
                delivery.last_error = Some("ratelimited".into());
                let place = (workspace(config, delivery.receiver), delivery.channel.clone());
                self.pacer.slowed(place, now.steady.plus(wait.min(MAX_RETRY_AFTER)));
            }
            Outcome::ChannelRefused { error } => {
                let of_a_template = delivery.channel.is_integration();
                if let Some(lane) = self.lane(delivery)
                    && (!of_a_template || lane.refused() >= REFUSED_IN_A_ROW)
                {
                    lane.pause(&error, now);
                }
                if of_a_template {
                    // It may have led this one astray, and not those behind it.
                    delivery.not_before = now.steady.plus(PROBE_INTERVAL);
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
            let failures = lane.failed(now.steady);
            lane.hold(now.steady.plus(backoff(failures, MAX_LANE_BACKOFF, jitter)));
        }
    }
}

/// One second, doubled with each attempt up to `most`, less up to a fifth of it.
fn backoff(attempts: u32, most: Duration, jitter: f64) -> Duration {
    let full = Duration::from_secs(1).saturating_mul(1 << attempts.saturating_sub(1).min(10)).min(most);
    full.mul_f64(1.0 - 0.2 * jitter.clamp(0.0, 1.0))
}
