//! Secrets: given as they are, or by the file that holds them.

use std::path::{Path, PathBuf};

use secrecy::SecretString;
use tokio::fs::File;
use tokio::io::AsyncReadExt;

/// The longest token or password that is read, in bytes: what servers take in a header.
pub const MAX_SECRET_BYTES: u64 = 16 * 1024;

/// A token or a password. `Debug` shows the file at most.
#[derive(Clone, Debug)]
pub enum Secret {
    /// The secret itself.
    Text(SecretString),
    /// A file that holds it, read again for every call, so that a token that is replaced there is used at once
    /// (as Prometheus does: "Configuration", `credentials_file`). White space around it is dropped.
    File(PathBuf),
}

impl Secret {
    /// A secret as it is.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(SecretString::from(text.into()))
    }

    /// A secret in a file.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::File(path.into())
    }

    /// The secret, or in words why the file does not hold one.
    pub(crate) async fn read(&self) -> Result<SecretString, String> {
        let path = match self {
            Self::Text(text) => return Ok(text.clone()),
            Self::File(path) => path,
        };
        let read = read_file(path, MAX_SECRET_BYTES).await?;
        let text = String::from_utf8(read).map_err(|_| format!("{} is not text", path.display()))?;
        match text.trim() {
            "" => Err(format!("{} is empty", path.display())),
            secret => Ok(SecretString::from(secret)),
        }
    }
}

/// What is in a file of at most `limit` bytes, or in words why it cannot be read.
pub(crate) async fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    let mut read = Vec::new();
    let reading = async { File::open(path).await?.take(limit + 1).read_to_end(&mut read).await };
    reading.await.map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    if read.len() as u64 > limit {
        return Err(format!("{} is longer than {limit} bytes", path.display()));
    }
    Ok(read)
}
