//! Rule files as they are read and evaluated.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::policy::{LastEvaluation, PolicyAlerts, PolicyState};
use super::time::Time;

/// The rule files that Larum was told of.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleFiles {
    /// In order of their paths.
    pub files: Vec<RuleFile>,
    /// How often a group is evaluated that does not say.
    #[schema(example = "15s")]
    pub interval: String,
}

/// A rule file as it was read last.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleFile {
    /// Its path.
    pub path: String,
    /// Why the file as a whole cannot be read now; then the rest is as it was read before.
    #[schema(required)]
    pub error: Option<String>,
    /// What is wrong in it: these rules are not evaluated.
    pub broken: Vec<BrokenRule>,
    /// What is sound of it, in the order of the file.
    pub groups: Vec<RuleGroup>,
}

/// A rule, or a whole group, that is not evaluated because something is wrong with it.
#[derive(Debug, Serialize, ToSchema)]
pub struct BrokenRule {
    /// The name of its group.
    pub group: String,
    /// Its own name; null for the group as a whole.
    #[schema(required)]
    pub rule: Option<String>,
    /// The policy that it was while it was sound: what it said last stands.
    #[schema(required)]
    pub policy: Option<u64>,
    /// The line, from 1.
    pub line: u64,
    /// The column, from 1.
    pub column: u64,
    /// What is wrong.
    pub message: String,
}

/// Rules that are evaluated one after the other.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleGroup {
    /// Its name.
    pub name: String,
    /// From one evaluation to the next.
    #[schema(example = "1m")]
    pub interval: String,
    /// How far back it looks.
    #[schema(example = "0s")]
    pub query_offset: String,
    /// The most alerts or series that a rule may come to; 0 is no limit.
    pub limit: u64,
    /// When it was last evaluated since the start.
    #[schema(required)]
    pub last_evaluation: Option<Time>,
    /// How long that took, in milliseconds.
    #[schema(required)]
    pub duration_ms: Option<f64>,
    /// How many evaluations were left out since the start because the one before still went on.
    pub missed: u64,
    /// Its rules, in the order of the file.
    pub rules: Vec<Rule>,
}

/// An alerting or a recording rule.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rule {
    /// Which of both it is.
    pub kind: RuleKind,
    /// The name of its alerts, or of the metric that it records.
    pub name: String,
    /// The line at which it begins, from 1.
    pub line: u64,
    /// Its expression.
    pub expr: String,
    /// The labels that it sets.
    pub labels: BTreeMap<String, String>,
    /// The policy that an alerting rule is; null for a recording rule.
    #[schema(required)]
    pub policy: Option<u64>,
    /// What an alerting rule says now; null for a recording rule.
    #[schema(required)]
    pub state: Option<PolicyState>,
    /// How many alerts it says now.
    pub alerts: PolicyAlerts,
    /// How its last evaluation went.
    #[serde(flatten)]
    pub last: LastEvaluation,
}

/// What a rule makes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    /// Alerts: it is a policy.
    Alerting,
    /// Series.
    Recording,
}
