//! Secrets at rest: encrypted with a key that lies beside the database, or elsewhere.

use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret, SecretString};

use crate::durable;
use crate::error::{OpenError, StoreError};

/// The key that secrets are encrypted with.
#[derive(Clone)]
pub struct SecretKey([u8; KEY_BYTES]);

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;

impl SecretKey {
    /// Reads the key from a file, or makes one there, readable by its owner only. `fresh` is the key to write if
    /// there is none, drawn at random by the caller.
    ///
    /// # Errors
    /// [`OpenError::Key`] if the file cannot be read or made, or holds something else.
    pub fn load_or_create(path: &Path, fresh: [u8; KEY_BYTES]) -> Result<Self, OpenError> {
        let wrong = |reason: String| OpenError::Key { path: path.to_owned(), reason };
        if let Some(key) = Self::load(path)? {
            return Ok(key);
        }
        write_new(path, &fresh).map_err(|error| wrong(error.to_string()))?;
        Self::load(path)?.ok_or_else(|| wrong("somebody has just removed it".to_owned()))
    }

    /// Reads the key from a file, if there is one.
    ///
    /// # Errors
    /// [`OpenError::Key`] if the file cannot be read, or holds something else.
    pub(crate) fn load(path: &Path) -> Result<Option<Self>, OpenError> {
        let wrong = |reason: String| OpenError::Key { path: path.to_owned(), reason };
        let text = match std::fs::read_to_string(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            read => read.map_err(|error| wrong(error.to_string()))?,
        };
        let bytes = STANDARD.decode(text.trim()).map_err(|error| wrong(error.to_string()))?;
        let key = bytes.try_into().map_err(|_| wrong(format!("it must be {KEY_BYTES} bytes in base64")))?;
        Ok(Some(Self(key)))
    }

    /// Encrypts a secret with a `nonce` drawn at random by the caller and never used twice.
    pub(crate) fn seal(&self, secret: &SecretString, nonce: [u8; NONCE_BYTES]) -> String {
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), secret.expose_secret().as_bytes());
        let mut bytes = nonce.to_vec();
        bytes.extend(sealed.unwrap_or_default());
        STANDARD.encode(bytes)
    }

    pub(crate) fn open(&self, sealed: &str) -> Result<SecretString, StoreError> {
        let bytes = STANDARD.decode(sealed).map_err(|_| StoreError::Secret)?;
        let (nonce, text) = bytes.split_first_chunk::<NONCE_BYTES>().ok_or(StoreError::Secret)?;
        let plain = self.cipher().decrypt(&XNonce::from(*nonce), text).map_err(|_| StoreError::Secret)?;
        String::from_utf8(plain).map(SecretString::from).map_err(|_| StoreError::Secret)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(self.0))
    }
}

/// Writes a key that is on the disk as a whole or not at all. Is another there by then, that one stays.
fn write_new(path: &Path, key: &[u8]) -> io::Result<()> {
    let partial = durable::beside(path);
    durable::clear(&partial)?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&partial)?;
    file.write_all(STANDARD.encode(key).as_bytes())?;
    let published = durable::publish_new(&partial, path);
    if published.is_err() {
        durable::clear(&partial)?;
    }
    match published {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey(…)")
    }
}
