//! The data folder: a snapshot of the workspace and a file of messages, one JSON line each.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::messages::Posted;
use crate::workspace::Workspace;

const SNAPSHOT: &str = "workspace.json";
const MESSAGES: &str = "messages.jsonl";
const LOCK: &str = "sandbox.lock";
/// The format of the snapshot.
const VERSION: u32 = 1;

/// Why a data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Another sandbox has it.
    #[error("the sandbox folder {0} is in use by another sandbox: stop that one, or choose another folder")]
    InUse(PathBuf),
    /// It cannot be read or written.
    #[error("the sandbox folder cannot be used: {path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Its snapshot is not one of ours, or from a newer version.
    #[error(
        "{path} is not a sandbox workspace this version can read ({reason}): move it away to start afresh"
    )]
    Unreadable {
        /// The snapshot.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

/// What the snapshot holds.
#[derive(Serialize, Deserialize)]
pub(crate) struct Snapshot {
    version: u32,
    pub(crate) workspace: Workspace,
    /// The newest `seq` when it was written, so that counting goes on when messages were cleared.
    pub(crate) last_seq: u64,
}

/// An open data folder. It is locked as long as this lives.
pub(crate) struct Keep {
    folder: PathBuf,
    messages: File,
    /// The length of the good part of the message file.
    length: u64,
    _lock: File,
}

/// What was found in a data folder.
pub(crate) struct Found {
    pub(crate) keep: Keep,
    pub(crate) snapshot: Option<Snapshot>,
    pub(crate) messages: Vec<Posted>,
}

impl Keep {
    /// Opens and locks a data folder, which is made when it is missing.
    pub(crate) fn open(folder: &Path) -> Result<Found, FolderError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| FolderError::Io { path, source }
        };
        fs::create_dir_all(folder).map_err(failed(folder))?;
        let lock_path = folder.join(LOCK);
        let lock = private().create(true).truncate(false).open(&lock_path).map_err(failed(&lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(FolderError::InUse(folder.to_owned())),
            Err(TryLockError::Error(source)) => return Err(FolderError::Io { path: lock_path, source }),
        }
        let snapshot = read_snapshot(&folder.join(SNAPSHOT))?;
        let path = folder.join(MESSAGES);
        let (messages, all_read) = read_messages(&path).map_err(failed(&path))?;
        let file = private().create(true).append(true).open(&path).map_err(failed(&path))?;
        let length = file.metadata().map_err(failed(&path))?.len();
        let mut keep = Self { folder: folder.to_owned(), messages: file, length, _lock: lock };
        if !all_read {
            keep.rewrite(messages.iter()).map_err(failed(&path))?;
        }
        Ok(Found { keep, snapshot, messages })
    }

    /// Appends a message. A half-written line is taken back, so that the file stays readable.
    pub(crate) fn append(&mut self, posted: &Posted) -> io::Result<()> {
        let mut line = serde_json::to_vec(posted)?;
        line.push(b'\n');
        if let Err(failure) = self.messages.write_all(&line) {
            self.messages.set_len(self.length)?;
            return Err(failure);
        }
        self.length += line.len() as u64;
        Ok(())
    }

    /// Writes the message file anew with these messages.
    pub(crate) fn rewrite<'a>(&mut self, messages: impl Iterator<Item = &'a Posted>) -> io::Result<()> {
        let mut lines = Vec::new();
        for posted in messages {
            serde_json::to_writer(&mut lines, posted)?;
            lines.push(b'\n');
        }
        let path = self.folder.join(MESSAGES);
        replace(&path, &lines)?;
        self.messages = private().append(true).open(&path)?;
        self.length = lines.len() as u64;
        Ok(())
    }

    /// Writes the snapshot anew.
    pub(crate) fn save(&self, workspace: &Workspace, last_seq: u64) -> io::Result<()> {
        let snapshot = Snapshot { version: VERSION, workspace: workspace.clone(), last_seq };
        replace(&self.folder.join(SNAPSHOT), &serde_json::to_vec_pretty(&snapshot)?)
    }
}

/// Replaces a file as a whole: a crash leaves the old one or the new one.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let fresh = path.with_extension("new");
    let mut file = private().create(true).truncate(true).open(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&fresh, path)
}

/// Files are for their owner only: the snapshot holds the tokens.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn read_snapshot(path: &Path) -> Result<Option<Snapshot>, FolderError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(FolderError::Io { path: path.to_owned(), source }),
    };
    let unreadable = |reason: String| FolderError::Unreadable { path: path.to_owned(), reason };
    let snapshot: Snapshot = serde_json::from_slice(&bytes).map_err(|error| unreadable(error.to_string()))?;
    if snapshot.version != VERSION {
        return Err(unreadable(format!("format {} instead of {VERSION}", snapshot.version)));
    }
    Ok(Some(snapshot))
}

/// The messages of a file, and whether every line was one. The last line may be torn by a crash.
fn read_messages(path: &Path) -> io::Result<(Vec<Posted>, bool)> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => return Ok((Vec::new(), true)),
        Err(failure) => return Err(failure),
    };
    let mut all_read = bytes.is_empty() || bytes.ends_with(b"\n");
    let mut messages = Vec::new();
    for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        match serde_json::from_slice(line) {
            Ok(posted) => messages.push(posted),
            Err(_) => all_read = false,
        }
    }
    Ok((messages, all_read))
}
