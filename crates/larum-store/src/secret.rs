//! Secrets at rest: encrypted with a key that lies beside the database, or elsewhere.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret, SecretString};

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
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
            Ok(mut file) => {
                let text = STANDARD.encode(fresh);
                let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
                written.map(|()| Self(fresh)).map_err(|error| {
                    let _ = std::fs::remove_file(path);
                    wrong(error.to_string())
                })
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let mut text = String::new();
                let read = std::fs::File::open(path).and_then(|mut file| file.read_to_string(&mut text));
                read.map_err(|error| wrong(error.to_string()))?;
                let bytes = STANDARD.decode(text.trim()).map_err(|error| wrong(error.to_string()))?;
                let key =
                    bytes.try_into().map_err(|_| wrong(format!("it must be {KEY_BYTES} bytes in base64")))?;
                Ok(Self(key))
            }
            Err(error) => Err(wrong(error.to_string())),
        }
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

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey(…)")
    }
}
