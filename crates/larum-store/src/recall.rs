//! What was written down, read back after a start.

use std::collections::BTreeSet;

use larum_core::alert::{Alert, AlertId};
use larum_core::group::{Group, GroupId};
use larum_core::notification::Replaced;
use larum_core::outbox::{BodyId, Delivery, DeliveryId};
use larum_core::policy::PolicyRecord;
use larum_core::receiver::{Channel, ReceiverId};
use larum_core::severity::Severity;
use larum_core::state::Remembered;
use larum_core::time::{Now, Timestamp};
use larum_core::verdict::Verdict;

use crate::Store;
use crate::error::StoreError;
use crate::journal::lanes;
use crate::rows::{AlertRow, GroupRow, Spoken, VerdictRow, broken, number, unsigned, write};
use crate::settings::{
    AlertingRow, GROUPING, GroupingRow, PolicyColumns, PolicyRow, ReceiverColumns, ReceiverRow, read_grouping,
};

/// Everything that the data directory holds and that is needed to go on.
#[derive(Debug)]
pub struct Recalled {
    /// What the state goes on from.
    pub remembered: Remembered,
    /// The receivers.
    pub receivers: Vec<ReceiverRow>,
    /// How alerts are gathered.
    pub grouping: GroupingRow,
    /// Whether policies speak at all.
    pub alerting: AlertingRow,
    /// The policies, with who edited them.
    pub policies: Vec<PolicyRow>,
}

impl Store {
    /// Reads back what was written down, as it goes on from `now`.
    ///
    /// # Errors
    /// [`StoreError`] if a row cannot be read: nothing is left out in silence.
    pub async fn recall(&self, now: Now) -> Result<Recalled, StoreError> {
        let receivers: Vec<ReceiverColumns> =
            sqlx::query_as("SELECT * FROM receiver ORDER BY id").fetch_all(&self.writer).await?;
        let receivers = receivers.into_iter().map(ReceiverColumns::row).collect::<Result<Vec<_>, _>>()?;
        let grouping = self.grouping().await?;
        let policies = self.policies().await?;
        let groups: Vec<GroupRow> =
            sqlx::query_as("SELECT * FROM alert_group ORDER BY id").fetch_all(&self.writer).await?;
        let groups: Vec<Group> = groups.iter().map(|row| row.group(now)).collect::<Result<_, _>>()?;
        let deliveries: Vec<OpenRow> = sqlx::query_as(
            "SELECT id, body_id, receiver_id, channel, group_id, turn, severity, planned_at, alerts, replaced,
                    replaced_since, replaced_unnamed, replaced_turn, state, attempts, uncertain, plain, error
             FROM delivery WHERE state IN ('waiting', 'sending') ORDER BY id",
        )
        .fetch_all(&self.writer)
        .await?;
        let deliveries: Vec<Delivery> =
            deliveries.iter().map(|row| row.delivery(now)).collect::<Result<_, _>>()?;
        let alerts = self.needed_alerts(&groups, &deliveries, now).await?;
        let verdicts = self.last_verdicts().await?;
        let silences = self.silences().await?;
        let (rows, states): (Vec<PolicyRow>, Vec<Option<PolicyRecord>>) = policies.into_iter().unzip();
        let watched = rows.iter().map(|row| row.policy.clone()).zip(states).collect();
        let paused = lanes::paused(&self.writer, now).await?;
        let retry_after = lanes::retry_after(&self.writer, now).await?;
        let next_id = self.next_id().await?;
        let alerting = self.alerting().await?;
        let remembered = Remembered {
            next_id,
            alerts,
            groups,
            verdicts,
            silences,
            deliveries,
            paused,
            retry_after,
            policies: watched,
            alerting_off: alerting.off_since(),
        };
        Ok(Recalled { remembered, receivers, grouping, alerting, policies: rows })
    }

    /// What tells this installation from others for as long as its data lives; `fresh` if it has nothing yet.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be read or written.
    pub async fn installation(&self, fresh: [u8; 16]) -> Result<[u8; 16], StoreError> {
        sqlx::query("INSERT INTO meta (key, value) VALUES ('installation', $1) ON CONFLICT (key) DO NOTHING")
            .bind(u128::from_be_bytes(fresh).to_string())
            .execute(&self.writer)
            .await?;
        let text: String = sqlx::query_scalar("SELECT value FROM meta WHERE key = 'installation'")
            .fetch_one(&self.writer)
            .await?;
        let number: u128 = text.parse().map_err(|_| broken("meta", "the installation is not a number"))?;
        Ok(number.to_be_bytes())
    }

    /// As what Larum works on these data, in the word under which that is kept; `wanted` if they are new. Data from before
    /// this was kept belong to `serve` if somebody may log in: it alone makes accounts.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be read or written down.
    pub async fn mode(&self, wanted: &str) -> Result<String, StoreError> {
        sqlx::query(
            "INSERT INTO meta (key, value)
             VALUES ('mode', CASE WHEN EXISTS (SELECT 1 FROM account) THEN 'serve' ELSE $1 END)
             ON CONFLICT (key) DO NOTHING",
        )
        .bind(wanted)
        .execute(&self.writer)
        .await?;
        Ok(sqlx::query_scalar("SELECT value FROM meta WHERE key = 'mode'").fetch_one(&self.writer).await?)
    }

