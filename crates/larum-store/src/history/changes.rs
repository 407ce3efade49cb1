//! Every change of state, newest first: when alerts began to fire and ended, and what changed beside that.

use larum_core::alert::{AlertId, EndReason, PolicyId};
use larum_core::label::LabelSet;
use larum_core::time::Timestamp;
use larum_core::transition::Stage;
use sqlx::{QueryBuilder, Sqlite};

use crate::Store;
use crate::error::StoreError;
use crate::rows::{AlertRecord, Labels, broken, number, read, unsigned, write};

/// The most changes that are counted of each kind.
pub const MAX_COUNTED: u32 = 10_000;

/// Where a page of the history ends: what is older comes next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HistoryPlace {
    /// When it was, in milliseconds since the Unix epoch.
    pub at: i64,
    /// 0 of an alert that began to fire, 1 of what alerts do not tell, 2 of an alert that ended.
    pub kind: i64,
    /// The number of the alert or the transition.
    pub id: i64,
}

/// Which changes to read.
#[derive(Clone, Debug, Default)]
pub struct HistoryFilter {
    /// Not before then.
    pub from: Timestamp,
    /// Before then.
    pub to: Timestamp,
    /// To one of these; all if empty.
    pub stages: Vec<Stage>,
    /// Of these severities, as `Severity::as_str` has them; all if empty.
    pub severities: Vec<String>,
    /// Of this policy.
    pub policy: Option<PolicyId>,
    /// Older than this one.
    pub before: Option<HistoryPlace>,
    /// At most so many.
    pub limit: u32,
}

/// One change of state.
#[derive(Clone, Debug)]
pub struct HistoryRow {
    /// Where it stands in the history.
    pub place: HistoryPlace,
    /// The alert, where there is one.
    pub alert: Option<AlertId>,
    /// The policy, if one of Larum's own says it; neither alert nor policy where it concerns all policies.
    pub policy: Option<PolicyId>,
    /// Those of the alert or the series; of a policy as a whole its name and severity.
    pub labels: LabelSet,
    /// What the alert says.
    pub annotations: LabelSet,
    /// What it was before.
    pub from: Stage,
    /// Since when it was that, where that is known.
    pub since: Option<Timestamp>,
    /// What it is from then on.
    pub to: Stage,
    /// Why, where it is over.
    pub reason: Option<EndReason>,
    /// More about it; may be empty.
    pub detail: String,
    /// What was measured; may be empty.
    pub value: String,
}

#[derive(sqlx::FromRow)]
struct Columns {
    at: i64,
    kind: i64,
    id: i64,
    alert_id: Option<i64>,
    policy_id: Option<i64>,
    from_stage: String,
    since: Option<i64>,
    to_stage: String,
    reason: Option<String>,
    detail: String,
    value_text: String,
    record: String,
}

impl Columns {
    fn row(self) -> Result<HistoryRow, StoreError> {
        let stage = |word: &str| {
            Stage::from_word(word).ok_or_else(|| broken("transition", format!("{word:?} is no stage")))
        };
        let of_alert = self.kind != 1;
        let (labels, annotations, end, value) = if of_alert {
            let record: AlertRecord<'_> = read("alert", &self.record)?;
            record.into_words()
        } else {
            let labels: Labels = read("transition", &self.record)?;
            (labels.0, LabelSet::empty(), self.reason, self.value_text)
        };
        Ok(HistoryRow {
            place: HistoryPlace { at: self.at, kind: self.kind, id: self.id },
            alert: self.alert_id.map(|id| AlertId(unsigned(id))),
            policy: self.policy_id.map(|id| PolicyId(unsigned(id))),
            labels,
            annotations,
            from: stage(&self.from_stage)?,
            since: self.since.map(Timestamp::from_millis),
            to: stage(&self.to_stage)?,
            reason: end.as_deref().and_then(EndReason::from_word),
            detail: self.detail,
            value,
        })
    }
}

/// What an alert from a policy was before it fired is in the transition of that moment.
const FIRED: &str = "
SELECT starts_at AS at, 0 AS kind, id, id AS alert_id, policy_id,
       CASE WHEN pending IS NULL THEN 'inactive' ELSE 'pending' END AS from_stage, pending AS since,
       'firing' AS to_stage, NULL AS reason, '' AS detail, '' AS value_text, record
FROM (SELECT alert.*, CASE WHEN policy_id IS NULL THEN NULL ELSE
          (SELECT since FROM transition AS t WHERE t.policy_id = alert.policy_id AND t.at = alert.starts_at
           AND t.from_stage = 'pending' AND t.to_stage = 'firing'
           AND t.labels = json_extract(alert.record, '$.labels')) END AS pending
      FROM alert)
WHERE ended_at ";

const ENDED: &str = "
SELECT ended_at AS at, 2 AS kind, id, id AS alert_id, policy_id, 'firing' AS from_stage, starts_at AS since,
       'resolved' AS to_stage, NULL AS reason, '' AS detail, '' AS value_text, record
FROM alert WHERE ended_at IS NOT NULL";

/// What the alerts tell by themselves is left out.
const OTHERS: &str = "
SELECT at, 1 AS kind, id, alert_id, policy_id, from_stage, since, to_stage, reason, detail, value_text,
       labels AS record
FROM transition WHERE NOT (from_stage = 'kept' AND to_stage = 'inactive')
       AND NOT (from_stage = 'pending' AND to_stage = 'firing')";

