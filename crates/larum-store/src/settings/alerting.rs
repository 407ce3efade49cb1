//! Whether policies speak at all, as a row.

use larum_core::time::{Now, Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use super::setting::put_setting;
use crate::Store;
use crate::error::StoreError;
use crate::rows::{read, write};

/// The switch of alerting as a whole, with who moved it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertingRow {
    /// Whether policies speak.
    pub enabled: bool,
    /// Goes up by one with every update; 0 is the default that nobody saved.
    pub version: u64,
    /// When it was saved and by whom, if anybody did.
    pub saved: Option<(Timestamp, String)>,
}

impl Default for AlertingRow {
    /// On, as it comes.
    fn default() -> Self {
        Self { enabled: true, version: 0, saved: None }
    }
}

impl AlertingRow {
    /// Since when policies do not speak, if they do not.
    pub(crate) fn off_since(&self) -> Option<Timestamp> {
        let saved = self.saved.as_ref().map(|(at, _)| *at);
        if self.enabled { None } else { saved }
    }
}

const KEY: &str = "alerting";

/// `setting.value` of the key `alerting`.
#[derive(Serialize, Deserialize)]
struct AlertingRecord {
    enabled: bool,
}

pub(super) async fn put_alerting(
    db: &mut SqliteConnection,
    row: &AlertingRow,
    by: &str,
    now: Now,
) -> Result<(), StoreError> {
    let text = write(&AlertingRecord { enabled: row.enabled });
    put_setting(db, KEY, &text, row.version, by, now).await
}

impl Store {
    pub(crate) async fn alerting(&self) -> Result<AlertingRow, StoreError> {
        let Some(saved) = self.setting(KEY).await? else { return Ok(AlertingRow::default()) };
        let AlertingRecord { enabled } = read("setting", &saved.text)?;
        Ok(AlertingRow { enabled, version: saved.version, saved: Some(saved.saved) })
    }
}
