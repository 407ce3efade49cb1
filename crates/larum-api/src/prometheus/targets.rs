//! What Larum scrapes, as Prometheus shows it (Prometheus, "HTTP API", "Targets").

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use larum_core::duration::show_duration;
use larum_core::label::LabelSet;
use larum_metrics::scrape::{Board, Health, TargetStatus};
use serde::Serialize;
use serde_json::json;

use super::answer::Answer;
use super::form::Form;
use super::number::rfc3339;
use crate::doors::Doors;

/// What `/targets` answers (Prometheus, `web/api/v1/api.go`, `TargetDiscovery`).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownTargets {
    active_targets: Vec<ActiveTarget>,
    dropped_targets: Vec<DroppedTarget>,
    /// Not told if nobody asks for those that are dropped.
    dropped_target_counts: Option<BTreeMap<String, usize>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ActiveTarget {
    discovered_labels: BTreeMap<String, String>,
    labels: BTreeMap<String, String>,
    scrape_pool: String,
    scrape_url: String,
    global_url: String,
    last_error: String,
    last_scrape: String,
    last_scrape_duration: f64,
    health: &'static str,
    scrape_interval: String,
    scrape_timeout: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DroppedTarget {
    discovered_labels: BTreeMap<String, String>,
    scrape_pool: String,
}

/// `/targets`.
pub async fn targets(State(doors): State<Doors>, form: Form) -> Response {
    let state = form.get("state").to_lowercase();
    let asked_for = |kind: &str| matches!(state.as_str(), "" | "any") || state == kind;
    let pool = form.get("scrapePool");
    let wanted = |job: &str| pool.is_empty() || pool == job;
    let mut shown = ShownTargets {
        active_targets: Vec::new(),
        dropped_targets: Vec::new(),
        dropped_target_counts: asked_for("dropped").then(BTreeMap::new),
    };
    let Some(board) = doors.board() else { return Answer::of(&shown) };
    if asked_for("active") {
        let targets = board.targets().into_iter().filter(|target| wanted(&target.job));
        shown.active_targets = targets.map(show_target).collect();
    }
    if let Some(counts) = &mut shown.dropped_target_counts {
        for (job, status) in board.jobs().into_iter().filter(|(job, _)| wanted(job)) {
            let dropped = status.dropped.iter().map(|labels| DroppedTarget {
                discovered_labels: show_labels(labels),
                scrape_pool: job.clone(),
            });
            shown.dropped_targets.extend(dropped);
            counts.insert(job, status.dropped_count);
        }
    }
    Answer::of(&shown)
}

/// `/scrape_pools`.
pub async fn scrape_pools(State(doors): State<Doors>) -> Response {
    let pools = doors.board().map(Board::jobs).unwrap_or_default();
    Answer::of(&json!({ "scrapePools": pools.into_keys().collect::<Vec<_>>() }))
}

fn show_target(status: TargetStatus) -> ActiveTarget {
    let mut url = status.target.url;
    // An address without a host cannot have credentials either.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    ActiveTarget {
        discovered_labels: show_labels(&status.target.discovered),
        labels: show_labels(&status.target.labels),
        scrape_pool: status.job,
        scrape_url: url.to_string(),
        global_url: url.to_string(),
        last_error: status.last_error.unwrap_or_default(),
        last_scrape: rfc3339(status.last_scrape),
        last_scrape_duration: status.last_duration.as_secs_f64(),
        health: match status.health {
            Health::Up => "up",
            Health::Down => "down",
            Health::Unknown => "unknown",
        },
        scrape_interval: show_duration(status.target.interval),
        scrape_timeout: show_duration(status.target.timeout),
    }
}

fn show_labels(labels: &LabelSet) -> BTreeMap<String, String> {
    labels.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
