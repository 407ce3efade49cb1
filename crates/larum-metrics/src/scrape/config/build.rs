//! From what is written to what is meant.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use larum_files::{files_matching, named_in, read_text};
use serde_saphyr::Spanned;

use super::error::{ConfigError, read};
use super::http::http;
use super::shape::{File, FileDiscovery, Job, JobFile, Text};
use super::usual::{Usual, duration, duration_or_zero, protocol};
use super::{Configuration, JobConfig, MOST_BYTES, ScrapeProtocol};
use crate::scrape::relabel::{RelabelDraft, RelabelRule};

/// How often rules are evaluated where nothing is said (Prometheus, "Configuration", section `global`).
const EVALUATION_INTERVAL: Duration = Duration::from_secs(60);

pub(super) fn configuration(text: &str, folder: &Path) -> Result<Configuration, ConfigError> {
    let mut file: File = read(text)?;
    let ignored = ignored(&file);
    let mut global = file.global.take().unwrap_or_default();
    let usual = Usual::default().with(&global.common())?;
    let evaluation_interval = duration(global.evaluation_interval.as_ref())?;
    let mut jobs = Jobs { usual: &usual, found: Vec::new(), names: HashSet::new() };
    jobs.add(file.scrape_configs, folder)?;
    for path in job_files(&file.scrape_config_files.unwrap_or_default(), folder)? {
        jobs.add_file(&path).map_err(|error| error.in_file(&path))?;
    }
    Ok(Configuration {
        evaluation_interval: evaluation_interval.unwrap_or(EVALUATION_INTERVAL),
        rule_query_offset: duration_or_zero(global.rule_query_offset.as_ref())?.unwrap_or_default(),
        external_labels: global.external_labels.unwrap_or_default(),
        rule_files: file.rule_files.unwrap_or_default().iter().map(|path| named_in(folder, path)).collect(),
        jobs: jobs.found,
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
fn job_files(patterns: &[String], folder: &Path) -> Result<Vec<PathBuf>, ConfigError> {
    let mut files = Vec::new();
    for pattern in patterns {
        let found = files_matching(&named_in(folder, pattern));
        files.extend(found.map_err(|error| ConfigError::nowhere(format!("scrape_config_files: {error}")))?);
    }
    Ok(files)
}

/// Jobs of which no two have one name.
struct Jobs<'a> {
    usual: &'a Usual,
    found: Vec<Arc<JobConfig>>,
    names: HashSet<String>,
}

impl Jobs<'_> {
    /// Adds those of a file of their own, in which relative paths begin at its own folder (Prometheus,
    /// `config/config.go`, `GetScrapeConfigs`).
    fn add_file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let text = read_text(path, MOST_BYTES);
        let text = text.map_err(|error| ConfigError::nowhere(format!("cannot be read: {error}")))?;
        let file: JobFile = read(&text)?;
        self.add(file.scrape_configs, path.parent().unwrap_or(Path::new("")))
    }

    fn add(&mut self, jobs: Option<Vec<Spanned<Job>>>, folder: &Path) -> Result<(), ConfigError> {
        for Spanned { value, defined: place, .. } in jobs.unwrap_or_default() {
            let job = job_config(value, self.usual, folder).map_err(|error| match error.line {
                0 => ConfigError::at(place, error.message),
                _ => error,
            })?;
            if !self.names.insert(job.job_name.clone()) {
                let message = format!("there are two jobs with the name {:?}", job.job_name);
                return Err(ConfigError::at(place, message));
            }
            self.found.push(Arc::new(job));
        }
        Ok(())
    }
}

fn job_config(mut job: Job, usual: &Usual, folder: &Path) -> Result<JobConfig, ConfigError> {
    let http = http(&mut job, folder)?;
    let Usual { interval, timeout, protocols, limits } = usual.with(&job.common())?;
    let job_name = job.job_name.filter(|name| !name.is_empty());
    Ok(JobConfig {
        job_name: job_name.ok_or_else(|| ConfigError::nowhere("a scrape config needs a job_name"))?,
        scrape_interval: interval,
        scrape_timeout: timeout,
        scrape_protocols: protocols,
        fallback: job
            .fallback_scrape_protocol
            .as_ref()
            .map(protocol)
            .transpose()?
            .map(ScrapeProtocol::format),
        metrics_path: job.metrics_path.unwrap_or_else(|| "/metrics".to_owned()),
        scheme: scheme(job.scheme)?,
        params: job.params.unwrap_or_default(),
        honor_labels: job.honor_labels.unwrap_or(false),
        honor_timestamps: job.honor_timestamps.unwrap_or(true),
        track_timestamps_staleness: job.track_timestamps_staleness.unwrap_or(false),
        static_groups: job.static_configs.unwrap_or_default(),
        files: discovery_files(job.file_sd_configs.unwrap_or_default(), folder)?,
        relabel_configs: rules(job.relabel_configs)?,
        metric_relabel_configs: rules(job.metric_relabel_configs)?,
        limits,
        enable_compression: job.enable_compression.unwrap_or(true),
        http,
    })
}

fn scheme(given: Option<Text>) -> Result<String, ConfigError> {
    match given {
        None => Ok("http".to_owned()),
        Some(scheme) if ["http", "https"].contains(&scheme.value.as_str()) => Ok(scheme.value),
        Some(scheme) => Err(ConfigError::at(scheme.defined, "the scheme is neither http nor https")),
    }
}

/// The files of targets. A `refresh_interval` must be a duration; all are looked at equally often.
fn discovery_files(discoveries: Vec<FileDiscovery>, folder: &Path) -> Result<Vec<PathBuf>, ConfigError> {
    let mut files = Vec::new();
    for discovery in discoveries {
        duration(discovery.refresh_interval.as_ref())?;
        for file in discovery.files.unwrap_or_default() {
            files.push(discovery_file(&file, folder)?);
        }
    }
    Ok(files)
}

/// A file of targets is JSON or YAML, and a `*` may stand in its name only (Prometheus, "Configuration", section
/// `file_sd_config`).
fn discovery_file(file: &Text, folder: &Path) -> Result<PathBuf, ConfigError> {
    let path = named_in(folder, &file.value);
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
