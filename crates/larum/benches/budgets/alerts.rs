//! Alerts as Prometheus posts them: eight labels, three annotations, a link, 64 in a request.

use std::time::Duration;

use futures_util::StreamExt;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::target::Target;

/// How many alerts a request brings.
const BATCH: usize = 64;
/// How many senders post at the same time.
const SENDERS: usize = 4;

/// Alert number `id` of a flood, one of `per_group` in its namespace.
pub fn alert(id: usize, per_group: usize, since: Timestamp, until: Timestamp) -> Value {
    let group = id / per_group;
    json!({
        "labels": {
            "alertname": "KubePodCrashLooping", "cluster": "production-eu", "container": "application",
            "instance": format!("10.{}.{}.{}:8443", id >> 16, (id >> 8) & 255, id & 255), "job": "kube-state-metrics",
            "namespace": format!("team-{group:05}"), "pod": format!("checkout-service-{id:07x}-x7k2p"),
            "severity": "warning",
        },
        "annotations": {
            "summary": format!("Pod checkout-service-{id:07x}-x7k2p restarts again and again"),
            "description": "It restarted 7 times within the last ten minutes, and waits longer every time.",
            "runbook_url": "https://runbooks.example.com/kubernetes/KubePodCrashLooping",
        },
        "generatorURL": "http://prometheus.example.com/graph?g0.expr=rate%28kube_pod_container_status_restarts_total%5B10m%5D%29+%3E+0&g0.tab=1",
        "startsAt": since.to_string(), "endsAt": until.to_string(),
    })
}

/// The bodies of one round, in which `count` alerts are said to fire since `since`.
pub fn bodies(count: usize, per_group: usize, since: Timestamp, round: i64) -> Vec<String> {
    let until = since + SignedDuration::from_mins(60 + round);
    let numbers: Vec<usize> = (0..count).collect();
    let body = |numbers: &[usize]| {
        Value::from_iter(numbers.iter().map(|id| alert(*id, per_group, since, until))).to_string()
    };
    numbers.chunks(BATCH).map(body).collect()
}

/// Posts all of them, several at a time, and waits for the answers.
pub async fn post(target: &Target, bodies: Vec<String>) {
    let posts = bodies.into_iter().map(|body| async move {
        let request =
            target.http.post(target.url("/api/v2/alerts")).header("Content-Type", "application/json");
        let answer = request.body(body).timeout(Duration::from_secs(60)).send().await;
        assert_eq!(answer.expect("it answers").status(), 200);
    });
    futures_util::stream::iter(posts).buffer_unordered(SENDERS).collect::<()>().await;
}
