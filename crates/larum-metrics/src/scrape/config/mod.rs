//! What to scrape and how, as a `prometheus.yml` says it.
//!
//! Source: Prometheus, "Configuration". Of discovery there are static targets and files.

mod build;
mod error;
mod http;
mod shape;
mod usual;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use larum_files::read_text;

pub use self::error::ConfigError;
pub(super) use self::error::read as read_yaml;
pub use self::http::{Credentials, HttpConfig, Secret, TlsConfig};
pub use self::shape::Group;
use super::relabel::RelabelRule;
use crate::exposition::{ExpositionLimits, Format};

/// The most bytes an answer may have, once decompressed, whatever a job says.
const MOST_BODY_BYTES: u64 = 64 << 20;

/// The largest file that is read, of those that configure and those that name targets, in bytes.
pub(super) const MOST_BYTES: u64 = 16 << 20;

/// A whole configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct Configuration {
    /// How often rules are evaluated that say nothing else.
    pub evaluation_interval: Duration,
    /// How long ago rules look at that say nothing else.
    pub rule_query_offset: Duration,
    /// Labels that are added to whatever leaves for another system, in order of name.
    pub external_labels: BTreeMap<String, String>,
    /// The files with rules: patterns for [`larum_files::files_matching`].
    pub rule_files: Vec<PathBuf>,
    /// The jobs, in order; no two have one name.
    pub jobs: Vec<Arc<JobConfig>>,
    ignored: Vec<&'static str>,
}

impl Configuration {
    /// Reads the text of a file in `folder`, which relative paths begin at.
    ///
    /// # Errors
    /// [`ConfigError`]: the first thing that is wrong; nothing of it is to be used then.
    pub fn parse(text: &str, folder: &Path) -> Result<Self, ConfigError> {
        build::configuration(text, folder)
    }

    /// Reads a file, and those it names as `scrape_config_files`.
    ///
    /// # Errors
    /// [`ConfigError`] as in [`Configuration::parse`], also when a file cannot be read.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = read_text(path, MOST_BYTES)
            .map_err(|error| ConfigError::nowhere(format!("cannot be read: {error}")).in_file(path))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        Self::parse(&text, folder)
    }

    /// The parts of the file that Larum does not act on, so that somebody can say so once.
    pub fn ignored(&self) -> &[&'static str] {
        &self.ignored
    }
}

/// One job: targets that are scraped in the same way.
#[derive(Clone, Debug, PartialEq)]
pub struct JobConfig {
    /// Its name, which no other has; the label `job` unless relabelling changes that.
    pub job_name: String,
    /// How often each target is scraped.
    pub scrape_interval: Duration,
    /// How long a scrape may take.
    pub scrape_timeout: Duration,
    /// What is asked for, the best first.
    pub scrape_protocols: Vec<ScrapeProtocol>,
    /// How an answer is read that does not say what it is.
    pub fallback: Option<Format>,
    /// The path of the URL.
    pub metrics_path: String,
    /// `http` or `https`.
    pub scheme: String,
    /// Parameters of the URL.
    pub params: BTreeMap<String, Vec<String>>,
    /// Whether a target's own `job`, `instance` and the like win over ours; else they become `exported_job` …
    pub honor_labels: bool,
    /// Whether a target's own timestamps count.
    pub honor_timestamps: bool,
    /// Whether series with timestamps of their own end as others do when they are not there any more.
    pub track_timestamps_staleness: bool,
    /// Targets that the configuration names.
    pub static_groups: Vec<Group>,
    /// Files that name targets: patterns for [`larum_files::files_matching`].
    pub files: Vec<PathBuf>,
    /// What is done to a target's labels.
    pub relabel_configs: Vec<RelabelRule>,
    /// What is done to the labels of its series.
    pub metric_relabel_configs: Vec<RelabelRule>,
    /// How much it may bring.
    pub limits: JobLimits,
    /// Whether gzip is asked for.
    pub enable_compression: bool,
    /// How its targets are spoken to.
    pub http: HttpConfig,
}

/// How much a job may bring; none is no limit but those that always hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobLimits {
    /// Bytes of an answer, once decompressed.
    pub body_bytes: Option<u64>,
    /// Samples of a scrape that are left after relabelling.
    pub samples: Option<u64>,
    /// Targets of the job after relabelling.
    pub targets: Option<u64>,
    /// Labels of a series after relabelling.
    pub labels: Option<u64>,
    /// Bytes of a label's name.
    pub label_name_bytes: Option<u64>,
    /// Bytes of a label's value.
    pub label_value_bytes: Option<u64>,
}

impl JobLimits {
    /// The limits for series, before and after relabelling; those that always hold, and those of the job if `own`.
    pub(super) fn exposition(&self, own: bool) -> ExpositionLimits {
        let usual = ExpositionLimits::default();
        let limit = |limit: Option<u64>, usual: usize| match limit {
            Some(limit) if own => usize::try_from(limit).unwrap_or(usize::MAX),
            // Who allows more than is usual is to get it.
            Some(limit) => usual.max(usize::try_from(limit).unwrap_or(usize::MAX)),
            None => usual,
        };
        ExpositionLimits {
            labels: limit(self.labels, usual.labels),
            label_name_bytes: limit(self.label_name_bytes, usual.label_name_bytes),
            label_value_bytes: limit(self.label_value_bytes, usual.label_value_bytes),
            ..usual
        }
    }

    /// The most bytes of an answer.
    pub(super) fn most_body_bytes(&self) -> u64 {
        self.body_bytes.unwrap_or(MOST_BODY_BYTES).min(MOST_BODY_BYTES)
    }
}

/// A format that a target can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScrapeProtocol {
    /// `OpenMetricsText1.0.0`
    OpenMetrics1,
    /// `OpenMetricsText0.0.1`
    OpenMetrics0,
    /// `PrometheusText1.0.0`
    Text1,
    /// `PrometheusText0.0.4`
    Text0,
}

impl ScrapeProtocol {
    /// All of them, the best first, as Prometheus 3 asks for them.
    pub const ALL: [Self; 4] = [Self::OpenMetrics1, Self::OpenMetrics0, Self::Text1, Self::Text0];

    fn name(self) -> &'static str {
        match self {
            Self::OpenMetrics1 => "OpenMetricsText1.0.0",
            Self::OpenMetrics0 => "OpenMetricsText0.0.1",
            Self::Text1 => "PrometheusText1.0.0",
            Self::Text0 => "PrometheusText0.0.4",
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::OpenMetrics1 => "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8",
            Self::OpenMetrics0 => "application/openmetrics-text;version=0.0.1",
            Self::Text1 => "text/plain;version=1.0.0;escaping=allow-utf-8",
            Self::Text0 => "text/plain;version=0.0.4",
        }
    }

    fn format(self) -> Format {
        match self {
            Self::OpenMetrics1 | Self::OpenMetrics0 => Format::OpenMetrics,
            Self::Text1 | Self::Text0 => Format::Text,
        }
    }

    /// The value of `Accept` for some of them, the best first: each weighs a tenth less than the one before, and
    /// anything at all the least.
    pub(super) fn accept(protocols: &[Self]) -> String {
        let mut weight = protocols.len() + 1;
        let mut accepted = String::new();
        for protocol in protocols {
            accepted += &format!("{};q=0.{weight},", protocol.media_type());
            weight -= 1;
        }
        accepted + &format!("*/*;q=0.{weight}")
    }
}
