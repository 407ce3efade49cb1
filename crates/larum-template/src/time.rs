//! Points in time and spans of time in templates, with the methods that Go gives them (Go, package `time`).

use std::sync::Arc;

use gotmpl::Value;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};

use crate::language::record;
use crate::layout::format;
use crate::number::plain;

const TIME: &str = "\u{1}time";
const FRACTION: &str = "\u{1}fraction";
const ZONE: &str = "\u{1}zone";
const SPAN: &str = "\u{1}span";
const NUMBER: &str = "\u{1}number";
const NAME: &str = "\u{1}name";

/// How Go's `String` writes a point in time.
const SHOWN: &str = "2006-01-02 15:04:05.999999999 -0700 MST";

/// From the beginning of the year 1, which is Go's zero time, to the Unix epoch, in nanoseconds.
const GO_ZERO: i128 = 62_135_596_800 * SECOND;
const SECOND: i128 = 1_000_000_000;

/// A point or a span of time in a template.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Time {
    /// Go's `time.Time`.
    Point(Zoned),
    /// Go's `time.Duration`, in nanoseconds.
    Span(i64),
    /// Go's `time.Month` or `time.Weekday`: a number that is written as its name.
    Named(i64, Arc<str>),
}

impl Time {
    /// A point in time in UTC, in milliseconds since the Unix epoch; the nearest that there is.
    pub fn of_millis(millis: i64) -> Self {
        let far = if millis < 0 { Timestamp::MIN } else { Timestamp::MAX };
        Self::Point(Timestamp::from_millisecond(millis).unwrap_or(far).to_zoned(TimeZone::UTC))
    }

    /// Go's zero time, which stands for none.
    pub fn zero() -> Self {
        Self::Point(at(-GO_ZERO).unwrap_or_default().to_zoned(TimeZone::UTC))
    }

    /// The time that a value is.
    pub fn of(value: &Value) -> Option<Self> {
        let Value::Map(map) = value else { return None };
        if let Some(Value::Int(nanos)) = map.get(SPAN) {
            return Some(Self::Span(*nanos));
        }
        if let (Some(Value::Int(number)), Some(Value::String(name))) = (map.get(NUMBER), map.get(NAME)) {
            return Some(Self::Named(*number, Arc::clone(name)));
        }
        let (Value::Int(seconds), Value::Int(nanos)) = (map.get(TIME)?, map.get(FRACTION)?) else {
            return None;
        };
        let zone = match map.get(ZONE) {
            Some(Value::String(name)) => TimeZone::get(name).unwrap_or(TimeZone::UTC),
            _ => TimeZone::UTC,
        };
        Some(Self::Point(at(i128::from(*seconds) * SECOND + i128::from(*nanos))?.to_zoned(zone)))
    }

    /// As a value of a template.
    pub fn value(&self) -> Value {
        match self {
            Self::Point(time) => {
                let nanos = nanos(time);
                let part = |part: i128| Value::Int(i64::try_from(part).unwrap_or_default());
                let zone = time.time_zone().iana_name().filter(|name| *name != "UTC");
                let zone = zone.map_or(Value::Nil, |name| Value::String(name.into()));
                let (seconds, fraction) = (part(nanos.div_euclid(SECOND)), part(nanos.rem_euclid(SECOND)));
                record([(TIME, seconds), (FRACTION, fraction), (ZONE, zone)])
            }
            Self::Span(nanos) => record([(SPAN, Value::Int(*nanos))]),
            Self::Named(number, name) => {
                record([(NUMBER, Value::Int(*number)), (NAME, Value::String(Arc::clone(name)))])
            }
        }
    }

    /// As Go's `String` writes it: `2015-06-23 13:19:44.128 +0000 UTC`, `1h30m0s`.
    pub fn show(&self) -> String {
        match self {
            Self::Point(time) => format(time, SHOWN),
            Self::Span(nanos) => crate::span::show(*nanos),
            Self::Named(_, name) => name.to_string(),
        }
    }

    /// What one of its methods gives; nothing if there is no such method, or none for such arguments.
    pub fn call(&self, method: &str, args: &[Value]) -> Option<Value> {
        match self {
            Self::Point(time) => point_method(time, method, args),
            Self::Span(nanos) => crate::span::method(*nanos, method, args),
            Self::Named(_, name) => {
                (method == "String" && args.is_empty()).then(|| Value::String(Arc::clone(name)))
            }
        }
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
    Ok(Time::of_millis(nanos / 1_000_000))
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

fn at(nanos: i128) -> Option<Timestamp> {
    Timestamp::from_nanosecond(nanos).ok()
}

fn nanos(time: &Zoned) -> i128 {
    time.timestamp().as_nanosecond()
}

/// The whole number nearest to it that Go could hold.
fn whole(number: i128) -> i64 {
    i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX })
}

fn moved(time: &Zoned, span: i64) -> Option<Zoned> {
    time.checked_add(SignedDuration::from_nanos(span)).ok()
}

