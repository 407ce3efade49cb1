//! A setting that there is one of, as a row.

use larum_core::time::{Now, Timestamp};
use sqlx::SqliteConnection;

use crate::Store;
use crate::error::StoreError;
use crate::rows::{number, unsigned};

/// A setting as it was saved.
pub(crate) struct SavedSetting {
    /// What it is, JSON.
    pub text: String,
    /// Goes up by one with every update.
    pub version: u64,
    /// When it was saved, and by whom.
    pub saved: (Timestamp, String),
}

impl Store {
    /// What was saved under this key, if anything ever was.
    pub(crate) async fn setting(&self, key: &str) -> Result<Option<SavedSetting>, StoreError> {
        let row: Option<(String, i64, i64, String)> =
            sqlx::query_as("SELECT value, version, updated_at, updated_by FROM setting WHERE key = $1")
                .bind(key)
                .fetch_optional(&self.writer)
                .await?;
        Ok(row.map(|(text, version, at, by)| SavedSetting {
            text,
            version: unsigned(version),
            saved: (Timestamp::from_millis(at), by),
        }))
    }
}

pub(super) async fn put_setting(
    db: &mut SqliteConnection,
    key: &str,
    text: &str,
    version: u64,
    by: &str,
    now: Now,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO setting (key, version, value, updated_at, updated_by) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (key) DO UPDATE SET version = excluded.version, value = excluded.value,
                updated_at = excluded.updated_at, updated_by = excluded.updated_by",
    )
    .bind(key)
    .bind(number(version))
    .bind(text)
    .bind(now.wall.as_millis())
    .bind(by)
    .execute(db)
    .await?;
    Ok(())
}
