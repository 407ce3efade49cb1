//! What each token was told of channels, for as long as it is believed.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

use larum_core::time::Steady;
use larum_slack::directory::KEPT;
use larum_slack::{Directory, SlackToken};

/// The most tokens of which it is kept.
const TOKENS: usize = 100;

/// What one token was told; one asks at a time, so that the next finds what the one before was told.
pub type SharedDirectory = Arc<tokio::sync::Mutex<Directory>>;

/// What each token was told of channels. Knows tokens by a number that does not give them away.
#[derive(Debug, Default)]
pub struct Directories {
    known: Mutex<HashMap<u64, (Steady, SharedDirectory)>>,
    numbers: RandomState,
}

impl Directories {
    /// What this token was told.
    pub fn of(&self, token: &SlackToken, now: Steady) -> SharedDirectory {
        let number = self.numbers.hash_one(token.expose());
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, (used, _)| now.since(*used) < KEPT);
        if known.len() >= TOKENS && !known.contains_key(&number) {
            known.clear();
        }
        let (used, directory) = known.entry(number).or_default();
        *used = now;
        Arc::clone(directory)
    }
}
