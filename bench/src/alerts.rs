//! Alerts and silences as Prometheus and people post them.

use std::fmt::Write;

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};

use crate::clock;

/// How many alerts a request brings, as Prometheus sends them.
pub const BATCH: usize = 64;

/// How long an alert or a silence lasts that shall outlive what is measured.
const LONG: SignedDuration = SignedDuration::from_hours(2);

/// One made-up alert: eight labels, three annotations and a link, about 850 bytes of JSON.
#[derive(Clone, Copy, Debug)]
pub struct Alert {
    /// Which one. It travels as the label `uid`, which every message repeats ([`crate::marks`]).
    pub id: u32,
    /// Decides `alertname` and `namespace`, by which every configuration here groups.
    pub group: u32,
    /// Decides `instance` and `cluster`, by which silences and inhibitions choose.
    pub node: u32,
    /// Its severity.
    pub severity: &'static str,
}

const NAMES: [&str; 12] = [
    "KubePodCrashLooping",
    "KubeDeploymentReplicasMismatch",
    "NodeFilesystemAlmostOutOfSpace",
    "NodeHighCpuLoad",
    "TargetDown",
    "HttpErrorRateHigh",
    "HttpLatencyP99High",
    "KubeContainerWaiting",
    "NodeClockSkewDetected",
    "PersistentVolumeFillingUp",
    "KubeJobFailed",
    "CertificateExpiresSoon",
];

/// So many warnings from number `from` on, each of a node of its own, `per_group` of them in a group.
pub fn warnings(from: u32, count: u32, per_group: u32) -> Vec<Alert> {
    let warning = |id| Alert { id, group: id / per_group, node: id, severity: "warning" };
    (from..from + count).map(warning).collect()
}

/// From when until when alerts fire.
#[derive(Clone, Copy, Debug)]
pub struct Firing {
    since: Timestamp,
    until: Timestamp,
}

impl Firing {
    /// From now on, for longer than anything is measured.
    pub fn from_now() -> Self {
        let now = clock::wall();
        Self { since: now, until: now + LONG }
    }

    /// The same, as Prometheus says it again later: only the end has moved.
    #[must_use]
    pub fn again(self) -> Self {
        Self { until: clock::wall() + LONG, ..self }
    }

    /// The same, over by now.
    #[must_use]
    pub fn over(self) -> Self {
        Self { until: clock::wall(), ..self }
    }
}

impl Alert {
    fn write(&self, out: &mut String, firing: Firing) {
        let Self { id, group, node, severity } = *self;
        let name = NAMES[group as usize % NAMES.len()];
        let (cluster, pod) = (node % 4, format!("checkout-api-{group:06}-7c9f8d6b5-{id:06}"));
        let Firing { since, until } = firing;
        // Writing into a string cannot fail.
        let _ = write!(
            out,
            r#"{{"labels":{{"alertname":"{name}","cluster":"prod-eu-{cluster}","namespace":"team-{group:06}","#
        );
        let _ = write!(out, r#""job":"kube-state-metrics","instance":"node-{node:06}.prod.example:9100","#);
        let _ = write!(out, r#""pod":"{pod}","severity":"{severity}","uid":"u~{id}~"}},"annotations":{{"#);
        let _ =
            write!(out, r#""summary":"{name} in namespace team-{group:06} of cluster prod-eu-{cluster}","#);
        let _ = write!(
            out,
            r#""description":"Pod {pod} on node-{node:06} has been failing its check for more than 15 minutes; "#
        );
        let _ = write!(out, r#"the last observed value is 0.{id:06}, the limit is 0.05.","runbook_url":"#);
        let _ = write!(out, r#""https://runbooks.example/alerts/{name}"}},"startsAt":"{since}","#);
        let _ = write!(out, r#""endsAt":"{until}","generatorURL":"http://prometheus-0.monitoring.svc:9090"#);
        let _ = write!(out, "/graph?g0.expr=rate%28kube_pod_container_status_restarts_total%5B15m%5D%29");
        let _ = write!(out, r#"+%2A+60+%2A+15+%3E+0&g0.tab=1"}}"#);
    }
}

/// The requests that say of these alerts that they fire, [`BATCH`] in each.
pub fn bodies(alerts: &[Alert], firing: Firing) -> Vec<Bytes> {
    let body = |batch: &[Alert]| {
        let mut out = String::with_capacity(batch.len() * 1000);
        for (nth, alert) in batch.iter().enumerate() {
            out.push(if nth == 0 { '[' } else { ',' });
            alert.write(&mut out, firing);
        }
        out.push(']');
        Bytes::from(out)
    };
    alerts.chunks(BATCH).map(body).collect()
}

/// A silence with two regular expressions, which hides the warnings and critical alerts of one node.
pub fn silence(node: u32) -> Bytes {
    let instance = format!(r"(node|vm)-{node:06}\\.prod\\..*");
    lasting(&format!(
        r#"{{"name":"instance","value":"{instance}","isRegex":true,"isEqual":true}},
           {{"name":"severity","value":"warning|critical","isRegex":true,"isEqual":true}}"#
    ))
}

/// A silence that hides all alerts of a severity.
pub fn silence_severity(severity: &str) -> Bytes {
    lasting(&format!(r#"{{"name":"severity","value":"{severity}","isRegex":false,"isEqual":true}}"#))
}

fn lasting(matchers: &str) -> Bytes {
    let (since, until) = (clock::wall(), clock::wall() + LONG);
    Bytes::from(format!(
        r#"{{"matchers":[{matchers}],"startsAt":"{since}","endsAt":"{until}","createdBy":"bench",
            "comment":"maintenance"}}"#
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn alerts_are_batches_of_json_with_eight_labels() {
        let made = bodies(&warnings(0, 65, 1), Firing::from_now());
        let read = |body: &Bytes| serde_json::from_slice::<Vec<Value>>(body).expect("it is JSON");
        assert_eq!(made.iter().map(|body| read(body).len()).collect::<Vec<_>>(), [64, 1]);
        let last = &read(&made[1])[0];
        assert_eq!(last["labels"].as_object().map(|labels| labels.len()), Some(8));
        assert_eq!(last["annotations"].as_object().map(|annotations| annotations.len()), Some(3));
        assert_eq!(
            (&last["labels"]["uid"], &last["labels"]["namespace"]),
            (&"u~64~".into(), &"team-000064".into())
        );
    }

    #[test]
    fn a_silence_chooses_one_node_by_regular_expressions() {
        let silence: Value = serde_json::from_slice(&silence(7)).expect("it is JSON");
        assert_eq!(silence["matchers"][0]["value"], r"(node|vm)-000007\.prod\..*");
        assert_eq!(silence["matchers"][0]["isRegex"], true);
    }
}
