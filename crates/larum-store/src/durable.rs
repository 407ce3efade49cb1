//! Files that are whole or not there, whatever happens while they are made.

use std::fs::{File, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// A large file while it is made, for its owner only. It goes away with this, unless it got its name.
#[derive(Debug)]
pub(crate) struct Partial {
    path: PathBuf,
    /// Held until the end: whoever has it is the only one who makes this file.
    file: File,
}

impl Partial {
    /// Begins the file that is to have this path. What an attempt that was cut short has left is written over; `None`
    /// if somebody is making it.
    pub fn begin(target: &Path) -> io::Result<Option<Self>> {
        let path = beside(target);
        let mut options = File::options();
        let file = options.create(true).truncate(false).write(true).mode(0o600).open(&path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        file.set_len(0)?;
        file.set_permissions(Permissions::from_mode(0o600))?;
        Ok(Some(Self { path, file }))
    }

    /// Where it is made.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How large it is, in bytes.
    pub fn bytes(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    /// Gives it its name; a file that had it is gone.
    pub fn publish(self, target: &Path) -> io::Result<()> {
        publish(&self.path, target)
    }

    /// Gives it its name, unless another file has that ([`io::ErrorKind::AlreadyExists`]).
    pub fn publish_new(self, target: &Path) -> io::Result<()> {
        publish_new(&self.path, target)
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // Once it has its name, nothing is here any more.
        let _ = clear(&self.path);
    }
}

/// Where a file is made that is to have this path once it is whole.
pub(crate) fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".partial");
    name.into()
}

/// Removes what an attempt that was cut short has left.
pub(crate) fn clear(partial: &Path) -> io::Result<()> {
    match std::fs::remove_file(partial) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Gives a whole file its name, on the disk: the content first, and the name only once its folder is there too.
pub(crate) fn publish(partial: &Path, path: &Path) -> io::Result<()> {
    File::open(partial)?.sync_all()?;
    std::fs::rename(partial, path)?;
    sync_folder(path)
}

/// The same, unless another file has the name already ([`io::ErrorKind::AlreadyExists`]).
pub(crate) fn publish_new(partial: &Path, path: &Path) -> io::Result<()> {
    File::open(partial)?.sync_all()?;
    match std::fs::hard_link(partial, path) {
        Ok(()) => clear(partial)?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(error),
        // Not every file system knows links.
        Err(_) => std::fs::rename(partial, path)?,
    }
    sync_folder(path)
}

pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
