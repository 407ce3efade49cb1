//! Policies: what is watched for, and the state machine that turns the answers to an expression into observations.
//!
//! [`Policy`] is what a person set; [`PolicyState`] is where it stands. Who evaluates the expression, and against
//! what, is no business of this module: it is handed an [`Outcome`].

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use smol_str::SmolStr;

use crate::alert::PolicyId;
use crate::label::{ALERT_NAME, LabelSet, METRIC_NAME, SEVERITY};
use crate::severity::Severity;

mod refused;
mod target;
mod template;
mod edit;
mod draft;
mod outcome;
mod step;
mod stage;
mod state;
mod track;
#[cfg(test)]
mod tests;

pub use draft::{
    MAX_DESCRIPTION, MAX_DETAILS, MAX_EXPRESSION, MAX_HOLD, MAX_NAME, MAX_RUNBOOK, MAX_SUMMARY, MAX_TEXT,
    MAX_TEXTS, PolicyDraft,
};
pub use edit::BuiltinEdit;
pub use outcome::{Health, LastEvaluation, Outcome, SeriesValue};
pub use refused::{PolicyError, PolicyField};
pub use state::{Advanced, FAR_END, MAX_SERIES, PolicyRecord, PolicyState, Standing};
pub use target::{
    MAX_TARGET_NAME, MAX_TARGETS, NodeLabel, Nodes, Target, TargetKind, WorkloadKind, Workloads,
};
pub use template::{Comparator, Metric, Template};
pub use track::SeriesState;

/// Who wrote a policy.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum PolicyKind {
    /// It comes with Larum: its texts can be edited and set back, it can be disabled, not deleted.
    Builtin {
        /// What it is known by from version to version of Larum; never shown, never changed.
        key: SmolStr,
    },
    /// A person made it.
    Custom,
    /// It stands in a rule file, which alone can change it: it means what Prometheus takes it to mean.
    RuleFile(RulePlace),
}

impl PolicyKind {
    /// Whether it stands in a rule file.
    pub const fn is_rule(&self) -> bool {
        matches!(self, Self::RuleFile(_))
    }
}

/// Where an alerting rule stands among the rule files; what its state is known by from start to start.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RulePlace {
    /// The path of the file, as it was found.
    pub file: Arc<str>,
    /// The name of its group.
    pub group: Arc<str>,
    /// The name of its alerts.
    pub name: Arc<str>,
    /// How many rules of this name stand before it in the group.
    pub nth: u32,
}

/// How long a firing alert is kept when its policy has no data at all, unless the policy says otherwise.
pub const NO_DATA_HOLD: Duration = Duration::from_secs(60 * 60);

/// An alerting rule: an expression, for how long it must hold, and what is then said. Made by [`Policy::new`],
/// which refuses what is wrong.
#[derive(Clone, PartialEq, Debug)]
pub struct Policy {
    /// Known by this number, whatever its name.
    pub id: PolicyId,
    /// Who wrote it.
    pub kind: PolicyKind,
    /// Goes up by one with every edit.
    pub version: u64,
    /// The label `alertname` of its alerts.
    pub name: Arc<str>,
    /// What people here call it; may be empty.
    pub alias: Arc<str>,
    /// Whether it is evaluated at all.
    pub enabled: bool,
    /// The label `severity` of its alerts.
    pub severity: Severity,
    /// For how long the expression must give a series before it fires (Prometheus, "Alerting rules", `for`).
    pub hold: Duration,
    /// For how long a series goes on firing when the expression gives it no more (Prometheus, "Alerting rules",
    /// `keep_firing_for`).
    pub keep_firing: Duration,
    /// PromQL: every series of its answer is an alert.
    pub expr: Arc<str>,
    /// What the expression was made from, if from a template.
    pub template: Option<Template>,
    /// What is said in one line; a Go template. The annotation `summary`.
    pub summary: Arc<str>,
    /// What is said at length; a Go template, may be empty. The annotation `description`.
    pub details: Arc<str>,
    /// What it is for, in one sentence to the reader of the list of policies; may be empty.
    pub description: Arc<str>,
    /// Where to read what to do, a link; may be empty. The annotation `runbook_url`.
    pub runbook: Arc<str>,
    /// How long a firing alert is kept when there is no data at all.
    pub no_data_hold: Duration,
    /// What a person changed about it, if it comes with Larum.
    pub edit: BuiltinEdit,
    /// Further labels of its alerts, each a Go template.
    pub labels: BTreeMap<SmolStr, Arc<str>>,
    /// Further annotations of its alerts, each a Go template.
    pub annotations: BTreeMap<SmolStr, Arc<str>>,
}

impl Policy {
    /// The labels of the alert that a series of the answer is: those of the series without its metric name, then
    /// those that the policy sets, filled in, then `severity` and `alertname`; the later ones win, and an empty one
    /// takes an earlier one away (Prometheus, `rules/alerting.go`, `Eval`). In a rule file `severity` is a label like
    /// any other.
    pub fn alert_labels(&self, value: &SeriesValue) -> LabelSet {
        let severity = (!self.kind.is_rule()).then(|| (SEVERITY, self.severity.as_str()));
        let set = value.set_labels.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        let own = [(ALERT_NAME, &*self.name), (METRIC_NAME, "")];
        LabelSet::from_pairs(value.labels.iter().chain(set).chain(severity).chain(own))
    }

    /// What of an alert's labels stays the same when the policy gets another name or severity.
    fn target(&self, alert_labels: &LabelSet) -> LabelSet {
        if self.kind.is_rule() {
            return alert_labels.clone();
        }
        alert_labels.filter(|name| name != ALERT_NAME && name != SEVERITY)
    }
}
