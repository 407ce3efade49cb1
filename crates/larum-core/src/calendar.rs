//! Time intervals: recurring spans of the calendar in which a route speaks or is mute (Alertmanager, "Configuration",
//! `<time_interval>`).
//!
//! Local time comes from [`jiff::tz::TimeZone`], a value that is handed in: whoever reads the configuration looks the
//! location up, in the system's database or in one that is built in. So nothing here reads a file, and the rules of
//! summer time are those of the machine's newest database rather than of the day this was built.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::time::Timestamp;

mod change;
mod parse;

pub use parse::{CalendarError, parse_days_of_month, parse_months, parse_time, parse_weekdays, parse_years};

/// How many years ahead a change is looked for. The calendar repeats every 28 years, but for those that have no leap day.
pub const MOST_YEARS_AHEAD: i16 = 40;

/// A span of the day from one minute to another, which is not in it. Minutes are counted from midnight on the clock on
/// the wall, 0 to 1440.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Times {
    start: u16,
    end: u16,
}

/// Days of a month from the first of them to the last, both counted from 1, or from -1 back from the month's end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Days {
    first: i8,
    last: i8,
}

/// Where clocks show what an interval means.
#[derive(Clone, PartialEq, Debug)]
pub struct Location {
    name: Arc<str>,
    zone: TimeZone,
}

impl Location {
    /// A place known by the name it has in the configuration, and its time zone.
    pub fn new(name: impl Into<Arc<str>>, zone: TimeZone) -> Self {
        Self { name: name.into(), zone }
    }

    /// Universal time, which holds where nothing else is said.
    pub fn utc() -> Self {
        Self::new("UTC", TimeZone::UTC)
    }

    /// Its name in the configuration, as in `Europe/Berlin`.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn local(&self, at: Timestamp) -> DateTime {
        self.zone.to_datetime(instant(at))
    }
}

/// One interval: the instants at which every field that is there holds, and a field holds where one of its ranges does.
/// A field that is there without any range never holds.
#[derive(Clone, PartialEq, Debug)]
pub struct TimeInterval {
    /// Spans of the day.
    pub times: Option<Vec<Times>>,
    /// Days of the week from 0, Sunday, to 6, Saturday.
    pub weekdays: Option<Vec<RangeInclusive<u8>>>,
    /// Days of the month.
    pub days_of_month: Option<Vec<Days>>,
    /// Months from 1 to 12.
    pub months: Option<Vec<RangeInclusive<u8>>>,
    /// Years.
    pub years: Option<Vec<RangeInclusive<i32>>>,
    /// Whose clock.
    pub location: Location,
}

impl Default for TimeInterval {
    /// Always.
    fn default() -> Self {
        Self {
            times: None,
            weekdays: None,
            days_of_month: None,
            months: None,
            years: None,
            location: Location::utc(),
        }
    }
}

impl TimeInterval {
    /// Whether it is now (Alertmanager, timeinterval, `ContainsTime`).
    pub fn contains(&self, at: Timestamp) -> bool {
        let local = self.location.local(at);
        let minute = local.hour() as u16 * 60 + local.minute() as u16;
        let in_time =
            |times: &Vec<Times>| times.iter().any(|times| (times.start..times.end).contains(&minute));
        self.times.as_ref().is_none_or(in_time) && self.has_day(local.date())
    }

    /// Whether nothing is asked of the time.
    fn is_always(&self) -> bool {
        let Self { times, weekdays, days_of_month, months, years, location: _ } = self;
        times.is_none()
            && weekdays.is_none()
            && days_of_month.is_none()
            && months.is_none()
            && years.is_none()
    }

    /// Whether any of this day can be in it.
    fn has_day(&self, date: Date) -> bool {
        let weekday = date.weekday().to_sunday_zero_offset() as u8;
        let (day, in_month) = (date.day(), date.days_in_month());
        holds(self.weekdays.as_deref(), |range| range.contains(&weekday))
            && holds(self.months.as_deref(), |range| range.contains(&(date.month() as u8)))
            && holds(self.years.as_deref(), |range| range.contains(&i32::from(date.year())))
            && holds(self.days_of_month.as_deref(), |days| days.contain(day, in_month))
    }
}

impl Times {
    /// From one minute until another, counted from midnight. `None` if the span is empty or ends after 1440, midnight.
    pub fn new(start: u16, end: u16) -> Option<Self> {
        (start < end && end <= 24 * 60).then_some(Self { start, end })
    }

