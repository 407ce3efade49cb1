//! The YAML of a `prometheus.yml`, and where in it each thing stands.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_saphyr::Spanned;

use crate::scrape::relabel::RelabelDraft;

/// A text, and where it stands.
pub(super) type Text = Spanned<String>;

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

/// Declares a section of the file with the fields of its own, beside those that `global` has for all jobs and each job
/// for itself. Any of them may be missing. (Serde's `flatten` would do, but it forgets where in the file things stand.)
macro_rules! section {
    ($(#[$about:meta])* $name:ident { $($field:ident: $kind:ty,)* }) => {
        $(#[$about])*
        #[derive(Debug, Default, Deserialize)]
        #[serde(deny_unknown_fields)]
        #[expect(dead_code, reason = "some fields are accepted and not acted on")]
        pub(super) struct $name {
            $(pub $field: Option<$kind>,)*
            pub scrape_interval: Option<Text>,
            pub scrape_timeout: Option<Text>,
            pub scrape_protocols: Option<Vec<Text>>,
            pub body_size_limit: Option<Text>,
            pub sample_limit: Option<u64>,
            pub target_limit: Option<u64>,
            pub label_limit: Option<u64>,
            pub label_name_length_limit: Option<u64>,
            pub label_value_length_limit: Option<u64>,
            // What concerns native histograms, names in other protocols and Prometheus' own pages only.
            pub keep_dropped_targets: Option<IgnoredAny>,
            pub metric_name_validation_scheme: Option<IgnoredAny>,
            pub metric_name_escaping_scheme: Option<IgnoredAny>,
            pub scrape_classic_histograms: Option<IgnoredAny>,
            pub always_scrape_classic_histograms: Option<IgnoredAny>,
            pub convert_classic_histograms_to_nhcb: Option<IgnoredAny>,
            pub scrape_native_histograms: Option<IgnoredAny>,
        }

        impl $name {
            /// Takes out what any section can say.
            pub(super) fn common(&mut self) -> Common {
                Common {
                    scrape_interval: self.scrape_interval.take(),
                    scrape_timeout: self.scrape_timeout.take(),
                    scrape_protocols: self.scrape_protocols.take(),
                    body_size_limit: self.body_size_limit.take(),
                    sample_limit: self.sample_limit,
                    target_limit: self.target_limit,
                    label_limit: self.label_limit,
                    label_name_length_limit: self.label_name_length_limit,
                    label_value_length_limit: self.label_value_length_limit,
                }
            }
        }
    };
}

/// What `global` says for all jobs, or a job for itself.
#[derive(Debug)]
pub(super) struct Common {
    pub scrape_interval: Option<Text>,
    pub scrape_timeout: Option<Text>,
    pub scrape_protocols: Option<Vec<Text>>,
    pub body_size_limit: Option<Text>,
    pub sample_limit: Option<u64>,
    pub target_limit: Option<u64>,
    pub label_limit: Option<u64>,
    pub label_name_length_limit: Option<u64>,
    pub label_value_length_limit: Option<u64>,
}

section! {
    /// What holds for all jobs that say nothing else.
    Global {
        evaluation_interval: Text,
        rule_query_offset: Text,
        external_labels: BTreeMap<String, String>,
        query_log_file: IgnoredAny,
        scrape_failure_log_file: IgnoredAny,
    }
}

section! {
    /// A `scrape_config`.
    Job {
        job_name: String,
        fallback_scrape_protocol: Text,
        metrics_path: String,
        scheme: Text,
        params: BTreeMap<String, Vec<String>>,
        honor_labels: bool,
        honor_timestamps: bool,
        track_timestamps_staleness: bool,
        static_configs: Vec<Group>,
        file_sd_configs: Vec<FileDiscovery>,
        relabel_configs: Vec<Spanned<RelabelDraft>>,
        metric_relabel_configs: Vec<Spanned<RelabelDraft>>,
        enable_compression: bool,
        basic_auth: BasicAuth,
        authorization: Spanned<Authorization>,
        bearer_token: String,
        bearer_token_file: String,
        tls_config: Spanned<Tls>,
        follow_redirects: bool,
        enable_http2: bool,
        proxy_url: Text,
        native_histogram_bucket_limit: IgnoredAny,
        native_histogram_min_bucket_factor: IgnoredAny,
    }
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
    pub files: Option<Vec<Text>>,
    pub refresh_interval: Option<Text>,
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
    pub min_version: Option<Text>,
    pub max_version: Option<Text>,
}

/// A file that `scrape_config_files` names.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JobFile {
    pub scrape_configs: Option<Vec<Spanned<Job>>>,
}
