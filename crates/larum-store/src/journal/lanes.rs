//! What lanes wait for besides their messages: pauses, and how long Slack asked to leave a channel alone.

use larum_core::outbox::{Paused, PausedLane, RetryAfter, Workspace};
use larum_core::receiver::{Channel, ReceiverId};
use larum_core::time::{Now, Timestamp};
use sqlx::SqlitePool;

use crate::error::StoreError;
use crate::rows::{broken, number, unsigned};

pub(super) const RESUMED: &str = "
DELETE FROM lane_pause WHERE (receiver_id, channel) IN (
       SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(NEW.resumed))";

pub(super) fn resumed_columns((receiver, channel): &(ReceiverId, Channel)) -> (i64, &str) {
    (number(receiver.0), channel.as_str())
}

pub(super) const PAUSED: &str = "
INSERT INTO lane_pause (receiver_id, channel, error, since, probe_at)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
       json_extract(value, '$[3]'), json_extract(value, '$[4]')
FROM json_each(NEW.paused) WHERE true
ON CONFLICT (receiver_id, channel) DO UPDATE SET error = excluded.error, since = excluded.since,
       probe_at = excluded.probe_at";

pub(super) fn paused_columns(lane: &PausedLane, now: Now) -> (i64, &str, &str, i64, i64) {
    let Paused { error, since, probe_at } = &lane.paused;
    (
        number(lane.receiver.0),
        lane.channel.as_str(),
        error,
        since.as_millis(),
        now.wall_at(*probe_at).as_millis(),
    )
}

pub(super) const PAST: &str = "
DELETE FROM retry_after WHERE (workspace, channel) IN (
       SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(NEW.past))";

pub(super) fn past_columns((workspace, channel): &(Workspace, Channel)) -> (&str, &str) {
    (word(workspace), channel.as_str())
}

pub(super) const RETRY_AFTER: &str = "
INSERT INTO retry_after (workspace, channel, until_at)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')
FROM json_each(NEW.retry_after) WHERE true
ON CONFLICT (workspace, channel) DO UPDATE SET until_at = excluded.until_at";

pub(super) fn retry_columns(asked: &RetryAfter, now: Now) -> (&str, &str, i64) {
    (word(&asked.workspace), asked.channel.as_str(), now.wall_at(asked.until).as_millis())
}

/// A workspace as a column; one that is not known is an empty word.
fn word(workspace: &Workspace) -> &str {
    workspace.as_deref().unwrap_or_default()
}

/// The lanes that are paused, as they go on from `now`.
pub(crate) async fn paused(db: &SqlitePool, now: Now) -> Result<Vec<PausedLane>, StoreError> {
    let rows: Vec<(i64, String, String, i64, i64)> = sqlx::query_as(
        "SELECT receiver_id, channel, error, since, probe_at FROM lane_pause ORDER BY receiver_id, channel",
    )
    .fetch_all(db)
    .await?;
    let lane = |(receiver, channel, error, since, probe_at): (i64, String, String, i64, i64)| {
        let paused = Paused {
            error: error.into(),
            since: Timestamp::from_millis(since),
            probe_at: now.steady_at(Timestamp::from_millis(probe_at)),
        };
        let channel = parse("lane_pause", &channel)?;
        Ok(PausedLane { receiver: ReceiverId(unsigned(receiver)), channel, paused })
    };
    rows.into_iter().map(lane).collect()
}

/// The channels that Slack asked to leave alone, as they go on from `now`.
pub(crate) async fn retry_after(db: &SqlitePool, now: Now) -> Result<Vec<RetryAfter>, StoreError> {
    let rows: Vec<(String, String, i64)> =
        sqlx::query_as("SELECT workspace, channel, until_at FROM retry_after ORDER BY workspace, channel")
            .fetch_all(db)
            .await?;
    let asked = |(workspace, channel, until): (String, String, i64)| {
        let workspace = (!workspace.is_empty()).then(|| workspace.into());
        let until = now.steady_at(Timestamp::from_millis(until));
        Ok(RetryAfter { workspace, channel: parse("retry_after", &channel)?, until })
    };
    rows.into_iter().map(asked).collect()
}

fn parse(table: &'static str, channel: &str) -> Result<Channel, StoreError> {
    Channel::stored(channel).map_err(|error| broken(table, error.to_string()))
}
