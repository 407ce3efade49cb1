//! Certificates and keys, in files or in their place, and how their files stood when they were read.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_saphyr::Location;

use crate::error::Wrong;

/// The largest file that is read, in bytes.
pub(crate) const MAX_BYTES: u64 = 1 << 20;

/// Text in PEM form, and where it is spoken of.
#[derive(Clone, Debug)]
pub(crate) struct Pem {
    /// The field, as in `cert_file`.
    pub field: &'static str,
    pub location: Location,
    pub source: PemSource,
}

#[derive(Clone)]
pub(crate) enum PemSource {
    File(PathBuf),
    Text(String),
}

impl std::fmt::Debug for PemSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path) => path.fmt(f),
            Self::Text(_) => f.write_str("…"),
        }
    }
}

impl Pem {
    /// The file, if it is in one.
    pub fn path(&self) -> Option<&Path> {
        match &self.source {
            PemSource::File(path) => Some(path),
            PemSource::Text(_) => None,
        }
    }

    pub fn wrong(&self, why: impl std::fmt::Display) -> Wrong {
        let what = self
            .path()
            .map_or_else(|| self.field.to_owned(), |path| format!("{} {}", self.field, path.display()));
        Wrong::at(self.location, format!("{what}: {why}"))
    }

    /// The certificates, at least one.
    pub fn certificates(&self) -> Result<Vec<CertificateDer<'static>>, Wrong> {
        let text = self.text()?;
        let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
        let read = read.map_err(|error| self.wrong(error))?;
        if read.is_empty() {
            return Err(self.wrong("there is no BEGIN CERTIFICATE in it"));
        }
        Ok(read)
    }

    /// The private key.
    pub fn key(&self) -> Result<PrivateKeyDer<'static>, Wrong> {
        PrivateKeyDer::from_pem_slice(self.text()?.as_bytes())
            .map_err(|_| self.wrong("there is no private key in it that can be read without a password"))
    }

    fn text(&self) -> Result<String, Wrong> {
        match &self.source {
            PemSource::Text(text) => Ok(text.clone()),
            PemSource::File(path) => larum_files::read_text(path, MAX_BYTES)
                .map_err(|error| self.wrong(format_args!("it cannot be read: {error}"))),
        }
    }
}

/// How a file stands, so that one sees when it has become another: by a rename, or in place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Stamp(Result<[i64; 6], io::ErrorKind>);

impl Stamp {
    pub fn of(path: &Path) -> Self {
        let file = std::fs::metadata(path).map_err(|error| error.kind());
        Self(file.map(|file| {
            let (device, number, bytes) =
                (file.dev().cast_signed(), file.ino().cast_signed(), file.size().cast_signed());
            [device, number, bytes, file.mtime(), file.mtime_nsec(), file.ctime_nsec()]
        }))
    }
}