    /// The first minute in it, and the first after it, from midnight.
    pub fn minutes(self) -> (u16, u16) {
        (self.start, self.end)
    }
}

impl Days {
    /// From one day to another. `None` if either is no day, or there are none between them in any month.
    pub fn new(first: i8, last: i8) -> Option<Self> {
        let is_day = |day: i8| day != 0 && (-31..=31).contains(&day);
        let is_known = is_day(first) && is_day(last) && !(first < 0 && last > 0);
        // As in Alertmanager: what is counted from the end is taken as if of the shortest month, and a day earlier.
        let in_shortest = |day: i8| if day < 0 { 28 + day } else { day };
        (is_known && in_shortest(first) <= in_shortest(last)).then_some(Self { first, last })
    }

    /// The first and the last day.
    pub fn ends(self) -> (i8, i8) {
        (self.first, self.last)
    }

    /// Whether they contain this day of a month that has this many. What is counted from the end can begin before the
    /// month does, and what is counted from its beginning can end after it: either is cut to the month.
    fn contain(self, day: i8, in_month: i8) -> bool {
        let from_start = |day: i8| if day < 0 { in_month + day + 1 } else { day };
        (from_start(self.first)..=from_start(self.last)).contains(&day)
    }
}

fn holds<T>(field: Option<&[T]>, range: impl Fn(&T) -> bool) -> bool {
    field.is_none_or(|ranges| ranges.iter().any(range))
}

/// Why a route is mute.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Muted {
    /// These of its `mute_time_intervals` are now.
    During(Vec<Arc<str>>),
    /// None of its `active_time_intervals` is now; these are all of them.
    OutsideOf(Vec<Arc<str>>),
}

/// Named time intervals, each of which is where one of its parts is.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Calendar {
    intervals: BTreeMap<Arc<str>, Vec<TimeInterval>>,
}

impl Calendar {
    /// The intervals by their names; of two with one name the later holds.
    pub fn new(intervals: impl IntoIterator<Item = (Arc<str>, Vec<TimeInterval>)>) -> Self {
        Self { intervals: intervals.into_iter().collect() }
    }

    /// Whether there is an interval of this name.
    pub fn knows(&self, name: &str) -> bool {
        self.intervals.contains_key(name)
    }

    /// All of them, in order of their names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &[TimeInterval])> {
        self.intervals.iter().map(|(name, parts)| (name, parts.as_slice()))
    }

    /// Whether the interval of this name is now. One that is not known never is.
    pub fn contains(&self, name: &str, at: Timestamp) -> bool {
        self.parts(name).iter().any(|part| part.contains(at))
    }

    /// Whether a route with these intervals is mute now, and why. Being outside of the active ones is asked first
    /// (Alertmanager, notify, the stages `TimeActive` and `TimeMute`).
    pub fn muted(&self, mute: &[Arc<str>], active: &[Arc<str>], at: Timestamp) -> Option<Muted> {
        if !active.is_empty() && !active.iter().any(|name| self.contains(name, at)) {
            return Some(Muted::OutsideOf(active.to_vec()));
        }
        let during: Vec<Arc<str>> = mute.iter().filter(|name| self.contains(name, at)).cloned().collect();
        (!during.is_empty()).then_some(Muted::During(during))
    }

    /// The next instant at which the interval of this name begins or ends, to the millisecond. `None` if that is more
    /// than [`MOST_YEARS_AHEAD`] years away or never.
    pub fn next_change(&self, name: &str, at: Timestamp) -> Option<Timestamp> {
        change::next(self.parts(name), at)
    }

    fn parts(&self, name: &str) -> &[TimeInterval] {
        self.intervals.get(name).map(Vec::as_slice).unwrap_or_default()
    }
}

/// The instant itself, or the nearest that the calendar reaches: it ends with the year 9999.
fn instant(at: Timestamp) -> jiff::Timestamp {
    let end = if at.as_millis() < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
    jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or(end)
}

/// As they are written, and as minutes or days are shown to people: `09:00-17:30`.
impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, end) = (self.start, self.end);
        write!(f, "{:02}:{:02}-{:02}:{:02}", start / 60, start % 60, end / 60, end % 60)
    }
}

#[cfg(test)]
mod tests;
