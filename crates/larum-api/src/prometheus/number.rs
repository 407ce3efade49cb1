//! Numbers and times as Prometheus writes them.

use std::fmt::Write;

use larum_core::time::Timestamp;

/// The value of a sample: with an exponent below 1e-6 and from 1e21 (Prometheus, `util/jsonutil`, `MarshalFloat`).
pub fn push_value(out: &mut String, value: f64) {
    let size = value.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        out.push_str(&exponent(value));
    } else {
        push_plain(out, value);
    }
}

/// The value of a scalar: without exponent, with as few digits as tell it apart (Go,
/// `strconv.FormatFloat(v, 'f', -1, 64)`).
pub fn push_plain(out: &mut String, value: f64) {
    if value.is_infinite() {
        out.push_str(if value > 0.0 { "+Inf" } else { "-Inf" });
    } else {
        let _ = write!(out, "{value}");
    }
}

/// With an exponent of two digits at least (Go, `strconv.FormatFloat(v, 'e', -1, 64)`).
pub fn exponent(value: f64) -> String {
    let scientific = format!("{value:e}");
    let Some((digits, exponent)) = scientific.split_once('e').filter(|_| value.is_finite()) else {
        let mut plain = String::new();
        push_plain(&mut plain, value);
        return plain;
    };
    match exponent.strip_prefix('-') {
        Some(exponent) => format!("{digits}e-{exponent:0>2}"),
        None => format!("{digits}e+{exponent:0>2}"),
    }
}

/// When a scalar or a string is what it is, in seconds with as few decimals as it needs (Prometheus,
/// `promql/value.go`, `Scalar.MarshalJSON`).
pub fn push_seconds(out: &mut String, at: Timestamp) {
    let _ = write!(out, "{}", at.as_millis() as f64 / 1000.0);
}

/// When a sample was taken, in seconds with three decimals or none (Prometheus, `util/jsonutil`,
/// `MarshalTimestamp`).
pub fn push_time(out: &mut String, at: Timestamp) {
    let millis = at.as_millis();
    let sign = if millis < 0 { "-" } else { "" };
    let (seconds, rest) = (millis.unsigned_abs() / 1000, millis.unsigned_abs() % 1000);
    let _ = match rest {
        0 => write!(out, "{sign}{seconds}"),
        rest => write!(out, "{sign}{seconds}.{rest:03}"),
    };
}

/// A time in RFC 3339 with as few decimals as it needs (Go, `time.RFC3339Nano`); without one, Go's zero time.
pub fn rfc3339(at: Option<Timestamp>) -> String {
    let Some(at) = at else { return "0001-01-01T00:00:00Z".to_owned() };
    let end = if at.as_millis() < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
    jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or(end).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(value: f64) -> String {
        let mut out = String::new();
        push_value(&mut out, value);
        out
    }

    fn time(millis: i64) -> String {
        let mut out = String::new();
        push_time(&mut out, Timestamp::from_millis(millis));
        out
    }

    #[test]
    fn values_are_written_as_prometheus_writes_them() {
        let values = [0.0, -0.0, 1.0, 0.1 + 0.2, 1e-6, 9.5e-7, 1e20, 1e21, 1.5e300];
        let written = values.map(value);
        let expected =
            ["0", "-0", "1", "0.30000000000000004", "0.000001", "9.5e-07", "100000000000000000000"];
        assert_eq!(written[..7], expected);
        assert_eq!(written[7..], ["1e+21", "1.5e+300"]);
        assert_eq!([f64::NAN, f64::INFINITY, f64::NEG_INFINITY].map(value), ["NaN", "+Inf", "-Inf"]);
        assert_eq!([93.0, 0.0, f64::NAN, f64::INFINITY].map(exponent), ["9.3e+01", "0e+00", "NaN", "+Inf"]);
    }

    #[test]
    fn times_have_three_decimals_or_none() {
        assert_eq!(
            [0, 1_000, 1_230, -1_001, 1_435_781_451_781].map(time),
            ["0", "1", "1.230", "-1.001", "1435781451.781"]
        );
        assert_eq!(rfc3339(None), "0001-01-01T00:00:00Z");
        assert_eq!(rfc3339(Some(Timestamp::from_millis(1_795_332_600_120))), "2026-11-22T07:30:00.12Z");
    }
}
