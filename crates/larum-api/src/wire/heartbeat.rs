//! Heartbeats: alerts that always fire, to show that the way from a rule to Larum works.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::alert::{AlertOrigin, PolicyName};
use super::time::Time;

/// All heartbeats.
#[derive(Debug, Serialize, ToSchema)]
pub struct Heartbeats {
    /// Those that have stopped first, then in order of name.
    pub heartbeats: Vec<Heartbeat>,
    /// For how many days one that has stopped is shown.
    pub shown_for_days: u32,
}

/// A heartbeat: `Watchdog`, or any alert of severity none.
#[derive(Debug, Serialize, ToSchema)]
pub struct Heartbeat {
    /// The newest episode of the alert; null if it never beat.
    #[schema(required)]
    pub alert: Option<String>,
    /// The label `alertname`.
    pub name: String,
    /// All labels.
    pub labels: BTreeMap<String, String>,
    /// Whether it beats.
    pub state: HeartbeatState,
    /// What that means, and what to do about it.
    pub sentence: String,
    /// Through which door it comes.
    pub origin: AlertOrigin,
    /// The policy that says it.
    #[schema(required)]
    pub policy: Option<PolicyName>,
    /// Since when it beats, or did.
    #[schema(required)]
    pub since: Option<Time>,
    /// When it was last heard.
    #[schema(required)]
    pub last_beat: Option<Time>,
    /// When it stops unless it is heard again; null for what a policy says.
    #[schema(required)]
    pub expires_at: Option<Time>,
    /// When it stopped.
    #[schema(required)]
    pub stopped_at: Option<Time>,
}

/// Whether a heartbeat beats.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HeartbeatState {
    /// It was there and is no more: something between its rule and Larum is broken.
    Stopped,
    /// Somebody switched it off.
    Off,
    /// It was never heard.
    Never,
    /// It beats.
    Beating,
}
