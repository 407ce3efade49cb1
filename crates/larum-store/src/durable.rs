//! Files that are whole or not there, whatever happens while they are made.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

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

fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
