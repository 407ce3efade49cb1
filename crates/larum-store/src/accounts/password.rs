//! Passwords: hashing, checking, judging, making.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use super::{AccountError, Fresh, derive};
use crate::error::StoreError;

/// The shortest password, in bytes (NIST SP 800-63B-4 asks for 15 where nothing else protects the account and 8
/// where something does; attempts are rate-limited here).
pub const MIN_PASSWORD_BYTES: usize = 12;
/// The longest password, in bytes.
pub const MAX_PASSWORD_BYTES: usize = 1024;

/// How many passwords are hashed at a time; each takes 19 MiB for some 20 ms (Argon2id, OWASP's parameters).
static HASHERS: Semaphore = Semaphore::const_new(2);

/// Hashes a password into PHC's form.
pub async fn hash(password: &str, fresh: &Fresh) -> Result<String, StoreError> {
    let salt = derive(fresh, "salt");
    let password = password.to_owned();
    hashing(move || {
        let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt[..16]);
        hash.map(|hash| hash.to_string()).map_err(|error| unusable(&error))
    })
    .await?
}

/// Whether the password is the one that was hashed.
pub async fn verify(password: &str, hash: &str) -> Result<bool, StoreError> {
    if password.len() > MAX_PASSWORD_BYTES {
        return Ok(false);
    }
    let (password, hash) = (password.to_owned(), hash.to_owned());
    hashing(move || {
        let hash = PasswordHash::new(&hash).map_err(|error| unusable(&error))?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    })
    .await?
}

async fn hashing<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
    let _turn = HASHERS.acquire().await.map_err(|error| unusable(&error))?;
    tokio::task::spawn_blocking(work).await.map_err(|error| unusable(&error))
}

fn unusable(error: &dyn std::fmt::Display) -> StoreError {
    StoreError::Row { table: "account", reason: format!("password hash: {error}") }
}

/// Judges a new password for the user `name`.
pub fn judge(new: &str, current: &str, name: &str) -> Result<(), AccountError> {
    let weak = |words| Err(AccountError::WeakPassword(words));
    match new.len() {
        ..MIN_PASSWORD_BYTES => return weak("Choose a password of at least 12 characters."),
        1025.. => return weak("A password can have at most 1024 characters."),
        _ => {}
    }
    if new == current {
        return weak("Choose a password that differs from the current one.");
    }
    if new.eq_ignore_ascii_case(name) || new.trim().is_empty() {
        return weak("Choose a password that nobody guesses.");
    }
    Ok(())
}

/// A password of 100 random bits, easy to read aloud and to type: no letter looks like another.
pub fn one_time(fresh: &Fresh) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
    let mut password = String::with_capacity(23);
    for (index, byte) in derive(fresh, "one-time password").iter().take(20).enumerate() {
        if index > 0 && index % 5 == 0 {
            password.push('-');
        }
        password.push(char::from(LETTERS[usize::from(byte & 31)]));
    }
    password
}
