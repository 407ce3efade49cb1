//! What the parameters of a request say (Prometheus, "HTTP API"; `web/api/v1/api.go`).

use std::num::{IntErrorKind, ParseIntError};
use std::time::Duration;

use larum_core::duration::parse_duration;
use larum_core::matcher::Matcher;
use larum_core::time::Timestamp;
use larum_promql::{ParseError, parse_selector};

use super::form::Form;
use super::refusal::Refusal;

/// The farthest time from 1970 that is told apart, in milliseconds: some 285,000 years. No sample lies beyond.
const FARTHEST: i64 = (1 << 53) - 1;

/// The most selectors in one question: each is held against every series.
const MAX_SELECTORS: usize = 256;

/// What Prometheus writes for the first and the last time of all, and reads again (`web/api/v1/api.go`, `parseTime`).
const ENDS_OF_TIME: [(&str, i64); 2] =
    [("-292273086-05-16T16:47:06Z", -FARTHEST), ("292277025-08-18T07:12:54.999999999Z", FARTHEST)];

/// A time: seconds since 1970 with decimals, or RFC 3339.
pub fn parse_time(text: &str) -> Result<Timestamp, String> {
    if let Ok(seconds) = text.parse::<f64>()
        && seconds.is_finite()
    {
        let millis = seconds.trunc() * 1000.0 + (seconds.fract() * 1000.0).round();
        return Ok(Timestamp::from_millis((millis as i64).clamp(-FARTHEST, FARTHEST)));
    }
    if let Some((_, millis)) = ENDS_OF_TIME.iter().find(|(end, _)| *end == text) {
        return Ok(Timestamp::from_millis(*millis));
    }
    // Others than RFC 3339 may leave out the seconds, and part date and time by a space.
    let in_form = [(10, b'T'), (16, b':')].iter().all(|(at, byte)| text.as_bytes().get(*at) == Some(byte));
    match text.parse::<jiff::Timestamp>() {
        Ok(at) if in_form => Ok(Timestamp::from_millis(at.as_millisecond())),
        _ => Err(format!("cannot parse {text:?} to a valid timestamp")),
    }
}

/// A span of time in milliseconds: seconds with decimals, or as `5m`. It may be negative.
pub fn parse_span(text: &str) -> Result<i64, String> {
    if let Ok(seconds) = text.parse::<f64>() {
        let nanoseconds = seconds * 1e9;
        if !(i64::MIN as f64..=i64::MAX as f64).contains(&nanoseconds) {
            return Err(format!("cannot parse {text:?} to a valid duration. It overflows int64"));
        }
        return Ok((nanoseconds / 1e6) as i64);
    }
    let span = parse_duration(text).map_err(|_| format!("cannot parse {text:?} to a valid duration"))?;
    Ok(i64::try_from(span.as_millis()).unwrap_or(i64::MAX))
}

/// A span as a duration; what is negative is no time at all.
pub fn duration(millis: i64) -> Duration {
    Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}

impl Form {
    /// The time in a parameter, if it is there.
    pub fn time(&self, name: &str) -> Result<Option<Timestamp>, Refusal> {
        match self.get(name) {
            "" => Ok(None),
            text => parse_time(text).map(Some).map_err(|reason| {
                Refusal::parameter(name, format!("Invalid time value for '{name}': {reason}"))
            }),
        }
    }

    /// From when to when is asked; all of time where nothing is said.
    pub fn bounds(&self) -> Result<(Timestamp, Timestamp), Refusal> {
        let from = self.time("start")?.unwrap_or(Timestamp::from_millis(-FARTHEST));
        Ok((from, self.time("end")?.unwrap_or(Timestamp::from_millis(FARTHEST))))
    }

    /// The most that is asked for; 0 and nothing mean all.
    pub fn limit(&self) -> Result<usize, Refusal> {
        let text = self.get("limit");
        if text.is_empty() {
            return Ok(usize::MAX);
        }
        let limit = number(text).map_err(|reason| Refusal::parameter("limit", reason))?;
        match usize::try_from(limit) {
            Ok(0) => Ok(usize::MAX),
            Ok(limit) => Ok(limit),
            Err(_) => Err(Refusal::parameter("limit", "limit must be non-negative")),
        }
    }

    /// The sets of matchers in `match[]`.
    pub fn matchers(&self) -> Result<Vec<Vec<Matcher>>, String> {
        if self.all("match[]").nth(MAX_SELECTORS).is_some() {
            return Err(format!("there can be at most {MAX_SELECTORS} match[] parameters"));
        }
        self.all("match[]").map(matchers).collect()
    }
}

/// A whole number, and what Go says of another (`strconv.Atoi`).
pub fn number(text: &str) -> Result<i64, String> {
    text.parse().map_err(|error| not_a_number("Atoi", text, &error))
}

/// What Go's function of this name says of what it cannot read (`strconv.NumError`).
pub fn not_a_number(function: &str, text: &str, error: &ParseIntError) -> String {
    let why = match error.kind() {
        IntErrorKind::PosOverflow | IntErrorKind::NegOverflow => "value out of range",
        _ => "invalid syntax",
    };
    format!("strconv.{function}: parsing {text:?}: {why}")
}

fn matchers(text: &str) -> Result<Vec<Matcher>, String> {
    parse_selector(text).map_err(|error| match error {
        ParseError::Syntax(words) if words.contains("at least one non-empty matcher") => {
            "match[] must contain at least one non-empty matcher".to_owned()
        }
        error => error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_seconds_or_rfc_3339() {
        let millis = |text: &str| parse_time(text).map(Timestamp::as_millis);
        assert_eq!(millis("1435781451.7811"), Ok(1_435_781_451_781));
        assert_eq!(millis("-1.5"), Ok(-1_500));
        assert_eq!(millis("1e3"), Ok(1_000_000));
        assert_eq!(millis("2015-07-01T20:10:51.781Z"), Ok(1_435_781_451_781));
        assert_eq!(millis("2015-07-01T22:10:51.781+02:00"), Ok(1_435_781_451_781));
        assert_eq!(millis("1e300"), Ok(FARTHEST));
        assert_eq!(millis("-292273086-05-16T16:47:06Z"), Ok(-FARTHEST));
        for wrong in ["", "now", "NaN", "Inf", "2015-07-01", "2015-07-01 20:10:51Z", "2015-07-01T20:10Z"] {
            assert_eq!(millis(wrong), Err(format!("cannot parse {wrong:?} to a valid timestamp")));
        }
    }

    #[test]
    fn spans_are_seconds_or_units() {
        assert_eq!(parse_span("14.0005"), Ok(14_000));
        assert_eq!(parse_span("-1"), Ok(-1_000));
        assert_eq!(parse_span("1h30m"), Ok(5_400_000));
        assert!(parse_span("1e300").unwrap_err().ends_with("It overflows int64"));
        assert!(parse_span("NaN").is_err());
        assert_eq!(parse_span("5 m").unwrap_err(), "cannot parse \"5 m\" to a valid duration");
    }
}
