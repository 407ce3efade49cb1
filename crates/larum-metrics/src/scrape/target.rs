//! What is scraped, how it is found, and by which labels it is known.
//!
//! Source: Prometheus, "Configuration", section `scrape_config`; "Jobs and instances".

use std::hash::{BuildHasher, Hash};
use std::time::Duration;

use foldhash::fast::FixedState;
use larum_core::duration::{parse_duration, show_duration};
use larum_core::label::LabelSet;
use reqwest::Url;

use super::config::JobConfig;
use super::relabel::{Labels, relabel};

/// Labels that say how to scrape; relabelling may set them.
pub(super) const ADDRESS: &str = "__address__";
const SCHEME: &str = "__scheme__";
const METRICS_PATH: &str = "__metrics_path__";
const INTERVAL: &str = "__scrape_interval__";
const TIMEOUT: &str = "__scrape_timeout__";
const PARAMETER: &str = "__param_";
const META: &str = "__meta_";
/// Labels that begin so are no labels of the series.
const RESERVED: &str = "__";

/// Something that is scraped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The labels that its series get, `job` and `instance` among them.
    pub labels: LabelSet,
    /// The labels before relabelling.
    pub discovered: LabelSet,
    /// Where.
    pub url: Url,
    /// How often.
    pub interval: Duration,
    /// How long an answer may take, at most as long as the interval.
    pub timeout: Duration,
}

/// Why labels make no target.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// There is no address.
    #[error("it has no address")]
    NoAddress,
    /// The address is none, or more than one.
    #[error("{0:?} is not an address of a host")]
    Address(String),
    /// Interval or timeout cannot be read, or is zero.
    #[error("{name} is {value:?}, which is no duration longer than zero")]
    Duration {
        /// The label.
        name: &'static str,
        /// What it holds.
        value: String,
    },
    /// The timeout is longer than the interval.
    #[error("the scrape timeout {timeout} is longer than the scrape interval {interval}")]
    Timeout {
        /// The timeout.
        timeout: String,
        /// The interval.
        interval: String,
    },
    /// Scheme, address and path make no URL.
    #[error("{0:?} cannot be scraped over http or https")]
    Url(String),
}

/// What discovery and configuration say about a target, before relabelling: what is on the target itself wins over its
/// group, and both over the job.
pub(super) fn discovered(own: &Labels, group: &Labels, job: &JobConfig) -> Labels {
    let mut labels: Labels = group.iter().chain(own.iter()).collect();
    labels.set_default("job", &job.job_name);
    labels.set_default(INTERVAL, &show_duration(job.scrape_interval));
    labels.set_default(TIMEOUT, &show_duration(job.scrape_timeout));
    labels.set_default(METRICS_PATH, &job.metrics_path);
    labels.set_default(SCHEME, &job.scheme);
    for (name, values) in &job.params {
        if let Some(first) = values.first() {
            labels.set_default(&format!("{PARAMETER}{name}"), first);
        }
    }
    labels
}

impl Target {
    /// The target that discovered labels come to after the job's relabelling; none if that drops it.
    ///
    /// # Errors
    /// [`TargetError`] when what is left cannot be scraped.
    pub(super) fn new(discovered: &Labels, job: &JobConfig) -> Result<Option<Self>, TargetError> {
        let mut labels = discovered.clone();
        if !relabel(&mut labels, &job.relabel_configs) {
            return Ok(None);
        }
        let address = labels.value(ADDRESS).to_owned();
        if address.is_empty() {
            return Err(TargetError::NoAddress);
        }
        let interval = duration(&labels, INTERVAL)?;
        let timeout = duration(&labels, TIMEOUT)?;
        if timeout > interval {
            let (timeout, interval) = (show_duration(timeout), show_duration(interval));
            return Err(TargetError::Timeout { timeout, interval });
        }
        labels.retain(|name| !name.starts_with(META));
        labels.set_default("instance", &address);
        let url = url(&labels, &address, job)?;
        labels.retain(|name| !name.starts_with(RESERVED));
        let discovered = discovered.to_set();
        Ok(Some(Self { labels: labels.to_set(), discovered, url, interval, timeout }))
    }

    /// A number that stays the same as long as labels and address do, and spreads targets over their interval.
    pub fn hash(&self) -> u64 {
        let mut hasher = FixedState::default().build_hasher();
        self.labels.fingerprint().0.hash(&mut hasher);
        self.url.as_str().hash(&mut hasher);
        std::hash::Hasher::finish(&hasher)
    }
}

fn duration(labels: &Labels, name: &'static str) -> Result<Duration, TargetError> {
    let value = labels.value(name);
    let read = parse_duration(value).ok().filter(|duration| !duration.is_zero());
    read.ok_or_else(|| TargetError::Duration { name, value: value.to_owned() })
}

/// Scheme, address, path and parameters. The label of a parameter is the first of its values.
fn url(labels: &Labels, address: &str, job: &JobConfig) -> Result<Url, TargetError> {
    let scheme = labels.value(SCHEME);
    let is_host = !address.contains(['/', '?', '#', '@', '\\']) && !address.contains(char::is_whitespace);
    if !is_host {
        return Err(TargetError::Address(address.to_owned()));
    }
    let written = format!("{scheme}://{address}/");
    let url = Url::parse(&written).ok().filter(|url| ["http", "https"].contains(&url.scheme()));
    let mut url = url.ok_or(TargetError::Url(written))?;
    url.set_path(labels.value(METRICS_PATH));
    let mut parameters = job.params.clone();
    for (name, value) in labels.iter() {
        let Some(name) = name.strip_prefix(PARAMETER) else { continue };
        let values = parameters.entry(name.to_owned()).or_default();
        match values.first_mut() {
            Some(first) => value.clone_into(first),
            None => values.push(value.to_owned()),
        }
    }
    if !parameters.is_empty() {
        let pairs =
            parameters.iter().flat_map(|(name, values)| values.iter().map(move |value| (name, value)));
        url.query_pairs_mut().extend_pairs(pairs);
    }
    Ok(url)
}
