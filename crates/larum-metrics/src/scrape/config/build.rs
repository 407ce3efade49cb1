//! From what is written to what is meant.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use larum_core::duration::{parse_duration, show_duration};
use larum_core::size::parse_size;
use serde_saphyr::Spanned;

use super::error::{ConfigError, read};
use super::http::http;
use super::pattern::files_matching;
use super::shape::{File, Global, Job, JobFile};
use super::{Configuration, JobConfig, JobLimits, ScrapeProtocol};
use crate::exposition::Format;
use crate::scrape::relabel::{RelabelDraft, RelabelRule};

/// What Prometheus takes where nothing is said (Prometheus, "Configuration", section `global`).
const INTERVAL: Duration = Duration::from_secs(60);
const TIMEOUT: Duration = Duration::from_secs(10);

type Text = Option<Spanned<String>>;

/// What holds where a job says nothing.
struct Usual {
    interval: Duration,
    timeout: Duration,
    protocols: Vec<ScrapeProtocol>,
    limits: JobLimits,
}

pub(super) fn configuration(text: &str, folder: &Path) -> Result<Configuration, ConfigError> {
    let mut file: File = read(text)?;
    let ignored = ignored(&file);
    let global = file.global.take().unwrap_or_default();
    let usual = usual(&global)?;
    let mut jobs = Vec::new();
    let mut names = HashSet::new();
    let mut add = |job: Spanned<Job>| {
        let place = job.defined;
        let job = job_config(job.value, &usual, folder).map_err(|error| match error.line {
            0 => ConfigError::at(place, error.message),
            _ => error,
        })?;
        if !names.insert(job.job_name.clone()) {
            return Err(ConfigError::at(
                place,
                format!("there are two jobs with the name {:?}", job.job_name),
            ));
        }
        jobs.push(Arc::new(job));
        Ok(())
    };
    file.scrape_configs.unwrap_or_default().into_iter().try_for_each(&mut add)?;
    for path in found(file.scrape_config_files.as_deref().unwrap_or_default(), folder)? {
        let text = std::fs::read_to_string(&path)
            .map_err(|error| ConfigError::nowhere(format!("cannot be read: {error}")).in_file(&path))?;
        let file: JobFile = read(&text).map_err(|error| error.in_file(&path))?;
        let jobs = file.scrape_configs.unwrap_or_default();
        jobs.into_iter().try_for_each(&mut add).map_err(|error| error.in_file(&path))?;
    }
    let evaluation_interval = duration(&global.evaluation_interval)?.unwrap_or(INTERVAL);
    Ok(Configuration {
        evaluation_interval,
        rule_query_offset: duration_or_zero(&global.rule_query_offset)?.unwrap_or_default(),
        external_labels: global.external_labels.unwrap_or_default(),
        rule_files: file.rule_files.unwrap_or_default().iter().map(|path| folder.join(path)).collect(),
        jobs,
        ignored,
    })
}

fn ignored(file: &File) -> Vec<&'static str> {
    let parts = [
        ("alerting", &file.alerting),
        ("remote_write", &file.remote_write),
        ("remote_read", &file.remote_read),
        ("storage", &file.storage),
        ("tracing", &file.tracing),
        ("otlp", &file.otlp),
        ("runtime", &file.runtime),
    ];
    parts.into_iter().filter(|(_, part)| part.is_some()).map(|(name, _)| name).collect()
}

/// The files that `scrape_config_files` names.
fn found(patterns: &[String], folder: &Path) -> Result<Vec<PathBuf>, ConfigError> {
    let mut files = Vec::new();
    for pattern in patterns {
        let found = files_matching(&folder.join(pattern));
        files.extend(found.map_err(|error| ConfigError::nowhere(format!("scrape_config_files: {error}")))?);
    }
    Ok(files)
}

fn usual(global: &Global) -> Result<Usual, ConfigError> {
    let interval = duration(&global.scrape_interval)?.unwrap_or(INTERVAL);
    let timeout = duration(&global.scrape_timeout)?;
    if let (Some(timeout), Some(text)) = (timeout, &global.scrape_timeout)
        && timeout > interval
    {
        let message = format!("the timeout is longer than the scrape interval {}", show_duration(interval));
        return Err(ConfigError::at(text.defined, message));
    }
    let limits = JobLimits {
        body_bytes: size(&global.body_size_limit)?,
        samples: global.sample_limit,
        targets: global.target_limit,
        labels: global.label_limit,
        label_name_bytes: global.label_name_length_limit,
        label_value_bytes: global.label_value_length_limit,
    };
    let protocols = protocols(global.scrape_protocols.as_deref())?;
    Ok(Usual {
        interval,
        timeout: timeout.unwrap_or(TIMEOUT).min(interval),
        protocols: protocols.unwrap_or(ScrapeProtocol::ALL.to_vec()),
        limits,
    })
}

