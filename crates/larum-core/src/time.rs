//! Instants and spans. Core never asks what time it is: it is told.

use std::time::Duration;

/// Wall-clock time in milliseconds since the Unix epoch, UTC. What people and other programs see.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The time `millis` milliseconds after the Unix epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the Unix epoch.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the Unix epoch, rounded down.
    pub const fn as_secs(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This time moved later by `span`, saturating at the far end.
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(millis(span)))
    }

    /// This time moved earlier by `span`, saturating at the far end.
    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(millis(span)))
    }

    /// How long after `earlier` this is; zero if it is not after it.
    pub fn since(self, earlier: Self) -> Duration {
        span(self.0.saturating_sub(earlier.0))
    }
}

/// Time that only ever moves forward at the pace of real seconds, in milliseconds from an arbitrary start.
/// Everything that is *due* is due on this clock, so that a wall clock that jumps delays nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Steady(i64);

impl Steady {
    /// The instant `millis` milliseconds after the clock's arbitrary start.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the clock's arbitrary start.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// This instant moved later by `span`, saturating at the far end.
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(millis(span)))
    }

    /// How long after `earlier` this is; zero if it is not after it.
    pub fn since(self, earlier: Self) -> Duration {
        span(self.0.saturating_sub(earlier.0))
    }

    /// The first instant after `now` that is a whole number of steps after this one; a step is a millisecond at least.
    pub fn step_past(self, now: Self, step: Duration) -> Self {
        let step = millis(step).max(1);
        let steps = now.0.saturating_sub(self.0).div_euclid(step).saturating_add(1).max(0);
        Self(self.0.saturating_add(step.saturating_mul(steps)))
    }
}

/// The one reading of both clocks that a whole step works with.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Now {
    /// What the wall clock says.
    pub wall: Timestamp,
    /// What the steady clock says.
    pub steady: Steady,
}

impl Now {
    /// The wall time at which the steady instant `at` falls, as seen from this reading.
    pub fn wall_at(self, at: Steady) -> Timestamp {
        Timestamp(self.wall.0.saturating_add(at.0.saturating_sub(self.steady.0)))
    }

    /// The steady instant at which the wall time `at` falls, as seen from this reading.
    pub fn steady_at(self, at: Timestamp) -> Steady {
        Steady(self.steady.0.saturating_add(at.0.saturating_sub(self.wall.0)))
    }
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

fn span(millis: i64) -> Duration {
    Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}
