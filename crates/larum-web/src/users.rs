//! Who comes in by a password (`basic_auth_users`).

use std::collections::{BTreeMap, HashSet};

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use parking_lot::Mutex;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::error::Wrong;
use crate::file::Text;

/// The most pairs of name and password that are known to be right.
const MOST_KNOWN: usize = 256;
/// What an unknown name is compared with, so that it takes as long: of a password that nobody knows.
const NOBODY: &str = "$2b$10$abcdefghijklmnopqrstuuVAEDpF.3gGMGqQkVWp9IumWQ8TvEgbi";
/// How many passwords are compared at a time: it is meant to take long, and is not to take all cores. Whose client goes
/// away keeps the turn until the work is done.
static TURNS: Semaphore = Semaphore::const_new(1);
/// How many may wait for that, the one whose turn it is among them; one more is told to come again.
static PLACES: Semaphore = Semaphore::const_new(64);

/// What became of a request at the door.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Admission {
    /// It may come in.
    Granted,
    /// It has no name and password that are right.
    Refused,
    /// Too many wait already for their passwords to be compared.
    TooMany,
}

/// The names with the hashes of their passwords.
#[derive(Default)]
pub(crate) struct Users {
    hashes: BTreeMap<String, String>,
    /// Digests of what was found right, for comparing takes long.
    known: Mutex<HashSet<[u8; 32]>>,
}

impl std::fmt::Debug for Users {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.hashes.keys()).finish()
    }
}

impl Users {
    pub fn read(users: BTreeMap<String, Text>) -> Result<Self, Wrong> {
        let mut hashes = BTreeMap::new();
        for (name, hash) in users {
            if hash.value.parse::<bcrypt::HashParts>().is_err() {
                let words = format!(
                    "the password of {name:?} has to be a bcrypt hash, as `htpasswd -nBC 10 {name}` makes it, not the password itself"
                );
                return Err(Wrong::with(&hash, words));
            }
            hashes.insert(name, hash.value);
        }
        Ok(Self { hashes, known: Mutex::default() })
    }

    /// Whether anybody may come in.
    pub fn is_open(&self) -> bool {
        self.hashes.is_empty()
    }

    /// Whether a request may: anybody's, or one with a name and its password (RFC 7617).
    pub async fn let_in(&self, headers: &HeaderMap) -> Admission {
        if self.is_open() {
            return Admission::Granted;
        }
        let Some((name, password)) = credentials(headers) else { return Admission::Refused };
        let hash = self.hashes.get(&name);
        let digest = digest(&[&name, hash.map_or(NOBODY, String::as_str), &password]);
        if hash.is_some() && self.known.lock().contains(&digest) {
            return Admission::Granted;
        }
        let Ok(_place) = PLACES.try_acquire() else { return Admission::TooMany };
        let right = compare(password, hash.map_or(NOBODY, String::as_str).to_owned()).await && hash.is_some();
        if right {
            let mut known = self.known.lock();
            if known.len() >= MOST_KNOWN {
                known.clear();
            }
            known.insert(digest);
        }
        if right { Admission::Granted } else { Admission::Refused }
    }
}

async fn compare(password: String, hash: String) -> bool {
    let Ok(turn) = TURNS.acquire().await else { return false };
    let compared = spawn_blocking(move || {
        let right = bcrypt::verify(password, &hash).unwrap_or(false);
        drop(turn);
        right
    });
    compared.await.unwrap_or(false)
}

fn credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, rest) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let decoded = STANDARD.decode(rest.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let (name, password) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}

fn digest(parts: &[&str]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::http::HeaderValue;
    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn who_goes_away_keeps_the_turn_until_the_work_is_done_and_only_so_many_wait() {
        let users = Users { hashes: [("ada".to_owned(), NOBODY.to_owned())].into(), ..Users::default() };
        let mut headers = HeaderMap::new();
        let given = format!("Basic {}", STANDARD.encode("ada:wrong"));
        headers.insert(header::AUTHORIZATION, HeaderValue::from_str(&given).expect("it is one"));
        let asked = timeout(Duration::ZERO, users.let_in(&headers)).await;
        assert!(asked.is_err(), "it is given up");
        assert_eq!(TURNS.available_permits(), 0, "the work goes on");
        drop(TURNS.acquire().await.expect("it ends"));

        let places = PLACES.available_permits();
        let taken = PLACES.acquire_many(64).await.expect("nobody closes it");
        assert_eq!((places, users.let_in(&headers).await), (64, Admission::TooMany));
        drop(taken);
        assert_eq!(users.let_in(&headers).await, Admission::Refused);
    }
}
