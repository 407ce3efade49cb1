//! The rule files as people see them: their groups, and how each rule's last evaluation went.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use larum_core::alert::PolicyId;
use larum_core::time::Timestamp;
use parking_lot::Mutex;

/// A group of a rule file.
#[derive(Debug)]
pub struct RuleGroup {
    /// The path of the file.
    pub file: Arc<str>,
    /// The group's name.
    pub name: Arc<str>,
    /// From one evaluation to the next.
    pub interval: Duration,
    /// How far back from the time of its evaluation it looks.
    pub query_offset: Duration,
    /// The most alerts or series that a rule may come to; 0 is no limit.
    pub limit: u64,
    /// Its rules, in the order of the file.
    pub rules: Vec<GroupRule>,
    pub(super) last: Mutex<GroupEvaluation>,
}

/// A rule of a group.
#[derive(Clone, Debug)]
pub enum GroupRule {
    /// An alerting rule: the policy with this number.
    Alerting(PolicyId),
    /// A recording rule.
    Recording(Arc<RecordingRule>),
}

/// How a group's evaluations go.
#[derive(Clone, Copy, Debug, Default)]
pub struct GroupEvaluation {
    /// When it was last evaluated, if ever since the start, and how long that took.
    pub last: Option<(Timestamp, Duration)>,
    /// How many evaluations were left out since the start, because the one before still went on.
    pub missed: u64,
}

/// A recording rule.
#[derive(Debug)]
pub struct RecordingRule {
    /// The metric that it records.
    pub name: String,
    /// Its expression.
    pub expr: String,
    /// The labels that it sets.
    pub labels: BTreeMap<String, String>,
    last: Mutex<Option<RecordingEvaluation>>,
}

/// How the last evaluation of a recording rule went.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecordingEvaluation {
    /// When.
    pub at: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// Why it failed, if it did.
    pub error: Option<String>,
}

impl RuleGroup {
    /// How its evaluations go.
    pub fn evaluation(&self) -> GroupEvaluation {
        *self.last.lock()
    }
}

impl RecordingRule {
    pub(super) fn new(name: String, expr: String, labels: BTreeMap<String, String>) -> Self {
        Self { name, expr, labels, last: Mutex::new(None) }
    }

    /// How its last evaluation went; none before the first.
    pub fn evaluation(&self) -> Option<RecordingEvaluation> {
        self.last.lock().clone()
    }

    pub(super) fn evaluated(&self, at: Timestamp, took: Duration, error: Option<String>) {
        *self.last.lock() = Some(RecordingEvaluation { at, took, error });
    }

    /// Tells of a failure that was not there the last time.
    pub(super) fn warn_once(&self, error: &str) {
        let before = self.evaluation().and_then(|last| last.error);
        if before.as_deref() != Some(error) {
            tracing::warn!(rule = self.name, error, "a recording rule cannot be evaluated");
        }
    }
}
