//! Policies as they are shown.

use larum_core::policy::{self, Health, PolicyState as State, Standing};
use larum_core::severity::Severity;
use larum_core::time::Timestamp;
use larum_rules::show_duration;
use larum_store::PolicyRow;

use super::template::show_template;
use crate::wire::policy::{
    Policy, PolicyAlerts, PolicyHealth, PolicyHealthState, PolicyKind, PolicySeverity, PolicyState,
};
use crate::wire::time::Time;

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
        kind: match policy.kind {
            policy::PolicyKind::Builtin { .. } => PolicyKind::Builtin,
            policy::PolicyKind::Custom => PolicyKind::Custom,
            policy::PolicyKind::RuleFile(_) => PolicyKind::RuleFile,
        },
        name: policy.name.to_string(),
        version: policy.version,
        enabled: policy.enabled,
        severity: show_severity(policy.severity),
        r#for: show_duration(policy.hold),
        no_data_hold: show_duration(policy.no_data_hold),
        expr: policy.expr.to_string(),
        template: policy.template.as_ref().map(show_template),
        summary: policy.summary.to_string(),
        details: policy.details.to_string(),
        description: policy.description.to_string(),
        runbook: Some(policy.runbook.to_string()).filter(|runbook| !runbook.is_empty()),
        state: look.state,
        health: look.health,
        alerts: look.alerts,
        updated_at: row.updated_at.into(),
        updated_by: row.updated_by.clone(),
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
        return PolicyHealth {
            state: PolicyHealthState::Unknown,
            error: None,
            last_evaluation: None,
            duration_ms: None,
        };
    };
    let (state, error) = match &last.health {
        Health::Ok if last.warnings.is_empty() => (PolicyHealthState::Ok, None),
        Health::Ok => (PolicyHealthState::Ok, Some(last.warnings.join("; "))),
        Health::NoData { since, selectors } => (PolicyHealthState::NoData, Some(no_data(*since, selectors))),
        Health::Error { message } => (PolicyHealthState::Error, Some(message.clone())),
    };
    let duration_ms = Some(last.took.as_secs_f64() * 1000.0);
    PolicyHealth { state, error, last_evaluation: Some(last.at.into()), duration_ms }
}

fn no_data(since: Timestamp, selectors: &[String]) -> String {
    format!("Nothing is measured that matches {} since {}.", selectors.join(" or "), Time(since))
}

fn show_severity(severity: Severity) -> PolicySeverity {
    match severity {
        Severity::Critical => PolicySeverity::Critical,
        Severity::Error => PolicySeverity::Error,
        Severity::Warning | Severity::Other => PolicySeverity::Warning,
        Severity::Info => PolicySeverity::Info,
        Severity::None => PolicySeverity::None,
    }
}
