//! Times as somebody typed them.

use larum_core::time::Timestamp;

use crate::problem::Problem;

/// Reads a time in RFC 3339.
///
/// # Errors
/// [`Problem`] at its field.
pub fn read_time(field: &str, text: &str) -> Result<Timestamp, Problem> {
    let time = text.parse::<jiff::Timestamp>();
    let time =
        time.map_err(|_| Problem::invalid(field, "Give a time in RFC 3339, such as 2026-11-22T07:30:00Z."))?;
    Ok(Timestamp::from_millis(time.as_millisecond()))
}
