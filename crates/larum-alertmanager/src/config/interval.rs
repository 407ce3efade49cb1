//! `time_intervals`: when something is told, or is not (Alertmanager, "Configuration", `<time_interval>`).

use std::collections::HashSet;

use jiff::tz::TimeZone;
use larum_core::calendar::{
    self, CalendarError, Location, Times, parse_days_of_month, parse_months, parse_time, parse_weekdays,
    parse_years,
};

use super::field::{At, Section};

/// Times with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeInterval {
    /// What routes call it; no other is called so.
    pub name: String,
    /// A moment is in it if it is in one of these.
    pub intervals: Vec<calendar::TimeInterval>,
    /// The line of the file at which it begins, from 1.
    pub line: usize,
}

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

fn interval(section: &Section<'_>) -> calendar::TimeInterval {
    calendar::TimeInterval {
        times: each(section, "times", |at| times(&at.section()?)),
        weekdays: each(section, "weekdays", |at| read_with(at, parse_weekdays)),
        days_of_month: each(section, "days_of_month", |at| read_with(at, parse_days_of_month)),
        months: each(section, "months", |at| read_with(at, parse_months)),
        years: each(section, "years", |at| read_with(at, parse_years)),
        location: section.take("location").map_or_else(Location::utc, |at| location(&at)),
    }
}

/// What is in a list, if it is there. One that is there and empty never holds (Alertmanager, timeinterval,
/// `ContainsTime`); a `null` is not there.
fn each<T>(section: &Section<'_>, field: &str, read: impl Fn(&At<'_>) -> Option<T>) -> Option<Vec<T>> {
    let at = section.take(field).filter(|at| !at.is_null())?;
    Some(at.items().iter().filter_map(read).collect())
}

fn read_with<T>(at: &At<'_>, parse: impl Fn(&str) -> Result<T, CalendarError>) -> Option<T> {
    match parse(&at.text()?) {
        Ok(read) => Some(read),
        Err(error) => {
            at.wrong(error.to_string());
            None
        }
    }
}

fn times(section: &Section<'_>) -> Option<Times> {
    let [start, end] = ["start_time", "end_time"].map(|name| match section.take(name) {
        Some(at) => read_with(&at, parse_time),
        None => section.missing(name, "both start_time and end_time are needed"),
    });
    let times = Times::new(start?, end?);
    if times.is_none() {
        section
            .at()
            .wrong("start_time must be before end_time: a night is two times, with 24:00 between them");
    }
    times
}

/// A place by its name; `Local` is the machine's.
fn location(at: &At<'_>) -> Location {
    match at.text().unwrap_or_default().as_str() {
        "" => Location::utc(),
        "Local" => Location::new("Local", TimeZone::system()),
        name => match TimeZone::get(name) {
            Ok(zone) => Location::new(name, zone),
            Err(_) => {
                at.wrong(format!("{name:?} is no time zone that this machine knows, such as Europe/Paris"));
                Location::utc()
            }
        },
    }
}
