//! Time intervals in words.

use std::ops::RangeInclusive;

use larum_core::calendar::TimeInterval;

const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `Monday to Friday, 09:00-17:30, Europe/Berlin`
pub fn in_words(interval: &TimeInterval) -> String {
    let TimeInterval { times, weekdays, days_of_month, months, years, location } = interval;
    let weekday =
        |day: &u8| WEEKDAYS.get(usize::from(*day)).map_or_else(|| day.to_string(), ToString::to_string);
    let month = |month: &u8| {
        MONTHS.get(usize::from(*month).wrapping_sub(1)).map_or_else(|| month.to_string(), ToString::to_string)
    };
    let of_month = days_of_month.as_ref().map(|days| {
        let days = days.iter().map(|days| {
            let (first, last) = days.ends();
            if first == last {
                day_of_month(first)
            } else {
                format!("{} to {}", day_of_month(first), day_of_month(last))
            }
        });
        never_or(&days.collect::<Vec<_>>())
    });
    let parts = [
        weekdays.as_ref().map(|days| ranges(days, weekday)),
        of_month.map(|days| format!("the {days} of the month")),
        months.as_ref().map(|months| ranges(months, month)),
        years.as_ref().map(|years| ranges(years, ToString::to_string)),
        times.as_ref().map(|times| never_or(&times.iter().map(ToString::to_string).collect::<Vec<_>>())),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let when = if parts.is_empty() { "always".to_owned() } else { parts.join(", ") };
    format!("{when}, {}", location.name())
}

fn ranges<T: PartialEq>(ranges: &[RangeInclusive<T>], name: impl Fn(&T) -> String) -> String {
    let ranges = ranges.iter().map(|range| {
        let (first, last) = (range.start(), range.end());
        if first == last { name(first) } else { format!("{} to {}", name(first), name(last)) }
    });
    never_or(&ranges.collect::<Vec<_>>())
}

fn never_or(parts: &[String]) -> String {
    if parts.is_empty() { "never".to_owned() } else { parts.join(" and ") }
}

/// Counted from the month's beginning, or from its end.
fn day_of_month(day: i8) -> String {
    let ordinal = |day: i8| match (day % 10, day) {
        (_, 11..=13) => format!("{day}th"),
        (1, _) => format!("{day}st"),
        (2, _) => format!("{day}nd"),
        (3, _) => format!("{day}rd"),
        _ => format!("{day}th"),
    };
    match day {
        -1 => "last day".to_owned(),
        day if day < 0 => format!("{} last day", ordinal(day.saturating_neg())),
        day => ordinal(day),
    }
}

#[cfg(test)]
mod tests {
    use larum_core::calendar::{Times, parse_days_of_month, parse_months, parse_weekdays, parse_years};

    use super::*;

    #[test]
    fn an_interval_is_a_phrase() {
        assert_eq!(in_words(&TimeInterval::default()), "always, UTC");
        let office = TimeInterval {
            times: Some(vec![Times::new(540, 1050).unwrap(), Times::new(1200, 1440).unwrap()]),
            weekdays: Some(vec![parse_weekdays("monday:friday").unwrap()]),
            ..TimeInterval::default()
        };
        assert_eq!(in_words(&office), "Monday to Friday, 09:00-17:30 and 20:00-24:00, UTC");
        let closing = TimeInterval {
            days_of_month: Some(vec![
                parse_days_of_month("-3:-1").unwrap(),
                parse_days_of_month("2").unwrap(),
            ]),
            months: Some(vec![parse_months("december").unwrap()]),
            years: Some(vec![parse_years("2026:2027").unwrap()]),
            weekdays: Some(Vec::new()),
            ..TimeInterval::default()
        };
        let words = "never, the 3rd last day to last day and 2nd of the month, December, 2026 to 2027, UTC";
        assert_eq!(in_words(&closing), words);
    }
}
