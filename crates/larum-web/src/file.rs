//! The YAML of a web configuration file, and where in it each thing stands (Prometheus' exporter toolkit,
//! `docs/web-configuration.md`).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_saphyr::Spanned;

use crate::error::Wrong;

/// A text, and where it stands.
pub(crate) type Text = Spanned<String>;

/// The whole file.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    pub tls_server_config: Option<Spanned<Tls>>,
    pub http_server_config: Option<Http>,
    pub basic_auth_users: Option<Spanned<BTreeMap<String, Text>>>,
    pub rate_limit: Option<Spanned<IgnoredAny>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tls {
    pub cert: Option<Text>,
    pub cert_file: Option<Text>,
    pub key: Option<Text>,
    pub key_file: Option<Text>,
    pub client_auth_type: Option<Text>,
    pub client_ca: Option<Text>,
    pub client_ca_file: Option<Text>,
    pub client_allowed_sans: Option<Vec<Text>>,
    pub min_version: Option<Text>,
    pub max_version: Option<Text>,
    pub cipher_suites: Option<Vec<Text>>,
    pub curve_preferences: Option<Vec<Text>>,
    pub prefer_server_cipher_suites: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Http {
    pub http2: Option<bool>,
    pub headers: Option<BTreeMap<String, Text>>,
}

/// Reads the file; an empty text is one without anything.
pub(crate) fn read(text: &str) -> Result<File, Wrong> {
    let options = serde_saphyr::options! { with_snippet: false };
    let read: Result<Option<File>, _> = serde_saphyr::from_str_with_options(text, options);
    read.map(Option::unwrap_or_default).map_err(|error| Wrong::of_yaml(&error))
}
