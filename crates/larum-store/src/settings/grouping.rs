//! How alerts are gathered, as a row.

use std::time::Duration;

use larum_core::config::Grouping;
use larum_core::time::{Now, Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use super::setting::put_setting;
use crate::error::StoreError;
use crate::rows::{broken, read, write};

/// How alerts are gathered, with who saved it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupingRow {
    /// How.
    pub grouping: Grouping,
    /// Goes up by one with every update; 0 is the default that nobody saved.
    pub version: u64,
    /// When it was saved and by whom, if anybody did.
    pub saved: Option<(Timestamp, String)>,
}

/// Under which it is stored.
pub(crate) const KEY: &str = "grouping";

/// `setting.value` of the key `grouping`; spans in milliseconds.
#[derive(Serialize, Deserialize)]
struct GroupingRecord {
    group_by: Vec<String>,
    group_wait: u64,
    group_interval: u64,
    repeat_interval: u64,
}

pub(super) async fn put_grouping(
    db: &mut SqliteConnection,
    grouping: &Grouping,
    version: u64,
    by: &str,
    now: Now,
) -> Result<(), StoreError> {
    let millis = |span: Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
    let record = GroupingRecord {
        group_by: grouping.group_by().iter().map(ToString::to_string).collect(),
        group_wait: millis(grouping.group_wait()),
        group_interval: millis(grouping.group_interval()),
        repeat_interval: millis(grouping.repeat_interval()),
    };
    put_setting(db, KEY, &write(&record), version, by, now).await
}

pub(crate) fn read_grouping(text: &str) -> Result<Grouping, StoreError> {
    let record: GroupingRecord = read("setting", text)?;
    let span = Duration::from_millis;
    Grouping::new(
        &record.group_by,
        span(record.group_wait),
        span(record.group_interval),
        span(record.repeat_interval),
    )
    .map_err(|error| broken("setting", error.to_string()))
}
