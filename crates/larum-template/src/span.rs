//! Spans of time in templates, in nanoseconds (Go, package `time`, `Duration`).

use gotmpl::Value;

use crate::time::{Time, span_of};

/// What one of its methods gives; nothing if there is no such method, or none for such arguments.
pub(crate) fn method(nanos: i64, method: &str, args: &[Value]) -> Option<Value> {
    let in_units = |unit: f64| Some(Value::Float(nanos as f64 / unit));
    let number = |number: i64| Some(Value::Int(number));
    match (method, args) {
        ("Seconds", []) => in_units(1e9),
        ("Minutes", []) => in_units(60e9),
        ("Hours", []) => in_units(3600e9),
        ("Milliseconds", []) => number(nanos / 1_000_000),
        ("Microseconds", []) => number(nanos / 1_000),
        ("Nanoseconds", []) => number(nanos),
        ("Abs", []) => Some(Time::Span(nanos.saturating_abs()).value()),
        ("String", []) => Some(Value::String(show(nanos).into())),
        ("Truncate", [unit]) => {
            let unit = span_of(unit)?;
            let rest = if unit > 0 { nanos % unit } else { 0 };
            Some(Time::Span(nanos - rest).value())
        }
        ("Round", [unit]) => {
            let unit = span_of(unit)?;
            let half = if nanos < 0 { -(unit / 2) } else { unit / 2 };
            let rounded = if unit > 0 { nanos.saturating_add(half) / unit * unit } else { nanos };
            Some(Time::Span(rounded).value())
        }
        _ => None,
    }
}

/// `1h0m0.5s`, `1.5ms`, `0s` (Go, `time.Duration`, `String`).
pub(crate) fn show(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let size = nanos.unsigned_abs();
    let decimal = |unit: u64, digits: usize| {
        let shown = format!("{}.{:0digits$}", size / unit, size % unit);
        shown.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    match size {
        0 => "0s".to_owned(),
        1..1_000 => format!("{sign}{size}ns"),
        1_000..1_000_000 => format!("{sign}{}µs", decimal(1_000, 3)),
        1_000_000..1_000_000_000 => format!("{sign}{}ms", decimal(1_000_000, 6)),
        _ => {
            let whole = size / 1_000_000_000;
            let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
            let fraction = format!(".{:09}", size % 1_000_000_000);
            let fraction = fraction.trim_end_matches('0').trim_end_matches('.');
            match (hours, minutes) {
                (0, 0) => format!("{sign}{seconds}{fraction}s"),
                (0, _) => format!("{sign}{minutes}m{seconds}{fraction}s"),
                _ => format!("{sign}{hours}h{minutes}m{seconds}{fraction}s"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::show;

    #[test]
    fn spans_are_written_as_go_writes_them() {
        let shown = [
            (0, "0s"),
            (15, "15ns"),
            (1_500, "1.5µs"),
            (-2_000_000, "-2ms"),
            (1_000_000_000, "1s"),
            (61_500_000_000, "1m1.5s"),
            (3_600_000_000_000, "1h0m0s"),
            (i64::MIN, "-2562047h47m16.854775808s"),
        ];
        for (nanos, words) in shown {
            assert_eq!(show(nanos), words);
        }
    }
}
