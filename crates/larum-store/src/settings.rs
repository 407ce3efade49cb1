//! Settings as rows: receivers with their sealed tokens, grouping, policies and what they remember.

use std::sync::Arc;
use std::time::Duration;

use larum_core::alert::{Measured, PolicyId};
use larum_core::condition::{Condition, Conditions, Operator};
use larum_core::config::Grouping;
use larum_core::policy::{
    Comparator, Metric, Policy, PolicyDraft, PolicyKind, PolicyRecord, SeriesState, Template,
};
use larum_core::receiver::{Channel, Channels, Receiver, ReceiverId, parse_receiver_name};
use larum_core::severity::Severity;
use larum_core::time::{Now, Timestamp};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use crate::Store;
use crate::error::StoreError;
use crate::rows::{Labels, broken, number, read, unsigned, write};

/// A receiver as it is stored.
#[derive(Clone, Debug)]
pub struct ReceiverRow {
    /// What the mind knows of it.
    pub receiver: Receiver,
    /// Goes up by one with every update.
    pub version: u64,
    /// Its Slack token, encrypted; see [`Store::seal`].
    pub token: Sealed,
    /// What Slack said about the token and the channels.
    pub slack: SlackFacts,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last updated.
    pub updated_at: Timestamp,
    /// By whom.
    pub updated_by: String,
}

/// A secret as it lies on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed(String);

/// What Slack said about a token and its channels when it was last asked. Holds nothing secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SlackFacts {
    /// How the token begins and ends: `xoxb-…1234`.
    pub hint: String,
    /// `checked`, `not_checked` or `refused`.
    pub state: String,
    /// When Slack was asked, in milliseconds since the Unix epoch.
    pub checked_at: Option<i64>,
    /// The workspace's name.
    pub workspace: Option<String>,
    /// The workspace's address.
    pub workspace_url: Option<String>,
    /// The workspace's ID.
    pub team_id: Option<String>,
    /// `bot` or `user`.
    pub kind: Option<String>,
    /// As whom it posts.
    pub as_name: Option<String>,
    /// The scopes that the token has, if Slack said.
    pub scopes: Option<Vec<String>>,
    /// What is wrong, in words.
    pub problem: Option<String>,
    /// What is known of each channel.
    pub channels: Vec<ChannelFact>,
}

/// What Slack said about one channel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChannelFact {
    /// The channel as [`Channel::as_str`] has it.
    pub key: String,
    /// Slack's ID, if it was found.
    pub id: Option<String>,
    /// Slack's name, if it was found.
    pub name: Option<String>,
    /// `can_post`, `invite_needed`, `archived`, `not_found` or `unknown`.
    pub state: String,
    /// Why, and what to do.
    pub why: String,
}

/// A policy as it is stored.
#[derive(Clone, Debug)]
pub struct PolicyRow {
    /// The policy.
    pub policy: Policy,
    /// When it was last edited.
    pub updated_at: Timestamp,
    /// By whom.
    pub updated_by: String,
}

/// Something that somebody changed in the settings.
#[derive(Clone, Debug)]
pub enum SettingsWrite {
    /// A receiver is new or changed.
    PutReceiver(Box<ReceiverRow>),
    /// A receiver is gone.
    DeleteReceiver(ReceiverId),
    /// Alerts are gathered in another way.
    PutGrouping {
        /// How.
        grouping: Grouping,
        /// Goes up by one with every update.
        version: u64,
        /// Who changed it.
        by: String,
    },
    /// A policy is new or changed.
    PutPolicy(Box<PolicyRow>),
    /// A policy is gone.
    DeletePolicy(PolicyId),
}

impl Store {
    /// Encrypts a secret with a `nonce` drawn at random and never used twice.
    pub fn seal(&self, secret: &SecretString, nonce: [u8; 24]) -> Sealed {
        Sealed(self.key.seal(secret, nonce))
    }

    /// Decrypts a secret.
    ///
    /// # Errors
    /// [`StoreError::Secret`] if it was encrypted with another key.
    pub fn unseal(&self, sealed: &Sealed) -> Result<SecretString, StoreError> {
        self.key.open(&sealed.0)
    }

    pub(crate) async fn write_setting(
        &self,
        db: &mut SqliteConnection,
        write: &SettingsWrite,
        now: Now,
    ) -> Result<(), StoreError> {
        match write {
            SettingsWrite::PutReceiver(row) => put_receiver(db, row).await,
            SettingsWrite::DeleteReceiver(id) => delete(db, "DELETE FROM receiver WHERE id = $1", id.0).await,
            SettingsWrite::PutGrouping { grouping, version, by } => {
                put_grouping(db, grouping, *version, by, now).await
            }
            SettingsWrite::PutPolicy(row) => put_policy(db, row).await,
            SettingsWrite::DeletePolicy(id) => {
                delete(db, "DELETE FROM policy_state WHERE policy_id = $1", id.0).await?;
                delete(db, "DELETE FROM policy WHERE id = $1", id.0).await
            }
        }
    }
}

