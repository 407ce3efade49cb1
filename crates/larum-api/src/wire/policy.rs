//! Policies.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::template::{Comparator, Template};
use super::time::Time;

/// An alerting rule.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Policy {
    /// Known by this number.
    pub id: u64,
    /// Who wrote it.
    pub kind: PolicyKind,
    /// Known to people by this name; the label `alertname` of its alerts.
    pub name: String,
    /// What people here call it; may be empty.
    pub alias: String,
    /// Counts the changes; an update has to name the one it started from.
    pub version: u64,
    /// Whether it is evaluated.
    pub enabled: bool,
    /// How bad it is when it fires.
    pub severity: PolicySeverity,
    /// How long its condition has to hold before it fires.
    #[schema(example = "5m")]
    pub r#for: String,
    /// How long it goes on firing when its condition holds no more.
    #[schema(example = "0s")]
    pub keep_firing_for: String,
    /// How long what fires is kept when there is nothing to measure at all; then it ends as *no data*.
    #[schema(example = "1h")]
    pub no_data_hold: String,
    /// What is evaluated, in PromQL.
    pub expr: String,
    /// The template it was made from.
    #[schema(required)]
    pub template: Option<Template>,
    /// What its template looks for, in words; empty without a template.
    pub sentence: String,
    /// What its alerts say in one line; `{{ … }}` is filled in.
    pub summary: String,
    /// What its alerts say at length; `{{ … }}` is filled in.
    pub details: String,
    /// What it watches and why.
    pub description: String,
    /// Where to read what to do.
    #[schema(required)]
    pub runbook: Option<String>,
    /// Labels that it gives its alerts beside `alertname` and `severity`; `{{ … }}` is filled in.
    pub labels: BTreeMap<String, String>,
    /// Annotations that it gives its alerts beside summary, details and runbook; `{{ … }}` is filled in.
    pub annotations: BTreeMap<String, String>,
    /// If it comes with Larum: what can be changed about it, and how it comes.
    #[schema(required)]
    pub builtin: Option<BuiltinFacts>,
    /// If it stands in a rule file: where.
    #[schema(required)]
    pub place: Option<RulePlace>,
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
    /// It comes with Larum: its threshold, duration and severity can be changed, it can be disabled, not deleted.
    Builtin,
    /// Somebody here.
    Custom,
    /// It stands in a rule file, which alone can change it.
    RuleFile,
}

/// Where a rule stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RulePlace {
    /// The rule file.
    pub file: String,
    /// Its group there.
    pub group: String,
}

/// What is known of a policy that comes with Larum.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BuiltinFacts {
    /// What it watches.
    pub category: PolicyCategory,
    /// Whether somebody changed anything about it.
    pub edited: bool,
    /// What it compares with, if that can be set.
    #[schema(required)]
    pub threshold: Option<BuiltinThreshold>,
    /// How it comes.
    pub default: BuiltinDefault,
}

/// What a built-in policy watches.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PolicyCategory {
    /// Nodes: processors, memory, network, kernel.
    Node,
    /// Pods and what controls them.
    Workload,
    /// File systems, disks and volumes.
    Storage,
    /// API server, kubelets, etcd and the rest.
    ControlPlane,
    /// The way from what is measured to who is told.
    Pipeline,
}

/// What a built-in policy compares with.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BuiltinThreshold {
    /// How it compares.
    pub comparator: Comparator,
    /// What it compares with now, in its unit.
    pub value: f64,
    /// What it compares with as it comes.
    pub default: f64,
    /// Its unit in a word; a `ratio` is shown as hundredths.
    #[schema(example = "ratio")]
    pub unit: String,
    /// What stands behind a number in this unit, or the empty string.
    #[schema(example = "%")]
    pub sign: String,
}

/// How a built-in policy comes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BuiltinDefault {
    /// How long its condition has to hold before it fires.
    #[schema(example = "5m")]
    pub r#for: String,
    /// How bad it is when it fires.
    pub severity: PolicySeverity,
    /// Whether it is evaluated.
    pub enabled: bool,
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
    /// How the last one went.
    #[serde(flatten)]
    pub last: LastEvaluation,
}

/// How the last evaluation of a rule went.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct LastEvaluation {
    /// Why it failed or found nothing, or what was doubtful about it.
    #[schema(required)]
    pub error: Option<String>,
    /// When it was.
    #[schema(required)]
    pub last_evaluation: Option<Time>,
    /// How long it took, in milliseconds.
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
