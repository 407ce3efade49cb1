//! What one policy did in a period: its alerts, and the spans that they do not tell of.

use larum_core::alert::{AlertId, EndReason, PolicyId};
use larum_core::label::LabelSet;
use larum_core::time::Timestamp;
use larum_core::transition::Stage;

use crate::Store;
use crate::error::StoreError;
use crate::rows::{AlertRecord, Labels, broken, number, read, unsigned};

/// Something that was so for a while.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// The alert, where it is one.
    pub alert: Option<AlertId>,
    /// Those of the series; of a policy as a whole its name and severity, and none where it concerns all policies.
    pub labels: LabelSet,
    /// What it was.
    pub stage: Stage,
    /// Since when.
    pub from: Timestamp,
    /// Until when; none while an alert fires.
    pub to: Option<Timestamp>,
    /// Why it ended, where it was an alert's kind of end.
    pub reason: Option<EndReason>,
    /// What was measured; may be empty.
    pub value: String,
}

#[derive(sqlx::FromRow)]
struct EpisodeColumns {
    id: i64,
    starts_at: i64,
    ended_at: Option<i64>,
    record: String,
}

#[derive(sqlx::FromRow)]
struct SpanColumns {
    labels: String,
    from_stage: String,
    since: i64,
    at: i64,
    reason: Option<String>,
    value_text: String,
}

const EPISODES: &str = "
SELECT * FROM (SELECT id, starts_at, ended_at, record FROM alert
               WHERE policy_id = $1 AND ended_at IS NULL AND starts_at < $3 ORDER BY starts_at DESC LIMIT $4)
UNION ALL
SELECT * FROM (SELECT id, starts_at, ended_at, record FROM alert
               WHERE policy_id = $1 AND ended_at >= $2 AND starts_at < $3 ORDER BY ended_at DESC LIMIT $4)";

const SPANS: &str = "
SELECT labels, from_stage, since, at, reason, value_text FROM transition
WHERE policy_id = $1 AND at >= $2 AND since < $3 AND from_stage NOT IN ('inactive', 'firing')
ORDER BY at DESC LIMIT $4";

const OF_ALL_POLICIES: &str = "
SELECT labels, from_stage, since, at, reason, value_text FROM transition
WHERE policy_id IS NULL AND alert_id IS NULL AND at >= $1 AND since < $2 AND from_stage = 'alerting_off'
ORDER BY at DESC LIMIT $3";

impl Store {
    /// What a policy did from one time until another: when its series fired, and everything that is over. At most
    /// `most` alerts that fire, that ended, and other spans each, the newest.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be read.
    pub async fn timeline(
        &self,
        policy: PolicyId,
        (from, to): (Timestamp, Timestamp),
        most: u32,
    ) -> Result<Vec<Span>, StoreError> {
        let (from, to, id, most) = (from.as_millis(), to.as_millis(), number(policy.0), i64::from(most));
        let mut moment = self.readers.begin().await?;
        let episodes = sqlx::query_as(EPISODES).bind(id).bind(from).bind(to).bind(most);
        let episodes: Vec<EpisodeColumns> = episodes.fetch_all(&mut *moment).await?;
        let others = sqlx::query_as(SPANS).bind(id).bind(from).bind(to).bind(most);
        let mut others: Vec<SpanColumns> = others.fetch_all(&mut *moment).await?;
        let all = sqlx::query_as(OF_ALL_POLICIES).bind(from).bind(to).bind(most);
        others.extend(all.fetch_all(&mut *moment).await?);
        moment.commit().await?;
        let episodes = episodes.into_iter().map(EpisodeColumns::span);
        episodes.chain(others.into_iter().map(SpanColumns::span)).collect()
    }
}

impl EpisodeColumns {
    fn span(self) -> Result<Span, StoreError> {
        let record: AlertRecord<'_> = read("alert", &self.record)?;
        let (labels, _, reason, value) = record.into_words();
        Ok(Span {
            alert: Some(AlertId(unsigned(self.id))),
            labels,
            stage: Stage::Firing,
            from: Timestamp::from_millis(self.starts_at),
            to: self.ended_at.map(Timestamp::from_millis),
            reason: reason.as_deref().and_then(EndReason::from_word),
            value,
        })
    }
}

impl SpanColumns {
    fn span(self) -> Result<Span, StoreError> {
        let labels: Labels = read("transition", &self.labels)?;
        let stage = Stage::from_word(&self.from_stage);
        Ok(Span {
            alert: None,
            labels: labels.0,
            stage: stage.ok_or_else(|| broken("transition", "there is no such stage"))?,
            from: Timestamp::from_millis(self.since),
            to: Some(Timestamp::from_millis(self.at)),
            reason: self.reason.as_deref().and_then(EndReason::from_word),
            value: self.value_text,
        })
    }
}
