//! Ranges as configuration files write them: `monday:friday`, `-3:-1`, `january`, `2026:2027`.

use std::ops::RangeInclusive;

use super::{Days, Times};

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

/// What is wrong with a range (Alertmanager, timeinterval, each type's `UnmarshalYAML`).
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CalendarError {
    /// It is no time of the day.
    #[error("{0:?} is not a time such as 09:30 or 24:00")]
    NoTime(String),
    /// The day's span is empty, or ends before it begins.
    #[error("{0} is not before {1}: a span over midnight is two, one of which ends at 24:00")]
    TimesReversed(String, String),
    /// It is no day of the week.
    #[error("{0:?} is not a weekday such as monday")]
    NoWeekday(String),
    /// It is no month.
    #[error("{0:?} is not a month such as january, or 1 to 12")]
    NoMonth(String),
    /// It is no day of a month.
    #[error("{0:?} is not a day of the month: 1 to 31, or -1 to -31 from its end")]
    NoDay(String),
    /// It is no year.
    #[error("{0:?} is not a year")]
    NoYear(String),
    /// It begins from the month's end and ends from its beginning.
    #[error("{0:?}: a range that begins with a negative day must end with one")]
    EndsFromStart(String),
    /// It ends before it begins.
    #[error("{0:?} ends before it begins")]
    Reversed(String),
    /// It has more than one colon.
    #[error("{0:?} is not a range such as 1:5")]
    NoRange(String),
}

impl Times {
    /// A span from `start_time` until `end_time`, which is not in it, both as `HH:MM`. `24:00` is the day's end.
    ///
    /// # Errors
    /// [`CalendarError`] in words.
    pub fn parse(start_time: &str, end_time: &str) -> Result<Self, CalendarError> {
        let (start, end) = (parse_time(start_time)?, parse_time(end_time)?);
        Self::new(start, end).ok_or_else(|| CalendarError::TimesReversed(shown(start_time), shown(end_time)))
    }
}

/// Reads weekdays: `monday` or `monday:friday`, in letters of any case. The week begins with Sunday.
///
/// # Errors
/// [`CalendarError`] in words.
pub fn parse_weekdays(text: &str) -> Result<RangeInclusive<u8>, CalendarError> {
    let day = |name: &str| place(&WEEKDAYS, name).ok_or_else(|| CalendarError::NoWeekday(shown(name)));
    in_order(text, range(text, |name| Ok(day(name)? as u8))?)
}

/// Reads months: `may`, `5`, `january:march` or `1:3`, in letters of any case.
///
/// # Errors
/// [`CalendarError`] in words; also for numbers below 1 and above 12, which Alertmanager takes and never meets.
pub fn parse_months(text: &str) -> Result<RangeInclusive<u8>, CalendarError> {
    let month = |name: &str| {
        let number = place(&MONTHS, name).map(|place| place as u8 + 1).or_else(|| name.parse().ok());
        number.filter(|month| (1..=12).contains(month)).ok_or_else(|| CalendarError::NoMonth(shown(name)))
    };
    in_order(text, range(text, month)?)
}

/// Reads days of a month: `1:5`, `-1`, `-3:-1`, `28:-1`.
///
/// # Errors
/// [`CalendarError`] in words; also if the range is empty in every month.
pub fn parse_days_of_month(text: &str) -> Result<Days, CalendarError> {
    let day = |name: &str| {
        let day = name.parse().ok().filter(|day: &i8| *day != 0 && (-31..=31).contains(day));
        day.ok_or_else(|| CalendarError::NoDay(shown(name)))
    };
    let days = range(text, day)?;
    if *days.start() < 0 && *days.end() > 0 {
        return Err(CalendarError::EndsFromStart(shown(text)));
    }
    Days::new(*days.start(), *days.end()).ok_or_else(|| CalendarError::Reversed(shown(text)))
}

/// Reads years: `2026` or `2026:2028`.
///
/// # Errors
/// [`CalendarError`] in words.
pub fn parse_years(text: &str) -> Result<RangeInclusive<i32>, CalendarError> {
    in_order(text, range(text, |name| name.parse().map_err(|_| CalendarError::NoYear(shown(name))))?)
}

fn range<T: Copy>(
    text: &str,
    member: impl Fn(&str) -> Result<T, CalendarError>,
) -> Result<RangeInclusive<T>, CalendarError> {
    let lower = text.to_lowercase();
    let Some((start, end)) = lower.split_once(':') else {
        let only = member(&lower)?;
        return Ok(only..=only);
    };
    if end.contains(':') {
        return Err(CalendarError::NoRange(shown(text)));
    }
    Ok(member(start)?..=member(end)?)
}

fn in_order<T: PartialOrd>(text: &str, range: RangeInclusive<T>) -> Result<RangeInclusive<T>, CalendarError> {
    if range.start() > range.end() { Err(CalendarError::Reversed(shown(text))) } else { Ok(range) }
}

fn place(names: &[&str], name: &str) -> Option<usize> {
    names.iter().position(|known| *known == name)
}

/// Reads a time of the day, `09:30` or `24:00`, as minutes from midnight.
///
/// # Errors
/// [`CalendarError`] in words.
pub fn parse_time(text: &str) -> Result<u16, CalendarError> {
    let wrong = || CalendarError::NoTime(shown(text));
    let [a, b, b':', c, d] = text.as_bytes() else { return Err(wrong()) };
    if ![a, b, c, d].into_iter().all(u8::is_ascii_digit) {
        return Err(wrong());
    }
    let number = |tens: u8, ones: u8| u16::from(tens - b'0') * 10 + u16::from(ones - b'0');
    let (hour, minute) = (number(*a, *b), number(*c, *d));
    let is_time = (hour < 24 && minute < 60) || (hour, minute) == (24, 0);
    if is_time { Ok(hour * 60 + minute) } else { Err(wrong()) }
}

/// Enough of it to be recognised.
fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}
