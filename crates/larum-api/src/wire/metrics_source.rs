//! Where metrics come from, and how that does.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::time::Time;

/// Where metrics come from.
#[derive(Debug, Serialize, ToSchema)]
pub struct MetricsSource {
    /// Whether Larum keeps series itself or asks a server.
    pub kind: SourceKind,
    /// How it does.
    pub health: SourceHealth,
    /// The server, if one is asked.
    #[schema(required)]
    pub server: Option<SourceServer>,
    /// The series in memory, if Larum keeps them.
    #[schema(required)]
    pub store: Option<SeriesStore>,
    /// Whether Larum was given a configuration with targets to scrape (`--prometheus.config-file`).
    pub scrapes: bool,
    /// The jobs of that configuration, in order of name.
    pub jobs: Vec<ScrapeJob>,
}

/// Where metrics come from, in one word.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// Larum's own memory: this host, and scraped targets.
    Embedded,
    /// A Prometheus-compatible server.
    Prometheus,
}

/// How the source does.
#[derive(Debug, Serialize, ToSchema)]
pub struct SourceHealth {
    /// In one word.
    pub state: SourceHealthState,
    /// What is wrong; null while all is well.
    #[schema(required)]
    pub error: Option<String>,
    /// What to do about it.
    #[schema(required)]
    pub advice: Option<String>,
    /// Since when it is so.
    #[schema(required)]
    pub since: Option<Time>,
    /// How many questions failed since then.
    pub failures: u64,
    /// When it last answered well, or was last collected into.
    #[schema(required)]
    pub last_success: Option<Time>,
}

/// How the source does, in one word.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceHealthState {
    /// Well.
    Ok,
    /// Policies cannot be evaluated as they should.
    Trouble,
    /// It was not asked yet.
    Unknown,
}

/// A server that is asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct SourceServer {
    /// Where it is, without credentials.
    pub url: String,
    /// Which program it is; null if it does not say.
    #[schema(required)]
    pub product: Option<String>,
    /// Its version; null if it does not say.
    #[schema(required)]
    pub version: Option<String>,
    /// How long its last good answer took, in milliseconds.
    #[schema(required)]
    pub round_trip_ms: Option<f64>,
    /// How many questions are on their way.
    pub in_flight: usize,
    /// How many questions wait for their turn.
    pub waiting: usize,
}

/// The series in Larum's memory.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeriesStore {
    /// How many there are.
    pub series: usize,
    /// How many bytes they take.
    pub bytes: usize,
    /// The most that they may take (`--metrics.retention-size`).
    pub most_bytes: usize,
    /// How long samples are kept (`--metrics.retention-time`).
    #[schema(example = "6h")]
    pub retention: String,
    /// Samples taken since the start.
    pub samples: u64,
    /// What did not stay, by reason; only what happened.
    pub lost: Vec<LostSamples>,
}

/// Samples that were refused, or dropped before anybody wanted them gone.
#[derive(Debug, Serialize, ToSchema)]
pub struct LostSamples {
    /// Why, in one word.
    #[schema(example = "refused_full")]
    pub reason: &'static str,
    /// Why, in words.
    pub sentence: &'static str,
    /// How many, since the start.
    pub samples: u64,
}

/// A job of the configuration.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScrapeJob {
    /// Its name.
    pub name: String,
    /// Targets whose last scrape went well.
    pub up: usize,
    /// Targets whose last scrape failed.
    pub down: usize,
    /// Targets that were not scraped yet.
    pub unknown: usize,
    /// How many targets relabelling dropped.
    pub dropped: usize,
    /// The labels of some of those, before relabelling.
    pub dropped_labels: Vec<BTreeMap<String, String>>,
    /// What is wrong with its files and targets.
    pub problems: Vec<String>,
}

/// Some targets.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScrapeTargets {
    /// Those asked for, in order of job.
    pub targets: Vec<ScrapeTarget>,
    /// How many match the question, on all pages.
    pub total: usize,
}

/// Something that Larum scrapes.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScrapeTarget {
    /// The job that it belongs to.
    pub job: String,
    /// Where it is asked, without credentials.
    pub url: String,
    /// How its last scrape went.
    pub health: TargetHealth,
    /// Why that failed.
    #[schema(required)]
    pub last_error: Option<String>,
    /// When it began.
    #[schema(required)]
    pub last_scrape: Option<Time>,
    /// How long it took, in milliseconds.
    #[schema(required)]
    pub duration_ms: Option<f64>,
    /// Samples that it brought.
    pub samples: u64,
    /// How often it is scraped.
    #[schema(example = "15s")]
    pub interval: String,
    /// The labels that its series get.
    pub labels: BTreeMap<String, String>,
    /// The labels as they were found, before relabelling.
    pub discovered: BTreeMap<String, String>,
}

/// How the last scrape of a target went.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TargetHealth {
    /// Well.
    Up,
    /// It failed.
    Down,
    /// There was none yet.
    Unknown,
}

/// Which targets are asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct TargetQuestion {
    /// How the last scrape went; all if absent.
    pub health: Option<TargetHealth>,
    /// The job; all if absent.
    pub job: Option<String>,
    /// Text that the address, a label's value or the error contains, whatever the case.
    pub q: Option<String>,
    /// How many to answer with, 1 to 1000.
    #[param(default = 200, maximum = 1000)]
    pub limit: Option<usize>,
    /// How many to leave out first.
    pub offset: Option<usize>,
}
