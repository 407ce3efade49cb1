//! Numbers made readable, as Prometheus' template functions make them ("Template reference", Numbers).

use jiff::Timestamp;

use crate::number::{Format, float};

/// Four significant digits.
fn four(value: f64) -> String {
    float(value, Format::General, Some(4))
}

/// Divides by `base` until less than `base` is left, and names how often.
fn scale_down(mut value: f64, base: f64, prefixes: [&'static str; 8]) -> (f64, &'static str) {
    let mut found = "";
    for prefix in prefixes {
        if value.abs() < base {
            break;
        }
        found = prefix;
        value /= base;
    }
    (value, found)
}

/// Multiplies by 1000 until at least 1 is reached, and names how often.
fn scale_up(mut value: f64) -> (f64, &'static str) {
    let mut found = "";
    for prefix in ["m", "u", "n", "p", "f", "a", "z", "y"] {
        if value.abs() >= 1.0 {
            break;
        }
        found = prefix;
        value *= 1000.0;
    }
    (value, found)
}

/// With metric prefixes: `1.235M`, `120m`.
pub fn humanize(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return four(value);
    }
    let (value, prefix) = if value.abs() >= 1.0 {
        scale_down(value, 1000.0, ["k", "M", "G", "T", "P", "E", "Z", "Y"])
    } else {
        scale_up(value)
    };
    format!("{}{prefix}", four(value))
}

/// With binary prefixes: `1.5Gi`.
pub fn humanize_1024(value: f64) -> String {
    if value.abs() <= 1.0 || !value.is_finite() {
        return four(value);
    }
    let (value, prefix) = scale_down(value, 1024.0, ["ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"]);
    format!("{}{prefix}", four(value))
}

/// Seconds as a span of time: `1d 2h 3m 4s`, `12.35s`, `100ms`.
pub fn humanize_duration(seconds: f64) -> String {
    if !seconds.is_finite() {
        return four(seconds);
    }
    if seconds == 0.0 {
        return "0s".to_owned();
    }
    if seconds.abs() < 1.0 {
        let (value, prefix) = scale_up(seconds);
        return format!("{}{prefix}s", four(value));
    }
    let sign = if seconds < 0.0 { "-" } else { "" };
    let whole = seconds.abs() as u64;
    let (days, hours, minutes, rest) = (whole / 86_400, whole / 3_600 % 24, whole / 60 % 60, whole % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{sign}{}s", four(seconds.abs())),
        (0, 0, _) => format!("{sign}{minutes}m {rest}s"),
        (0, _, _) => format!("{sign}{hours}h {minutes}m {rest}s"),
        _ => format!("{sign}{days}d {hours}h {minutes}m {rest}s"),
    }
}

/// A ratio as a percentage: `12.35%`.
pub fn humanize_percentage(ratio: f64) -> String {
    format!("{}%", four(ratio * 100.0))
}

/// Seconds since the Unix epoch as a time: `2015-06-23 13:19:44.128 +0000 UTC`, to the millisecond.
///
/// # Errors
/// Says so when there is no such time.
pub fn humanize_timestamp(seconds: f64) -> Result<String, String> {
    if !seconds.is_finite() {
        return Ok(four(seconds));
    }
    let nanoseconds = seconds * 1e9;
    if nanoseconds.abs() > i64::MAX as f64 {
        let shown = crate::number::plain(seconds);
        return Err(format!(
            "{shown} cannot be represented as a nanoseconds timestamp since it overflows int64"
        ));
    }
    let time =
        Timestamp::from_millisecond(nanoseconds as i64 / 1_000_000).map_err(|error| error.to_string())?;
    let fraction = format!(".{:03}", time.subsec_millisecond().rem_euclid(1000));
    let fraction = fraction.trim_end_matches('0').trim_end_matches('.');
    Ok(format!("{}{fraction} +0000 UTC", time.strftime("%Y-%m-%d %H:%M:%S")))
}

#[cfg(test)]
mod tests {
    use super::*;

    // The numbers of Prometheus' documentation and of promtool 2.42.
    #[test]
    fn numbers_get_their_prefixes() {
        let all = |values: &[f64]| values.iter().map(|value| humanize(*value)).collect::<Vec<_>>().join(" ");
        assert_eq!(all(&[0.0, 1.0, 1_234_567.0, 0.12, 999.96, 999_999.0]), "0 1 1.235M 120m 1000 1000k");
        let all =
            |values: &[f64]| values.iter().map(|value| humanize_1024(*value)).collect::<Vec<_>>().join(" ");
        assert_eq!(all(&[0.0, 1.0, 1_048_576.0, 0.12, 1023.9999]), "0 1 1Mi 0.12 1024");
        assert_eq!(all(&[f64::INFINITY, f64::NEG_INFINITY, f64::NAN]), "+Inf -Inf NaN");
    }

    #[test]
    fn spans_of_time() {
        let spans = [
            (0.0, "0s"),
            (1.0, "1s"),
            (60.0, "1m 0s"),
            (3_600.0, "1h 0m 0s"),
            (86_400.0, "1d 0h 0m 0s"),
            (-183_845.0, "-2d 3h 4m 5s"),
            (899.99, "14m 59s"),
            (0.1, "100ms"),
            (0.0001, "100us"),
            (12.345, "12.35s"),
            (59.9999, "60s"),
            (-3.0, "-3s"),
            (f64::NAN, "NaN"),
        ];
        for (seconds, words) in spans {
            assert_eq!(humanize_duration(seconds), words);
        }
    }

    #[test]
    fn points_in_time_and_percentages() {
        assert_eq!(humanize_timestamp(1_435_065_584.128).unwrap(), "2015-06-23 13:19:44.128 +0000 UTC");
        assert_eq!(humanize_timestamp(-1.0).unwrap(), "1969-12-31 23:59:59 +0000 UTC");
        assert_eq!(humanize_timestamp(f64::NAN).unwrap(), "NaN");
        assert!(humanize_timestamp(1e19).unwrap_err().contains("overflows"));
        assert_eq!(
            [-0.22222, 0.0, 0.1234567, 1.23456].map(humanize_percentage),
            ["-22.22%", "0%", "12.35%", "123.5%"]
        );
    }
}
