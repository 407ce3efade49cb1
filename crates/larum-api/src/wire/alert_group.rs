//! Alerts in the groups in which they are told.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::alert::Alert;
use super::time::Time;

/// Some groups.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertGroups {
    /// Those of the alerts asked for that fire, in order of their labels and receivers.
    pub groups: Vec<AlertGroup>,
    /// How many there are, on all pages.
    pub total: usize,
}

/// Alerts that one receiver is told of together.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertGroup {
    /// The receiver's name.
    pub receiver: String,
    /// The route that leads to it; null for a receiver that has conditions of its own.
    #[schema(required)]
    pub route: Option<u32>,
    /// What its alerts share.
    pub labels: BTreeMap<String, String>,
    /// The time intervals because of which it is mute now.
    pub muted_by: Vec<String>,
    /// When it may speak next; null where nobody is told by its receiver.
    #[schema(required)]
    pub due: Option<Time>,
    /// Its alerts that are asked for, the newest first; 20 at most.
    pub alerts: Vec<Alert>,
    /// How many of them there are.
    pub total: usize,
}
