//! Alerts to tell of.

use std::sync::Arc;
use std::time::Duration;

use larum_alertmanager::data::{Data, Occasion};
use larum_core::alert::{Alert, AlertId, EndReason, Origin, Phase};
use larum_core::label::LabelSet;
use larum_core::notification::{Notification, NotifyReason, ToldAlert, Voice};
use larum_core::time::{Steady, Timestamp};

/// 2026-07-01 12:00:00.5 UTC
pub const START: Timestamp = Timestamp::from_millis(1_782_907_200_500);
pub const EXTERNAL_URL: &str = "http://larum.example/x";

pub fn alert(
    labels: &[(&str, &str)],
    annotations: &[(&str, &str)],
    generator_url: &str,
    ended: Option<Timestamp>,
) -> ToldAlert {
    alert_since(START, labels, annotations, generator_url, ended)
}

pub fn alert_since(
    starts_at: Timestamp,
    labels: &[(&str, &str)],
    annotations: &[(&str, &str)],
    generator_url: &str,
    ended: Option<Timestamp>,
) -> ToldAlert {
    let phase = match ended {
        Some(at) => Phase::Ended { at, reason: EndReason::Resolved },
        None => Phase::Firing {
            ends_at: START.plus(Duration::from_mins(60)),
            expires: Steady::from_millis(0),
            timeout: true,
        },
    };
    let alert = Alert {
        id: AlertId(1),
        origin: Origin::Prometheus,
        labels: LabelSet::from_pairs(labels.iter().copied()),
        annotations: LabelSet::from_pairs(annotations.iter().copied()),
        generator_url: generator_url.into(),
        starts_at,
        updated_at: START,
        phase,
        measured: None,
        continues: None,
    };
    let voice = if ended.is_some() { Voice::Resolved } else { Voice::Firing };
    ToldAlert { alert: Arc::new(alert), voice }
}

/// Two disks that are full, one of which has odd words with it, and one that was; in no order.
pub fn disks() -> Notification {
    let node =
        |instance| [("alertname", "DiskFull"), ("instance", instance), ("job", "node"), ("team", "a b")];
    Notification {
        receiver: "team.a/slack".into(),
        group_labels: LabelSet::from_pairs([("alertname", "DiskFull"), ("job", "node")]),
        reason: NotifyReason::SomeResolved,
        planned_at: START,
        alerts: vec![
            alert(
                &node("n3:9100"),
                &[("summary", "it was full"), ("runbook", "http://r/1")],
                "",
                Some(START.plus(Duration::from_secs(90))),
            ),
            alert(
                &node("n2:9100"),
                &[("summary", "<!channel> \"é\" & @here\n{{ .Nope }}"), ("runbook", "http://r/1")],
                "http://prometheus/graph?g0.expr=a%3C1&g0.tab=1",
                None,
            ),
            alert(
                &node("n1:9100"),
                &[("summary", "92.5% full"), ("runbook", "http://r/1")],
                "http://prometheus/graph?g0.expr=b&g0.tab=1",
                None,
            ),
        ],
        replaced: None,
    }
}

/// Something with nothing to it.
pub fn bare() -> Notification {
    Notification {
        receiver: "default".into(),
        group_labels: LabelSet::empty(),
        reason: NotifyReason::AllResolved,
        planned_at: START,
        alerts: vec![alert(&[("a<b", "1")], &[], "", Some(START))],
        replaced: None,
    }
}

pub fn occasion(notification: &Notification) -> Occasion<'_> {
    let group_key = r#"{}:{alertname="DiskFull"}"#;
    Occasion { notification, external_url: EXTERNAL_URL, group_key }
}

pub fn data(notification: &Notification) -> Data {
    occasion(notification).data()
}
