//! Alerts to tell of, and a way to read a message.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use larum_core::alert::{Alert, AlertId, EndReason, Measured, Origin, Phase, PolicyId};
use larum_core::label::LabelSet;
use larum_core::notification::{Notification, NotifyReason, ToldAlert, Voice};
use larum_core::time::{Steady, Timestamp};
use serde_json::Value;

/// 2025-08-01 10:42 UTC.
pub const START: Timestamp = Timestamp::from_millis(1_754_044_920_000);

pub fn minutes(count: u64) -> Timestamp {
    START.plus(Duration::from_secs(count * 60))
}

/// A firing alert of a policy on a host's disk.
pub fn disk() -> Alert {
    Alert {
        id: AlertId(7),
        origin: Origin::Policy(PolicyId(1)),
        labels: LabelSet::from_pairs([
            ("alertname", "DiskAlmostFull"),
            ("severity", "warning"),
            ("instance", "host-1"),
            ("node", "host-1"),
            ("job", "node"),
            ("mountpoint", "/data"),
        ]),
        annotations: LabelSet::from_pairs([("summary", "Less than 10 % of /data is free.")]),
        generator_url: Arc::from(""),
        starts_at: START,
        updated_at: START,
        phase: Phase::Firing { ends_at: minutes(60), expires: Steady::from_millis(0), timeout: false },
        measured: Some(Measured { value: 93.2, text: "93.2 % (> 90 %)".into() }.into()),
        continues: None,
    }
}

/// A firing alert from Prometheus on a pod.
pub fn pod(name: &str) -> Alert {
    Alert {
        id: AlertId(8),
        origin: Origin::Prometheus,
        labels: LabelSet::from_pairs([
            ("alertname", "PodCrashLooping"),
            ("severity", "critical"),
            ("namespace", "prod"),
            ("pod", name),
            ("container", "app"),
            ("instance", "10.0.0.7:8080"),
            ("job", "kube-state-metrics"),
            ("prometheus", "monitoring/k8s"),
        ]),
        annotations: LabelSet::from_pairs([
            ("summary", "Pod is crash looping."),
            ("description", "It was restarted again and again.\nSee its last log."),
            ("runbook_url", "https://runbooks.example/crash?a=1&b=2"),
        ]),
        generator_url: Arc::from("http://prometheus.example/graph?g0.expr=x > 1"),
        measured: None,
        ..disk()
    }
}

pub fn ended(alert: Alert, minute: u64, reason: EndReason) -> Alert {
    Alert { phase: Phase::Ended { at: minutes(minute), reason }, ..alert }
}

pub fn told(alert: Alert, voice: Voice) -> ToldAlert {
    ToldAlert { alert: Arc::new(alert), voice }
}

pub fn notification(reason: NotifyReason, minute: u64, alerts: Vec<ToldAlert>) -> Notification {
    Notification {
        receiver: Arc::from("team-a"),
        group_labels: LabelSet::empty(),
        reason,
        planned_at: minutes(minute),
        alerts,
        replaced: None,
    }
}

/// A message as Slack would lay it out, in lines: the text, the colour, and each block behind a sign of its kind.
pub fn seen(body: &str) -> String {
    let body: Value = serde_json::from_str(body).unwrap();
    let mut out = format!("{}\n", body["text"].as_str().unwrap());
    for attachment in body["attachments"].as_array().into_iter().flatten() {
        let _ = writeln!(out, "[{}]", attachment["color"].as_str().unwrap());
        for block in attachment["blocks"].as_array().unwrap() {
            if let Some(text) = block["text"]["text"].as_str() {
                let _ = writeln!(out, "| {}", text.replace('\n', "\n| "));
            }
            for field in block["fields"].as_array().into_iter().flatten() {
                let _ = writeln!(out, "+ {}", field["text"].as_str().unwrap().replace('\n', ": "));
            }
            for element in block["elements"].as_array().into_iter().flatten() {
                let _ = writeln!(out, "- {}", element["text"].as_str().unwrap());
            }
        }
    }
    out
}
