//! Heartbeats as they are shown.

use std::collections::BTreeMap;

use larum_core::alert::{Alert, EndReason, Origin, Phase, PolicyId};
use larum_core::policy::{Health, Policy, PolicyState};
use larum_core::severity::Severity;
use larum_core::time::Timestamp;
use larum_engine::Desk;

use super::alert::{policy_name, show_origin};
use super::labels::show_labels;
use crate::wire::alert::AlertOrigin;
use crate::wire::heartbeat::{Heartbeat, HeartbeatState};

/// A policy whose alerts are heartbeats.
#[derive(Clone, Debug)]
pub struct Beat {
    name: String,
    enabled: bool,
    /// When it last found its heartbeat alive.
    heard: Option<Timestamp>,
    /// Why it cannot be evaluated.
    error: Option<String>,
}

impl Beat {
    /// The policy as a heartbeat with its number, if it is one.
    pub fn of(policy: &Policy, state: &PolicyState) -> Option<(PolicyId, Self)> {
        if policy.severity != Severity::None {
            return None;
        }
        let last = state.last();
        let error = last.and_then(|last| match &last.health {
            Health::Ok => None,
            Health::NoData { .. } => Some("there is nothing to measure".to_owned()),
            Health::Error { message } => Some(message.clone()),
        });
        let heard = last.filter(|_| error.is_none()).map(|last| last.at);
        Some((policy.id, Self { name: policy.name.to_string(), enabled: policy.enabled, heard, error }))
    }
}

/// A policy that has not said its heartbeat within living memory.
pub fn show_never(id: PolicyId, beat: &Beat, desk: &Desk) -> Heartbeat {
    let (state, sentence) = match &beat.error {
        _ if !desk.alerting.enabled => (HeartbeatState::Off, ALERTING_OFF.to_owned()),
        _ if !beat.enabled => (HeartbeatState::Off, POLICY_DISABLED.to_owned()),
        Some(error) => (HeartbeatState::Never, format!("It cannot be evaluated: {error}.")),
        None => (HeartbeatState::Never, "It was not heard yet.".to_owned()),
    };
    Heartbeat {
        alert: None,
        name: beat.name.clone(),
        labels: BTreeMap::new(),
        state,
        sentence,
        origin: AlertOrigin::Policy,
        policy: Some(policy_name(id, desk)),
        since: None,
        last_beat: None,
        expires_at: None,
        stopped_at: None,
    }
}

/// The newest episode of a heartbeat.
pub fn show_beat(alert: &Alert, beat: Option<&Beat>, desk: &Desk, now: Timestamp) -> Heartbeat {
    let (state, sentence) = match alert.phase {
        Phase::Firing { .. } => beating(alert, beat),
        Phase::Ended { reason, .. } => stopped(alert, reason),
    };
    let heard = beat.filter(|_| alert.is_firing()).and_then(|beat| beat.heard);
    Heartbeat {
        alert: Some(alert.id.to_string()),
        name: alert.name().to_owned(),
        labels: show_labels(&alert.labels),
        state,
        sentence,
        origin: show_origin(alert.origin),
        policy: alert.policy().map(|id| policy_name(id, desk)),
        since: Some(alert.starts_at.into()),
        last_beat: Some(heard.unwrap_or(alert.updated_at).min(now).into()),
        expires_at: alert.expires_at().map(Into::into),
        stopped_at: alert.ended_at().map(Into::into),
    }
}

fn beating(alert: &Alert, beat: Option<&Beat>) -> (HeartbeatState, String) {
    match (alert.origin, beat.and_then(|beat| beat.error.as_ref())) {
        (_, Some(error)) => (HeartbeatState::Stopped, format!("Its policy cannot be evaluated: {error}.")),
        (Origin::Policy(_), None) => {
            (HeartbeatState::Beating, "Metrics arrive and policies are evaluated.".to_owned())
        }
        (Origin::Prometheus | Origin::Alertmanager, None) => {
            (HeartbeatState::Beating, "Its sender evaluates rules, and its alerts reach Larum.".to_owned())
        }
    }
}

const ALERTING_OFF: &str = "Alerting is switched off.";
const POLICY_DISABLED: &str = "Its policy is disabled.";

fn stopped(alert: &Alert, reason: EndReason) -> (HeartbeatState, String) {
    let sentence = match (reason, alert.origin) {
        (EndReason::AlertingOff, _) => return (HeartbeatState::Off, ALERTING_OFF.to_owned()),
        (EndReason::PolicyDisabled, _) => return (HeartbeatState::Off, POLICY_DISABLED.to_owned()),
        (EndReason::PolicyDeleted, _) => return (HeartbeatState::Off, "Its policy was deleted.".to_owned()),
        (EndReason::PolicyChanged, _) => {
            return (HeartbeatState::Off, "Its policy was edited and says it no more.".to_owned());
        }
        (EndReason::NoData, _) => "There is nothing to measure any more: see the metrics source.",
        (EndReason::Resolved, Origin::Policy(_)) => {
            "Its policy's condition holds no more, which a heartbeat's always should: see the policy."
        }
        (EndReason::Expired, _) => {
            "Its sender does not send it any more: see whether it runs, evaluates its rules and reaches Larum."
        }
        (EndReason::Resolved, _) => {
            "Its sender says that it is over, which a heartbeat never should be: see its rule and its metrics."
        }
    };
    (HeartbeatState::Stopped, sentence.to_owned())
}
