//! The edge to the world: the only place where a clock is read and randomness drawn.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use rand::rngs::{StdRng, SysRng};
use rand::{RngExt, SeedableRng, TryRng};

/// A clock: microseconds since the Unix epoch. Message timestamps, rate limits and timed faults follow it.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> i64 + Send + Sync>);

impl Clock {
    /// The clock of this machine.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the sandbox's one clock")]
    pub fn system() -> Self {
        Self::from_fn(|| {
            let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX)
        })
    }

    /// A clock that says what `micros` returns: microseconds since the Unix epoch.
    pub fn from_fn(micros: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(micros))
    }

    /// Microseconds since the Unix epoch.
    #[must_use]
    pub fn micros(&self) -> i64 {
        (self.0)()
    }
}

/// Draws the seed of a sandbox from the operating system.
///
/// # Panics
/// When the operating system has no randomness to give.
#[must_use]
pub fn fresh_seed() -> [u8; 32] {
    let mut seed = [0; 32];
    SysRng.try_fill_bytes(&mut seed).expect("the operating system gives random bytes");
    seed
}

/// Everything random in a sandbox comes from here, so equal seeds give equal workspaces.
pub(crate) struct Randomness(StdRng);

const UPPER: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const MIXED: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const HEX: &[u8] = b"0123456789abcdef";
const DIGITS: &[u8] = b"123456789";

impl Randomness {
    pub(crate) fn from_seed(seed: [u8; 32]) -> Self {
        Self(StdRng::from_seed(seed))
    }

    /// An identifier as Slack's: a letter for the kind, `0`, and nine capital letters or digits.
    pub(crate) fn id(&mut self, kind: char) -> String {
        format!("{kind}0{}", self.draw(UPPER, 9))
    }

    pub(crate) fn mixed(&mut self, length: usize) -> String {
        self.draw(MIXED, length)
    }

    pub(crate) fn hex(&mut self, length: usize) -> String {
        self.draw(HEX, length)
    }

    pub(crate) fn digits(&mut self, length: usize) -> String {
        self.draw(DIGITS, length)
    }

    fn draw(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length).map(|_| char::from(alphabet[self.0.random_range(0..alphabet.len())])).collect()
    }
}
