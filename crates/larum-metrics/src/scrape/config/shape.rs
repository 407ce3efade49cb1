//! The YAML of a `prometheus.yml`, and where in it each thing stands.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_saphyr::Spanned;

use super::super::relabel::RelabelDraft;

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub global: Option<Global>,
    pub scrape_configs: Option<Vec<Spanned<Job>>>,
    pub scrape_config_files: Option<Vec<String>>,
    pub rule_files: Option<Vec<String>>,
    pub alerting: Option<IgnoredAny>,
    pub remote_write: Option<IgnoredAny>,
    pub remote_read: Option<IgnoredAny>,
    pub storage: Option<IgnoredAny>,
    pub tracing: Option<IgnoredAny>,
    pub otlp: Option<IgnoredAny>,
    pub runtime: Option<IgnoredAny>,
}

/// What holds for all jobs that say nothing else.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "some fields are accepted and not acted on")]
pub(super) struct Global {
    pub scrape_interval: Option<Spanned<String>>,
    pub scrape_timeout: Option<Spanned<String>>,
    pub evaluation_interval: Option<Spanned<String>>,
    pub rule_query_offset: Option<Spanned<String>>,
    pub external_labels: Option<BTreeMap<String, String>>,
    pub query_log_file: Option<IgnoredAny>,
    pub scrape_failure_log_file: Option<IgnoredAny>,
    pub scrape_protocols: Option<Vec<Spanned<String>>>,
    pub body_size_limit: Option<Spanned<String>>,
    pub sample_limit: Option<u64>,
    pub label_limit: Option<u64>,
    pub label_name_length_limit: Option<u64>,
    pub label_value_length_limit: Option<u64>,
    pub target_limit: Option<u64>,
    pub keep_dropped_targets: Option<IgnoredAny>,
    pub metric_name_validation_scheme: Option<IgnoredAny>,
    pub metric_name_escaping_scheme: Option<IgnoredAny>,
    pub scrape_classic_histograms: Option<IgnoredAny>,
    pub always_scrape_classic_histograms: Option<IgnoredAny>,
    pub convert_classic_histograms_to_nhcb: Option<IgnoredAny>,
    pub scrape_native_histograms: Option<IgnoredAny>,
}

/// A `scrape_config`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "some fields are accepted and not acted on")]
pub(super) struct Job {
    pub job_name: Option<String>,
    pub scrape_interval: Option<Spanned<String>>,
    pub scrape_timeout: Option<Spanned<String>>,
    pub scrape_protocols: Option<Vec<Spanned<String>>>,
    pub fallback_scrape_protocol: Option<Spanned<String>>,
    pub metrics_path: Option<String>,
    pub scheme: Option<Spanned<String>>,
    pub params: Option<BTreeMap<String, Vec<String>>>,
    pub honor_labels: Option<bool>,
    pub honor_timestamps: Option<bool>,
    pub track_timestamps_staleness: Option<bool>,
    pub static_configs: Option<Vec<Group>>,
    pub file_sd_configs: Option<Vec<FileDiscovery>>,
    pub relabel_configs: Option<Vec<Spanned<RelabelDraft>>>,
    pub metric_relabel_configs: Option<Vec<Spanned<RelabelDraft>>>,
    pub body_size_limit: Option<Spanned<String>>,
    pub sample_limit: Option<u64>,
    pub label_limit: Option<u64>,
    pub label_name_length_limit: Option<u64>,
    pub label_value_length_limit: Option<u64>,
    pub target_limit: Option<u64>,
    pub keep_dropped_targets: Option<IgnoredAny>,
    pub enable_compression: Option<bool>,
    pub basic_auth: Option<BasicAuth>,
    pub authorization: Option<Spanned<Authorization>>,
    pub bearer_token: Option<String>,
    pub bearer_token_file: Option<String>,
    pub tls_config: Option<Spanned<Tls>>,
    pub follow_redirects: Option<bool>,
    pub enable_http2: Option<bool>,
    pub proxy_url: Option<Spanned<String>>,
    // What concerns native histograms and names in other protocols only.
    pub native_histogram_bucket_limit: Option<IgnoredAny>,
    pub native_histogram_min_bucket_factor: Option<IgnoredAny>,
    pub scrape_classic_histograms: Option<IgnoredAny>,
    pub always_scrape_classic_histograms: Option<IgnoredAny>,
    pub convert_classic_histograms_to_nhcb: Option<IgnoredAny>,
    pub scrape_native_histograms: Option<IgnoredAny>,
    pub metric_name_validation_scheme: Option<IgnoredAny>,
    pub metric_name_escaping_scheme: Option<IgnoredAny>,
}

/// Targets with labels in common: a `static_config`, or an entry of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Addresses.
    pub targets: Option<Vec<String>>,
    /// What they have in common.
    pub labels: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileDiscovery {
    pub files: Option<Vec<Spanned<String>>>,
    pub refresh_interval: Option<Spanned<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BasicAuth {
    pub username: Option<String>,
    pub username_file: Option<String>,
    pub password: Option<String>,
    pub password_file: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Authorization {
    #[serde(rename = "type")]
    pub scheme: Option<String>,
    pub credentials: Option<String>,
    pub credentials_file: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tls {
    pub ca: Option<String>,
    pub ca_file: Option<String>,
    pub cert: Option<String>,
    pub cert_file: Option<String>,
    pub key: Option<String>,
    pub key_file: Option<String>,
    pub insecure_skip_verify: Option<bool>,
    pub min_version: Option<Spanned<String>>,
    pub max_version: Option<Spanned<String>>,
}

/// A file that `scrape_config_files` names.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JobFile {
    pub scrape_configs: Option<Vec<Spanned<Job>>>,
}
