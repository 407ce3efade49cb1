//! `time_intervals`: when something is told, or is not (Alertmanager, "Configuration", `<time_interval>`).

use std::collections::HashSet;
use std::ops::RangeInclusive;

use super::field::{At, Section};

/// Times with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeInterval {
    /// What routes call it; no other is called so.
    pub name: String,
    /// A moment is in it if it is in one of these.
    pub intervals: Vec<Interval>,
    /// The line of the file at which it begins, from 1.
    pub line: usize,
}

/// Times that are in all of these; where there are none, any will do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interval {
    /// Times of the day.
    pub times: Vec<Minutes>,
    /// Days of the week.
    pub weekdays: Vec<Weekdays>,
    /// Days of the month.
    pub days_of_month: Vec<Days>,
    /// Months.
    pub months: Vec<Months>,
    /// Years.
    pub years: Vec<Years>,
    /// The time zone, which there is; UTC, if nothing is said. `Local` is the machine's.
    pub location: Option<String>,
}

/// Minutes since midnight, from 0 to 1440: the first that is in it, and the first that is not; not empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minutes {
    /// The first minute.
    pub start: u16,
    /// The minute behind the last.
    pub end: u16,
}

/// Days of the week from 0, Sunday, to 6; not empty.
pub type Weekdays = RangeInclusive<u8>;
/// Days of the month from 1 to 31, or from the month's end: -1 is its last day. A negative start has a negative end;
/// a month that is shorter has fewer of them.
pub type Days = RangeInclusive<i8>;
/// Months from 1 to 12; not empty.
pub type Months = RangeInclusive<u8>;
/// Years; not empty.
pub type Years = RangeInclusive<i32>;

const WEEKDAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Reads more time intervals behind those that are known.
pub(super) fn read(at: Option<At<'_>>, what: &str, known: Vec<TimeInterval>) -> Vec<TimeInterval> {
    let mut names: HashSet<String> = known.iter().map(|interval| interval.name.clone()).collect();
    let mut intervals = known;
    for at in at.map(|at| at.items()).unwrap_or_default() {
        let Some(section) = at.section() else { continue };
        let name = section.take("name");
        let text = name.as_ref().and_then(At::text).unwrap_or_default();
        if text.is_empty() {
            section.missing::<()>("name", &format!("a {what} needs a name"));
        } else if !names.insert(text.clone()) {
            let message = format!("the name of a {what} must be unique, and {text:?} is not");
            name.as_ref().unwrap_or(&at).wrong(message);
        }
        let parts = section.take("time_intervals").map(|at| at.items()).unwrap_or_default();
        let parts = parts.iter().filter_map(|at| Some(interval(&at.section()?))).collect();
        intervals.push(TimeInterval { name: text, intervals: parts, line: at.place().line });
    }
    intervals
}

fn interval(section: &Section<'_>) -> Interval {
    let times = section.take("times").map(|at| at.items()).unwrap_or_default();
    Interval {
        times: times.iter().filter_map(|at| minutes(&at.section()?)).collect(),
        weekdays: ranges(section, "weekdays", weekday),
        days_of_month: days_of_month(section),
        months: ranges(section, "months", month),
        years: ranges(section, "years", |text| {
            text.parse::<i32>().map_err(|_| format!("{text:?} is no year"))
        }),
        location: section.take("location").and_then(|at| location(&at)),
    }
}

fn location(at: &At<'_>) -> Option<String> {
    let name = at.text().filter(|name| !name.is_empty())?;
    if name != "Local" && jiff::tz::TimeZone::get(&name).is_err() {
        at.wrong(format!("{name:?} is no time zone, such as Europe/Paris"));
    }
    Some(name)
}

fn minutes(section: &Section<'_>) -> Option<Minutes> {
    let [start, end] = ["start_time", "end_time"].map(|name| match section.take(name) {
        Some(at) => minute(&at),
        None => section.missing(name, "both start_time and end_time are needed"),
    });
    let (start, end) = (start?, end?);
    if start >= end {
        section
            .at()
            .wrong("start_time must be before end_time: a night is two times, with 24:00 between them");
    }
    Some(Minutes { start, end })
}

/// `HH:MM`, up to `24:00`.
fn minute(at: &At<'_>) -> Option<u16> {
    let text = at.text()?;
    let number = |digits: &str| match digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit()) {
        true => digits.parse::<u16>().ok(),
        false => None,
    };
    let parts = text.split_once(':').and_then(|(hour, minute)| Some((number(hour)?, number(minute)?)));
    match parts {
        Some((hour @ 0..=23, minute @ 0..=59)) => Some(hour * 60 + minute),
        Some((24, 0)) => Some(24 * 60),
        _ => {
            at.wrong("must be a time of day between 00:00 and 24:00, with two digits each");
            None
        }
    }
}

/// A number, or two with a colon between them, as each item of a list.
fn ranges<T: PartialOrd + Copy>(
    section: &Section<'_>,
    field: &str,
    read: impl Fn(&str) -> Result<T, String>,
) -> Vec<RangeInclusive<T>> {
    let items = section.take(field).map(|at| at.items()).unwrap_or_default();
    let range = |at: &At<'_>| match range(at, &read)? {
        range if range.start() > range.end() => {
            at.wrong("ends before it begins");
            None
        }
        range => Some(range),
    };
    items.iter().filter_map(range).collect()
}

fn range<T: Copy>(at: &At<'_>, read: &impl Fn(&str) -> Result<T, String>) -> Option<RangeInclusive<T>> {
    let text = at.text()?.to_lowercase();
    let (start, end) = text.split_once(':').unwrap_or((&text, &text));
    match (read(start.trim()), read(end.trim())) {
        (Ok(start), Ok(end)) => Some(start..=end),
        (Err(message), _) | (_, Err(message)) => {
            at.wrong(message);
            None
        }
    }
}

fn weekday(text: &str) -> Result<u8, String> {
    let index = WEEKDAYS.iter().position(|day| *day == text);
    index.and_then(|index| u8::try_from(index).ok()).ok_or_else(|| format!("{text:?} is no day of the week"))
}

fn month(text: &str) -> Result<u8, String> {
    let by_name = MONTHS.iter().position(|month| *month == text).map(|index| index + 1);
    let number = by_name.and_then(|number| u8::try_from(number).ok()).or_else(|| text.parse().ok());
    number.filter(|number| (1..=12).contains(number)).ok_or_else(|| format!("{text:?} is no month"))
}

/// Days from the month's begin or end. Of a range from the end of a month none is longer than 31 days, so one can be
/// known to be empty (Alertmanager, `timeinterval.go`, `DayOfMonthRange`).
fn days_of_month(section: &Section<'_>) -> Vec<Days> {
    let day = |text: &str| {
        let day = text.parse::<i8>().ok().filter(|day| *day != 0 && (-31..=31).contains(day));
        day.ok_or_else(|| format!("{text:?} is no day of a month: from 1 to 31, or from -31 to -1"))
    };
    let from_begin = |day: i8| if day < 0 { 32 + day } else { day };
    let items = section.take("days_of_month").map(|at| at.items()).unwrap_or_default();
    let days = |at: &At<'_>| {
        let days = range(at, &day)?;
        let (start, end) = (*days.start(), *days.end());
        if start < 0 && end > 0 {
            at.wrong("begins at the month's end: it must end there too");
        } else if from_begin(start) > from_begin(end) {
            at.wrong("ends before it begins");
        }
        Some(days)
    };
    items.iter().filter_map(days).collect()
}
