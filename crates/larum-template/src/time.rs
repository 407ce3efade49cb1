//! Points in time and spans of time in templates (Prometheus, "Template reference", `toTime`, `toDuration`), with the
//! methods that Go gives them.

use gotmpl::Value;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::layout::format;
use super::number::plain;
use super::sample::record;

const TIME: &str = "\u{1}time";
const SPAN: &str = "\u{1}span";

/// A point or a span of time in a template, in nanoseconds; a point since the Unix epoch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Time {
    /// Go's `*time.Time`, in UTC.
    Point(i64),
    /// Go's `*time.Duration`.
    Span(i64),
}

impl Time {
    /// The time that a value is.
    pub fn of(value: &Value) -> Option<Self> {
        match (value.field(TIME), value.field(SPAN)) {
            (Some(Value::Int(nanos)), _) => Some(Self::Point(*nanos)),
            (_, Some(Value::Int(nanos))) => Some(Self::Span(*nanos)),
            _ => None,
        }
    }

    /// As a value of a template.
    pub fn value(self) -> Value {
        match self {
            Self::Point(nanos) => record([(TIME, Value::Int(nanos))]),
            Self::Span(nanos) => record([(SPAN, Value::Int(nanos))]),
        }
    }

    /// What Go calls its type.
    pub fn type_name(self) -> &'static str {
        match self {
            Self::Point(_) => "*time.Time",
            Self::Span(_) => "*time.Duration",
        }
    }

    /// As Go's `String` writes it: `2015-06-23 13:19:44.128 +0000 UTC`, `1h30m0s`.
    pub fn show(self) -> String {
        match self {
            Self::Point(nanos) => {
                let time = zoned(nanos);
                let fraction = format!(".{:09}", time.subsec_nanosecond());
                let fraction = fraction.trim_end_matches('0').trim_end_matches('.');
                format!("{}{fraction} +0000 UTC", time.strftime("%Y-%m-%d %H:%M:%S"))
            }
            Self::Span(nanos) => show_span(nanos),
        }
    }

    /// What one of its methods gives.
    ///
    /// # Errors
    /// Says so when there is no such method, or none for such arguments.
    pub fn call(self, method: &str, args: &[Value]) -> Result<Value, String> {
        let found = match self {
            Self::Point(nanos) => point_method(nanos, method, args),
            Self::Span(nanos) => span_method(nanos, method, args),
        };
        found.ok_or_else(|| format!("can't evaluate field {method} in type {}", self.type_name()))
    }
}

/// `toTime`: seconds since the Unix epoch, to the millisecond.
///
/// # Errors
/// Says so when there is no such time.
pub fn point(seconds: f64) -> Result<Time, String> {
    if !seconds.is_finite() {
        return Err("value is NaN or Inf".to_owned());
    }
    let nanos = nanoseconds(seconds).ok_or_else(|| {
        let shown = plain(seconds);
        format!("{shown} cannot be represented as a nanoseconds timestamp since it overflows int64")
    })?;
    Ok(Time::Point(nanos / 1_000_000 * 1_000_000))
}

/// `toDuration`: seconds.
///
/// # Errors
/// Says so when there is no such span.
pub fn span(seconds: f64) -> Result<Time, String> {
    if !seconds.is_finite() {
        return Err("value is NaN or Inf".to_owned());
    }
    let nanos = nanoseconds(seconds).ok_or_else(|| {
        let shown = plain(seconds);
        format!("{shown} cannot be represented as a duration since it overflows int64")
    })?;
    Ok(Time::Span(nanos))
}

fn nanoseconds(seconds: f64) -> Option<i64> {
    let nanos = seconds * 1e9;
    (nanos.abs() <= i64::MAX as f64).then_some(nanos as i64)
}

fn zoned(nanos: i64) -> Zoned {
    Timestamp::from_nanosecond(nanos.into()).unwrap_or_default().to_zoned(TimeZone::UTC)
}

