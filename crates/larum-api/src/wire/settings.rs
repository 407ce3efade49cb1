//! Settings for the whole house.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::policy::PolicyAlerts;
use super::time::Time;
use crate::problem::ProblemBody;

/// How alerts are grouped into messages, and when a group speaks.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Grouping {
    /// Alerts that agree in these labels share a message; empty means all alerts share one.
    pub group_by: Vec<String>,
    /// How long a new group waits for more of its alerts.
    #[schema(example = "30s")]
    pub group_wait: String,
    /// How long a group waits after a message before it tells what changed.
    #[schema(example = "5m")]
    pub group_interval: String,
    /// After how long a group that still fires says so again.
    #[schema(example = "12h")]
    pub repeat_interval: String,
    /// Counts the changes; 0 is the default that nobody saved.
    pub version: u64,
    /// When it was last changed.
    #[schema(required)]
    pub updated_at: Option<Time>,
    /// By whom.
    #[schema(required)]
    pub updated_by: Option<String>,
}

/// How alerts are to be grouped.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct GroupingUpdate {
    /// Alerts that agree in these labels share a message; empty means all alerts share one.
    pub group_by: Vec<String>,
    /// How long a new group waits for more of its alerts.
    #[schema(example = "30s")]
    pub group_wait: String,
    /// How long a group waits after a message before it tells what changed.
    #[schema(example = "5m")]
    pub group_interval: String,
    /// After how long a group that still fires says so again.
    #[schema(example = "12h")]
    pub repeat_interval: String,
    /// The version that the change started from.
    pub version: u64,
}

/// Somebody else changed the grouping in the meantime.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupingConflict {
    /// What happened.
    #[serde(flatten)]
    pub problem: ProblemBody,
    /// The grouping as it is now.
    pub current: Grouping,
}

/// Whether policies speak at all.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Alerting {
    /// Whether policies are evaluated and their alerts told. Alerts from outside flow either way.
    pub enabled: bool,
    /// Counts the changes; 0 is the default that nobody saved.
    pub version: u64,
    /// When it was last switched.
    #[schema(required)]
    pub updated_at: Option<Time>,
    /// By whom.
    #[schema(required)]
    pub updated_by: Option<String>,
    /// How many alerts policies say now: those that end when alerting is switched off.
    pub from_policies: PolicyAlerts,
    /// How many alerts from outside fire now: they flow on.
    pub from_outside: usize,
}

/// Whether policies are to speak.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct AlertingUpdate {
    /// Whether policies are evaluated and their alerts told.
    pub enabled: bool,
    /// The version that the change started from.
    pub version: u64,
}

/// Somebody else switched alerting in the meantime.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertingConflict {
    /// What happened.
    #[serde(flatten)]
    pub problem: ProblemBody,
    /// How it is now.
    pub current: Alerting,
}
