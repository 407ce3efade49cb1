//! What was decided and said about some alerts: every decision not to tell, and every message.

use larum_core::alert::{Alert, AlertId};
use larum_core::group::GroupId;
use larum_core::notification::Voice;
use larum_core::route::Way;
use larum_core::time::{Now, Timestamp};
use larum_core::verdict::Verdict;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::DeliveryRow;
use crate::Store;
use crate::error::StoreError;
use crate::rows::{AlertRow, Spoken, VerdictRow, broken, number, read, unsigned};

/// The most groups of one alert whose messages are read, the newest.
const MOST_GROUPS: i64 = 50;
/// The most deliveries of a group that are looked at for those that speak of an alert, in each of the spans that
/// [`MESSAGES`] names.
const MOST_LOOKED_AT: i64 = 60;
/// The most messages about one alert that are shown: the first one, and the newest.
const MOST_MESSAGES: usize = 200;
/// The most decisions about one alert that are read, the newest.
const MOST_VERDICTS: i64 = 200;

/// Which alerts that are over to read.
#[derive(Clone, Debug)]
pub struct EndedFilter<'a> {
    /// Of this name; of any if none.
    pub name: Option<&'a str>,
    /// Begun by then.
    pub begun_by: Timestamp,
    /// With a lower number than this.
    pub before: u64,
    /// At most so many.
    pub limit: u32,
}

/// A message that speaks of an alert.
#[derive(Clone, Debug)]
pub struct NotificationRow {
    /// The group that speaks.
    pub group: GroupId,
    /// By which way the alert came to the receiver; none if that was not written down yet.
    pub way: Option<Way>,
    /// What is said of the alert.
    pub voice: Voice,
    /// The delivery.
    pub delivery: DeliveryRow,
}

/// All that is written down about who was told of an alert.
#[derive(Clone, Debug, Default)]
pub struct Trail {
    /// The decisions not to tell, the first one first.
    pub verdicts: Vec<Verdict>,
    /// The messages that speak of it, the first one first.
    pub notifications: Vec<NotificationRow>,
    /// Whether there is more than was read: then messages between the first of a group and its last ones are left out.
    pub cut_short: bool,
}

const VERDICTS: &str = "
SELECT * FROM verdict WHERE alert_id = $1 AND at <= $2 ORDER BY number DESC LIMIT $3";

const GROUPS: &str = "
SELECT group_id, turn FROM first_told WHERE alert_id = $1 ORDER BY group_id DESC LIMIT $2";

/// Of a group's deliveries those that can speak of an alert: the first one, the last ones until the alert ended or until
/// the time that is asked about, the first ones after it ended, for its end is among those, and the last ones of all,
/// for what waits goes on telling both. What they speak of is compared as text, which is many times as fast as to
/// read it.
const MESSAGES: &str = "
SELECT d.id, d.body_id, d.receiver_id, b.receiver_name, d.channel, d.turn, b.reason, b.headline, b.group_labels,
       d.severity, d.state, d.planned_at, d.finished_at, d.attempts, d.uncertain, d.error, b.problem, d.detail, d.ts, d.channel_id,
       d.group_id, b.way, substr(d.alerts, instr(d.alerts, $6), 100) AS spoken
FROM (SELECT id FROM delivery WHERE group_id = $1 AND turn = $2 AND planned_at <= $4
      UNION
      SELECT id FROM (SELECT id FROM delivery WHERE group_id = $1 AND turn > $2 AND planned_at <= $3
                      ORDER BY turn DESC LIMIT $5)
      UNION
      SELECT id FROM (SELECT id FROM delivery WHERE group_id = $1 AND turn > $2 AND planned_at > $3 AND planned_at <= $4
                      ORDER BY turn LIMIT $5)
      UNION
      SELECT id FROM (SELECT id FROM delivery WHERE group_id = $1 AND turn > $2 AND planned_at > $3 AND planned_at <= $4
                      ORDER BY turn DESC LIMIT $5)) AS found
JOIN delivery d ON d.id = found.id JOIN body b ON b.id = d.body_id
WHERE instr(d.alerts, $6) > 0 ORDER BY d.id";

const LOOKED_AT: &str = "
SELECT count(*) FROM (SELECT 1 FROM delivery WHERE group_id = $1 AND turn > $2 AND planned_at <= $3 LIMIT $4)";

#[derive(sqlx::FromRow)]
struct Columns {
    #[sqlx(flatten)]
    delivery: DeliveryRow,
    group_id: i64,
    way: Option<String>,
    spoken: String,
}

impl Columns {
    /// `spoken` begins with what is said of the alert and is cut off somewhere behind it.
    fn row(self) -> Result<NotificationRow, StoreError> {
        let end =
            self.spoken.find(']').ok_or_else(|| broken("delivery", "what is said of an alert has no end"))?;
        let spoken: Spoken = read("delivery", &self.spoken[..=end])?;
        let (_, voice) = spoken.heard();
        let way = self.way.as_deref().map(Way::from_text);
        Ok(NotificationRow { group: GroupId(unsigned(self.group_id)), way, voice, delivery: self.delivery })
    }
}

