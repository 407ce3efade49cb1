//! Silences, as they lie in rows.

use std::sync::Arc;

use larum_core::matcher::{MatchOp, Matcher};
use larum_core::mute::Silenced;
use larum_core::silence::{Silence, SilenceId};
use larum_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::error::StoreError;
use crate::rows::{Labels, broken, read, write};

pub(crate) const SILENCES: &str = "
INSERT INTO silence (id, ends_at, record)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')
FROM json_each(NEW.silences) WHERE true
ON CONFLICT (id) DO UPDATE SET ends_at = excluded.ends_at, record = excluded.record";

pub(crate) const FORGOTTEN: &str =
    "DELETE FROM silence WHERE id IN (SELECT json_extract(value, '$[0]') FROM json_each(NEW.forgotten))";

/// `silence.record`
#[derive(Serialize, Deserialize)]
struct SilenceRecord {
    /// Label, operator, value.
    matchers: Vec<(String, String, String)>,
    starts_at: i64,
    updated_at: i64,
    created_by: String,
    comment: String,
    #[serde(default)]
    annotations: Labels,
}

pub(crate) fn silence_columns(silence: &Silence) -> (String, i64, String) {
    let matchers = silence.matchers.iter();
    let record = SilenceRecord {
        matchers: matchers.map(|m| (m.name().into(), m.op().to_string(), m.value().into())).collect(),
        starts_at: silence.starts_at.as_millis(),
        updated_at: silence.updated_at.as_millis(),
        created_by: silence.created_by.to_string(),
        comment: silence.comment.to_string(),
        annotations: Labels(silence.annotations.clone()),
    };
    (silence.id.to_string(), silence.ends_at.as_millis(), write(&record))
}

fn silence(id: &str, ends_at: i64, record: &str) -> Result<Silence, StoreError> {
    let record: SilenceRecord = read("silence", record)?;
    let matchers: Vec<Matcher> =
        record.matchers.iter().map(|(name, op, value)| matcher(name, op, value)).collect::<Result<_, _>>()?;
    Ok(Silence {
        id: id.parse().map_err(|_| broken("silence", format!("{id:?} is no UUID")))?,
        matchers: matchers.into(),
        starts_at: Timestamp::from_millis(record.starts_at),
        ends_at: Timestamp::from_millis(ends_at),
        updated_at: Timestamp::from_millis(record.updated_at),
        created_by: record.created_by.into(),
        comment: record.comment.into(),
        annotations: record.annotations.0,
    })
}

fn matcher(name: &str, op: &str, value: &str) -> Result<Matcher, StoreError> {
    let op = MatchOp::ALL.into_iter().find(|known| known.to_string() == op);
    let op = op.ok_or_else(|| broken("silence", "an operator is none"))?;
    Matcher::new(name, op, value).map_err(|error| broken("silence", error.to_string()))
}

/// `verdict.silences`
pub(crate) fn write_silenced(silenced: &Silenced) -> String {
    silenced.by.iter().map(SilenceId::to_string).collect::<Vec<_>>().join(" ")
}

pub(crate) fn read_silenced(text: &str) -> Result<Silenced, StoreError> {
    let ids: Result<Arc<[SilenceId]>, _> = text.split(' ').map(str::parse).collect();
    Ok(Silenced { by: ids.map_err(|_| broken("verdict", format!("{text:?} has an id that is no UUID")))? })
}

impl Store {
    /// All silences that are kept.
    pub(crate) async fn silences(&self) -> Result<Vec<Silence>, StoreError> {
        let text = "SELECT id, ends_at, record FROM silence";
        let rows: Vec<(String, i64, String)> = sqlx::query_as(text).fetch_all(&self.writer).await?;
        rows.iter().map(|(id, ends_at, record)| silence(id, *ends_at, record)).collect()
    }
}