fn point_method(time: &Zoned, method: &str, args: &[Value]) -> Option<Value> {
    let value = |time: Zoned| Some(Time::Point(time).value());
    match (method, args) {
        ("Add", [other]) => value(moved(time, span_of(other)?)?),
        ("AddDate", [Value::Int(years), Value::Int(months), Value::Int(days)]) => {
            value(add_date(time, *years, *months, *days)?)
        }
        ("Truncate", [unit]) => {
            let unit = span_of(unit)?;
            // Go counts from its zero time.
            let since_zero = nanos(time) + GO_ZERO;
            let rest = if unit > 0 { since_zero.rem_euclid(unit.into()) } else { 0 };
            value(moved(time, -i64::try_from(rest).ok()?)?)
        }
        ("Round", [unit]) => {
            let half = span_of(unit)?.max(0) / 2;
            point_method(&moved(time, half)?, "Truncate", args)
        }
        ("Sub" | "Before" | "After" | "Equal", [other]) => {
            let Time::Point(other) = Time::of(other)? else { return None };
            let since = nanos(time) - nanos(&other);
            Some(match method {
                "Sub" => Time::Span(whole(since)).value(),
                "Before" => Value::Bool(since < 0),
                "After" => Value::Bool(since > 0),
                _ => Value::Bool(since == 0),
            })
        }
        // Which zone this machine is in is not asked.
        ("UTC" | "Local", []) => value(time.with_time_zone(TimeZone::UTC)),
        ("Format", [Value::String(layout)]) => Some(Value::String(format(time, layout).into())),
        (_, []) => part(time, method),
        _ => None,
    }
}

/// What a method without arguments gives.
fn part(time: &Zoned, method: &str) -> Option<Value> {
    let units = |unit: i128| whole(nanos(time).div_euclid(unit));
    let named = |number: i64, name: &str| Some(Time::Named(number, name.into()).value());
    Some(Value::Int(match method {
        "Unix" => units(SECOND),
        "UnixMilli" => units(1_000_000),
        "UnixMicro" => units(1_000),
        "UnixNano" => units(1),
        "Year" => time.year().into(),
        "Day" => time.day().into(),
        "YearDay" => time.day_of_year().into(),
        "Hour" => time.hour().into(),
        "Minute" => time.minute().into(),
        "Second" => time.second().into(),
        "Nanosecond" => time.subsec_nanosecond().into(),
        "Month" => return named(time.month().into(), &time.strftime("%B").to_string()),
        "Weekday" => {
            let day = time.weekday();
            return named(day.to_sunday_zero_offset().into(), day_name(day));
        }
        "String" => return Some(Value::String(format(time, SHOWN).into())),
        "IsZero" => return Some(Value::Bool(nanos(time) == -GO_ZERO)),
        "IsDST" => {
            let info = time.time_zone().to_offset_info(time.timestamp());
            return Some(Value::Bool(info.dst().is_dst()));
        }
        _ => return None,
    }))
}

/// The same time of another day. Days that a month does not have are days of the next one (Go, package `time`,
/// `AddDate`).
fn add_date(time: &Zoned, years: i64, months: i64, days: i64) -> Option<Zoned> {
    let first = time.first_of_month().ok()?;
    let month = jiff::Span::new().try_years(years).ok()?.try_months(months).ok()?;
    let day = jiff::Span::new().try_days(days.checked_add(i64::from(time.day()) - 1)?).ok()?;
    first.checked_add(month).ok()?.checked_add(day).ok()
}

/// A span that is an argument; a bare number is one of nanoseconds.
pub(crate) fn span_of(value: &Value) -> Option<i64> {
    match (value, Time::of(value)) {
        (Value::Int(nanos), _) => Some(*nanos),
        // `28800e9` is a whole number where one is asked for.
        (Value::Float(nanos), _) if nanos.fract() == 0.0 && nanos.abs() < 9e18 => Some(*nanos as i64),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_time_is_too_far_away() {
        for seconds in [f64::NAN, f64::INFINITY, 1e10, -1e300] {
            assert!(point(seconds).is_err() && span(seconds).is_err(), "{seconds}");
        }
        for far in [i64::MIN, i64::MAX] {
            let (time, far) = (Time::of_millis(far / 1_000_000), Value::Int(far));
            assert!(time.show().ends_with(" +0000 UTC"), "{}", time.show());
            for method in ["Add", "Truncate"] {
                assert!(time.call(method, std::slice::from_ref(&far)).is_some());
            }
            assert!(time.call("AddDate", &[far.clone(), far.clone(), far.clone()]).is_none());
            assert!(Time::Span(i64::MAX).call("Round", std::slice::from_ref(&far)).is_some());
            let farthest = Time::of_millis(if far == Value::Int(i64::MIN) { i64::MIN } else { i64::MAX });
            assert_eq!(Time::of(&farthest.value()), Some(farthest));
        }
    }

    #[test]
    fn a_time_may_be_none_and_may_be_elsewhere() {
        let zero = Time::zero();
        assert_eq!(zero.show(), "0001-01-01 00:00:00 +0000 UTC");
        assert_eq!(zero.call("IsZero", &[]), Some(Value::Bool(true)));
        assert_eq!(zero.call("Unix", &[]), Some(Value::Int(-62_135_596_800)));
        let Time::Point(time) = Time::of_millis(1_782_907_200_500) else { panic!("it is a point") };
        let there = Time::Point(time.with_time_zone(TimeZone::get("Europe/Berlin").unwrap()));
        assert_eq!(there.show(), "2026-07-01 14:00:00.5 +0200 CEST");
        assert_eq!(Time::of(&there.value()), Some(there));
    }
}
