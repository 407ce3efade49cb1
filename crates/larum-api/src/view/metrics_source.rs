//! Where metrics come from, as it is shown.

use std::collections::BTreeMap;

use larum_core::duration::show_duration;
use larum_metrics::StoreStatus;
use larum_metrics::scrape::{Board, Health, JobStatus, TargetStatus};
use larum_prometheus::{self as server, BuildInfo, Product, SourceErrorKind};
use reqwest::Url;

use super::labels::show_labels;
use crate::wire::metrics_source::{
    LostSamples, ScrapeJob, ScrapeTarget, SeriesStore, SourceHealth, SourceHealthState, TargetHealth,
};
use crate::wire::time::milliseconds;

/// How a server does.
pub fn show_server_health(health: &server::Health) -> SourceHealth {
    let trouble = health.trouble.as_ref();
    let state = match (trouble, health.last_success) {
        (Some(_), _) => SourceHealthState::Trouble,
        (None, Some(_)) => SourceHealthState::Ok,
        (None, None) => SourceHealthState::Unknown,
    };
    SourceHealth {
        state,
        error: trouble.map(|trouble| trouble.error.to_string()),
        advice: trouble.map(|trouble| advice(trouble.error.kind()).to_owned()),
        since: trouble.map(|trouble| trouble.since.into()),
        failures: trouble.map_or(0, |trouble| trouble.failures),
        last_success: health.last_success.map(Into::into),
    }
}

const fn advice(kind: SourceErrorKind) -> &'static str {
    match kind {
        SourceErrorKind::Unreachable => {
            "Check that the server runs and that Larum gets there: its address in --metrics-source, DNS, firewalls \
             and network policies."
        }
        SourceErrorKind::Timeout => {
            "See how busy the server is. If it is meant to take so long, allow more with --metrics-source.timeout."
        }
        SourceErrorKind::Unauthorized => {
            "Check --metrics-source.bearer-token-file, or --metrics-source.username and \
             --metrics-source.password-file: their files are read again for every question."
        }
        SourceErrorKind::NotPrometheus => {
            "Check the address in --metrics-source: it has to lead to a Prometheus-compatible server, with the prefix \
             of its paths if it has one."
        }
        SourceErrorKind::BadAnswer => {
            "See what stands between Larum and the server, such as a proxy: answers arrive broken."
        }
        SourceErrorKind::TooLarge | SourceErrorKind::TooManySeries | SourceErrorKind::NativeHistogram => {
            "Narrow the expression that asks for it."
        }
        SourceErrorKind::Refused => "Read the server's own log: it refuses what it is asked.",
    }
}

/// A program's name and version.
pub fn show_product(info: Option<BuildInfo>) -> (Option<String>, Option<String>) {
    let Some(BuildInfo { product, version }) = info else { return (None, None) };
    let name = match product {
        Product::Prometheus => "Prometheus".to_owned(),
        Product::Thanos => "Thanos".to_owned(),
        Product::VictoriaMetrics => "VictoriaMetrics".to_owned(),
        Product::Named(name) => name,
        Product::Unknown => return (None, version),
    };
    (Some(name), version)
}

/// The series in memory.
pub fn show_store(status: &StoreStatus, retention: std::time::Duration) -> SeriesStore {
    let written = &status.written;
    let lost = [
        ("refused_full", "No memory was left for them or for their series.", written.refused_full),
        ("dropped_by_size", "Older samples made room before their time.", status.dropped_by_size),
        ("out_of_order", "They were older than what their series has.", written.out_of_order),
        ("duplicates", "Their series has another value at the same time.", written.duplicates),
        ("too_old", "They were older than what is kept.", written.too_old),
        ("too_new", "They lay more than ten minutes ahead of this clock.", written.too_new),
    ];
    let lost = lost.into_iter().filter(|(.., samples)| *samples > 0);
    SeriesStore {
        series: status.series,
        bytes: status.bytes,
        most_bytes: status.most_bytes,
        retention: show_duration(retention),
        samples: written.appended,
        lost: lost.map(|(reason, sentence, samples)| LostSamples { reason, sentence, samples }).collect(),
    }
}

/// The jobs of a configuration, with how many of their targets do how.
pub fn show_jobs(board: &Board) -> Vec<ScrapeJob> {
    let mut jobs: BTreeMap<String, ScrapeJob> =
        board.jobs().into_iter().map(|(name, job)| (name.clone(), show_job(name, job))).collect();
    for target in board.targets() {
        let job = jobs
            .entry(target.job.clone())
            .or_insert_with(|| show_job(target.job.clone(), JobStatus::default()));
        match target.health {
            Health::Up => job.up += 1,
            Health::Down => job.down += 1,
            Health::Unknown => job.unknown += 1,
        }
    }
    jobs.into_values().collect()
}

fn show_job(name: String, job: JobStatus) -> ScrapeJob {
    let dropped_labels = job.dropped.iter().map(show_labels).collect();
    let (dropped, problems) = (job.dropped_count, job.problems);
    ScrapeJob { name, up: 0, down: 0, unknown: 0, dropped, dropped_labels, problems }
}

/// The address of a target as it may be shown.
pub fn without_credentials(mut url: Url) -> Url {
    // An address without a host cannot have credentials either.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

/// One target.
pub fn show_target(status: TargetStatus) -> ScrapeTarget {
    ScrapeTarget {
        job: status.job,
        url: without_credentials(status.target.url).to_string(),
        health: show_target_health(status.health),
        last_error: status.last_error,
        last_scrape: status.last_scrape.map(Into::into),
        duration_ms: status.last_scrape.map(|_| milliseconds(status.last_duration)),
        samples: status.samples,
        interval: show_duration(status.target.interval),
        labels: show_labels(&status.target.labels),
        discovered: show_labels(&status.target.discovered),
    }
}

const fn show_target_health(health: Health) -> TargetHealth {
    match health {
        Health::Up => TargetHealth::Up,
        Health::Down => TargetHealth::Down,
        Health::Unknown => TargetHealth::Unknown,
    }
}