fn point_method(nanos: i64, method: &str, args: &[Value]) -> Option<Value> {
    let time = zoned(nanos);
    let number = |number: i64| Some(Value::Int(number));
    let text = |text: String| Some(Value::String(text.into()));
    match (method, args) {
        ("Format", [Value::String(layout)]) => text(format(&time, layout)),
        ("Add", [other]) => Some(Time::Point(nanos.saturating_add(span_of(other)?)).value()),
        ("Sub", [other]) => match Time::of(other)? {
            Time::Point(other) => Some(Time::Span(nanos.saturating_sub(other)).value()),
            Time::Span(_) => None,
        },
        ("AddDate", [Value::Int(years), Value::Int(months), Value::Int(days)]) => {
            Some(Time::Point(add_date(&time, *years, *months, *days)?).value())
        }
        ("Truncate", [unit]) => {
            let unit = span_of(unit)?;
            // Go counts from its zero time, the beginning of the first year.
            let since_zero = i128::from(nanos) + GO_ZERO;
            let rest = if unit > 0 { since_zero.rem_euclid(unit.into()) } else { 0 };
            Some(Time::Point(i64::try_from(i128::from(nanos) - rest).ok()?).value())
        }
        ("Round", [unit]) => {
            let half = span_of(unit)?.max(0) / 2;
            point_method(nanos.saturating_add(half), "Truncate", args)
        }
        ("Before" | "After" | "Equal", [other]) => match Time::of(other)? {
            Time::Point(other) => Some(Value::Bool(match method {
                "Before" => nanos < other,
                "After" => nanos > other,
                _ => nanos == other,
            })),
            Time::Span(_) => None,
        },
        ("UTC" | "Local", []) => Some(Time::Point(nanos).value()),
        ("String", []) => text(Time::Point(nanos).show()),
        ("Unix", []) => number(nanos.div_euclid(1_000_000_000)),
        ("UnixMilli", []) => number(nanos.div_euclid(1_000_000)),
        ("UnixMicro", []) => number(nanos.div_euclid(1_000)),
        ("UnixNano", []) => number(nanos),
        ("Year", []) => number(time.year().into()),
        ("Month", []) => text(time.strftime("%B").to_string()),
        ("Day", []) => number(time.day().into()),
        ("YearDay", []) => number(time.day_of_year().into()),
        ("Weekday", []) => text(day_name(time.weekday()).to_owned()),
        ("Hour", []) => number(time.hour().into()),
        ("Minute", []) => number(time.minute().into()),
        ("Second", []) => number(time.second().into()),
        ("Nanosecond", []) => number(time.subsec_nanosecond().into()),
        ("IsZero" | "IsDST", []) => Some(Value::Bool(false)),
        _ => None,
    }
}

/// The same time of another day, in nanoseconds. Days that a month does not have are days of the next one (Go, package
/// `time`, `AddDate`).
fn add_date(time: &Zoned, years: i64, months: i64, days: i64) -> Option<i64> {
    let first = time.first_of_month().ok()?;
    let month = jiff::Span::new().try_years(years).ok()?.try_months(months).ok()?;
    let day = jiff::Span::new().try_days(days.checked_add(i64::from(time.day()) - 1)?).ok()?;
    let later = first.checked_add(month).ok()?.checked_add(day).ok()?;
    i64::try_from(later.timestamp().as_nanosecond()).ok()
}

/// From the beginning of the year 1 to the Unix epoch, in nanoseconds.
const GO_ZERO: i128 = 62_135_596_800 * 1_000_000_000;

fn span_method(nanos: i64, method: &str, args: &[Value]) -> Option<Value> {
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
        ("String", []) => Some(Value::String(show_span(nanos).into())),
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

/// A span that is an argument; a bare number is one of nanoseconds.
fn span_of(value: &Value) -> Option<i64> {
    match (value, Time::of(value)) {
        (Value::Int(nanos), _) => Some(*nanos),
        (_, Some(Time::Span(nanos))) => Some(nanos),
        _ => None,
    }
}

fn day_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// `1h0m0.5s`, `1.5ms`, `0s` (Go, `time.Duration`, `String`).
fn show_span(nanos: i64) -> String {
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
    use super::*;

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
            assert_eq!(Time::Span(nanos).show(), words);
        }
    }

    #[test]
    fn no_time_is_too_far_away() {
        for seconds in [f64::NAN, f64::INFINITY, 1e10, -1e300] {
            assert!(point(seconds).is_err() && span(seconds).is_err(), "{seconds}");
        }
        for nanos in [i64::MIN, i64::MAX] {
            let (time, far) = (Time::Point(nanos), Value::Int(nanos));
            assert!(time.show().ends_with(" +0000 UTC"), "{}", time.show());
            for method in ["Add", "Truncate"] {
                assert!(time.call(method, std::slice::from_ref(&far)).is_ok());
            }
            assert!(time.call("AddDate", &[far.clone(), far.clone(), far.clone()]).is_err());
            assert!(Time::Span(nanos).call("Round", &[far]).is_ok());
        }
    }
}
