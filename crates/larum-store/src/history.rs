//! Reading what happened, for the console: deliveries, messages, alerts that are over. Never in the writer's way.

use larum_core::alert::{Alert, AlertId};
use larum_core::outbox::{BodyId, Delivery, DeliveryId};
use larum_core::time::{Now, Timestamp};
use larum_core::verdict::Verdict;
use sqlx::{QueryBuilder, Sqlite};

use crate::Store;
use crate::error::StoreError;
use crate::recall::OpenRow;
use crate::rows::{AlertRow, Spoken, VerdictRow, number, unsigned, write};

pub mod changes;
mod posted;
pub mod timeline;
pub mod trail;

pub use posted::Posted;

/// Which deliveries to read.
#[derive(Clone, Debug, Default)]
pub struct DeliveryFilter {
    /// In one of these states; all if empty.
    pub states: Vec<String>,
    /// On behalf of this receiver.
    pub receiver: Option<u64>,
    /// To this channel, as `Channel::as_str` has it.
    pub channel: Option<String>,
    /// Older than this one.
    pub before: Option<u64>,
    /// At most so many.
    pub limit: u32,
}

/// A delivery as the log shows it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DeliveryRow {
    /// Its number.
    pub id: i64,
    /// Its message.
    pub body_id: i64,
    /// On whose behalf.
    pub receiver_id: i64,
    /// The receiver's name at that time.
    pub receiver_name: String,
    /// Where to, as `Channel::as_str` has it.
    pub channel: String,
    /// Which turn of its group.
    pub turn: i64,
    /// Why the group spoke, as `NotifyReason::as_str` has it.
    pub reason: String,
    /// The message in one plain line.
    pub headline: String,
    /// The group's labels, as a JSON object.
    pub group_labels: String,
    /// The worst severity.
    pub severity: String,
    /// Where it stands, as `DeliveryState::as_str` has it.
    pub state: String,
    /// When it was decided, in milliseconds since the Unix epoch.
    pub planned_at: i64,
    /// When it was settled.
    pub finished_at: Option<i64>,
    /// How many attempts there were.
    pub attempts: i64,
    /// Whether the channel may have it twice.
    pub uncertain: bool,
    /// What went wrong last.
    pub error: Option<String>,
    /// Why a template of its receiver's could not be filled in, so that the message is Larum's own.
    pub problem: Option<String>,
    /// By which delivery it was superseded, or who cancelled it.
    pub detail: Option<String>,
    /// Slack's number of the message.
    pub ts: Option<String>,
    /// Slack's ID of the channel.
    pub channel_id: Option<String>,
}

/// A page of the delivery log, read at one moment: its rows and its counts never contradict each other.
#[derive(Clone, Debug)]
pub struct DeliveryLog {
    /// What was asked for, newest first.
    pub rows: Vec<DeliveryRow>,
    /// How many deliveries of the whole log stand in each state, as `DeliveryState::as_str` has it.
    pub counts: Vec<(String, u64)>,
}

/// What the log tells of each delivery. Not its alerts: a storm's message speaks of thousands, and a page of such rows
/// would be megabytes that nobody looks at.
const LOG: &str =
    "SELECT d.id, d.body_id, d.receiver_id, b.receiver_name, d.channel, d.turn, b.reason, b.headline,
        b.group_labels, d.severity, d.state, d.planned_at, d.finished_at, d.attempts, d.uncertain, d.error,
        b.problem, d.detail, d.ts, d.channel_id
     FROM delivery d JOIN body b ON b.id = d.body_id WHERE true";

const COUNTS: &str = "SELECT state, count(*) FROM delivery GROUP BY state";

fn log_query(filter: &DeliveryFilter) -> QueryBuilder<Sqlite> {
    let mut query: QueryBuilder<Sqlite> = QueryBuilder::new(LOG);
    if !filter.states.is_empty() {
        query
            .push(" AND d.state IN (SELECT value FROM json_each(")
            .push_bind(write(&filter.states))
            .push("))");
    }
    if let Some(receiver) = filter.receiver {
        query.push(" AND d.receiver_id = ").push_bind(number(receiver));
    }
    if let Some(channel) = &filter.channel {
        query.push(" AND d.channel = ").push_bind(channel.clone());
    }
    if let Some(before) = filter.before {
        query.push(" AND d.id < ").push_bind(number(before));
    }
    query.push(" ORDER BY d.id DESC LIMIT ").push_bind(i64::from(filter.limit));
    query
}

impl Store {
    /// The delivery log, newest first, and how many deliveries stand in each state.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be read.
    pub async fn deliveries(&self, filter: &DeliveryFilter) -> Result<DeliveryLog, StoreError> {
        let mut moment = self.readers.begin().await?;
        let rows = log_query(filter).build_query_as().fetch_all(&mut *moment).await?;
        let counts: Vec<(String, i64)> = sqlx::query_as(COUNTS).fetch_all(&mut *moment).await?;
        moment.commit().await?;
        let counts = counts.into_iter().map(|(state, count)| (state, unsigned(count))).collect();
        Ok(DeliveryLog { rows, counts })
    }

    /// One delivery of the log.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be read.
    pub async fn delivery(&self, id: DeliveryId) -> Result<Option<DeliveryRow>, StoreError> {
        let mut query: QueryBuilder<Sqlite> = QueryBuilder::new(LOG);
        query.push(" AND d.id = ").push_bind(number(id.0));
        Ok(query.build_query_as().fetch_optional(&self.readers).await?)
    }