    /// The last decision about each alert that fires, apart for each receiver and each way to it.
    async fn last_verdicts(&self) -> Result<Vec<Verdict>, StoreError> {
        let rows: Vec<VerdictRow> = sqlx::query_as(
            "SELECT * FROM verdict AS v
             WHERE alert_id IN (SELECT id FROM alert WHERE ended_at IS NULL)
             AND number = (SELECT max(number) FROM verdict
                           WHERE alert_id = v.alert_id AND receiver_id = v.receiver_id
                           AND way IS v.way)
             ORDER BY number",
        )
        .fetch_all(&self.writer)
        .await?;
        rows.into_iter().map(VerdictRow::verdict).collect()
    }

    async fn next_id(&self) -> Result<u64, StoreError> {
        let text: Option<String> = sqlx::query_scalar("SELECT value FROM meta WHERE key = 'next_id'")
            .fetch_optional(&self.writer)
            .await?;
        Ok(text.and_then(|text| text.parse().ok()).unwrap_or(1))
    }

    async fn grouping(&self) -> Result<GroupingRow, StoreError> {
        let Some(setting) = self.setting(GROUPING).await? else { return Ok(GroupingRow::default()) };
        let grouping = read_grouping(&setting.text)?;
        Ok(GroupingRow { grouping, version: setting.version, saved: Some(setting.saved) })
    }

    async fn policies(&self) -> Result<Vec<(PolicyRow, Option<PolicyRecord>)>, StoreError> {
        let rows: Vec<PolicyColumns> = sqlx::query_as(
            "SELECT p.id, p.builtin, p.version, p.record, p.updated_at, p.updated_by, s.record AS state
             FROM policy p LEFT JOIN policy_state s ON s.policy_id = p.id ORDER BY p.id",
        )
        .fetch_all(&self.writer)
        .await?;
        rows.into_iter().map(PolicyColumns::row).collect()
    }

    /// Alerts that fire, and those that are over but that somebody is still to be told the end of.
    async fn needed_alerts(
        &self,
        groups: &[Group],
        deliveries: &[Delivery],
        now: Now,
    ) -> Result<Vec<Alert>, StoreError> {
        let told = groups.iter().flat_map(|group| group.told.keys());
        let owed = deliveries.iter().flat_map(|delivery| delivery.alerts.iter().map(|(id, _)| id));
        let needed: BTreeSet<AlertId> = told.chain(owed).copied().collect();
        let needed: Vec<i64> = needed.into_iter().map(|id| number(id.0)).collect();
        let rows: Vec<AlertRow> = sqlx::query_as(
            "SELECT id, policy_id, starts_at, updated_at, ended_at, record FROM alert WHERE ended_at IS NULL
             UNION
             SELECT id, policy_id, starts_at, updated_at, ended_at, record FROM alert
             WHERE id IN (SELECT value FROM json_each($1))
             ORDER BY 1",
        )
        .bind(write(&needed))
        .fetch_all(&self.writer)
        .await?;
        rows.iter().map(|row| row.alert(now)).collect()
    }
}

/// One row of `delivery` that is not settled, as it is read.
#[derive(sqlx::FromRow)]
pub(crate) struct OpenRow {
    id: i64,
    body_id: i64,
    receiver_id: i64,
    channel: String,
    group_id: i64,
    turn: i64,
    severity: String,
    planned_at: i64,
    alerts: String,
    replaced: i64,
    replaced_since: Option<i64>,
    replaced_unnamed: i64,
    replaced_turn: i64,
    state: String,
    attempts: i64,
    uncertain: bool,
    plain: bool,
    error: Option<String>,
}

impl OpenRow {
    /// The delivery as it goes on: one that was on its way may have arrived.
    pub(crate) fn delivery(&self, now: Now) -> Result<Delivery, StoreError> {
        let channel =
            Channel::stored(&self.channel).map_err(|error| broken("delivery", error.to_string()))?;
        let small = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        let replaced = self.replaced_since.map(|since| Replaced {
            messages: small(self.replaced),
            first_turn: small(self.replaced_turn),
            since: Timestamp::from_millis(since),
            unnamed: small(self.replaced_unnamed),
        });
        Ok(Delivery {
            id: DeliveryId(unsigned(self.id)),
            body: BodyId(unsigned(self.body_id)),
            receiver: ReceiverId(unsigned(self.receiver_id)),
            channel,
            group: GroupId(unsigned(self.group_id)),
            turn: small(self.turn),
            severity: Severity::from_word(&self.severity),
            planned_at: Timestamp::from_millis(self.planned_at),
            alerts: Spoken::read_all(&self.alerts)?,
            replaced,
            attempts: small(self.attempts),
            uncertain: self.uncertain || self.state == "sending",
            plain: self.plain,
            not_before: now.steady,
            last_error: self.error.as_deref().map(Into::into),
        })
    }
}
