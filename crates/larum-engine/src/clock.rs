//! The one clock, and the one place where randomness is drawn.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use larum_core::time::{Now, Steady, Timestamp};
use parking_lot::Mutex;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::sync::watch;

/// Reads both clocks. Every step reads it once and hands the reading down.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    start: Instant,
    hands: Option<Hands>,
}

/// The hands of a clock that moves only when it is told to: for tests in which hours pass, or a wall clock jumps.
/// Cheap to copy; the clock lasts as long as the process.
#[derive(Clone, Copy, Debug)]
pub struct Hands {
    now: &'static watch::Sender<Now>,
    dice: Option<&'static Mutex<StdRng>>,
}

impl Hands {
    /// The hands of a clock that stands at `now`.
    pub fn at(now: Now) -> Self {
        Self { now: Box::leak(Box::new(watch::Sender::new(now))), dice: None }
    }

    /// The same, and what is drawn at random beside the clock follows from `seed`, so that it can be repeated.
    #[must_use]
    pub fn seeded(self, seed: u64) -> Self {
        Self { dice: Some(Box::leak(Box::new(Mutex::new(StdRng::seed_from_u64(seed))))), ..self }
    }

    /// The clock.
    pub fn clock(self) -> Clock {
        Clock { hands: Some(self), ..Clock::start() }
    }

    /// Lets time pass, on both clocks.
    pub fn pass(self, span: Duration) {
        let later = |now: &mut Now| *now = Now { wall: now.wall.plus(span), steady: now.steady.plus(span) };
        self.now.send_modify(later);
    }

    /// Sets the wall clock, as somebody does by hand. No time passes by that.
    pub fn set_wall(self, wall: Timestamp) {
        self.now.send_modify(|now| now.wall = wall);
    }
}

impl Clock {
    /// The clock of this process; its steady time begins now.
    #[expect(clippy::disallowed_methods, reason = "this is the one clock")]
    pub fn start() -> Self {
        Self { start: Instant::now(), hands: None }
    }

    /// What both clocks say now.
    #[expect(clippy::disallowed_methods, reason = "this is the one clock")]
    pub fn now(&self) -> Now {
        if let Some(Hands { now, .. }) = self.hands {
            return *now.borrow();
        }
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let steady = Instant::now().duration_since(self.start);
        let millis = |span: Duration| i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        Now { wall: Timestamp::from_millis(millis(wall)), steady: Steady::from_millis(millis(steady)) }
    }

    /// Waits until the steady time `at` has come; for ever if there is none.
    pub async fn sleep_until(&self, at: Option<Steady>) {
        match (at, self.hands) {
            (None, _) => std::future::pending().await,
            (Some(at), None) => tokio::time::sleep_until(self.instant_of(at)).await,
            // Its sender lasts for ever.
            (Some(at), Some(Hands { now, .. })) => {
                drop(now.subscribe().wait_for(|now| now.steady >= at).await);
            }
        }
    }

    /// The instant at which the steady time `at` comes by the clock of this machine, for timeouts.
    pub fn instant_of(&self, at: Steady) -> tokio::time::Instant {
        (self.start + at.since(Steady::from_millis(0))).into()
    }

    /// Bytes drawn at random: by the operating system's generator, or as the hands of this clock want it.
    pub fn random_bytes<const N: usize>(&self) -> [u8; N] {
        let Some(dice) = self.hands.and_then(|hands| hands.dice) else { return random_bytes() };
        let mut bytes = [0; N];
        dice.lock().fill(&mut bytes);
        bytes
    }

    /// A number from 0 up to 1, drawn at random.
    pub fn random_fraction(&self) -> f64 {
        f64::from(u32::from_le_bytes(self.random_bytes())) / (f64::from(u32::MAX) + 1.0)
    }
}

/// Bytes drawn at random by the operating system's generator.
#[expect(clippy::disallowed_methods, reason = "this is where randomness is drawn")]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rng().fill(&mut bytes);
    bytes
}
