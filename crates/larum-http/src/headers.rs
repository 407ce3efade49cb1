//! Names and values of headers, checked.

use reqwest::header::{HeaderName, HeaderValue};

use crate::error::ConfigError;

/// How much of what is no name is repeated, in characters.
const MAX_NAME: usize = 100;

/// The name of a header that is not among the `reserved` ones, which are in small letters.
///
/// # Errors
/// [`ConfigError`] when it cannot be one, or is reserved.
pub fn header_name(name: &str, reserved: &[&str]) -> Result<HeaderName, ConfigError> {
    let known = HeaderName::from_bytes(name.trim().as_bytes())
        .map_err(|_| ConfigError::HeaderName(name.chars().take(MAX_NAME).collect()))?;
    match reserved.contains(&known.as_str()) {
        true => Err(ConfigError::ReservedHeader(known.to_string())),
        false => Ok(known),
    }
}

/// The value of this header, which `Debug` does not show: it may be a key.
///
/// # Errors
/// [`ConfigError`] when no header can have it.
pub fn header_value(name: &HeaderName, value: &str) -> Result<HeaderValue, ConfigError> {
    let value = HeaderValue::from_str(value.trim());
    let mut value = value.map_err(|_| ConfigError::HeaderValue(name.to_string()))?;
    value.set_sensitive(true);
    Ok(value)
}