fn page(filter: &HistoryFilter) -> QueryBuilder<Sqlite> {
    let wants = |stage: Stage| filter.stages.is_empty() || filter.stages.contains(&stage);
    let mut query: QueryBuilder<Sqlite> = QueryBuilder::new("");
    if wants(Stage::Firing) {
        for fires in ["IS NULL", "IS NOT NULL"] {
            query.push(FIRED).push(fires);
            narrow(&mut query, filter, "starts_at", 0);
            query.push(" UNION ALL ");
        }
    }
    if wants(Stage::Resolved) {
        query.push(ENDED);
        narrow(&mut query, filter, "ended_at", 2);
        query.push(" UNION ALL ");
    }
    query.push(OTHERS);
    if !filter.stages.is_empty() {
        let words: Vec<&str> = filter.stages.iter().map(|stage| stage.as_str()).collect();
        query.push(" AND to_stage IN (SELECT value FROM json_each(").push_bind(write(&words)).push("))");
    }
    narrow(&mut query, filter, "at", 1);
    query.push(" ORDER BY 1 DESC, 2 DESC, 3 DESC LIMIT ").push_bind(i64::from(filter.limit));
    query
}

/// What holds whatever the kind.
fn narrow(query: &mut QueryBuilder<Sqlite>, filter: &HistoryFilter, at: &str, kind: i64) {
    query.push(format!(" AND {at} >= ")).push_bind(filter.from.as_millis());
    query.push(format!(" AND {at} < ")).push_bind(filter.to.as_millis());
    if let Some(before) = filter.before {
        query.push(format!(" AND {at} <= ")).push_bind(before.at);
        query.push(format!(" AND ({at} < ")).push_bind(before.at);
        query.push(format!(" OR {kind} < ")).push_bind(before.kind);
        query.push(format!(" OR ({kind} = ")).push_bind(before.kind);
        query.push(" AND id < ").push_bind(before.id).push("))");
    }
    if let Some(policy) = filter.policy {
        query.push(" AND policy_id = ").push_bind(number(policy.0));
    }
    if !filter.severities.is_empty() {
        query
            .push(" AND severity IN (SELECT value FROM json_each(")
            .push_bind(write(&filter.severities))
            .push("))");
    }
}

/// How many changes to each stage there are, each counted up to a limit.
fn counts(filter: &HistoryFilter) -> QueryBuilder<Sqlite> {
    let mut query: QueryBuilder<Sqlite> = QueryBuilder::new("SELECT stage, count(*) FROM (");
    for (index, (what, at, kind)) in [
        ("SELECT 'firing' AS stage FROM alert WHERE ended_at IS NULL", "starts_at", 0),
        ("SELECT 'firing' AS stage FROM alert WHERE ended_at IS NOT NULL", "starts_at", 0),
        ("SELECT 'resolved' AS stage FROM alert WHERE ended_at IS NOT NULL", "ended_at", 2),
        (
            "SELECT to_stage AS stage FROM transition WHERE NOT (from_stage = 'kept' AND to_stage = 'inactive')
             AND NOT (from_stage = 'pending' AND to_stage = 'firing')",
            "at",
            1,
        ),
    ]
    .into_iter()
    .enumerate()
    {
        query.push(if index == 0 { "SELECT * FROM (" } else { " UNION ALL SELECT * FROM (" }).push(what);
        narrow(&mut query, filter, at, kind);
        query.push(" LIMIT ").push_bind(i64::from(MAX_COUNTED)).push(")");
    }
    query.push(") GROUP BY stage");
    query
}

impl Store {
    /// Changes of state, newest first.
    ///
    /// # Errors
    /// [`StoreError`] if they cannot be read.
    pub async fn history(&self, filter: &HistoryFilter) -> Result<Vec<HistoryRow>, StoreError> {
        let rows: Vec<Columns> = page(filter).build_query_as().fetch_all(&self.readers).await?;
        rows.into_iter().map(Columns::row).collect()
    }

    /// How many changes to each stage there are in the filter's time, of its policy and severities; of each kind at
    /// most [`MAX_COUNTED`] are counted.
    ///
    /// # Errors
    /// [`StoreError`] if they cannot be counted.
    pub async fn count_history(&self, filter: &HistoryFilter) -> Result<Vec<(String, u64)>, StoreError> {
        let filter = HistoryFilter { before: None, ..filter.clone() };
        let rows: Vec<(String, i64)> = counts(&filter).build_query_as().fetch_all(&self.readers).await?;
        Ok(rows.into_iter().map(|(stage, count)| (stage, unsigned(count))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn plan(filter: &HistoryFilter) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        let key = crate::SecretKey::load_or_create(&dir.path().join("secret.key"), [1; 32]).unwrap();
        let store = Store::open(dir.path(), key).await.unwrap();
        let text = page(filter).sql().as_str().to_owned();
        let explained: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}")))
                .fetch_all(&store.readers)
                .await
                .unwrap();
        explained.into_iter().map(|step| step.3).collect()
    }

    #[tokio::test]
    async fn a_page_of_the_history_scans_no_table() {
        let filter = HistoryFilter { limit: 100, to: Timestamp::from_millis(1), ..HistoryFilter::default() };
        let plan = plan(&filter).await;
        assert!(
            !plan.iter().any(|step| step.starts_with("SCAN alert") || step.starts_with("SCAN transition")),
            "{plan:#?}"
        );
        for index in ["alert_firing", "alert_started", "alert_ended", "transition_at"] {
            assert!(plan.iter().any(|step| step.contains(index)), "{index}: {plan:#?}");
        }
    }
}
