//! YAML that a person wrote, and where in it something is wrong; and texts written as YAML.

mod scalar;

use serde::de::DeserializeOwned;
use serde_saphyr::Location;

pub(crate) use scalar::{key, scalar};

use crate::rule_file::RuleFileError;

/// Reads YAML into its shape.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, RuleFileError> {
    let options = serde_saphyr::options! { with_snippet: false };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let location = error.location().unwrap_or(Location::UNKNOWN);
        let message = error.to_string();
        // The place stands in front.
        let place = format!(" at line {}, column {}", location.line(), location.column());
        at(location, message.strip_suffix(&place).unwrap_or(&message).to_owned())
    })
}

/// An error at a place.
pub(crate) fn at(location: Location, message: String) -> RuleFileError {
    RuleFileError { line: location.line(), column: location.column(), message }
}
