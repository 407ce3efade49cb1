//! Spans of time as Prometheus writes them: `1h30m` (Prometheus, "Configuration", `<duration>`).

use std::fmt::Write;
use std::time::Duration;

/// The units, from the longest, in milliseconds.
const UNITS: [(&str, u64); 7] = [
    ("y", 365 * 86_400_000),
    ("w", 7 * 86_400_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

/// Reads a span: whole numbers with units, each unit once and from the longest to the shortest, or `0`.
pub fn parse_span(text: &str) -> Option<Duration> {
    if text == "0" {
        return Some(Duration::ZERO);
    }
    let (mut rest, mut millis, mut units) = (text, 0_u64, UNITS.iter());
    if text.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit()).filter(|end| *end > 0)?;
        let number: u64 = rest[..end].parse().ok()?;
        rest = &rest[end..];
        let end = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (_, length) = units.find(|(unit, _)| *unit == &rest[..end])?;
        millis = millis.checked_add(number.checked_mul(*length)?)?;
        rest = &rest[end..];
    }
    Some(Duration::from_millis(millis))
}

/// Writes a span, cut to milliseconds. Years and weeks only where nothing is left over, as Prometheus does.
pub fn format_span(span: Duration) -> String {
    let mut millis = u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
    if millis == 0 {
        return "0s".to_owned();
    }
    let mut text = String::new();
    for (unit, length) in UNITS {
        let whole_only = matches!(unit, "y" | "w");
        if millis < length || (whole_only && millis % length != 0) {
            continue;
        }
        let _ = write!(text, "{}{unit}", millis / length);
        millis %= length;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_and_written_alike() {
        for (text, seconds) in
            [("0s", 0), ("30s", 30), ("5m", 300), ("1h30m", 5400), ("12h", 43_200), ("1w", 604_800)]
        {
            assert_eq!(parse_span(text), Some(Duration::from_secs(seconds)));
            assert_eq!(format_span(Duration::from_secs(seconds)), text);
        }
        assert_eq!(parse_span("0"), Some(Duration::ZERO));
        assert_eq!(format_span(Duration::from_millis(1500)), "1s500ms");
        assert_eq!(parse_span("90m"), Some(Duration::from_secs(5400)));
    }

    #[test]
    fn what_is_no_span_is_none() {
        for text in ["", "5", "m", "5 m", "-5m", "1m1h", "1m1m", "1.5h", "99999999999999999999y", "5M", "五m"]
        {
            assert_eq!(parse_span(text), None, "{text}");
        }
    }
}