async fn delete(db: &mut SqliteConnection, statement: &'static str, id: u64) -> Result<(), StoreError> {
    sqlx::query(statement).bind(number(id)).execute(db).await?;
    Ok(())
}

/// `receiver.conditions`, one of them.
#[derive(Serialize, Deserialize)]
struct ConditionRecord {
    label: String,
    operator: String,
    values: Vec<String>,
}

async fn put_receiver(db: &mut SqliteConnection, row: &ReceiverRow) -> Result<(), StoreError> {
    let receiver = &row.receiver;
    let channels: Vec<&str> = receiver.channels.iter().map(Channel::as_str).collect();
    let conditions: Option<Vec<ConditionRecord>> = receiver.conditions.as_slice().map(|conditions| {
        let record = |condition: &Condition| ConditionRecord {
            label: condition.label().to_owned(),
            operator: condition.operator().as_str().to_owned(),
            values: condition.values().iter().map(ToString::to_string).collect(),
        };
        conditions.iter().map(record).collect()
    });
    sqlx::query(
        "INSERT INTO receiver (id, version, name, name_key, enabled, channels, conditions, token, slack,
                created_at, updated_at, updated_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, name = excluded.name,
                name_key = excluded.name_key, enabled = excluded.enabled, channels = excluded.channels,
                conditions = excluded.conditions, token = excluded.token, slack = excluded.slack,
                updated_at = excluded.updated_at, updated_by = excluded.updated_by",
    )
    .bind(number(receiver.id.0))
    .bind(number(row.version))
    .bind(receiver.name.as_ref())
    .bind(receiver.name.to_lowercase())
    .bind(receiver.enabled)
    .bind(write(&channels))
    .bind(conditions.map(|conditions| write(&conditions)))
    .bind(&row.token.0)
    .bind(write(&row.slack))
    .bind(row.created_at.as_millis())
    .bind(row.updated_at.as_millis())
    .bind(&row.updated_by)
    .execute(db)
    .await?;
    Ok(())
}

/// One row of `receiver`, as it is read.
#[derive(sqlx::FromRow)]
pub(crate) struct ReceiverColumns {
    id: i64,
    version: i64,
    name: String,
    enabled: bool,
    channels: String,
    conditions: Option<String>,
    token: String,
    slack: String,
    created_at: i64,
    updated_at: i64,
    updated_by: String,
}

impl ReceiverColumns {
    pub(crate) fn row(self) -> Result<ReceiverRow, StoreError> {
        let wrong = |reason: String| broken("receiver", reason);
        let channels: Vec<String> = read("receiver", &self.channels)?;
        let slack: SlackFacts = read("receiver", &self.slack)?;
        let conditions = match &self.conditions {
            None => Conditions::EVERYTHING,
            Some(text) => {
                let records: Vec<ConditionRecord> = read("receiver", text)?;
                let parsed: Result<Vec<Condition>, StoreError> = records.into_iter().map(condition).collect();
                Conditions::all(parsed?).map_err(|error| wrong(error.to_string()))?
            }
        };
        let receiver = Receiver {
            id: ReceiverId(unsigned(self.id)),
            name: parse_receiver_name(&self.name).map_err(|error| wrong(error.to_string()))?,
            enabled: self.enabled,
            channels: Channels::parse(&channels).map_err(|(_, error)| wrong(error.to_string()))?,
            conditions,
            workspace: slack.team_id.as_deref().map(Into::into),
        };
        Ok(ReceiverRow {
            receiver,
            version: unsigned(self.version),
            token: Sealed(self.token),
            slack,
            created_at: Timestamp::from_millis(self.created_at),
            updated_at: Timestamp::from_millis(self.updated_at),
            updated_by: self.updated_by,
        })
    }
}

fn condition(record: ConditionRecord) -> Result<Condition, StoreError> {
    let operator = Operator::from_word(&record.operator)
        .ok_or_else(|| broken("receiver", format!("operator {:?} is not known", record.operator)))?;
    Condition::new(&record.label, operator, record.values)
        .map_err(|error| broken("receiver", error.to_string()))
}

/// `setting.value` of the key `grouping`; spans in milliseconds.
#[derive(Serialize, Deserialize)]
struct GroupingRecord {
    group_by: Vec<String>,
    group_wait: u64,
    group_interval: u64,
    repeat_interval: u64,
}

