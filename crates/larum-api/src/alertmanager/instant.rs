//! Times as senders write them.

use larum_core::time::Timestamp;

/// Reads a time as Alertmanager does (go-openapi/strfmt, `ParseDateTime`): RFC 3339, or without an offset, which
/// then is UTC. Nothing, and Go's zero time in the year 1, mean *not given*.
///
/// # Errors
/// What is wrong, in words.
pub fn parse_instant(text: &str) -> Result<Option<Timestamp>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let at = text.parse::<jiff::Timestamp>().or_else(|error| without_offset(text).ok_or(error));
    let at = at.map_err(|error| format!("parsing time {text:?}: {error}"))?;
    let given = at.as_second() >= SECOND_YEAR_SECONDS;
    Ok(given.then(|| Timestamp::from_millis(at.as_millisecond())))
}

/// 0002-01-01T00:00:00Z in seconds since the Unix epoch.
const SECOND_YEAR_SECONDS: i64 = -62_104_060_800;

/// A time without an offset has a `T` or a blank between date and clock; jiff would take a date alone as well.
fn without_offset(text: &str) -> Option<jiff::Timestamp> {
    let (_, clock) = text.split_once(['T', ' '])?;
    if clock.len() < "00:00:00".len() || clock.contains('[') {
        return None;
    }
    let local: jiff::civil::DateTime = text.parse().ok()?;
    local.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(text: &str) -> Option<i64> {
        parse_instant(text).unwrap().map(Timestamp::as_millis)
    }

    #[test]
    fn what_go_writes_is_read() {
        assert_eq!(millis("2026-11-22T07:30:00.123456789Z"), Some(1_795_332_600_123));
        assert_eq!(millis("2026-11-22T08:30:00.123+01:00"), Some(1_795_332_600_123));
        assert_eq!(millis("2026-11-22T07:30:00"), Some(1_795_332_600_000));
        assert_eq!(millis("2026-11-22 07:30:00"), Some(1_795_332_600_000));
    }

    #[test]
    fn the_zero_time_is_no_time() {
        assert_eq!(millis("0001-01-01T00:00:00Z"), None);
        assert_eq!(millis(""), None);
    }

    #[test]
    fn what_is_no_time_is_refused_with_what_it_was() {
        for text in ["yesterday", "2026-01-01", "5", "2026-13-01T00:00:00Z", "\u{202e}"] {
            assert!(parse_instant(text).unwrap_err().contains("parsing time"), "{text}");
        }
    }
}
