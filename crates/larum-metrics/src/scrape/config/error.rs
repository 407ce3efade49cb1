//! What is wrong with a configuration, and where.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde_saphyr::{Error, Location, MessageFormatter, UserMessageFormatter};

/// The first thing wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    /// The file, if it is not the one that was asked for.
    pub file: Option<PathBuf>,
    /// The line, from 1; 0 if it concerns no line.
    pub line: u64,
    /// The column, from 1.
    pub column: u64,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{}: ", file.display())?;
        }
        if self.line > 0 {
            write!(f, "line {}, column {}: ", self.line, self.column)?;
        }
        f.write_str(&self.message)
    }
}

impl ConfigError {
    pub(super) fn at(location: Location, message: impl Into<String>) -> Self {
        Self { file: None, line: location.line(), column: location.column(), message: message.into() }
    }

    pub(super) fn nowhere(message: impl Into<String>) -> Self {
        Self { file: None, line: 0, column: 0, message: message.into() }
    }

    pub(super) fn in_file(self, file: &Path) -> Self {
        Self { file: Some(file.to_owned()), ..self }
    }
}

/// Reads YAML into its shape; an empty text is a shape without anything.
pub(in crate::scrape) fn read<T: DeserializeOwned + Default>(text: &str) -> Result<T, ConfigError> {
    let options = serde_saphyr::options! { with_snippet: false };
    let read: Result<Option<T>, Error> = serde_saphyr::from_str_with_options(text, options);
    read.map(Option::unwrap_or_default).map_err(|error| {
        let location = error.location().unwrap_or(Location::UNKNOWN);
        ConfigError::at(location, message(&error))
    })
}

fn message(error: &Error) -> String {
    match error {
        Error::SerdeUnknownField { field, .. } => unknown(field),
        Error::DuplicateMappingKey { key: Some(field), .. } => format!("{field} stands there twice"),
        // Without the place, which stands in front, and without advice for whoever writes programs.
        error => UserMessageFormatter.format_message(error).into_owned(),
    }
}

/// What Prometheus knows and Larum does not is named as such.
fn unknown(field: &str) -> String {
    match field {
        "oauth2"
        | "sigv4"
        | "http_headers"
        | "proxy_from_environment"
        | "no_proxy"
        | "proxy_connect_header"
        | "server_name"
        | "bucket_limit" => format!("{field} is not supported"),
        _ if field.ends_with("_sd_configs") => {
            format!("{field} is not supported: targets are found by static_configs and file_sd_configs")
        }
        _ => format!("there is no field {field:?} here"),
    }
}
