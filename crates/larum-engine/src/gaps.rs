//! Where what is known of the series breaks off. What is missing after that proves nothing for a while.

use std::sync::Arc;
use std::time::Duration;

use larum_core::time::{Now, Steady, Timestamp};
use larum_metrics::Store;
use larum_promql::Options;
use parking_lot::Mutex;

/// How far two collections may lie apart, and how far the wall clock may be set, before that is a gap: one collection may
/// be late, and a clock that is kept right is moved by less.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The gaps in the series since the start, by whatever they came about. Cheap to clone; clones see the same.
#[derive(Clone, Debug)]
pub struct Gaps(Arc<Mutex<Seen>>);

#[derive(Debug)]
struct Seen {
    /// How many there were.
    count: u64,
    /// When both clocks were last looked at.
    looked: Option<Now>,
    /// When it was last seen that the wall clock had jumped.
    jumped: Option<Steady>,
}

impl Default for Gaps {
    /// The beginning is one.
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Seen { count: 1, looked: None, jumped: None })))
    }
}

impl Gaps {
    /// How many there were.
    pub(crate) fn count(&self) -> u64 {
        self.0.lock().count
    }

    /// There is one more.
    pub(crate) fn add(&self) {
        self.0.lock().count += 1;
    }

    /// For how long the wall clock has gone on without a jump.
    pub(crate) fn whole_for(&self, now: Steady) -> Duration {
        self.0.lock().jumped.map_or(Duration::MAX, |jumped| now.since(jumped))
    }

    /// Looks whether the wall clock has jumped since somebody looked last: set by hand, or after the machine was
    /// suspended. Where it has jumped back, what the series show of the time from now on, and of as long before it as
    /// an expression looks back for the newest sample, is not of that time: it is taken back.
    pub(crate) fn look(&self, now: Now, series: Option<&Store>) {
        let mut seen = self.0.lock();
        let Some(before) = seen.looked.replace(now) else { return };
        let expected = before.wall_at(now.steady);
        let by = apart(now.wall, expected);
        if by <= LONGEST_PAUSE {
            return;
        }
        seen.count += 1;
        seen.jumped = Some(now.steady);
        if now.wall > expected {
            return tracing::warn!(?by, "the wall clock has jumped ahead: nothing is resolved for a while");
        }
        let samples = series.map(|series| series.rewind(now.wall.minus(Options::default().lookback)));
        tracing::warn!(
            ?by,
            samples,
            "the wall clock has jumped back: later samples are taken back, and nothing is resolved for a while"
        );
    }
}

fn apart(one: Timestamp, other: Timestamp) -> Duration {
    one.since(other).max(other.since(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn at(wall: i64, steady: u64) -> Now {
        let wall = Timestamp::from_millis(START.as_millis() + 1000 * wall);
        Now { wall, steady: Steady::default().plus(Duration::from_secs(steady)) }
    }

    #[test]
    fn a_clock_that_is_moved_a_little_has_not_jumped() {
        let gaps = Gaps::default();
        for now in [at(0, 0), at(15, 15), at(50, 30), at(40, 45), at(1000, 1000)] {
            gaps.look(now, None);
        }
        assert_eq!((gaps.count(), gaps.whole_for(Steady::default())), (1, Duration::MAX));
    }

    #[test]
    fn a_jump_is_a_gap_and_once() {
        let gaps = Gaps::default();
        let minutes = |count: u64| Duration::from_secs(60 * count);
        for now in [at(0, 0), at(-3600, 0), at(-3540, 60), at(-3480, 120)] {
            gaps.look(now, None);
        }
        assert_eq!((gaps.count(), gaps.whole_for(at(0, 120).steady)), (2, minutes(2)));
        gaps.look(at(86_400, 180), None);
        assert_eq!((gaps.count(), gaps.whole_for(at(0, 240).steady)), (3, minutes(1)));
    }
}
