//! The answer of Larum's API, as far as it is shown.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;

/// What there is to say of some alerts.
#[derive(Debug, Deserialize)]
pub struct Why {
    pub at: Timestamp,
    pub live: bool,
    pub alerts: Vec<Alert>,
    pub next: Option<String>,
    pub similar: Vec<String>,
    pub notes: Vec<String>,
}

/// One episode of an alert.
#[derive(Debug, Deserialize)]
pub struct Alert {
    pub id: String,
    pub name: String,
    pub severity: String,
    pub summary: String,
    pub labels: BTreeMap<String, String>,
    pub state: String,
    pub starts_at: Timestamp,
    pub ends_at: Option<Timestamp>,
    pub end_reason: Option<String>,
    pub verdicts: Vec<Verdict>,
    pub receivers: Vec<Receiver>,
    pub more_receivers: usize,
}

/// One receiver.
#[derive(Debug, Deserialize)]
pub struct Receiver {
    pub name: String,
    pub state: String,
    pub sentence: String,
    pub at: Option<Timestamp>,
    pub source: String,
    pub ways: Vec<Way>,
    pub groups: Vec<Group>,
    pub verdicts: Vec<Verdict>,
    pub notifications: Vec<Notification>,
}

/// How alerts come to a receiver, or why not.
#[derive(Debug, Deserialize)]
pub struct Way {
    pub met: bool,
    pub sentence: String,
}

impl Receiver {
    /// Whether nothing leads to it, and nothing ever did.
    pub fn is_untouched(&self) -> bool {
        let was_touched = !self.verdicts.is_empty() || !self.notifications.is_empty();
        let was_told = matches!(self.state.as_str(), "told" | "due");
        !was_told && !was_touched && !self.ways.iter().any(|way| way.met)
    }
}

/// A group.
#[derive(Debug, Deserialize)]
pub struct Group {
    pub labels: BTreeMap<String, String>,
    pub next_turn_at: Timestamp,
    pub repeats_at: Option<Timestamp>,
    pub muted_until: Option<Timestamp>,
}

/// A decision not to tell.
#[derive(Debug, Deserialize)]
pub struct Verdict {
    pub at: Timestamp,
    pub sentence: String,
}

/// A message.
#[derive(Debug, Deserialize)]
pub struct Notification {
    pub says: String,
    pub settled: bool,
    pub channel: String,
    pub turn: u64,
    pub reason: String,
    pub state: String,
    pub waits_for: Option<String>,
    pub waits_until: Option<Timestamp>,
    pub planned_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    pub attempts: u32,
    pub error: Option<String>,
    pub advice: Option<String>,
    pub possible_duplicate: bool,
    pub permalink: Option<String>,
}