    /// The alerts that a delivery speaks of; none if there is no such delivery.
    ///
    /// # Errors
    /// [`StoreError`] if they cannot be read.
    pub async fn delivered_alerts(&self, id: DeliveryId) -> Result<Vec<AlertId>, StoreError> {
        let query = sqlx::query_scalar("SELECT alerts FROM delivery WHERE id = $1").bind(number(id.0));
        let Some(alerts) = query.fetch_optional(&self.readers).await? else { return Ok(Vec::new()) };
        let alerts: String = alerts;
        let spoken: Vec<Spoken> = crate::rows::read("delivery", &alerts)?;
        Ok(spoken.iter().map(Spoken::alert).collect())
    }

    /// A message as it is sent: Slack's JSON, without the channel.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be read.
    pub async fn message(&self, body: BodyId) -> Result<Option<String>, StoreError> {
        let query = sqlx::query_scalar("SELECT message FROM body WHERE id = $1");
        Ok(query.bind(number(body.0)).fetch_optional(&self.outgoing).await?)
    }

    /// A delivery that was given up, as it would be taken up again.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be read.
    pub async fn dead_delivery(&self, id: DeliveryId, now: Now) -> Result<Option<Delivery>, StoreError> {
        let row: Option<OpenRow> = sqlx::query_as("SELECT * FROM delivery WHERE id = $1 AND state = 'dead'")
            .bind(number(id.0))
            .fetch_optional(&self.readers)
            .await?;
        row.map(|row| row.delivery(now)).transpose()
    }

    /// One alert, whether it is over or not.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be read.
    pub async fn alert(&self, id: AlertId, now: Now) -> Result<Option<Alert>, StoreError> {
        let row: Option<AlertRow> = sqlx::query_as("SELECT * FROM alert WHERE id = $1")
            .bind(number(id.0))
            .fetch_optional(&self.readers)
            .await?;
        row.map(|row| row.alert(now)).transpose()
    }

    /// Alerts that have ended since then, the newest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] if they cannot be read.
    pub async fn ended_alerts(
        &self,
        since: Timestamp,
        limit: u32,
        now: Now,
    ) -> Result<Vec<Alert>, StoreError> {
        let rows: Vec<AlertRow> = sqlx::query_as(
            "SELECT * FROM alert WHERE ended_at >= $1 ORDER BY ended_at DESC, id DESC LIMIT $2",
        )
        .bind(since.as_millis())
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(|row| row.alert(now)).collect()
    }

    /// How many alerts have ended since then, counted up to `limit`.
    ///
    /// # Errors
    /// [`StoreError`] if they cannot be counted.
    pub async fn count_ended_alerts(&self, since: Timestamp, limit: u32) -> Result<usize, StoreError> {
        let text = "SELECT count(*) FROM (SELECT 1 FROM alert WHERE ended_at >= $1 LIMIT $2)";
        let query = sqlx::query_scalar(text).bind(since.as_millis()).bind(i64::from(limit));
        let count: i64 = query.fetch_one(&self.readers).await?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// Why an alert was not told, for each receiver or for all of them.
    ///
    /// # Errors
    /// [`StoreError`] if they cannot be read.
    pub async fn verdicts(&self, alert: AlertId) -> Result<Vec<Verdict>, StoreError> {
        let rows: Vec<VerdictRow> = sqlx::query_as(
            "SELECT * FROM verdict AS v WHERE alert_id = $1
             AND number = (SELECT max(number) FROM verdict
                           WHERE alert_id = v.alert_id AND receiver_id = v.receiver_id)",
        )
        .bind(number(alert.0))
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter().map(VerdictRow::verdict).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SecretKey;

    async fn store(dir: &tempfile::TempDir) -> Store {
        let key = SecretKey::load_or_create(&dir.path().join("secret.key"), [1; 32]).unwrap();
        Store::open(dir.path(), key).await.unwrap()
    }

    #[test]
    fn a_page_of_the_log_leaves_what_its_messages_speak_of_on_the_disk() {
        let page = log_query(&DeliveryFilter { limit: 500, ..DeliveryFilter::default() });
        let page = page.sql();
        assert!(!page.as_str().contains("alerts"), "{}", page.as_str());
    }

    #[tokio::test]
    async fn whoever_reads_the_log_reads_no_row_to_count_them_all() {
        let dir = tempfile::tempdir().unwrap();
        let store = store(&dir).await;
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {COUNTS}")))
                .fetch_all(&store.readers)
                .await
                .unwrap();
        let plan: Vec<&str> = plan.iter().map(|step| step.3.as_str()).collect();
        assert_eq!(plan, ["SCAN delivery USING COVERING INDEX delivery_state"]);
    }

    #[tokio::test]
    async fn what_is_to_be_sent_is_read_while_everybody_reads() {
        let dir = tempfile::tempdir().unwrap();
        let store = store(&dir).await;
        let mut reading = Vec::new();
        while let Some(reader) = store.readers.try_acquire() {
            reading.push(reader);
        }
        for _ in reading.len()..crate::READERS as usize {
            reading.push(store.readers.acquire().await.unwrap());
        }
        assert_eq!(store.message(BodyId(1)).await.unwrap(), None);
    }
}
