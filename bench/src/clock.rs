//! The two clocks of whoever measures: one for how long things take, one for what senders write into alerts.

use std::time::Instant;

use jiff::Timestamp;

/// Now, to measure from.
#[expect(clippy::disallowed_methods, reason = "a bench is what reads the clock")]
pub fn now() -> Instant {
    Instant::now()
}

/// The time of day, as a sender writes it.
#[expect(clippy::disallowed_methods, reason = "a bench is what reads the clock")]
pub fn wall() -> Timestamp {
    Timestamp::now()
}
