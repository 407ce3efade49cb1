//! Policies.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::template::Template;
use super::time::Time;
use crate::problem::ProblemBody;

/// An alerting rule.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Policy {
    /// Known by this number.
    pub id: u64,
    /// Who wrote it.
    pub kind: PolicyKind,
    /// Known to people by this name.
    pub name: String,
    /// Counts the changes; an update has to name the one it started from.
    pub version: u64,
    /// Whether it is evaluated.
    pub enabled: bool,
    /// How bad it is when it fires.
    pub severity: PolicySeverity,
    /// How long its condition has to hold before it fires.
    #[schema(example = "5m")]
    pub r#for: String,
    /// How long what fires is kept when there is nothing to measure at all; then it ends as *no data*.
    #[schema(example = "1h")]
    pub no_data_hold: String,
    /// What is evaluated, in PromQL.
    pub expr: String,
    /// The template it was made from.
    #[schema(required)]
    pub template: Option<Template>,
    /// What its alerts say in one line; `{{ … }}` is filled in.
    pub summary: String,
    /// What its alerts say at length; `{{ … }}` is filled in.
    pub details: String,
    /// What it watches and why.
    pub description: String,
    /// Where to read what to do.
    #[schema(required)]
    pub runbook: Option<String>,
    /// What it says now.
    pub state: PolicyState,
    /// How its evaluation goes.
    pub health: PolicyHealth,
    /// How many alerts it says now.
    pub alerts: PolicyAlerts,
    /// When it was last changed.
    pub updated_at: Time,
    /// By whom.
    pub updated_by: String,
}

/// Who wrote a policy.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PolicyKind {
    /// It comes with Larum: it can be disabled, not deleted.
    Builtin,
    /// Somebody here.
    Custom,
    /// It stands in a rule file, which alone can change it.
    RuleFile,
}

/// How bad it is when a policy fires.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PolicySeverity {
    /// Someone has to act now.
    Critical,
    /// Something is broken.
    Error,
    /// Something will break.
    Warning,
    /// Good to know.
    Info,
    /// Never told: a heartbeat.
    None,
}

/// What a policy says now.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PolicyState {
    /// Its condition does not hold.
    Inactive,
    /// Its condition holds, but not yet for long enough.
    Pending,
    /// It fires.
    Firing,
    /// There is nothing to measure, which is not healthy.
    NoData,
    /// It cannot be evaluated.
    Error,
    /// It is switched off.
    Disabled,
}

/// How a policy's evaluation goes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PolicyHealth {
    /// In one word.
    pub state: PolicyHealthState,
    /// Why it cannot be evaluated.
    #[schema(required)]
    pub error: Option<String>,
    /// When it was last evaluated.
    #[schema(required)]
    pub last_evaluation: Option<Time>,
    /// How long that took, in milliseconds.
    #[schema(required)]
    pub duration_ms: Option<f64>,
}

/// How a policy's evaluation goes, in one word.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PolicyHealthState {
    /// Well.
    Ok,
    /// It fails.
    Error,
    /// It finds nothing to measure.
    NoData,
    /// It has not been evaluated yet.
    Unknown,
}

/// How many alerts a policy says now.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct PolicyAlerts {
    /// Pending.
    pub pending: usize,
    /// Firing.
    pub firing: usize,
}

/// All policies.
#[derive(Debug, Serialize, ToSchema)]
pub struct Policies {
    /// Custom ones first, each kind in order of name.
    pub policies: Vec<Policy>,
}

/// A custom policy as the form has it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PolicyDraft {
    /// Known to people by this name; becomes the label `alertname`.
    pub name: String,
    /// How bad it is when it fires.
    pub severity: PolicySeverity,
    /// How long its condition has to hold before it fires.
    #[schema(example = "5m")]
    pub r#for: String,
    /// How long what fires is kept when there is nothing to measure at all, up to 24 hours; `0s` ends it at once.
    /// If absent, an hour for a new policy, and as it is for a changed one.
    #[schema(example = "1h")]
    pub no_data_hold: Option<String>,
    /// What is measured and compared; its expression is written from it. Either this or `expr`.
    pub template: Option<Template>,
    /// What is evaluated, in PromQL: every series of its answer is an alert. Either this or `template`.
    #[schema(example = "up == 0")]
    pub expr: Option<String>,
    /// What its alerts say in one line; `{{ … }}` is filled in. If absent, what fits the template;
    /// there has to be one with `expr`.
    pub summary: Option<String>,
    /// What its alerts say at length; `{{ … }}` is filled in. If absent, what fits the template.
    pub details: Option<String>,
    /// Whether it is evaluated.
    pub enabled: bool,
}

/// A change to a custom policy.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PolicyUpdate {
    /// How it shall be.
    #[serde(flatten)]
    pub draft: PolicyDraft,
    /// The version that the change started from.
    pub version: u64,
}

/// A policy to switch on or off.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PolicySwitch {
    /// Whether it shall be evaluated.
    pub enabled: bool,
    /// The version that the change started from.
    pub version: u64,
}

/// Somebody else changed the policy in the meantime.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyConflict {
    /// What happened.
    #[serde(flatten)]
    pub problem: ProblemBody,
    /// The policy as it is now.
    pub current: Policy,
}
