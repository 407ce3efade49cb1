//! Spans of time as Prometheus' files write them: `90s`, `1h30m`, `0`.

use std::time::Duration;

/// The units from the largest to the smallest, in milliseconds (Prometheus, "Configuration", `<duration>`).
const UNITS: [(&str, u64); 7] = [
    ("y", 365 * 86_400_000),
    ("w", 7 * 86_400_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

/// Why a text is no span of time.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0:?} is not a duration such as 90s, 5m or 1h30m")]
pub struct DurationError(String);

/// Reads a span of time: whole numbers with units, each unit at most once and the larger first, or `0`.
///
/// # Errors
/// [`DurationError`] for anything else, and for more than Prometheus can hold (about 292 years).
pub fn parse_duration(text: &str) -> Result<Duration, DurationError> {
    let wrong = || DurationError(text.chars().take(40).collect());
    if text == "0" {
        return Ok(Duration::ZERO);
    }
    let (mut rest, mut millis, mut units) = (text, 0_u64, UNITS.as_slice());
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (count, after) = rest.split_at(digits);
        let letters = after.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (name, after) = after.split_at(letters);
        let place = units.iter().position(|(unit, _)| *unit == name).ok_or_else(wrong)?;
        let size = units[place].1;
        millis = count
            .parse()
            .ok()
            .and_then(|count: u64| count.checked_mul(size))
            .and_then(|part| millis.checked_add(part))
            .ok_or_else(wrong)?;
        (rest, units) = (after, &units[place + 1..]);
    }
    let too_long = i64::try_from(millis).ok().and_then(|millis| millis.checked_mul(1_000_000)).is_none();
    if text.is_empty() || too_long { Err(wrong()) } else { Ok(Duration::from_millis(millis)) }
}

/// Writes a span of time with the units from days down; what is less than a millisecond is left out.
pub fn show_duration(span: Duration) -> String {
    let mut millis = u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
    let mut text = String::new();
    for (unit, size) in UNITS.into_iter().skip(2) {
        if millis >= size {
            text.push_str(&format!("{}{unit}", millis / size));
            millis %= size;
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_come_back_as_they_were_written() {
        for text in ["0s", "5m", "1h30m", "1d", "90d12h", "250ms", "1m1s1ms"] {
            assert_eq!(show_duration(parse_duration(text).unwrap()), text);
        }
        assert_eq!(parse_duration("1y2w").unwrap(), Duration::from_secs((365 + 14) * 86_400));
        assert_eq!(parse_duration("0").unwrap(), Duration::ZERO);
        assert_eq!(show_duration(parse_duration("90m").unwrap()), "1h30m");
    }

    #[test]
    fn anything_else_is_refused() {
        for text in
            ["", "5", "m", "5 m", "1m1h", "1m1m", "-5m", "1.5h", "300y", "99999999999999999999s", "5M", "é"]
        {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