async fn put_grouping(
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
    sqlx::query(
        "INSERT INTO setting (key, version, value, updated_at, updated_by) VALUES ('grouping', $1, $2, $3, $4)
         ON CONFLICT (key) DO UPDATE SET version = excluded.version, value = excluded.value,
                updated_at = excluded.updated_at, updated_by = excluded.updated_by",
    )
    .bind(number(version))
    .bind(write(&record))
    .bind(now.wall.as_millis())
    .bind(by)
    .execute(db)
    .await?;
    Ok(())
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

/// `policy.record`
#[derive(Serialize, Deserialize)]
struct PolicyDraftRecord {
    name: String,
    enabled: bool,
    severity: String,
    hold_ms: u64,
    expr: String,
    template: Option<(String, String, f64)>,
    summary: String,
    details: String,
    description: String,
    runbook: String,
    no_data_hold_ms: u64,
}

async fn put_policy(db: &mut SqliteConnection, row: &PolicyRow) -> Result<(), StoreError> {
    let policy = &row.policy;
    let draft = policy.draft();
    let millis = |span: Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
    let template = draft.template.map(|template| {
        (template.metric.as_str().to_owned(), template.comparator.as_str().to_owned(), template.threshold)
    });
    let record = PolicyDraftRecord {
        name: draft.name,
        enabled: draft.enabled,
        severity: draft.severity.as_str().to_owned(),
        hold_ms: millis(draft.hold),
        expr: draft.expr,
        template,
        summary: draft.summary,
        details: draft.details,
        description: draft.description,
        runbook: draft.runbook,
        no_data_hold_ms: millis(draft.no_data_hold),
    };
    let builtin = match &policy.kind {
        PolicyKind::Builtin { key } => Some(key.as_str()),
        PolicyKind::Custom => None,
    };
    sqlx::query(
        "INSERT INTO policy (id, builtin, version, record, updated_at, updated_by)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, record = excluded.record, updated_at = excluded.updated_at, updated_by = excluded.updated_by",
    )
    .bind(number(policy.id.0))
    .bind(builtin)
    .bind(number(policy.version))
    .bind(write(&record))
    .bind(row.updated_at.as_millis())
    .bind(&row.updated_by)
    .execute(db)
    .await?;
    Ok(())
}

/// One row of `policy`, with what it remembers, as it is read.
#[derive(sqlx::FromRow)]
pub(crate) struct PolicyColumns {
    id: i64,
    builtin: Option<String>,
    version: i64,
    record: String,
    updated_at: i64,
    updated_by: String,
    state: Option<String>,
}

impl PolicyColumns {
    pub(crate) fn row(self) -> Result<(PolicyRow, Option<PolicyRecord>), StoreError> {
        let record: PolicyDraftRecord = read("policy", &self.record)?;
        let template = record.template.and_then(|(metric, comparator, threshold)| {
            let (metric, comparator) = (Metric::from_word(&metric)?, Comparator::from_sign(&comparator)?);
            Some(Template { metric, comparator, threshold })
        });
        let draft = PolicyDraft {
            name: record.name,
            enabled: record.enabled,
            severity: Severity::from_word(&record.severity),
            hold: Duration::from_millis(record.hold_ms),
            expr: record.expr,
            template,
            summary: record.summary,
            details: record.details,
            description: record.description,
            runbook: record.runbook,
            no_data_hold: Duration::from_millis(record.no_data_hold_ms),
        };
        let id = PolicyId(unsigned(self.id));
        let kind = match self.builtin {
            Some(key) => PolicyKind::Builtin { key: key.into() },
            None => PolicyKind::Custom,
        };
        let policy = Policy::new(id, kind, unsigned(self.version), &draft).map_err(|errors| {
            broken("policy", errors.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        })?;
        let state = self.state.as_deref().map(|text| read_policy_record(id, text)).transpose()?;
        let updated_at = Timestamp::from_millis(self.updated_at);
        Ok((PolicyRow { policy, updated_at, updated_by: self.updated_by }, state))
    }
}

/// `policy_state.record`
#[derive(Serialize, Deserialize)]
struct PolicyStateRecord {
    expr: String,
    series: Vec<SeriesRecord>,
    no_data_since: Option<i64>,
}

#[derive(Serialize, Deserialize)]
struct SeriesRecord {
    labels: Labels,
    annotations: Labels,
    value: Option<f64>,
    value_text: String,
    since: i64,
    fired_at: Option<i64>,
}

pub(crate) fn policy_record(record: &PolicyRecord) -> String {
    let series = record.series.iter().map(|series| SeriesRecord {
        labels: Labels(series.labels.clone()),
        annotations: Labels(series.annotations.clone()),
        value: Some(series.measured.value),
        value_text: series.measured.text.to_string(),
        since: series.since.as_millis(),
        fired_at: series.fired_at.map(Timestamp::as_millis),
    });
    write(&PolicyStateRecord {
        expr: record.expr.to_string(),
        series: series.collect(),
        no_data_since: record.no_data_since.map(Timestamp::as_millis),
    })
}

fn read_policy_record(policy: PolicyId, text: &str) -> Result<PolicyRecord, StoreError> {
    let record: PolicyStateRecord = read("policy_state", text)?;
    let series = record.series.into_iter().map(|series| SeriesState {
        labels: series.labels.0,
        annotations: series.annotations.0,
        measured: Measured { value: series.value.unwrap_or(f64::NAN), text: series.value_text.into() },
        since: Timestamp::from_millis(series.since),
        fired_at: series.fired_at.map(Timestamp::from_millis),
    });
    Ok(PolicyRecord {
        policy,
        expr: Arc::from(record.expr),
        series: series.collect(),
        no_data_since: record.no_data_since.map(Timestamp::from_millis),
    })
}
