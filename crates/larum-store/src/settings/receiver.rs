//! Receivers as rows, with their sealed tokens and what Slack said of them.

use larum_core::condition::{Condition, Conditions, Operator};
use larum_core::receiver::{Channel, Channels, Manner, Receiver, ReceiverId, parse_receiver_name};
use larum_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use sqlx::SqliteConnection;

use crate::error::StoreError;
use crate::rows::{broken, number, read, unsigned, write};

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

impl ReceiverRow {
    /// The same after Slack said this of its token. What it said of channels stays, and of the workspace that the
    /// token before belonged to unless it now says to which this one does.
    #[must_use]
    pub fn introduced(&self, facts: SlackFacts) -> Self {
        let former = self.slack.former_team_id.clone().filter(|_| facts.team_id.is_none());
        let slack = SlackFacts { former_team_id: former, channels: self.slack.channels.clone(), ..facts };
        let (workspace, unproven) = (slack.workspace(), slack.is_unproven());
        Self { receiver: Receiver { workspace, unproven, ..self.receiver.clone() }, slack, ..self.clone() }
    }
}

/// A secret as it lies on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed(pub(super) String);

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
    /// The ID of the workspace that the token before belonged to, for as long as Slack has not said to which this
    /// one does.
    pub former_team_id: Option<String>,
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

impl SlackFacts {
    /// The workspace's ID, of this token or, while it is not known, of the one before.
    pub fn workspace(&self) -> Option<SmolStr> {
        self.team_id.as_ref().or(self.former_team_id.as_ref()).map(SmolStr::new)
    }

    /// Whether [`SlackFacts::workspace`] is only that of the token before; see [`Receiver::unproven`].
    pub fn is_unproven(&self) -> bool {
        self.team_id.is_none() && self.former_team_id.is_some()
    }
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

/// `receiver.conditions`, one of them.
#[derive(Serialize, Deserialize)]
struct ConditionRecord {
    label: String,
    operator: String,
    values: Vec<String>,
}

pub(super) async fn put_receiver(db: &mut SqliteConnection, row: &ReceiverRow) -> Result<(), StoreError> {
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
            workspace: slack.workspace(),
            unproven: slack.is_unproven(),
            manner: Manner::default(),
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
