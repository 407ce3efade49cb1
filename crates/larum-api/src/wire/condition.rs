//! Notification conditions.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::alert::Alert;

/// One condition on one label.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Condition {
    /// The label's name.
    pub label: String,
    /// How it compares.
    pub operator: Operator,
    /// What it compares with; empty for `Exists` and `DoesNotExist`.
    #[serde(default)]
    #[schema(required)]
    pub values: Vec<String>,
}

/// How a condition compares; the words are those of Kubernetes' label selectors.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub enum Operator {
    /// Includes values.
    In,
    /// Does not include values.
    NotIn,
    /// Exists.
    Exists,
    /// Does not exist.
    DoesNotExist,
}

/// Conditions to try out.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ConditionsDraft {
    /// All of them must hold; null lets every alert through.
    pub conditions: Option<Vec<Condition>>,
}

/// What conditions would let through now.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConditionsPreview {
    /// The conditions in plain words.
    pub sentence: String,
    /// How many current alerts are let through.
    pub matched: usize,
    /// How many current alerts there are.
    pub total: usize,
    /// The first 50 of those let through.
    pub alerts: Vec<Alert>,
}

/// What can stand in a condition.
#[derive(Debug, Serialize, ToSchema)]
pub struct LabelSuggestions {
    /// Labels with a name for people, then the others that current alerts have.
    pub labels: Vec<LabelSuggestion>,
    /// Values that the asked label has on current alerts and in policies.
    pub values: Vec<String>,
}

/// A label to choose.
#[derive(Debug, Serialize, ToSchema)]
pub struct LabelSuggestion {
    /// The label's name.
    pub name: String,
    /// What people call it.
    pub title: String,
}
