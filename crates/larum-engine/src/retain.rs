//! Forgetting what is old, and keeping the write-ahead log short, beside the writer.

use std::time::Duration;

use larum_core::time::Now;
use larum_store::{Store, StoreError};

/// How much of what happened is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Retention {
    /// For how long deliveries and alerts that are over are kept.
    pub age: Duration,
    /// How many bytes the database may have before the oldest go sooner.
    pub bytes: u64,
}

impl Default for Retention {
    fn default() -> Self {
        Self { age: Duration::from_secs(30 * 24 * 60 * 60), bytes: 1 << 30 }
    }
}

/// The most rows that one step deletes.
const ROWS: u32 = 2000;

/// One step: deletes what is older than its age, and while the database is too large, what is oldest. Answers whether
/// there is more to delete.
///
/// # Errors
/// [`StoreError`] if it cannot be written.
pub async fn retain(store: &Store, retention: Retention, now: Now) -> Result<bool, StoreError> {
    let mut gone = store.forget(now.wall.minus(retention.age), now.wall, ROWS).await?;
    if store.history_bytes().await? > retention.bytes {
        // The age at which the oldest go is halved until enough have gone.
        let mut age = retention.age / 2;
        while gone == 0 && age > Duration::from_secs(60) {
            gone = store.forget(now.wall.minus(age), now.wall, ROWS).await?;
            age /= 2;
        }
    }
    store.checkpoint().await?;
    Ok(gone >= u64::from(ROWS))
}
