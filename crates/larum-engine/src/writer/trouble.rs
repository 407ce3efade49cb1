//! When the disk takes no more: nothing is accepted or sent that cannot be written down, and nobody has to restart
//! anything once there is room again.

use std::sync::Arc;
use std::time::Duration;

use larum_core::alert::{EndReason, Observation, Says};
use larum_core::outbox::DeliveryId;
use larum_core::state::State;
use larum_core::time::{Now, Steady, Timestamp};
use larum_store::StoreError;

use super::Writer;
use crate::command::Command;
use crate::desk::Desk;
use crate::own::about_itself;
use crate::shared::{Storage, Unwritable};
use crate::topic::Topic;

/// How often a disk that took no writes is asked again.
const ASK_AGAIN: Duration = Duration::from_secs(1);
/// The name of the alert.
const STORAGE_FULL: &str = "LarumStorageFull";
/// Its end is said, not waited for.
const A_YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// How the disk stands when Larum starts. Where the space to keep back is missing, or Larum said before it stopped that
/// the disk is full, the first step looks after it.
pub(crate) fn storage_at_start(state: &State, kept_back: bool, now: Now) -> Storage {
    let own = storage_full(now.wall, Says::Ended { at: now.wall, reason: EndReason::Resolved }).key();
    let said = state.alert_by_key(&own).filter(|alert| alert.is_firing()).map(|alert| alert.starts_at);
    if !kept_back {
        tracing::error!("the disk is full: no alerts are accepted until there is room");
    }
    match said {
        None if kept_back => Storage::Fine,
        said => Storage::Tight { since: said.unwrap_or(now.wall) },
    }
}

impl Writer {
    /// When the disk is to be asked again, if it is in trouble.
    pub(super) fn looks_after_trouble_at(&self) -> Option<Steady> {
        let storage = *self.shared.storage.read();
        (storage != Storage::Fine).then_some(self.ask_again)
    }

    /// Whether the disk is to be asked again now; if so, the next time is some time later.
    fn asks_again(&mut self, now: Now) -> bool {
        let due = now.steady >= self.ask_again;
        if due {
            self.ask_again = now.steady.plus(ASK_AGAIN);
        }
        due
    }

    /// The space kept back was given up: what is owed still goes out, but nothing new is accepted.
    pub(super) fn tighten(&mut self, now: Now) {
        let mut storage = self.shared.storage.write();
        if *storage == Storage::Fine {
            tracing::error!("the disk is full: no alerts are accepted until there is room");
            *storage = Storage::Tight { since: now.wall };
            self.shared.meters.storage_full.set(1);
        }
        drop(storage);
        self.shared.publish(Topic::Status);
    }

    /// If there is room again, takes back the space that is kept for the next time. While there is none, says so.
    pub(super) fn look_after_trouble(&mut self, now: Now) {
        let Storage::Tight { since } = *self.shared.storage.read() else { return };
        if !self.asks_again(now) {
            return;
        }
        let says = if self.shared.store.ballast().take() {
            tracing::info!("the disk has room again");
            *self.shared.storage.write() = Storage::Fine;
            self.shared.meters.storage_full.set(0);
            self.shared.publish(Topic::Status);
            Says::Ended { at: now.wall, reason: EndReason::Resolved }
        } else {
            Says::Firing { ends_at: now.wall.plus(A_YEAR), timeout: true }
        };
        let seen = storage_full(since, says);
        let key = seen.key();
        let mut state = self.shared.state.write();
        let said = state.alert_by_key(&key).is_some_and(|alert| alert.is_firing());
        // There is always room for Larum's own word, or the limit of alerts says more than it would.
        let _ = state.observe(&seen, now);
        if !said {
            // What is kept back does not last for long.
            state.speak_now(&key, now);
        }
    }

    /// Nothing of the step is on disk: forgets it, and goes on from what is.
    pub(super) async fn start_over(&mut self, error: &StoreError, now: Now) {
        tracing::error!(%error, "nothing can be written down: no alerts are accepted and nothing is sent");
        {
            let mut storage = self.shared.storage.write();
            let since = match *storage {
                Storage::Fine => now.wall,
                Storage::Tight { since } | Storage::Refuses { since, .. } => since,
            };
            *storage = Storage::Refuses { since, why: error.into() };
        }
        self.shared.meters.storage_full.set(1);
        self.shared.publish(Topic::Status);
        self.read_back(now).await;
    }

    async fn read_back(&mut self, now: Now) -> bool {
        let recalled = match self.shared.store.recall(now).await {
            Ok(recalled) => recalled,
            Err(error) => {
                tracing::error!(%error, "what was written down cannot be read back");
                return false;
            }
        };
        let desk = Desk::recalled(&recalled);
        let mut state = self.shared.state.write();
        let mut config = state.config.clone();
        config.grouping = desk.grouping.grouping.clone();
        self.file = self.shared.route_file.read().clone();
        config.routing = self.file.as_ref().map(|file| Arc::clone(&file.routing));
        if let Some(file) = &self.file {
            config.inhibitions = file.inhibitions();
        }
        config.receivers = desk.receivers.values().map(|row| row.receiver.clone().into()).collect();
        *state = State::remember(config, recalled.remembered, now);
        let in_flight: Vec<DeliveryId> = self.in_flight.iter().copied().collect();
        state.still_sending(&in_flight);
        drop(state);
        *self.shared.desk.write() = desk.clone().into();
        self.desk = desk;
        true
    }

    /// While nothing can be written down: refuses everything, and asks the disk again. Answers whether to go on at
    /// once.
    pub(super) async fn refuse(&mut self, batch: &mut Vec<Command>, why: Unwritable) -> bool {
        for command in batch.drain(..) {
            match command {
                Command::Observe { reply, .. } => {
                    let _ = reply.send(Err(why.into()));
                }
                Command::Sent { delivery, outcome } => {
                    self.in_flight.remove(&delivery);
                    self.late.push((delivery, outcome));
                    self.shared.publish(Topic::Deliveries);
                }
                Command::Retry { reply, .. } => {
                    let _ = reply.send(Err(why.into()));
                }
                Command::Change { change, .. } => change.refuse(why),
                // A policy that is not evaluated changes nothing.
                Command::Evaluated { .. } => {}
                Command::Stop { reply, .. } => {
                    self.stopping = Some((reply, self.shared.clock.now().steady));
                }
            }
        }
        let now = self.shared.clock.now();
        if !self.asks_again(now) {
            return false;
        }
        self.shared.store.ballast().give_up();
        if self.shared.store.try_write().await.is_err() || !self.read_back(now).await {
            return false;
        }
        let mut storage = self.shared.storage.write();
        if let Storage::Refuses { since, .. } = *storage {
            *storage = Storage::Tight { since };
        }
        true
    }
}

fn storage_full(since: Timestamp, says: Says) -> Observation {
    let summary = "Larum's disk is full: alerts are refused until there is room.";
    let details = "Free some space on the disk that holds Larum's data. Senders such as Prometheus keep trying; \
                   what was accepted before is not lost.";
    about_itself(STORAGE_FULL, summary, details, since, says)
}
