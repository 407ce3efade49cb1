//! From a POST to Slack: how long it takes, and what it costs.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use crate::alerts::{alert, bodies, post};
use crate::figure::FiguresOf;
use crate::process::cpu_seconds;
use crate::target::{Kind, Target};

const SINGLE: usize = 300;
const GAP: Duration = Duration::from_millis(25);
/// Fewer than the sandbox keeps of one channel.
const GROUPS: usize = 4_000;

pub async fn measure(kind: Kind, figures: &mut FiguresOf<'_>) {
    delay(&Target::start(kind, "0s").await, figures).await;
    cost(&Target::start(kind, "10s").await, figures).await;
}

#[expect(clippy::disallowed_methods, reason = "a sender's clock, and one alert after the other")]
async fn delay(target: &Target, figures: &mut FiguresOf<'_>) {
    let mut posted = Vec::new();
    for id in 0..SINGLE {
        let now = Timestamp::now();
        let body = Value::from_iter([alert(id, 1, now, now + jiff::SignedDuration::from_mins(60))]);
        posted.push((format!("team-{id:05}"), Timestamp::now()));
        post(target, vec![body.to_string()]).await;
        tokio::time::sleep(GAP).await;
    }
    let heard = target.wait_for_messages(SINGLE).await;
    let mut took: Vec<f64> = posted
        .iter()
        .map(|(namespace, at)| {
            let message =
                heard.iter().find(|message| message.message.to_string().contains(namespace.as_str()));
            let stored = message.expect("everything was told").stored_at;
            (stored - at.as_microsecond()) as f64 / 1000.0
        })
        .collect();
    took.sort_by(f64::total_cmp);
    figures.note("ms from POST to Slack, group_wait 0, p50", "3", took[SINGLE / 2]);
    figures.note("ms from POST to Slack, group_wait 0, p99", "10", took[SINGLE * 99 / 100]);
}

async fn cost(target: &Target, figures: &mut FiguresOf<'_>) {
    #[expect(clippy::disallowed_methods, reason = "a sender's clock")]
    let since = Timestamp::now();
    let before = cpu_seconds(target.id());
    post(target, bodies(GROUPS, 1, since, 0)).await;
    target.wait_for_messages(GROUPS).await;
    let used = cpu_seconds(target.id()) - before;
    figures.note(
        "CPU ms a notification, 4k groups of one, ingest included",
        "0.25",
        used * 1000.0 / GROUPS as f64,
    );
}
