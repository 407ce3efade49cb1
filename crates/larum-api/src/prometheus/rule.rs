//! Groups, rules and alerts as Prometheus shows them (Prometheus, `web/api/v1/api.go`, `RuleGroup`, `AlertingRule`,
//! `RecordingRule`, `Alert`).

use std::collections::BTreeMap;
use std::time::Duration;

use larum_core::label::{LabelSet, SEVERITY};
use larum_core::policy::{Health, LastEvaluation, Policy, SeriesState};
use larum_core::time::Timestamp;
use larum_engine::RecordingRule;
use larum_promql::print_expression;
use serde::{Serialize, Serializer};

use super::labels::Labels;
use super::number::{exponent, rfc3339};

/// A group of rules.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownGroup {
    pub name: String,
    pub file: String,
    pub rules: Vec<ShownRule>,
    pub interval: Seconds,
    pub limit: u64,
    pub evaluation_time: Seconds,
    pub last_evaluation: String,
}

/// A rule.
#[derive(Serialize)]
#[serde(untagged)]
pub enum ShownRule {
    Alerting(Box<ShownAlerting>),
    Recording(ShownRecording),
}

/// An alerting rule.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownAlerting {
    pub state: &'static str,
    pub name: String,
    pub query: String,
    pub duration: Seconds,
    pub keep_firing_for: Seconds,
    pub labels: Labels,
    pub annotations: Labels,
    /// None if they are not asked for.
    pub alerts: Option<Vec<ShownAlert>>,
    #[serde(flatten)]
    pub last: ShownEvaluation,
    pub r#type: &'static str,
}

/// A recording rule.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownRecording {
    pub name: String,
    pub query: String,
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    #[serde(flatten)]
    pub last: ShownEvaluation,
    pub r#type: &'static str,
}

/// How the last evaluation of a rule went.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownEvaluation {
    pub health: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub last_error: String,
    pub evaluation_time: Seconds,
    pub last_evaluation: String,
}

/// An alert that is pending or fires.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownAlert {
    pub labels: Labels,
    pub annotations: Labels,
    pub state: &'static str,
    pub active_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_firing_since: Option<String>,
    pub value: String,
}

/// A span in seconds, without decimals where there are none.
pub struct Seconds(pub Duration);

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.subsec_nanos() {
            0 => serializer.serialize_u64(self.0.as_secs()),
            _ => serializer.serialize_f64(self.0.as_secs_f64()),
        }
    }
}

/// The labels that a policy sets, as they are written there.
pub fn policy_labels(policy: &Policy) -> LabelSet {
    let severity = (!policy.kind.is_rule()).then(|| (SEVERITY, policy.severity.as_str()));
    let own = policy.labels.iter().map(|(name, text)| (name.as_str(), &**text));
    LabelSet::from_pairs(own.chain(severity))
}

/// An alerting rule as it is shown, with its alerts if they are asked for.
pub fn show_alerting(
    policy: &Policy,
    state: &'static str,
    last: Option<&LastEvaluation>,
    series: Option<&[SeriesState]>,
) -> ShownAlerting {
    let said =
        [("summary", &policy.summary), ("description", &policy.details), ("runbook_url", &policy.runbook)];
    let said = said.into_iter().map(|(name, text)| (name, &**text));
    let annotations = policy.annotations.iter().map(|(name, text)| (name.as_str(), &**text));
    ShownAlerting {
        state,
        name: policy.name.to_string(),
        query: printed(&policy.expr),
        duration: Seconds(policy.hold),
        keep_firing_for: Seconds(policy.keep_firing),
        labels: Labels(policy_labels(policy)),
        annotations: Labels(LabelSet::from_pairs(said.chain(annotations))),
        alerts: series.map(|series| series.iter().map(show_alert).collect()),
        last: show_last(last),
        r#type: "alerting",
    }
}

/// An expression as Prometheus prints it again, whatever spaces it was typed with.
fn printed(expr: &str) -> String {
    print_expression(expr).unwrap_or_else(|_| expr.to_owned())
}

/// An alert as it is shown.
pub fn show_alert(series: &SeriesState) -> ShownAlert {
    ShownAlert {
        labels: Labels(series.labels.clone()),
        annotations: Labels(series.annotations.clone()),
        state: if series.fired_at.is_some() { "firing" } else { "pending" },
        active_at: rfc3339(Some(series.since)),
        keep_firing_since: series.kept_since.map(|since| rfc3339(Some(since))),
        value: exponent(series.measured.value),
    }
}

/// No data is not healthy, and no error either.
fn show_last(last: Option<&LastEvaluation>) -> ShownEvaluation {
    let Some(last) = last else { return evaluation(None, Duration::ZERO, "unknown", String::new()) };
    let (health, error) = match &last.health {
        Health::Ok => ("ok", String::new()),
        Health::NoData { since, selectors } => {
            let since = rfc3339(Some(*since));
            ("unknown", format!("no data: nothing matches {} since {since}", selectors.join(" or ")))
        }
        Health::Error { message } => ("err", message.clone()),
    };
    evaluation(Some(last.at), last.took, health, error)
}

fn evaluation(
    at: Option<Timestamp>,
    took: Duration,
    health: &'static str,
    last_error: String,
) -> ShownEvaluation {
    ShownEvaluation { health, last_error, evaluation_time: Seconds(took), last_evaluation: rfc3339(at) }
}

/// A recording rule as it is shown.
pub fn show_recording(rule: &RecordingRule) -> ShownRecording {
    let last = match rule.evaluation() {
        None => evaluation(None, Duration::ZERO, "unknown", String::new()),
        Some(last) => {
            let health = if last.error.is_some() { "err" } else { "ok" };
            evaluation(Some(last.at), last.took, health, last.error.unwrap_or_default())
        }
    };
    let RecordingRule { name, expr, labels, .. } = rule;
    ShownRecording {
        name: name.clone(),
        query: printed(expr),
        labels: Labels(recording_labels(labels)),
        last,
        r#type: "recording",
    }
}

/// The labels that a recording rule sets.
pub fn recording_labels(labels: &BTreeMap<String, String>) -> LabelSet {
    LabelSet::from_pairs(labels.iter())
}
