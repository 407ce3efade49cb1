//! Policies as they are shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use larum_core::duration::show_duration;
use larum_core::policy::{self, BuiltinEdit, Health, PolicyState as State, Standing};
use larum_core::severity::Severity;
use larum_core::time::Timestamp;
use larum_rules::{Builtin, Category, builtin, runbook, template_sentence};
use larum_store::PolicyRow;

use super::template::{show_comparator, show_template};
use crate::wire::policy::{
    BuiltinDefault, BuiltinFacts, BuiltinThreshold, LastEvaluation, Policy, PolicyAlerts, PolicyCategory,
    PolicyHealth, PolicyHealthState, PolicyKind, PolicySeverity, PolicyState, RulePlace,
};
use crate::wire::time::{Time, milliseconds};

/// How a policy stands, taken out of the state: its series stay there.
#[derive(Clone, Debug)]
pub struct PolicyLook {
    state: PolicyState,
    health: PolicyHealth,
    alerts: PolicyAlerts,
}

impl PolicyLook {
    /// Takes a look.
    pub fn of(policy: &policy::Policy, state: &State) -> Self {
        let mut alerts = PolicyAlerts::default();
        for series in state.series() {
            match series.fired_at {
                Some(_) => alerts.firing += 1,
                None => alerts.pending += 1,
            }
        }
        Self { state: show_standing(state.standing(policy)), health: show_health(state), alerts }
    }

    /// What it says.
    pub const fn state(&self) -> PolicyState {
        self.state
    }

    /// How its evaluation goes.
    pub const fn health(&self) -> &PolicyHealth {
        &self.health
    }

    /// How many alerts it says.
    pub const fn alerts(&self) -> PolicyAlerts {
        self.alerts
    }

    /// A policy that nothing is known of yet.
    pub fn unknown(policy: &policy::Policy) -> Self {
        Self::of(policy, &State::default())
    }
}

/// A policy as it is shown.
pub fn show_policy(row: &PolicyRow, look: PolicyLook) -> Policy {
    let policy = &row.policy;
    Policy {
        id: policy.id.0,
        kind: show_kind(&policy.kind),
        name: policy.name.to_string(),
        alias: policy.alias.to_string(),
        version: policy.version,
        enabled: policy.enabled,
        severity: show_severity(policy.severity),
        r#for: show_duration(policy.hold),
        keep_firing_for: show_duration(policy.keep_firing),
        no_data_hold: show_duration(policy.no_data_hold),
        expr: policy.expr.to_string(),
        template: policy.template.as_ref().map(show_template),
        sentence: policy.template.as_ref().map(template_sentence).unwrap_or_default(),
        summary: policy.summary.to_string(),
        details: policy.details.to_string(),
        description: policy.description.to_string(),
        runbook: show_runbook(policy),
        labels: texts(&policy.labels),
        annotations: texts(&policy.annotations),
        builtin: builtin_of(policy).map(|known| show_builtin(known, policy)),
        place: match &policy.kind {
            policy::PolicyKind::RuleFile(place) => {
                Some(RulePlace { file: place.file.to_string(), group: place.group.to_string() })
            }
            _ => None,
        },
        state: look.state,
        health: look.health,
        alerts: look.alerts,
        updated_at: row.updated_at.into(),
        updated_by: row.updated_by.clone(),
    }
}

/// What comes with Larum under the policy's key, if it is one of those.
pub fn builtin_of(policy: &policy::Policy) -> Option<&'static Builtin> {
    match &policy.kind {
        policy::PolicyKind::Builtin { key } => builtin(key),
        _ => None,
    }
}

const fn show_kind(kind: &policy::PolicyKind) -> PolicyKind {
    match kind {
        policy::PolicyKind::Builtin { .. } => PolicyKind::Builtin,
        policy::PolicyKind::Custom => PolicyKind::Custom,
        policy::PolicyKind::RuleFile(_) => PolicyKind::RuleFile,
    }
}

fn texts<Name: ToString>(texts: &BTreeMap<Name, Arc<str>>) -> BTreeMap<String, String> {
    texts.iter().map(|(name, text)| (name.to_string(), text.to_string())).collect()
}

/// Its own, or Larum's page about it.
fn show_runbook(policy: &policy::Policy) -> Option<String> {
    let own = Some(policy.runbook.to_string()).filter(|runbook| !runbook.is_empty());
    own.or_else(|| {
        let name = &builtin_of(policy)?.draft.name;
        runbook(name).map(|_| format!("/runbooks/{name}"))
    })
}

fn show_builtin(known: &Builtin, policy: &policy::Policy) -> BuiltinFacts {
    let comes = &known.draft;
    BuiltinFacts {
        category: match known.category {
            Category::Node => PolicyCategory::Node,
            Category::Workload => PolicyCategory::Workload,
            Category::Storage => PolicyCategory::Storage,
            Category::ControlPlane => PolicyCategory::ControlPlane,
            Category::Pipeline => PolicyCategory::Pipeline,
        },
        edited: known.edit_in(&policy.draft()) != Some(BuiltinEdit::default()),
        threshold: known.threshold.as_ref().map(|threshold| BuiltinThreshold {
            comparator: show_comparator(threshold.comparator),
            value: known.threshold_in(&policy.expr).unwrap_or(threshold.value),
            default: threshold.value,
            unit: known.reading.unit.as_str().to_owned(),
            sign: known.reading.unit.sign().to_owned(),
        }),
        default: BuiltinDefault {
            r#for: show_duration(comes.hold),
            severity: show_severity(comes.severity),
            enabled: comes.enabled,
        },
    }
}

fn show_standing(standing: Standing) -> PolicyState {
    match standing {
        Standing::Disabled => PolicyState::Disabled,
        Standing::Firing => PolicyState::Firing,
        Standing::Error => PolicyState::Error,
        Standing::NoData => PolicyState::NoData,
        Standing::Pending => PolicyState::Pending,
        Standing::Inactive => PolicyState::Inactive,
    }
}

fn show_health(state: &State) -> PolicyHealth {
    let Some(last) = state.last() else {
        return PolicyHealth { state: PolicyHealthState::Unknown, last: LastEvaluation::default() };
    };
    let (state, error) = match &last.health {
        Health::Ok if last.warnings.is_empty() => (PolicyHealthState::Ok, None),
        Health::Ok => (PolicyHealthState::Ok, Some(last.warnings.join("; "))),
        Health::NoData { since, selectors } => (PolicyHealthState::NoData, Some(no_data(*since, selectors))),
        Health::Error { message } => (PolicyHealthState::Error, Some(message.clone())),
    };
    let duration_ms = Some(milliseconds(last.took));
    PolicyHealth { state, last: LastEvaluation { error, last_evaluation: Some(last.at.into()), duration_ms } }
}

fn no_data(since: Timestamp, selectors: &[String]) -> String {
    format!("Nothing is measured that matches {} since {}.", selectors.join(" or "), Time(since))
}

/// How bad it is.
pub fn show_severity(severity: Severity) -> PolicySeverity {
    match severity {
        Severity::Critical => PolicySeverity::Critical,
        Severity::Error => PolicySeverity::Error,
        Severity::Warning | Severity::Other => PolicySeverity::Warning,
        Severity::Info => PolicySeverity::Info,
        Severity::None => PolicySeverity::None,
    }
}
