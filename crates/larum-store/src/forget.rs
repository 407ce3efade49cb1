//! Forgetting what is old, settled, and needed by nobody.

use larum_core::time::Timestamp;
use sqlx::SqliteConnection;

use crate::Store;
use crate::error::StoreError;
use crate::rows::{unsigned, write};

/// Deliveries that are settled and old. One dated in the future is from when the clock was wrong, and as old as those
/// with numbers like its own: it goes when a later one does.
const DELIVERIES: &str = "
DELETE FROM delivery WHERE id IN (
    SELECT id FROM (SELECT id FROM delivery WHERE planned_at < $1 AND state NOT IN ('waiting', 'sending')
                    ORDER BY planned_at LIMIT $3)
    UNION ALL
    SELECT id FROM (SELECT id FROM delivery WHERE planned_at > $2 AND state NOT IN ('waiting', 'sending')
                    AND id < (SELECT max(id) FROM delivery WHERE planned_at < $1) LIMIT $3))
RETURNING body_id";

const BODIES: &str = "
DELETE FROM body WHERE id IN (SELECT value FROM json_each($1))
    AND NOT EXISTS (SELECT 1 FROM delivery WHERE body_id = body.id)";

/// Alerts that are over and of which nothing was heard for long; not those whose end a group is still to tell, or of
/// which a message on its way speaks: without them Larum could not go on after a restart.
const ALERTS: &str = "
WITH needed (id) AS (
    SELECT json_extract(told.value, '$[0]') FROM alert_group, json_each(alert_group.told) AS told
    UNION ALL
    SELECT json_extract(spoken.value, '$[0]') FROM delivery, json_each(delivery.alerts) AS spoken
    WHERE delivery.state IN ('waiting', 'sending'))
DELETE FROM alert WHERE id IN (
    SELECT id FROM (SELECT id FROM alert WHERE ended_at IS NOT NULL AND updated_at < $1
                    AND id NOT IN (SELECT id FROM needed) ORDER BY updated_at LIMIT $3)
    UNION ALL
    SELECT id FROM (SELECT id FROM alert WHERE ended_at IS NOT NULL AND updated_at > $2
                    AND id NOT IN (SELECT id FROM needed)
                    AND id < (SELECT max(id) FROM alert WHERE ended_at IS NOT NULL AND updated_at < $1) LIMIT $3))
RETURNING id";

/// What changed long ago. What is dated in the future goes as with deliveries.
const TRANSITIONS: &str = "
DELETE FROM transition WHERE id IN (
    SELECT id FROM (SELECT id FROM transition WHERE at < $1 ORDER BY at LIMIT $3)
    UNION ALL
    SELECT id FROM (SELECT id FROM transition WHERE at > $2
                    AND id < (SELECT max(id) FROM transition WHERE at < $1) LIMIT $3))";

const VERDICTS: &str = "DELETE FROM verdict WHERE alert_id IN (SELECT value FROM json_each($1))";

const FIRST_TOLD: &str = "DELETE FROM first_told WHERE alert_id IN (SELECT value FROM json_each($1))";

/// What can not be forgotten: alerts that fire, groups, and messages on their way.
const NEEDED_BYTES: &str = "
SELECT (SELECT coalesce(sum(length(record) + 200), 0) FROM alert WHERE ended_at IS NULL)
     + (SELECT coalesce(sum(length(labels) + length(told) + length(heard) + 200), 0) FROM alert_group)
     + (SELECT coalesce(sum(length(alerts) + length(message) + 400), 0) FROM delivery JOIN body ON body.id = body_id
        WHERE state IN ('waiting', 'sending'))";

impl Store {
    /// Forgets what is older than `before`, settled, and needed by nobody: at most `most` deliveries, as many
    /// alerts, and as many transitions, the oldest first. What is dated later than `now` counts as old once a later one
    /// is. Answers how many rows went.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be written.
    pub async fn forget(&self, before: Timestamp, now: Timestamp, most: u32) -> Result<u64, StoreError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let db: &mut SqliteConnection = &mut transaction;
        let mut gone = 0;
        let hanging: [(&str, &[&str]); 2] = [(DELIVERIES, &[BODIES]), (ALERTS, &[VERDICTS, FIRST_TOLD])];
        for (oldest, what_hangs_on_it) in hanging {
            let oldest = sqlx::query_scalar(oldest).bind(before.as_millis()).bind(now.as_millis());
            let ids: Vec<i64> = oldest.bind(i64::from(most)).fetch_all(&mut *db).await?;
            for hanging in what_hangs_on_it {
                sqlx::query(*hanging).bind(write(&ids)).execute(&mut *db).await?;
            }
            gone += ids.len() as u64;
        }
        let changes = sqlx::query(TRANSITIONS).bind(before.as_millis()).bind(now.as_millis());
        gone += changes.bind(i64::from(most)).execute(&mut *db).await?.rows_affected();
        transaction.commit().await?;
        Ok(gone)
    }

    /// About how many bytes of the database are history: what could be forgotten, were it old enough.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be read.
    pub async fn history_bytes(&self) -> Result<u64, StoreError> {
        let pages: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(&self.readers).await?;
        let free: i64 = sqlx::query_scalar("PRAGMA freelist_count").fetch_one(&self.readers).await?;
        let size: i64 = sqlx::query_scalar("PRAGMA page_size").fetch_one(&self.readers).await?;
        let needed: i64 = sqlx::query_scalar(NEEDED_BYTES).fetch_one(&self.readers).await?;
        Ok(unsigned((pages - free).saturating_mul(size) - needed))
    }
}
