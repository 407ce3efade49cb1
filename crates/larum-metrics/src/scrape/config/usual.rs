//! How a job is scraped by what it says, by what `global` says where it says nothing, and else as Prometheus does.

use std::time::Duration;

use larum_core::duration::{parse_duration, show_duration};
use larum_core::size::parse_size;

use super::error::ConfigError;
use super::shape::{Common, Text};
use super::{JobLimits, ScrapeProtocol};

/// What holds where nothing else is said.
#[derive(Clone)]
pub(super) struct Usual {
    pub interval: Duration,
    pub timeout: Duration,
    pub protocols: Vec<ScrapeProtocol>,
    pub limits: JobLimits,
}

impl Default for Usual {
    /// As Prometheus has it ("Configuration", section `global`).
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(60),
            timeout: Duration::from_secs(10),
            protocols: ScrapeProtocol::ALL.to_vec(),
            limits: JobLimits::default(),
        }
    }
}

impl Usual {
    /// What holds in a section that says so much for itself.
    pub(super) fn with(&self, said: &Common) -> Result<Self, ConfigError> {
        let interval = duration(said.scrape_interval.as_ref())?.unwrap_or(self.interval);
        let timeout = duration(said.scrape_timeout.as_ref())?;
        if let (Some(timeout), Some(text)) = (timeout, &said.scrape_timeout)
            && timeout > interval
        {
            let message =
                format!("the timeout is longer than the scrape interval {}", show_duration(interval));
            return Err(ConfigError::at(text.defined, message));
        }
        let body_bytes = said.body_size_limit.as_ref().map(size).transpose()?;
        // Zero says nothing, so a job cannot lift a limit of `global` (Prometheus, `config/config.go`, `Validate`).
        let limit = |own: Option<u64>, usual: Option<u64>| own.filter(|limit| *limit > 0).or(usual);
        Ok(Self {
            interval,
            timeout: timeout.unwrap_or(self.timeout.min(interval)),
            protocols: protocols(said.scrape_protocols.as_deref())?.unwrap_or_else(|| self.protocols.clone()),
            limits: JobLimits {
                body_bytes: limit(body_bytes, self.limits.body_bytes),
                samples: limit(said.sample_limit, self.limits.samples),
                targets: limit(said.target_limit, self.limits.targets),
                labels: limit(said.label_limit, self.limits.labels),
                label_name_bytes: limit(said.label_name_length_limit, self.limits.label_name_bytes),
                label_value_bytes: limit(said.label_value_length_limit, self.limits.label_value_bytes),
            },
        })
    }
}

/// A duration; zero is as good as nothing.
pub(super) fn duration(text: Option<&Text>) -> Result<Option<Duration>, ConfigError> {
    Ok(duration_or_zero(text)?.filter(|duration| !duration.is_zero()))
}

pub(super) fn duration_or_zero(text: Option<&Text>) -> Result<Option<Duration>, ConfigError> {
    let read = text.map(|text| {
        parse_duration(&text.value).map_err(|error| ConfigError::at(text.defined, error.to_string()))
    });
    read.transpose()
}

fn size(text: &Text) -> Result<u64, ConfigError> {
    parse_size(&text.value).map_err(|error| ConfigError::at(text.defined, error.to_string()))
}

/// The protocols of a list. Larum does not read protobuf: it is not asked for.
fn protocols(names: Option<&[Text]>) -> Result<Option<Vec<ScrapeProtocol>>, ConfigError> {
    let Some(names) = names else { return Ok(None) };
    let mut protocols = Vec::new();
    for name in names.iter().filter(|name| name.value != "PrometheusProto") {
        let protocol = protocol(name)?;
        if protocols.contains(&protocol) {
            return Err(ConfigError::at(name.defined, format!("{} stands there twice", name.value)));
        }
        protocols.push(protocol);
    }
    Ok(Some(protocols).filter(|protocols| !protocols.is_empty()))
}

pub(super) fn protocol(name: &Text) -> Result<ScrapeProtocol, ConfigError> {
    let found = ScrapeProtocol::ALL.into_iter().find(|protocol| protocol.name() == name.value);
    found.ok_or_else(|| {
        let known: Vec<&str> = ScrapeProtocol::ALL.into_iter().map(ScrapeProtocol::name).collect();
        ConfigError::at(name.defined, format!("{:?} is none of {}", name.value, known.join(", ")))
    })
}
