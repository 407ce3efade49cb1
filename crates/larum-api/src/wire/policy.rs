//! Policies.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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

/// A metric compared with a threshold.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct Template {
    /// What is measured.
    pub metric: Metric,
    /// How it is compared.
    pub comparator: Comparator,
    /// What it is compared with, in the metric's unit.
    pub threshold: f64,
}

/// What a template measures.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// CPU time used, in %.
    Cpu,
    /// Memory used, in %.
    Memory,
    /// Load average over 5 minutes per CPU.
    Load,
    /// Disk space used, in %.
    Disk,
    /// Inodes used, in %.
    Inodes,
}

/// How a template compares.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub enum Comparator {
    /// Greater.
    #[serde(rename = ">")]
    Greater,
    /// Greater or equal.
    #[serde(rename = ">=")]
    GreaterOrEqual,
    /// Less.
    #[serde(rename = "<")]
    Less,
    /// Less or equal.
    #[serde(rename = "<=")]
    LessOrEqual,
    /// Equal.
    #[serde(rename = "==")]
    Equal,
    /// Not equal.
    #[serde(rename = "!=")]
    NotEqual,
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
    /// What is measured and compared.
    pub template: Template,
    /// What its alerts say in one line; `{{ … }}` is filled in. If absent, what fits the template.
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

/// What a form for a policy needs to know.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyTemplates {
    /// What can be measured.
    pub templates: Vec<TemplateChoice>,
    /// Durations to choose from.
    pub durations: Vec<String>,
    /// Times to bear without data to choose from.
    pub no_data_holds: Vec<String>,
    /// Severities to choose from.
    pub severities: Vec<PolicySeverity>,
}

/// One thing that can be measured, with what to begin with.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateChoice {
    /// What is measured.
    pub metric: Metric,
    /// What people call it.
    pub title: String,
    /// Its unit, or the empty string.
    pub unit: String,
    /// What it means.
    pub description: String,
    /// How to compare to begin with.
    pub comparator: Comparator,
    /// What to compare with to begin with.
    pub threshold: f64,
    /// The least threshold that makes sense.
    pub min: f64,
    /// The greatest threshold that makes sense.
    #[schema(required)]
    pub max: Option<f64>,
    /// What its alerts say in one line to begin with.
    pub summary: String,
    /// What its alerts say at length to begin with.
    pub details: String,
}

/// A template to try out.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PolicyPreviewDraft {
    /// What is measured and compared.
    pub template: Template,
}

/// What a template finds now.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyPreview {
    /// What is evaluated, in PromQL.
    pub expr: String,
    /// The same in words.
    pub sentence: String,
    /// A summary that says so, a Go template.
    pub summary: String,
    /// Details that say so, a Go template.
    pub details: String,
    /// What was measured.
    pub series: Vec<PreviewSeries>,
}

/// One thing measured.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreviewSeries {
    /// What it is.
    pub labels: BTreeMap<String, String>,
    /// The value now; null if it is not a finite number.
    #[schema(required)]
    pub value: Option<f64>,
    /// Whether the condition holds.
    pub holds: bool,
}
