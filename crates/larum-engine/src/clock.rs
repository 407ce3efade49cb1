//! The one clock, and the one place where randomness is drawn.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use larum_core::time::{Now, Steady, Timestamp};
use rand::RngExt;

/// Reads both clocks. Every step reads it once and hands the reading down.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    start: Instant,
}

impl Clock {
    /// The clock of this process; its steady time begins now.
    #[expect(clippy::disallowed_methods, reason = "this is the one clock")]
    pub fn start() -> Self {
        Self { start: Instant::now() }
    }

    /// What both clocks say now.
    #[expect(clippy::disallowed_methods, reason = "this is the one clock")]
    pub fn now(&self) -> Now {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let steady = Instant::now().duration_since(self.start);
        let millis = |span: std::time::Duration| i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        Now { wall: Timestamp::from_millis(millis(wall)), steady: Steady::from_millis(millis(steady)) }
    }

    /// The instant at which the steady time `at` comes, for timers.
    pub fn instant_of(&self, at: Steady) -> tokio::time::Instant {
        (self.start + at.since(Steady::from_millis(0))).into()
    }
}

/// Bytes drawn at random by the operating system's generator.
#[expect(clippy::disallowed_methods, reason = "this is where randomness is drawn")]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rng().fill(&mut bytes);
    bytes
}

/// A number from 0 up to 1, drawn at random.
pub fn random_fraction() -> f64 {
    f64::from(u32::from_le_bytes(random_bytes())) / (f64::from(u32::MAX) + 1.0)
}
