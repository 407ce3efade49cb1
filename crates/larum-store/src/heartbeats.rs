//! Reading the heartbeats that are over.

use larum_core::alert::Alert;
use larum_core::time::{Now, Timestamp};

use crate::Store;
use crate::error::StoreError;
use crate::rows::AlertRow;

/// When one ended is what its sender says; what counts here is when Larum heard of it last, which is when it heard of its
/// end. The condition tells nearly all of what [`Alert::is_heartbeat`] decides: enough to leave storms on the disk.
const ENDED: &str = "SELECT * FROM alert WHERE ended_at IS NOT NULL AND updated_at >= $1 \
                     AND (severity = 'none' OR name = 'Watchdog') ORDER BY updated_at DESC, id DESC LIMIT $2";

impl Store {
    /// The heartbeats that are over and were heard of since then, the newest first.
    ///
    /// # Errors
    /// [`StoreError`] if they cannot be read.
    pub async fn ended_heartbeats(
        &self,
        since: Timestamp,
        limit: u32,
        now: Now,
    ) -> Result<Vec<Alert>, StoreError> {
        let query = sqlx::query_as(ENDED).bind(since.as_millis()).bind(i64::from(limit));
        let rows: Vec<AlertRow> = query.fetch_all(&self.readers).await?;
        let alerts = rows.iter().map(|row| row.alert(now));
        alerts.filter(|alert| alert.as_ref().map_or(true, Alert::is_heartbeat)).collect()
    }
}