fn job_config(mut job: Job, usual: &Usual, folder: &Path) -> Result<JobConfig, ConfigError> {
    let http = http(&mut job, folder)?;
    let job_name = job.job_name.filter(|name| !name.is_empty());
    let job_name = job_name.ok_or_else(|| ConfigError::nowhere("a scrape config needs a job_name"))?;
    let scrape_interval = duration(&job.scrape_interval)?.unwrap_or(usual.interval);
    let scrape_timeout = match (duration(&job.scrape_timeout)?, &job.scrape_timeout) {
        (Some(timeout), Some(text)) if timeout > scrape_interval => {
            let message =
                format!("the timeout is longer than the scrape interval {}", show_duration(scrape_interval));
            return Err(ConfigError::at(text.defined, message));
        }
        (timeout, _) => timeout.unwrap_or(usual.timeout.min(scrape_interval)),
    };
    let scheme = match job.scheme {
        Some(scheme) if !["http", "https"].contains(&scheme.value.as_str()) => {
            return Err(ConfigError::at(scheme.defined, "the scheme is neither http nor https"));
        }
        scheme => scheme.map_or_else(|| "http".to_owned(), |scheme| scheme.value),
    };
    // Zero is no limit.
    let limit = |own: Option<u64>, usual: Option<u64>| own.or(usual).filter(|limit| *limit > 0);
    let limits = JobLimits {
        body_bytes: limit(size(&job.body_size_limit)?, usual.limits.body_bytes),
        samples: limit(job.sample_limit, usual.limits.samples),
        targets: limit(job.target_limit, usual.limits.targets),
        labels: limit(job.label_limit, usual.limits.labels),
        label_name_bytes: limit(job.label_name_length_limit, usual.limits.label_name_bytes),
        label_value_bytes: limit(job.label_value_length_limit, usual.limits.label_value_bytes),
    };
    let mut files = Vec::new();
    for discovery in job.file_sd_configs.unwrap_or_default() {
        duration(&discovery.refresh_interval)?;
        for file in discovery.files.unwrap_or_default() {
            files.push(discovery_file(&file, folder)?);
        }
    }
    Ok(JobConfig {
        job_name,
        scrape_interval,
        scrape_timeout,
        scrape_protocols: protocols(job.scrape_protocols.as_deref())?.unwrap_or(usual.protocols.clone()),
        fallback: fallback(job.fallback_scrape_protocol.as_ref())?,
        metrics_path: job.metrics_path.unwrap_or_else(|| "/metrics".to_owned()),
        scheme,
        params: job.params.unwrap_or_default(),
        honor_labels: job.honor_labels.unwrap_or(false),
        honor_timestamps: job.honor_timestamps.unwrap_or(true),
        track_timestamps_staleness: job.track_timestamps_staleness.unwrap_or(false),
        static_groups: job.static_configs.unwrap_or_default(),
        files,
        relabel_configs: rules(job.relabel_configs)?,
        metric_relabel_configs: rules(job.metric_relabel_configs)?,
        limits,
        enable_compression: job.enable_compression.unwrap_or(true),
        http,
    })
}

/// A file of targets is JSON or YAML, and a `*` may stand in its name only (Prometheus, "Configuration", section
/// `file_sd_config`).
fn discovery_file(file: &Spanned<String>, folder: &Path) -> Result<PathBuf, ConfigError> {
    let path = folder.join(&file.value);
    let known = path
        .extension()
        .is_some_and(|extension| extension == "json" || extension == "yml" || extension == "yaml");
    let above = path.parent().is_some_and(|above| above.to_string_lossy().contains('*'));
    if !known || above {
        let message =
            format!("{:?} is no path of .json, .yml or .yaml files with a * in their name", file.value);
        return Err(ConfigError::at(file.defined, message));
    }
    Ok(path)
}

fn rules(drafts: Option<Vec<Spanned<RelabelDraft>>>) -> Result<Vec<RelabelRule>, ConfigError> {
    let rule = |draft: Spanned<RelabelDraft>| {
        draft.value.rule().map_err(|error| ConfigError::at(draft.defined, error.to_string()))
    };
    drafts.unwrap_or_default().into_iter().map(rule).collect()
}

/// Zero is as good as nothing.
fn duration(text: &Text) -> Result<Option<Duration>, ConfigError> {
    Ok(duration_or_zero(text)?.filter(|duration| !duration.is_zero()))
}

fn duration_or_zero(text: &Text) -> Result<Option<Duration>, ConfigError> {
    let Some(text) = text else { return Ok(None) };
    parse_duration(&text.value).map(Some).map_err(|error| ConfigError::at(text.defined, error.to_string()))
}

fn size(text: &Text) -> Result<Option<u64>, ConfigError> {
    let Some(text) = text else { return Ok(None) };
    parse_size(&text.value).map(Some).map_err(|error| ConfigError::at(text.defined, error.to_string()))
}

/// Larum does not read protobuf: it is not asked for.
fn protocols(names: Option<&[Spanned<String>]>) -> Result<Option<Vec<ScrapeProtocol>>, ConfigError> {
    let Some(names) = names else { return Ok(None) };
    let mut protocols = Vec::new();
    for name in names.iter().filter(|name| name.value != "PrometheusProto") {
        protocols.push(protocol(name)?);
    }
    Ok(Some(protocols).filter(|protocols| !protocols.is_empty()))
}

fn fallback(name: Option<&Spanned<String>>) -> Result<Option<Format>, ConfigError> {
    name.map(protocol).transpose().map(|protocol| protocol.map(ScrapeProtocol::format))
}

fn protocol(name: &Spanned<String>) -> Result<ScrapeProtocol, ConfigError> {
    let found = ScrapeProtocol::ALL.into_iter().find(|protocol| protocol.name() == name.value);
    found.ok_or_else(|| {
        let known: Vec<&str> = ScrapeProtocol::ALL.into_iter().map(ScrapeProtocol::name).collect();
        ConfigError::at(name.defined, format!("{:?} is none of {}", name.value, known.join(", ")))
    })
}
