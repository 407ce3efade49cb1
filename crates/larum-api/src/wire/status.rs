//! How Larum itself is.

use serde::Serialize;
use utoipa::ToSchema;

use super::time::Time;

/// How Larum itself is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Status {
    /// Larum's version.
    pub version: String,
    /// How long it has been running, in seconds.
    pub uptime_seconds: u64,
    /// The machine it runs on.
    pub hostname: String,
    /// What it is to clients of Alertmanager that ask for its cluster: always alone in it; null if it is in none.
    #[schema(required)]
    pub cluster: Option<ClusterStatus>,
    /// Whether it was started with an `alertmanager.yml`.
    pub has_route_file: bool,
    /// Where the links in messages point (`--web.external-url`).
    pub external_url: String,
    /// Whether those links lead nowhere for everybody else.
    pub external_url_is_loopback: bool,
    /// Where Slack's Web API is asked (`--slack-api-url`).
    pub slack_api_url: String,
    /// Whether that is Slack's own.
    pub slack_api_is_slack: bool,
    /// Whether anybody is told of alerts.
    pub told: Told,
    /// Whether policies speak at all.
    pub alerting: AlertingStatus,
    /// Since when the metrics source has not answered, so that policies see nothing new; null while it does, or has
    /// been silent only for a moment. One in this process always answers.
    #[schema(required)]
    pub source_silent_since: Option<Time>,
    /// Whether what happens can be written down.
    pub storage: StorageStatus,
    /// Messages that wait to be sent.
    pub waiting_deliveries: u64,
    /// Channels to which nothing can be sent until somebody acts.
    pub paused_channels: u64,
    /// The version of this API.
    pub api_version: u32,
}

/// A cluster of one.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClusterStatus {
    /// What it calls itself.
    pub name: String,
    /// The address that it names to others; nobody listens there.
    pub address: String,
}

/// Whether policies speak at all.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertingStatus {
    /// Whether they do; alerts from outside flow either way.
    pub enabled: bool,
    /// Since when it is so; null if nobody ever switched it.
    #[schema(required)]
    pub since: Option<Time>,
    /// Who switched it.
    #[schema(required)]
    pub by: Option<String>,
}

/// Whether anybody is told of alerts.
#[derive(Debug, Serialize, ToSchema)]
pub struct Told {
    /// In one word.
    pub state: ToldState,
    /// What is wrong and what to do; null while all is well.
    #[schema(required)]
    pub sentence: Option<String>,
}

/// Whether anybody is told, in one word.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ToldState {
    /// At least one receiver is on, and none of its channels is paused.
    Ok,
    /// There is no receiver.
    Nobody,
    /// Every receiver is switched off.
    AllOff,
    /// At least one channel of a receiver that is on is paused.
    Paused,
    /// Messages have been tried in vain for a while: Slack does not answer, or fails.
    Failing,
}

/// Whether what happens can be written down.
#[derive(Debug, Serialize, ToSchema)]
pub struct StorageStatus {
    /// In one word.
    pub state: StorageState,
    /// What is wrong and what to do; null while all is well.
    #[schema(required)]
    pub sentence: Option<String>,
}

/// Whether what happens can be written down, in one word.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StorageState {
    /// It can.
    Ok,
    /// The disk has no room for it: no alerts are accepted.
    Full,
    /// The database fails: nothing is accepted and nothing is sent.
    Failed,
}

/// Something that a page may show has changed; sent as the data of the event `changed`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Changed {
    /// What to fetch again.
    pub topics: Vec<Topic>,
}

/// What a page may show.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Alerts, and who was told of them.
    Alerts,
    /// Policies, their state and health.
    Policies,
    /// The delivery log.
    Deliveries,
    /// Receivers and their channels.
    Receivers,
    /// How alerts are grouped.
    Grouping,
    /// Silences.
    Silences,
    /// [`Status`].
    Status,
}
