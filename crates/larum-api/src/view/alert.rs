//! Alerts as they are shown.

use larum_core::alert::{self, Measured, Origin, Phase, PolicyId};
use larum_core::label::{ALERT_NAME, LabelSet, SEVERITY};
use larum_core::policy::{Policy, SeriesState};
use larum_core::time::Timestamp;
use larum_engine::{Desk, OWN};

use super::labels::show_labels;
use crate::wire::alert::{Alert, AlertOrigin, AlertReceiver, AlertState, PolicyName};

/// Annotations that say it in one line, the best first.
const SUMMARIES: [&str; 3] = ["summary", "title", "message"];
/// Annotations that say it at length, the best first.
const DETAILS: [&str; 3] = ["description", "details", "message"];
/// Labels that an alert is about, the most telling first.
const TARGETS: [&str; 12] = [
    "pod",
    "deployment",
    "statefulset",
    "daemonset",
    "cronjob",
    "job_name",
    "workload",
    "persistentvolumeclaim",
    "node",
    "instance",
    "namespace",
    "job",
];

/// An alert as it is shown.
pub fn show_alert(alert: &alert::Alert, desk: &Desk, receivers: Vec<AlertReceiver>) -> Alert {
    let (state, end_reason) = match alert.phase {
        Phase::Firing { .. } => (AlertState::Firing, None),
        Phase::Ended { reason, .. } => (AlertState::Resolved, Some(reason.in_words().to_owned())),
    };
    let policy = alert.policy();
    Alert {
        id: alert.id.to_string(),
        state,
        policy: policy.filter(|id| *id != OWN).map(|id| policy_name(id, desk)),
        origin: show_origin(alert.origin),
        generator_url: web_link(&alert.generator_url),
        starts_at: alert.starts_at.into(),
        updated_at: alert.updated_at.into(),
        ends_at: alert.ended_at().map(Into::into),
        expires_at: alert.expires_at().map(Into::into),
        end_reason,
        heartbeat: alert.is_heartbeat(),
        receivers,
        ..words(&alert.labels, &alert.annotations, alert.measured.as_deref(), alert.starts_at)
    }
}

/// How the `id` of what does not fire yet begins: it has no number of its own.
pub const PENDING: &str = "pending-";

/// What a series of a policy is known by while it does not fire yet.
pub fn pending_id(policy: PolicyId, series: &SeriesState) -> String {
    format!("{PENDING}{policy}-{}", series.labels.fingerprint())
}

/// A series of a policy that does not fire yet, as it is shown.
pub fn show_pending(policy: &Policy, series: &SeriesState, updated_at: Timestamp) -> Alert {
    Alert {
        id: pending_id(policy.id, series),
        policy: Some(PolicyName { id: policy.id.0, name: policy.name.to_string() }),
        updated_at: updated_at.into(),
        ..words(&series.labels, &series.annotations, Some(&series.measured), series.since)
    }
}

/// Through which door an alert came.
pub fn show_origin(origin: Origin) -> AlertOrigin {
    match origin {
        Origin::Policy(_) => AlertOrigin::Policy,
        Origin::Prometheus => AlertOrigin::Prometheus,
        Origin::Alertmanager => AlertOrigin::Alertmanager,
    }
}

/// What an alert says in one line; may be empty.
pub fn summary(annotations: &LabelSet) -> String {
    annotation(annotations, SUMMARIES)
}

fn annotation(annotations: &LabelSet, names: [&str; 3]) -> String {
    names.into_iter().find_map(|name| annotations.get(name)).unwrap_or_default().to_owned()
}

/// What an alert says, pending and of nobody.
fn words(labels: &LabelSet, annotations: &LabelSet, measured: Option<&Measured>, since: Timestamp) -> Alert {
    let (summary, details) = (summary(annotations), annotation(annotations, DETAILS));
    Alert {
        id: String::new(),
        fingerprint: labels.fingerprint().to_string(),
        state: AlertState::Pending,
        severity: labels.value(SEVERITY).to_owned(),
        name: labels.value(ALERT_NAME).to_owned(),
        details: if details == summary { String::new() } else { details },
        summary,
        labels: show_labels(labels),
        annotations: show_labels(annotations),
        value: measured.map(|measured| measured.value).filter(|value| value.is_finite()),
        value_text: measured.map(|measured| measured.text.to_string()),
        policy: None,
        origin: AlertOrigin::Policy,
        generator_url: String::new(),
        target: target(labels),
        starts_at: since.into(),
        updated_at: since.into(),
        ends_at: None,
        expires_at: None,
        end_reason: None,
        heartbeat: false,
        inhibited: None,
        silenced: Vec::new(),
        receivers: Vec::new(),
    }
}

/// A policy by number and name.
pub fn policy_name(id: PolicyId, desk: &Desk) -> PolicyName {
    let name = desk.policies.get(&id).map_or("a deleted policy", |row| &row.policy.name);
    PolicyName { id: id.0, name: name.to_owned() }
}

/// `node web-1`, `pod prod/api-1`.
pub fn target(labels: &LabelSet) -> String {
    let Some((name, value)) = TARGETS.into_iter().find_map(|name| Some((name, labels.get(name)?))) else {
        return String::new();
    };
    match labels.get("namespace") {
        Some(namespace) if !["node", "instance", "namespace", "job"].contains(&name) => {
            format!("{name} {namespace}/{value}")
        }
        _ => format!("{name} {value}"),
    }
}

/// A link is shown as one only if a browser takes it to the web; alerts come from anybody.
fn web_link(link: &str) -> String {
    let web = ["http://", "https://"].into_iter().any(|scheme| link.starts_with(scheme));
    if web && !link.contains(char::is_control) { link.to_owned() } else { String::new() }
}
