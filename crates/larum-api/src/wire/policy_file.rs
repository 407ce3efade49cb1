//! Policies as rule files of Prometheus.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::policy::Policy;

/// Which policies to export.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportQuestion {
    /// Their numbers, joined by commas; every custom policy if absent.
    pub ids: Option<String>,
}

/// A rule file to make policies of.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PolicyImport {
    /// The file: YAML, as Prometheus reads it.
    pub yaml: String,
    /// Whether to say only what would become of each rule, and change nothing.
    #[serde(default)]
    pub dry_run: bool,
    /// Whether custom policies are changed that have the name of a rule; otherwise such rules are skipped.
    #[serde(default)]
    pub replace: bool,
}

/// What became of each rule, or would become of it, in the order of the file.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyImportResults {
    /// How many policies are new.
    pub created: usize,
    /// How many policies are changed.
    pub changed: usize,
    /// How many rules are skipped.
    pub skipped: usize,
    /// One for each rule.
    pub rules: Vec<PolicyImportResult>,
}

/// What became of one rule, or would become of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyImportResult {
    /// Its name, or the metric that it records.
    pub name: String,
    /// The line of the file at which it begins, from 1.
    pub line: u64,
    /// What became of it.
    pub outcome: PolicyImportOutcome,
    /// Why it is skipped, or what of it is not in the policy.
    pub remarks: Vec<String>,
    /// The policy as it is now; none in a dry run, and of what is skipped.
    #[schema(required)]
    pub policy: Option<Policy>,
}

/// What becomes of a rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PolicyImportOutcome {
    /// It becomes a new policy.
    Created,
    /// It replaces a custom policy of its name.
    Changed,
    /// A custom policy of its name is as it says already.
    Unchanged,
    /// It becomes nothing.
    Skipped,
}
