//! When an interval begins or ends next.

use std::collections::BTreeSet;

use jiff::civil::{Date, Time};
use jiff::tz::AmbiguousOffset;
use jiff::{SignedDuration, Timestamp as Instant, ToSpan};

use super::{Location, MOST_YEARS_AHEAD, TimeInterval, instant};
use crate::time::Timestamp;

/// The next instant at which it changes whether any of `parts` is.
pub(super) fn next(parts: &[TimeInterval], at: Timestamp) -> Option<Timestamp> {
    if parts.is_empty() || parts.iter().any(TimeInterval::is_always) {
        return None;
    }
    let is_now = contains(parts, at);
    let start = instant(at);
    let years = i64::from(MOST_YEARS_AHEAD);
    (0..years * 366).find_map(|day| {
        // A day of 24 hours of universal time after the other. On the clocks on walls it lies in four days at the most.
        let from = start.checked_add(SignedDuration::from_hours(day * 24)).ok()?;
        let until = from.checked_add(SignedDuration::from_hours(24)).ok()?;
        let instants = candidates(parts, is_now, from, until);
        let mut changes = instants.into_iter().map(|at| Timestamp::from_millis(at.as_millisecond()));
        changes.find(|at| contains(parts, *at) != is_now)
    })
}

fn contains(parts: &[TimeInterval], at: Timestamp) -> bool {
    parts.iter().any(|part| part.contains(at))
}

/// The instants after `from` and not after `until` at which any part can begin or end: on whole days, where a span of
/// the day begins or ends, and where clocks are put forward or back. None if these days are like those before.
fn candidates(parts: &[TimeInterval], is_now: bool, from: Instant, until: Instant) -> BTreeSet<Instant> {
    let mut found = BTreeSet::new();
    let days: Vec<Vec<Date>> = parts.iter().map(|part| days(&part.location, from)).collect();
    let lasts = |(part, days): (&TimeInterval, &Vec<Date>)| {
        part.times.is_none() && days.iter().all(|day| part.has_day(*day))
    };
    if is_now && parts.iter().zip(&days).any(lasts) {
        return found;
    }
    for (part, days) in parts.iter().zip(&days) {
        if !days.iter().any(|day| part.has_day(*day)) {
            continue;
        }
        for day in days {
            boundaries(part, *day, &mut found);
        }
        let following = part.location.zone.following(from).map(|change| change.timestamp());
        found.extend(following.take_while(|at| *at <= until));
    }
    found.retain(|at| from < *at && *at <= until);
    found
}

/// The days that clocks there can show within 24 hours.
fn days(location: &Location, from: Instant) -> Vec<Date> {
    let first = location.zone.to_datetime(from).date();
    (-1..=2).filter_map(|day: i32| first.checked_add(day.days()).ok()).collect()
}

/// When clocks show this day's beginning, and the ends of the spans of the day: twice if they are put back over it.
fn boundaries(part: &TimeInterval, day: Date, found: &mut BTreeSet<Instant>) {
    let times = part.times.iter().flatten().flat_map(|times| [times.start, times.end]);
    for minute in times.chain([0]).filter(|minute| *minute < 24 * 60) {
        let Ok(time) = Time::new((minute / 60) as i8, (minute % 60) as i8, 0, 0) else { continue };
        let shown = day.to_datetime(time);
        let (one, other) = match part.location.zone.to_ambiguous_timestamp(shown).offset() {
            AmbiguousOffset::Unambiguous { offset } => (offset, offset),
            AmbiguousOffset::Gap { before, after } | AmbiguousOffset::Fold { before, after } => {
                (before, after)
            }
        };
        found.extend([one, other].into_iter().filter_map(|offset| offset.to_timestamp(shown).ok()));
    }
}
