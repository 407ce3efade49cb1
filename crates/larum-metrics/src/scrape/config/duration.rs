//! Spans of time as Prometheus' files write them.

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

/// Reads a span of time: whole numbers with units, the larger first and each at most once, or `0`. None if it is none.
pub(crate) fn parse_duration(text: &str) -> Option<Duration> {
    if text == "0" {
        return Some(Duration::ZERO);
    }
    let (mut rest, mut millis, mut next) = (text, 0_u64, 0);
    while !rest.is_empty() {
        let (count, after) = rest.split_at(rest.find(|letter: char| !letter.is_ascii_digit())?);
        let (unit, after) =
            after.split_at(after.find(|letter: char| letter.is_ascii_digit()).unwrap_or(after.len()));
        let place = next + UNITS[next..].iter().position(|(name, _)| *name == unit)?;
        let part = count.parse::<u64>().ok()?.checked_mul(UNITS[place].1)?;
        millis = millis.checked_add(part)?;
        (rest, next) = (after, place + 1);
    }
    (!text.is_empty()).then_some(Duration::from_millis(millis))
}

/// Writes a span of time with the units from days down, as `1m30s`.
pub(crate) fn show_duration(span: Duration) -> String {
    let mut left = u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
    let mut shown = String::new();
    for (unit, size) in &UNITS[2..] {
        let count = left / size;
        left %= size;
        if count > 0 {
            shown += &format!("{count}{unit}");
        }
    }
    if shown.is_empty() { "0s".to_owned() } else { shown }
}

/// Reads a number of bytes: `512KB`, `10MB`, `1GiB`; units are powers of 1024 with `i` and without (Prometheus,
/// "Configuration", `<size>`). None if it is none.
pub(crate) fn parse_size(text: &str) -> Option<u64> {
    const UNITS: [&str; 7] = ["", "K", "M", "G", "T", "P", "E"];
    if text == "0" {
        return Some(0);
    }
    let (number, unit) = text.split_at(text.find(|letter: char| letter.is_ascii_alphabetic())?);
    let prefix = unit.strip_suffix('B')?;
    let prefix = prefix.strip_suffix('i').filter(|prefix| !prefix.is_empty()).unwrap_or(prefix);
    let power = UNITS.iter().position(|unit| *unit == prefix)?;
    let plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let bytes = number.parse::<f64>().ok().filter(|_| plain)? * 1024_f64.powi(power as i32);
    (bytes < u64::MAX as f64).then_some(bytes as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_shown() {
        for (text, millis) in [("15s", 15_000), ("1m30s", 90_000), ("0", 0), ("1d1ms", 86_400_001)] {
            assert_eq!(parse_duration(text), Some(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "15", "s", "1s1m", "1s1s", "-1s", "1.5s", "99999999999999999999s", "1x", "é"] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
        assert_eq!(show_duration(Duration::from_millis(5_400_250)), "1h30m250ms");
        assert_eq!(show_duration(Duration::ZERO), "0s");
    }

    #[test]
    fn sizes_are_read() {
        for (text, bytes) in
            [("0", 0), ("7B", 7), ("1KB", 1024), ("1KiB", 1024), ("1.5MB", 3 << 19), ("2GB", 2 << 30)]
        {
            assert_eq!(parse_size(text), Some(bytes), "{text}");
        }
        for text in ["", "7", "MB", "1mb", "1iB", "-1MB", "1e3MB", "99999999EB"] {
            assert_eq!(parse_size(text), None, "{text}");
        }
    }
}
