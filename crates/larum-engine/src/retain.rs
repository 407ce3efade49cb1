//! Forgetting what is old, and keeping the write-ahead log short, beside the writer.

use std::time::Duration;

use larum_core::time::{Now, Steady};
use larum_store::StoreError;
use tokio::sync::watch;

use crate::handle::Handle;
use crate::meters::Limit;
use crate::shared::Storage;

/// How much of what happened is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Retention {
    /// For how long deliveries, alerts that are over, and other changes of state are kept.
    pub age: Duration,
    /// How many bytes they may take before the oldest go sooner; those of the last [`KEPT_ANYWAY`] only beyond twice as
    /// many.
    pub bytes: u64,
}

impl Default for Retention {
    /// Thirty days and 1 GiB.
    fn default() -> Self {
        Self { age: Duration::from_secs(30 * 24 * 60 * 60), bytes: 1 << 30 }
    }
}

/// What happened in this time is kept unless it alone is twice as much as the history may be: a storm does not take with
/// it what people look for after it, nor the whole disk. Ten thousand series that flap at every evaluation write 20 GB
/// a day.
pub const KEPT_ANYWAY: Duration = Duration::from_secs(24 * 60 * 60);
/// The most deliveries that are deleted at once, the most alerts, and the most transitions; then the writer has its
/// turn.
const ROWS: u32 = 2000;
/// How often that is done in one go, so that what is written fast is forgotten as fast.
const GOES: u32 = 100;
/// How often the write-ahead log is folded in.
const FOLD_INTERVAL: Duration = Duration::from_secs(10);
/// How often old rows are looked for, unless there are more than one step deletes.
const FORGET_INTERVAL: Duration = Duration::from_secs(5 * 60);

/// Whether there is room for as much history as is to be kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Room {
    /// All of it is kept for its age.
    Enough,
    /// The oldest goes sooner than its age.
    Scarce,
    /// The last [`KEPT_ANYWAY`] alone takes more.
    Exceeded,
    /// It takes more than twice as much: the oldest of it goes.
    FarExceeded,
}

/// What there is to do beside the writer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Chore {
    /// Moves the write-ahead log into the database.
    Fold,
    /// Deletes what is old.
    Forget,
}

/// What can be done, given how the disk stands. Folding comes first: where the disk is full, it may be what gives room.
/// What was kept back for that case is left to those who tell of it.
const fn chores(storage: Storage, forgets: bool) -> &'static [Chore] {
    match storage {
        Storage::Fine if forgets => &[Chore::Fold, Chore::Forget],
        Storage::Fine | Storage::Refuses { .. } => &[Chore::Fold],
        Storage::Tight { .. } => &[],
    }
}

/// Keeps the data directory tidy.
#[derive(Debug)]
pub struct Tidy {
    engine: Handle,
    retention: Retention,
    room: Room,
    forgets_at: Steady,
}

impl Tidy {
    /// Keeps so much.
    pub fn new(engine: Handle, retention: Retention) -> Self {
        Self { engine, retention, room: Room::Enough, forgets_at: Steady::default() }
    }

    /// Works until `stop` turns true.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let mut tick = tokio::time::interval(FOLD_INTERVAL);
        loop {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                _ = tick.tick() => {}
            }
            self.step(self.engine.now()).await;
        }
    }

    /// One step: what can be done now. What fails is tried again with the next.
    pub async fn step(&mut self, now: Now) {
        for chore in chores(self.engine.storage(), now.steady >= self.forgets_at) {
            let done = match chore {
                Chore::Fold => self.engine.store().checkpoint().await,
                Chore::Forget => self.forget(now).await,
            };
            if let Err(error) = done {
                tracing::warn!(%error, ?chore, "the database cannot be tidied now");
            }
        }
    }

    async fn forget(&mut self, now: Now) -> Result<(), StoreError> {
        let mut more = true;
        for _ in 0..GOES {
            let (room, bytes, gone) = self.forget_some(now).await?;
            let used = bytes as f64 / self.retention.bytes.max(1) as f64;
            self.engine.meters().limit_used.get_or_create(&Limit { limit: "history" }).set(used);
            self.tell(room, bytes);
            // What goes sooner than its age goes until there is room.
            let sooner = gone > 0 && matches!(room, Room::Scarce | Room::FarExceeded);
            more = sooner || gone >= u64::from(ROWS);
            if !more {
                break;
            }
        }
        self.forgets_at = if more { now.steady } else { now.steady.plus(FORGET_INTERVAL) };
        Ok(())
    }

    /// Deletes the oldest of what is to go. Answers whether there is room, how many bytes there were, and how much went.
    async fn forget_some(&self, now: Now) -> Result<(Room, u64, u64), StoreError> {
        let (store, Retention { age, bytes: limit }) = (self.engine.store(), self.retention);
        let older_than = async |age| store.forget(now.wall.minus(age), now.wall, ROWS).await;
        let gone = older_than(age).await?;
        let bytes = store.history_bytes().await?;
        if bytes <= limit {
            return Ok((Room::Enough, bytes, gone));
        }
        let sooner = older_than(KEPT_ANYWAY.min(age)).await?;
        if sooner > 0 {
            return Ok((Room::Scarce, bytes, gone + sooner));
        }
        if bytes <= limit.saturating_mul(2) {
            return Ok((Room::Exceeded, bytes, gone));
        }
        Ok((Room::FarExceeded, bytes, gone + older_than(Duration::ZERO).await?))
    }

    fn tell(&mut self, room: Room, bytes: u64) {
        let limit = self.retention.bytes;
        match room {
            _ if room == self.room => {}
            Room::Enough => tracing::info!(bytes, limit, "the history has room again"),
            Room::Scarce => {
                tracing::warn!(bytes, limit, "the history is larger than it may be: the oldest goes sooner");
            }
            Room::Exceeded => {
                tracing::warn!(
                    bytes,
                    limit,
                    "the last day alone is larger than the history may be: it is kept"
                );
            }
            Room::FarExceeded => {
                tracing::warn!(
                    bytes,
                    limit,
                    "the last day alone is twice as large as the history may be: its oldest hours go"
                );
            }
        }
        self.room = room;
    }
}

#[cfg(test)]
mod tests {
    use larum_core::time::Timestamp;

    use super::*;
    use crate::shared::Unwritable;

    #[test]
    fn what_is_kept_back_for_a_full_disk_is_not_spent_on_tidying() {
        let since = Timestamp::default();
        assert_eq!(chores(Storage::Fine, true), [Chore::Fold, Chore::Forget]);
        assert_eq!(chores(Storage::Fine, false), [Chore::Fold]);
        for forgets in [false, true] {
            assert_eq!(chores(Storage::Tight { since }, forgets), []);
            let refuses = Storage::Refuses { since, why: Unwritable::Full };
            assert_eq!(chores(refuses, forgets), [Chore::Fold]);
        }
    }
}
