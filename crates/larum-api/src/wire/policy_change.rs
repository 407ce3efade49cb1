//! Changes to policies.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::policy::{Policy, PolicySeverity};
use super::template::Template;
use crate::problem::ProblemBody;

/// A custom policy as the form has it. What is absent is empty in a new policy, and as it is in a changed one.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PolicyDraft {
    /// Known to people by this name; becomes the label `alertname`. No two are the same without regard to case.
    pub name: String,
    /// What people here call it.
    pub alias: Option<String>,
    /// How bad it is when it fires.
    pub severity: PolicySeverity,
    /// How long its condition has to hold before it fires, up to 24 hours.
    #[schema(example = "5m")]
    pub r#for: String,
    /// How long it goes on firing when its condition holds no more, up to 24 hours.
    #[schema(example = "0s")]
    pub keep_firing_for: Option<String>,
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
    /// What it watches and why. If absent from a new policy, its template in words.
    pub description: Option<String>,
    /// Where to read what to do: a link.
    pub runbook: Option<String>,
    /// Labels that it gives its alerts; `{{ … }}` is filled in.
    pub labels: Option<BTreeMap<String, String>>,
    /// Further annotations that it gives its alerts; `{{ … }}` is filled in.
    pub annotations: Option<BTreeMap<String, String>>,
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

/// How a built-in policy shall be. What is absent is as the policy comes, also when a newer Larum brings it otherwise.
#[derive(Debug, Deserialize, ToSchema)]
pub struct BuiltinUpdate {
    /// What it compares with, in the unit of its threshold; 0 or more.
    pub threshold: Option<f64>,
    /// How long its condition has to hold before it fires, up to 24 hours.
    #[schema(example = "5m")]
    pub r#for: Option<String>,
    /// How bad it is when it fires.
    pub severity: Option<PolicySeverity>,
    /// Whether it is evaluated.
    pub enabled: Option<bool>,
    /// The version that the change started from.
    pub version: u64,
}

/// A built-in policy to set back to how it comes.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PolicyReset {
    /// The version that the change started from.
    pub version: u64,
}

/// One thing to do to several policies.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PolicyActions {
    /// What to do.
    pub action: PolicyAction,
    /// To which policies, at most 1000.
    pub policies: Vec<PolicyVersion>,
}

/// What can be done to several policies.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PolicyAction {
    /// Evaluate them.
    Enable,
    /// Evaluate them no more; their alerts end.
    Disable,
    /// Delete them; their alerts end. Only custom ones.
    Delete,
    /// Set them back to how they come. Only built-in ones.
    Reset,
}

/// A policy as somebody saw it.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
pub struct PolicyVersion {
    /// Which one.
    pub id: u64,
    /// The version that was seen.
    pub version: u64,
}

/// What became of each policy, in the order in which they were named. Each was changed by itself: some may be refused
/// while others are changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyActionResults {
    /// How many were changed.
    pub done: usize,
    /// One for each policy.
    pub results: Vec<PolicyActionResult>,
}

/// What became of one policy.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyActionResult {
    /// Which one.
    pub id: u64,
    /// The policy as it is now; none if it was deleted or refused.
    #[schema(required)]
    pub policy: Option<Policy>,
    /// Why it was refused; none if it was changed.
    #[schema(required)]
    pub problem: Option<ProblemBody>,
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
