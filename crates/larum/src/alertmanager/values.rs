//! Values as Alertmanager's flags take them: spans of time as Go writes them, and limits that are none.

use std::time::Duration;

use larum_core::duration::parse_duration;

/// The units of Go's spans of time, in nanoseconds (Go, package time, `ParseDuration`).
const UNITS: [(&str, f64); 8] =
    [("ns", 1.0), ("us", 1e3), ("µs", 1e3), ("μs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9)];

/// A span of time as Prometheus writes it, such as `5d`, or as Go does: `1.5h`, `1h30m`.
///
/// # Errors
/// In words, also for one below nothing.
pub fn duration(text: &str) -> Result<Duration, String> {
    match parse_duration(text) {
        Ok(span) => Ok(span),
        Err(error) => match of_go(text) {
            Some(span) if !text.starts_with('-') => Ok(span),
            _ => Err(error.to_string()),
        },
    }
}

/// The same, or a number of seconds; nothing, and what is below it, is no limit and comes out as nothing.
///
/// # Errors
/// In words.
pub fn patience(text: &str) -> Result<Duration, String> {
    match (text.parse::<i64>(), text.strip_prefix('-')) {
        (Ok(seconds), _) => Ok(u64::try_from(seconds).map_or(Duration::ZERO, Duration::from_secs)),
        (Err(_), Some(span)) => duration(span).map(|_| Duration::ZERO),
        (Err(_), None) => duration(text),
    }
}

/// The most of something; 0, and what is below, comes out as 0: no limit of this kind.
///
/// # Errors
/// In words, if it is no whole number.
pub fn most(text: &str) -> Result<usize, String> {
    match text.strip_prefix('-').unwrap_or(text).parse::<usize>() {
        Ok(_) if text.starts_with('-') => Ok(0),
        Ok(most) => Ok(most),
        Err(error) => Err(error.to_string()),
    }
}

/// Numbers with units in any order, each with or without a fraction, and a sign in front.
fn of_go(text: &str) -> Option<Duration> {
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mut nanos, is_empty) = (0.0, rest.is_empty());
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
        let (number, after) = rest.split_at(digits);
        let letters = after.find(|letter: char| letter.is_ascii_digit() || letter == '.');
        let (unit, after) = after.split_at(letters.unwrap_or(after.len()));
        let (_, size) = UNITS.iter().find(|(name, _)| *name == unit)?;
        nanos += number.parse::<f64>().ok()? * size;
        rest = after;
    }
    // Go counts nanoseconds in 64 bits with a sign, which is about 292 years.
    let is_span = !is_empty && nanos < i64::MAX as f64;
    is_span.then(|| Duration::try_from_secs_f64(nanos / 1e9).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_as_go_and_prometheus_write_them() {
        for (text, seconds) in [
            ("120h", 432_000.0),
            ("5d", 432_000.0),
            ("1.5h", 5400.0),
            ("1h30m", 5400.0),
            ("30m1h", 5400.0),
            ("0", 0.0),
            ("0s", 0.0),
            ("1.5s", 1.5),
            ("250ms", 0.25),
            ("100us", 0.0001),
            (".5m", 30.0),
            ("+2m", 120.0),
        ] {
            assert_eq!(duration(text), Ok(Duration::from_secs_f64(seconds)), "{text}");
        }
        for text in ["", "+", "-1h", "h", "1", "1.2.3h", "5x", "1h 5m", "9999999h", "."] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_below_nothing_is_no_limit() {
        for text in ["0", "0s", "-1", "-1s", "-1.5h"] {
            assert_eq!(patience(text), Ok(Duration::ZERO), "{text}");
        }
        assert_eq!(patience("30"), Ok(Duration::from_secs(30)));
        assert_eq!(patience("1m30s"), Ok(Duration::from_secs(90)));
        assert!(patience("-x").is_err() && patience("--1s").is_err());
        assert_eq!((most("-1"), most("0"), most("12")), (Ok(0), Ok(0), Ok(12)));
        assert!(most("x").is_err() && most("--1").is_err() && most("1.5").is_err());
    }
}
