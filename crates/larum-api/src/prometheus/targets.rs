//! What Larum scrapes, as Prometheus shows it (Prometheus, "HTTP API", "Targets").

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use larum_core::duration::show_duration;
use larum_metrics::scrape::{Board, Health, TargetStatus};
use reqwest::Url;
use serde::Serialize;
use serde_json::json;

use super::answer::{Answer, in_another_thread};
use super::form::Form;
use super::labels::Labels;
use super::number::rfc3339;
use super::refusal::Refusal;
use crate::doors::Doors;
use crate::setup::{ExternalUrl, Setup};
use crate::view::metrics_source::without_credentials;

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
    discovered_labels: Labels,
    labels: Labels,
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
    discovered_labels: Labels,
    scrape_pool: String,
}

/// `/targets`: those that are scraped, and those that relabelling dropped.
pub async fn targets(State(doors): State<Doors>, form: Form) -> Result<Response, Refusal> {
    let (state, pool) = (form.get("state").to_lowercase(), form.get("scrapePool").to_owned());
    in_another_thread(move || {
        let asked_for = |kind: &str| matches!(state.as_str(), "" | "any") || state == kind;
        let wanted = |job: &str| pool.is_empty() || pool == job;
        let mut shown = ShownTargets {
            active_targets: Vec::new(),
            dropped_targets: Vec::new(),
            dropped_target_counts: asked_for("dropped").then(BTreeMap::new),
        };
        let Some(board) = doors.board() else { return Ok(Answer::of(&shown)) };
        if asked_for("active") {
            let targets = board.targets().into_iter().filter(|target| wanted(&target.job));
            shown.active_targets = targets.map(|target| show_target(target, doors.setup())).collect();
        }
        if let Some(counts) = &mut shown.dropped_target_counts {
            for (job, status) in board.jobs() {
                counts.insert(job.clone(), status.dropped_count);
                let dropped = status.dropped.into_iter().filter(|_| wanted(&job)).map(|labels| {
                    DroppedTarget { discovered_labels: Labels(labels), scrape_pool: job.clone() }
                });
                shown.dropped_targets.extend(dropped);
            }
        }
        Ok(Answer::of(&shown))
    })
    .await
}

/// `/scrape_pools`.
pub async fn scrape_pools(State(doors): State<Doors>) -> Response {
    let pools = doors.board().map(Board::jobs).unwrap_or_default();
    Answer::of(&json!({ "scrapePools": pools.into_keys().collect::<Vec<_>>() }))
}

fn show_target(status: TargetStatus, setup: &Setup) -> ActiveTarget {
    let url = without_credentials(status.target.url);
    ActiveTarget {
        discovered_labels: Labels(status.target.discovered),
        labels: Labels(status.target.labels),
        scrape_pool: status.job,
        scrape_url: url.to_string(),
        global_url: global(url, setup.listen_address.port(), &setup.external_url).to_string(),
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

/// Where people reach a target on this machine: at the machine's name for people, and where Larum itself is the target,
/// as they reach Larum (Prometheus, `web/api/v1/api.go`, `getGlobalURL`).
fn global(mut url: Url, own_port: u16, external: &ExternalUrl) -> Url {
    let here = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    let Some(external) = Url::parse(external.as_str()).ok().filter(|_| here) else { return url };
    // None of it can fail: both have hosts, and both are of the web.
    if url.port_or_known_default() == Some(own_port) {
        let _ = url.set_scheme(external.scheme());
        let _ = url.set_port(external.port());
    }
    let _ = url.set_host(external.host_str());
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_on_this_machine_has_an_address_for_others() {
        let external = ExternalUrl::parse("https://larum.example:8443/x").unwrap();
        let shown = |url: &str| global(Url::parse(url).unwrap(), 9093, &external).to_string();
        assert_eq!(shown("http://localhost:9100/metrics"), "http://larum.example:9100/metrics");
        assert_eq!(shown("http://[::1]/metrics"), "http://larum.example/metrics");
        assert_eq!(shown("http://127.0.0.1:9093/metrics"), "https://larum.example:8443/metrics");
        assert_eq!(shown("http://web-1:9093/metrics"), "http://web-1:9093/metrics");
    }
}
