//! Which format an answer is in.

use thiserror::Error;

use super::error::excerpt;

/// A format that Larum reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Prometheus' text format, `text/plain`: versions 0.0.4 and 1.0.0 differ only in quoted names.
    Text,
    /// OpenMetrics 1.0, `application/openmetrics-text`; 0.0.1 is the same.
    OpenMetrics,
}

/// The format chosen, and what is wrong with the target's `Content-Type` if it was not chosen by that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// How to read the answer.
    pub format: Format,
    /// Why the fallback was taken; worth a warning.
    pub doubt: Option<ContentTypeError>,
}

/// Why a `Content-Type` does not say how to read an answer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ContentTypeError {
    /// There is none, or it is empty.
    #[error("the target sends no Content-Type")]
    Missing,
    /// It is not written as RFC 9110, section 8.3.1 has it.
    #[error("the Content-Type {0:?} cannot be read")]
    Malformed(String),
    /// It is none of a scrape target.
    #[error("the Content-Type {0:?} is none of metrics")]
    Unsupported(String),
    /// It is one of metrics that Larum does not read: never asked for, and never the fallback.
    #[error("Larum does not read the format {0:?}")]
    NotRead(String),
}

impl Format {
    /// Chooses the format by the value of the header `Content-Type`, as Prometheus 3 does: the media type decides,
    /// `text/plain` in any version, and if it is missing, malformed or foreign the fallback is taken (Prometheus,
    /// "Configuration", `fallback_scrape_protocol`; `text/html` is thus refused unless a fallback is set).
    ///
    /// # Errors
    /// There is no fallback, or the answer is surely in a format that is not read: protobuf, OpenMetrics 2.
    pub fn choose(content_type: Option<&str>, fallback: Option<Self>) -> Result<Choice, ContentTypeError> {
        match Self::named(content_type.unwrap_or_default().trim()) {
            Ok(format) => Ok(Choice { format, doubt: None }),
            Err(error @ ContentTypeError::NotRead(_)) => Err(error),
            Err(error) => match fallback {
                Some(format) => Ok(Choice { format, doubt: Some(error) }),
                None => Err(error),
            },
        }
    }

    fn named(header: &str) -> Result<Self, ContentTypeError> {
        if header.is_empty() {
            return Err(ContentTypeError::Missing);
        }
        let shown = || excerpt(header.as_bytes());
        let (media_type, parameters) = header.split_once(';').unwrap_or((header, ""));
        let version = version(parameters).map_err(|()| ContentTypeError::Malformed(shown()))?;
        match media_type.trim().to_ascii_lowercase().as_str() {
            "text/plain" => Ok(Self::Text),
            "application/openmetrics-text" if is_openmetrics_1(version) => Ok(Self::OpenMetrics),
            "application/openmetrics-text" | "application/vnd.google.protobuf" => {
                Err(ContentTypeError::NotRead(shown()))
            }
            "" => Err(ContentTypeError::Malformed(shown())),
            _ => Err(ContentTypeError::Unsupported(shown())),
        }
    }
}

/// Whether this version of OpenMetrics is read. None is the oldest.
fn is_openmetrics_1(version: Option<&str>) -> bool {
    let major = version.unwrap_or("1").split('.').next();
    matches!(major, Some("0" | "1"))
}

/// The parameter `version`. A parameter has a name and a value (RFC 9110, section 5.6.6).
fn version(parameters: &str) -> Result<Option<&str>, ()> {
    let mut version = None;
    for parameter in parameters.split(';').map(str::trim).filter(|parameter| !parameter.is_empty()) {
        let (name, value) = parameter.split_once('=').ok_or(())?;
        if name.is_empty() || name.contains(char::is_whitespace) {
            return Err(());
        }
        if name.eq_ignore_ascii_case("version") {
            version = Some(value.trim_matches('"'));
        }
    }
    Ok(version)
}
