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
/// How many passwords are compared at a time: it is meant to take long, and is not to take all cores.
static TURNS: Semaphore = Semaphore::const_new(1);

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
    pub async fn let_in(&self, headers: &HeaderMap) -> bool {
        if self.is_open() {
            return true;
        }
        let Some((name, password)) = credentials(headers) else { return false };
        let hash = self.hashes.get(&name);
        let digest = digest(&[&name, hash.map_or(NOBODY, String::as_str), &password]);
        if hash.is_some() && self.known.lock().contains(&digest) {
            return true;
        }
        let right = compare(password, hash.map_or(NOBODY, String::as_str).to_owned()).await && hash.is_some();
        if right {
            let mut known = self.known.lock();
            if known.len() >= MOST_KNOWN {
                known.clear();
            }
            known.insert(digest);
        }
        right
    }
}

async fn compare(password: String, hash: String) -> bool {
    let Ok(_turn) = TURNS.acquire().await else { return false };
    let compared = spawn_blocking(move || bcrypt::verify(password, &hash).unwrap_or(false));
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
