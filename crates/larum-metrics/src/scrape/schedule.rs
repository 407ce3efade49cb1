//! When a target is due.

use std::time::Duration;

use larum_core::time::Timestamp;

use super::target::Target;

/// How far from its due time a scrape may begin and still count as made at that time, in milliseconds: series whose
/// samples lie exactly one interval apart take less memory (Prometheus, `scrape/scrape.go`, `ScrapeTimestampTolerance`).
const TOLERANCE: i64 = 2;

/// The times at which a target is due: once in each interval, at a place in it that the target's own labels choose, so
/// that targets do not all fall due at once and a restart does not move them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Schedule {
    /// Milliseconds, at least one.
    interval: i64,
    /// Milliseconds after the interval's beginning.
    offset: i64,
}

impl Schedule {
    /// That of a target.
    pub(super) fn of(target: &Target) -> Self {
        let interval = i64::try_from(target.interval.as_millis()).unwrap_or(i64::MAX).max(1);
        let offset = target.hash() % interval.unsigned_abs();
        Self { interval, offset: offset.cast_signed() }
    }

    /// How long after `now` it is due for the first time.
    pub(super) fn first(self, now: Timestamp) -> Duration {
        let past = now.as_millis().wrapping_sub(self.offset).rem_euclid(self.interval);
        millis(if past == 0 { 0 } else { self.interval - past })
    }

    /// How long after a scrape that began at `begun` the next is due: an interval, less or more by half of one at most
    /// if the clock was set meanwhile.
    pub(super) fn next(self, begun: Timestamp) -> Duration {
        let first = self.first(begun);
        let interval = millis(self.interval);
        if first < interval / 2 { first + interval } else { first }
    }

    /// The time that a scrape which began at `begun` counts as made at.
    pub(super) fn aligned(self, begun: Timestamp) -> Timestamp {
        let tolerance = TOLERANCE.min(self.interval / 100);
        let past = begun.as_millis().wrapping_sub(self.offset).rem_euclid(self.interval);
        let due = begun.as_millis().saturating_sub(past);
        let next = due.saturating_add(self.interval);
        if past <= tolerance {
            Timestamp::from_millis(due)
        } else if self.interval - past <= tolerance {
            Timestamp::from_millis(next)
        } else {
            begun
        }
    }
}

fn millis(millis: i64) -> Duration {
    Duration::from_millis(millis.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEDULE: Schedule = Schedule { interval: 15_000, offset: 4_000 };

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(1_800_000_000_000 + millis)
    }

    #[test]
    fn a_target_is_due_once_in_each_interval_at_its_own_place() {
        assert_eq!(SCHEDULE.first(at(0)), Duration::from_millis(4_000));
        assert_eq!(SCHEDULE.first(at(4_000)), Duration::ZERO);
        assert_eq!(SCHEDULE.first(at(4_001)), Duration::from_millis(14_999));
        assert_eq!(SCHEDULE.next(at(4_000)), Duration::from_millis(15_000));
        assert_eq!(
            SCHEDULE.next(at(4_003)),
            Duration::from_millis(14_997),
            "what was late does not stay late"
        );
        assert_eq!(
            SCHEDULE.next(at(3_998)),
            Duration::from_millis(15_002),
            "nor is what was early done twice"
        );
    }

    #[test]
    fn a_clock_that_is_set_delays_nothing_by_more_than_half_an_interval() {
        for set in -40_000..40_000 {
            let next = SCHEDULE.next(at(set)).as_millis();
            assert!((7_500..22_500).contains(&next), "{next} after {set}");
        }
    }

    #[test]
    fn a_scrape_that_is_nearly_on_time_is_on_time() {
        for (begun, counts) in
            [(4_000, 4_000), (4_002, 4_000), (3_998, 4_000), (4_003, 4_003), (9_000, 9_000)]
        {
            assert_eq!(SCHEDULE.aligned(at(begun)), at(counts), "{begun}");
        }
        let short = Schedule { interval: 50, offset: 0 };
        assert_eq!(short.aligned(at(1)), at(1), "a hundredth of the interval is nothing");
    }
}
