//! Alerts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::silence::SilencedBy;
use super::time::Time;

/// One episode of an alert.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Alert {
    /// Known by this; a later episode of the same alert has another.
    pub id: String,
    /// What Alertmanager's API shows it under: the same for all episodes.
    pub fingerprint: String,
    /// Whether it fires.
    pub state: AlertState,
    /// The label `severity`, or the empty string.
    pub severity: String,
    /// The label `alertname`, or the empty string.
    pub name: String,
    /// What it says in one line.
    pub summary: String,
    /// What it says at length.
    pub details: String,
    /// All labels.
    pub labels: BTreeMap<String, String>,
    /// All annotations.
    pub annotations: BTreeMap<String, String>,
    /// What was measured, where Larum did the measuring.
    #[schema(required)]
    pub value: Option<f64>,
    /// The value with its unit and what it is compared with, for people.
    #[schema(required)]
    pub value_text: Option<String>,
    /// The policy that says it.
    #[schema(required)]
    pub policy: Option<PolicyName>,
    /// Through which door it came.
    pub origin: AlertOrigin,
    /// Where it was made, as an http(s) link; empty if unknown.
    pub generator_url: String,
    /// What it is about, in one line: `node web-1`.
    pub target: String,
    /// Since when it fires, or has been pending.
    pub starts_at: Time,
    /// When it was last heard of.
    pub updated_at: Time,
    /// When it ended; null while it fires.
    #[schema(required)]
    pub ends_at: Option<Time>,
    /// When it ends unless its sender says it again; null for what a policy says, which only the policy ends, and for
    /// what has ended.
    #[schema(required)]
    pub expires_at: Option<Time>,
    /// Why it ended, in words.
    #[schema(required)]
    pub end_reason: Option<String>,
    /// Whether it only shows that the pipeline lives, and is never told.
    pub heartbeat: bool,
    /// By what it is inhibited now: until that ends nobody is told that it fires.
    #[schema(required)]
    pub inhibited: Option<InhibitedBy>,
    /// By which silences it is silenced now, the last to end first; 20 at most. Until all have ended nobody is told that
    /// it fires.
    pub silenced: Vec<SilencedBy>,
    /// Who was told, and who was not and why.
    pub receivers: Vec<AlertReceiver>,
}

/// By what an alert is inhibited.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InhibitedBy {
    /// The name of the rule; may be empty.
    pub rule: String,
    /// An alert that inhibits it, by its `id`.
    pub alert: String,
    /// That alert's label `alertname`; empty if it is known no more.
    pub name: String,
    /// What that alert is about, in one line: `node web-1`.
    pub target: String,
}

/// Whether an alert fires.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertState {
    /// Its policy's condition holds, but not yet for long enough.
    Pending,
    /// It fires.
    Firing,
    /// It is over.
    Resolved,
}

/// Through which door an alert came.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertOrigin {
    /// One of Larum's own policies.
    Policy,
    /// Alertmanager's API v2.
    Prometheus,
    /// An Alertmanager's webhook.
    Alertmanager,
}

/// A policy by id and name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PolicyName {
    /// Known by this number.
    pub id: u64,
    /// Known to people by this name.
    pub name: String,
}

/// Whether one receiver was told of an alert.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AlertReceiver {
    /// The receiver.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// In one word.
    pub state: AlertReceiverState,
    /// The same in words, with the reason.
    pub sentence: String,
    /// When it was told or will be.
    #[schema(required)]
    pub at: Option<Time>,
    /// By what the alert is inhibited, where that is the reason.
    #[schema(required)]
    pub inhibited: Option<InhibitedBy>,
}

/// Whether a receiver was told of an alert.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertReceiverState {
    /// It was.
    Told,
    /// It will be.
    Due,
    /// It was not.
    NotTold,
    /// Nothing is written down about it.
    Unknown,
}

/// Some alerts.
#[derive(Debug, Serialize, ToSchema)]
pub struct Alerts {
    /// Those asked for: firing before pending before resolved, newest first.
    pub alerts: Vec<Alert>,
    /// How many match the question, on all pages.
    pub total: usize,
    /// How many there are, whatever the question.
    pub counts: AlertCounts,
}

/// How many alerts there are.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertCounts {
    /// By state.
    pub state: AlertStateCounts,
    /// Those that are pending or fire, by severity as the label has it: the known ones, then the most frequent of the
    /// others, 20 at most.
    pub severity: BTreeMap<String, usize>,
}

/// How many alerts are in each state.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct AlertStateCounts {
    /// Firing.
    pub firing: usize,
    /// Pending.
    pub pending: usize,
    /// Resolved within the last 24 hours.
    pub resolved: usize,
}

/// Which alerts are asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct AlertQuestion {
    /// States, separated by commas; `firing,pending` if absent. `resolved` goes back 24 hours.
    #[param(example = "firing,pending")]
    pub state: Option<String>,
    /// Severities, separated by commas; all if absent.
    pub severity: Option<String>,
    /// Text that a label's or an annotation's value contains, whatever the case; in braces, matchers as Alertmanager
    /// writes them: `{severity="critical", node=~"web-.*"}`.
    pub q: Option<String>,
    /// The policy that says them.
    pub policy: Option<u64>,
    /// The name of one whom they are told to, by a route or by conditions of its own.
    pub receiver: Option<String>,
    /// The name of the inhibition rule because of which they are not told now.
    pub inhibited_by: Option<String>,
    /// The id of the silence because of which they are not told now.
    pub silenced_by: Option<String>,
    /// How many to answer with, 1 to 1000.
    #[param(default = 200, maximum = 1000)]
    pub limit: Option<usize>,
    /// How many to leave out first.
    pub offset: Option<usize>,
}
