//! Secrets: given as they are, or by the file that holds them.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use crate::error::Unusable;

/// The longest token or password that is read, in bytes: what servers take in a header.
pub const MAX_SECRET_BYTES: u64 = 16 * 1024;

/// A token or a password. `Debug` shows the file at most.
#[derive(Clone, Debug)]
pub enum Secret {
    /// The secret itself.
    Text(SecretString),
    /// A file that holds it, read again for every call, so that a token that is replaced there is used at once
    /// (as Prometheus does: "Configuration", `credentials_file`). White space around it is dropped.
    ///
    /// Whether its size and times are new is not asked first: a file that is written twice within one tick of the
    /// kernel's clock has not changed by them.
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

    /// The secret.
    ///
    /// # Errors
    /// [`Unusable`] when the file does not hold one, or more than [`MAX_SECRET_BYTES`].
    pub async fn read(&self) -> Result<SecretString, Unusable> {
        let path = match self {
            Self::Text(text) => return Ok(text.clone()),
            Self::File(path) => path,
        };
        let wrong = |what: &str| Unusable(format!("{} {what}", path.display()));
        let read = read_file(path, MAX_SECRET_BYTES).await?;
        let text = String::from_utf8(read).map_err(|_| wrong("is not text"))?;
        match text.trim() {
            "" => Err(wrong("is empty")),
            secret => Ok(SecretString::from(secret)),
        }
    }

    /// What it is, byte for byte, if that is no more than `limit`.
    pub(crate) async fn bytes(&self, limit: u64) -> Result<Vec<u8>, Unusable> {
        match self {
            Self::Text(text) => Ok(text.expose_secret().as_bytes().to_vec()),
            Self::File(path) => read_file(path, limit).await,
        }
    }
}

/// What is in a file of at most `limit` bytes, read on a thread that may wait.
async fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>, Unusable> {
    let file = path.to_owned();
    let reading = tokio::task::spawn_blocking(move || read_now(&file, limit)).await;
    let read = reading.unwrap_or_else(|error| Err(io::Error::other(error)));
    let read = read.map_err(|error| Unusable(format!("{} cannot be read: {error}", path.display())))?;
    if read.len() as u64 > limit {
        return Err(Unusable(format!("{} is longer than {limit} bytes", path.display())));
    }
    Ok(read)
}

/// At most one byte more than `limit`.
fn read_now(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    // To open a pipe that nobody writes to would wait for ever.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a file"));
    }
    let mut read = Vec::new();
    File::open(path)?.take(limit + 1).read_to_end(&mut read)?;
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(path: &Path) -> Result<String, String> {
        let read = Secret::file(path).read().await;
        read.map(|secret| secret.expose_secret().to_owned()).map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn a_file_is_read_as_it_is_now() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        assert!(read(&path).await.unwrap_err().contains("cannot be read"));
        for token in ["token-1", "token-2", "token-3"] {
            fs::write(&path, format!(" {token}\n")).unwrap();
            assert_eq!(read(&path).await.as_deref(), Ok(token));
        }
        fs::write(&path, " \n").unwrap();
        assert!(read(&path).await.unwrap_err().ends_with("is empty"));
        fs::write(&path, [0xff]).unwrap();
        assert!(read(&path).await.unwrap_err().ends_with("is not text"));
    }

    #[tokio::test]
    async fn what_is_endless_or_no_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        fs::write(&path, vec![b'x'; MAX_SECRET_BYTES as usize + 1]).unwrap();
        assert!(read(&path).await.unwrap_err().ends_with("is longer than 16384 bytes"));
        assert!(read(Path::new("/dev/zero")).await.unwrap_err().ends_with("it is not a file"));
        assert!(read(folder.path()).await.unwrap_err().ends_with("it is not a file"));
    }
}