impl Store {
    /// What was decided and said about an alert until a time.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be read.
    pub async fn trail(&self, alert: &Alert, until: Timestamp) -> Result<Trail, StoreError> {
        let mut moment = self.readers.begin().await?;
        let verdicts = sqlx::query_as(VERDICTS).bind(number(alert.id.0)).bind(until.as_millis());
        let verdicts: Vec<VerdictRow> = verdicts.bind(MOST_VERDICTS).fetch_all(&mut *moment).await?;
        let groups = sqlx::query_as(GROUPS).bind(number(alert.id.0)).bind(MOST_GROUPS);
        let groups: Vec<(i64, i64)> = groups.fetch_all(&mut *moment).await?;
        let mut trail = Trail { cut_short: groups.len() as i64 == MOST_GROUPS, ..Trail::default() };
        for verdict in verdicts.into_iter().rev() {
            trail.verdicts.push(verdict.verdict()?);
        }
        let ended = alert.ended_at().map_or(until, |ended| ended.min(until));
        for group in groups {
            trail.cut_short |=
                messages(&mut moment, (group, alert.id), (ended, until), &mut trail.notifications).await?;
        }
        moment.commit().await?;
        trail.notifications.sort_by_key(|row| row.delivery.id);
        let many = trail.notifications.len().saturating_sub(MOST_MESSAGES);
        if many > 0 {
            trail.notifications.drain(1..=many);
            trail.cut_short = true;
        }
        Ok(trail)
    }

    /// Alerts that are over, those with the highest numbers first.
    ///
    /// # Errors
    /// [`StoreError`] if they cannot be read.
    pub async fn ended_episodes(&self, filter: &EndedFilter<'_>, now: Now) -> Result<Vec<Alert>, StoreError> {
        let mut query = ended(filter);
        let rows: Vec<AlertRow> = query.build_query_as().fetch_all(&self.readers).await?;
        rows.iter().map(|row| row.alert(now)).collect()
    }

    /// Since when what is over is kept: when the oldest of it was last heard of.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be read.
    pub async fn kept_since(&self) -> Result<Option<Timestamp>, StoreError> {
        let oldest = "SELECT min(updated_at) FROM alert WHERE ended_at IS NOT NULL";
        let oldest: Option<i64> = sqlx::query_scalar(oldest).fetch_one(&self.readers).await?;
        Ok(oldest.map(Timestamp::from_millis))
    }
}

fn ended(filter: &EndedFilter<'_>) -> QueryBuilder<Sqlite> {
    let mut query: QueryBuilder<Sqlite> =
        QueryBuilder::new("SELECT * FROM alert WHERE ended_at IS NOT NULL AND id < ");
    // The sign keeps the index of beginnings out of it, by which all would be sorted to find a few.
    query.push_bind(number(filter.before)).push(" AND +starts_at <= ").push_bind(filter.begun_by.as_millis());
    if let Some(name) = filter.name {
        query.push(" AND name = ").push_bind(name.to_owned());
    }
    query.push(" ORDER BY id DESC LIMIT ").push_bind(i64::from(filter.limit));
    query
}

/// Adds the messages of one group that speak of an alert. Answers whether there are more than were looked at.
async fn messages(
    moment: &mut SqliteConnection,
    ((group, turn), alert): ((i64, i64), AlertId),
    (ended, until): (Timestamp, Timestamp),
    found: &mut Vec<NotificationRow>,
) -> Result<bool, StoreError> {
    let query =
        sqlx::query_as(MESSAGES).bind(group).bind(turn).bind(ended.as_millis()).bind(until.as_millis());
    let rows: Vec<Columns> =
        query.bind(MOST_LOOKED_AT).bind(format!("[{alert},")).fetch_all(&mut *moment).await?;
    for row in rows {
        found.push(row.row()?);
    }
    let looked_at = sqlx::query_scalar(LOOKED_AT).bind(group).bind(turn).bind(ended.as_millis());
    let looked_at: i64 = looked_at.bind(MOST_LOOKED_AT + 1).fetch_one(moment).await?;
    Ok(looked_at > MOST_LOOKED_AT)
}

#[cfg(test)]
mod tests {
    use sqlx::AssertSqlSafe;

    use super::*;
    use crate::SecretKey;

    #[tokio::test]
    async fn whoever_asks_about_one_alert_reads_no_table_from_end_to_end() {
        let dir = tempfile::tempdir().unwrap();
        let key = SecretKey::load_or_create(&dir.path().join("secret.key"), [1; 32]).unwrap();
        let store = Store::open(dir.path(), key).await.unwrap();
        let filter = EndedFilter { name: Some("Disk"), begun_by: Timestamp::default(), before: 9, limit: 9 };
        let named = ended(&filter).sql().as_str().to_owned();
        let unnamed = ended(&EndedFilter { name: None, ..filter }).sql().as_str().to_owned();
        for statement in [VERDICTS, GROUPS, MESSAGES, LOOKED_AT, &named, &unnamed] {
            let explained = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
            let plan: Vec<(i64, i64, i64, String)> =
                sqlx::query_as(explained).fetch_all(&store.readers).await.unwrap();
            for (.., step) in &plan {
                let table = ["SCAN verdict", "SCAN first_told", "SCAN delivery", "SCAN body", "SCAN alert"];
                assert!(!table.iter().any(|scan| step.starts_with(scan)), "{plan:#?}");
            }
            let sorts = plan.iter().any(|(.., step)| step.contains("TEMP B-TREE FOR ORDER BY"));
            assert!(!sorts || !statement.contains("FROM alert "), "{plan:#?}");
        }
    }
}
