//! Bringing a backup back: the file is copied and checked beside the database, which is kept, and takes its name at
//! once. Whenever this is cut short, the one or the other is there, whole.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{MetadataExt, fchown};
use std::path::{Path, PathBuf};

use larum_core::time::Timestamp;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::{BackupError, inspect};
use crate::durable::{self, Partial};
use crate::secret::SecretKey;
use crate::{BUSY_TIMEOUT, DATABASE, hold};

/// A backup that was brought back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Restored {
    /// The version of its schema; Larum brings it up to date when it starts.
    pub schema: i64,
    /// Where the database now lies that was there before.
    pub replaced: Option<PathBuf>,
}

/// Puts the backup `source` into the place of a data directory's database, with which no Larum may be working. `key` is
/// the file with the key that its secrets are to be read with; without one nobody asks whether they can be.
///
/// # Errors
/// [`BackupError`]; then all is as it was.
pub async fn restore(
    dir: &Path,
    source: &Path,
    key: Option<&Path>,
    now: Timestamp,
) -> Result<Restored, BackupError> {
    let mut from = File::open(source).map_err(BackupError::of_file(source))?;
    if fs::metadata(log_of(source)).is_ok_and(|log| log.len() > 0) {
        return Err(BackupError::Live { path: source.to_owned() });
    }
    let _lock = hold(dir)?;
    let database = dir.join(DATABASE);
    let of_file = BackupError::of_file(&database);
    let partial = Partial::begin(&database).map_err(&of_file)?;
    let partial = partial.ok_or_else(|| BackupError::Busy { path: database.clone() })?;
    let mut to = File::options().write(true).open(partial.path()).map_err(&of_file)?;
    io::copy(&mut from, &mut to).map_err(&of_file)?;
    // What is looked at is what will be there, whatever becomes of the source.
    let found = inspect(partial.path()).await.map_err(|error| error.about(source))?;
    if let (Some(sealed), Some(key)) = (&found.sealed, key) {
        check_key(key, sealed)?;
    }
    give_to_owner_of_its_place(&to, dir).map_err(&of_file)?;
    let replaced = set_aside(dir, now).await.map_err(&of_file)?;
    partial.publish(&database).map_err(&of_file)?;
    Ok(Restored { schema: found.schema, replaced })
}

/// Gives the new file to whom the database belongs that it replaces, else the folder: root may bring back what another
/// user has to open. Nobody else can give a file away, and then it stays theirs.
fn give_to_owner_of_its_place(file: &File, dir: &Path) -> io::Result<()> {
    let place = fs::metadata(dir.join(DATABASE)).or_else(|_| fs::metadata(dir))?;
    let made = file.metadata()?;
    if (made.uid(), made.gid()) == (place.uid(), place.gid()) {
        return Ok(());
    }
    match fchown(file, Some(place.uid()), Some(place.gid())) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        given => given,
    }
}

fn check_key(path: &Path, sealed: &str) -> Result<(), BackupError> {
    let key = SecretKey::load(path)?.ok_or_else(|| BackupError::NoKey { path: path.to_owned() })?;
    key.open(sealed).map(drop).map_err(|_| BackupError::WrongKey { path: path.to_owned() })
}

/// Gives the database that is there a second name, with what its log holds, and leaves nothing of a log behind: SQLite
/// would take it for that of the new one ("Write-Ahead Logging", "How To Corrupt An SQLite Database File").
async fn set_aside(dir: &Path, now: Timestamp) -> io::Result<Option<PathBuf>> {
    let database = dir.join(DATABASE);
    let log = log_of(&database);
    let mut aside = None;
    if database.exists() {
        fold(&database).await;
        let path = dir.join(format!("replaced-at-{}.db", now.as_millis()));
        keep(&database, &path)?;
        if log.exists() {
            keep(&log, &log_of(&path))?;
        }
        aside = Some(path);
    }
    durable::sync_folder(&database)?;
    durable::clear(&log)?;
    durable::clear(&with_ending(&database, "-shm"))?;
    durable::sync_folder(&database)?;
    Ok(aside)
}

/// Moves the log into the database, if it is sound; else both are kept as they are.
async fn fold(database: &Path) {
    let options = SqliteConnectOptions::new().filename(database).busy_timeout(BUSY_TIMEOUT);
    let Ok(mut db) = options.disable_statement_logging().connect().await else { return };
    let folded = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut db).await;
    if let Err(error) = folded {
        tracing::warn!(%error, "the database that was there is not sound; it is kept as it is");
    }
    let _ = db.close().await;
}

/// A second name for a file, or a copy where there are no links.
fn keep(file: &Path, name: &Path) -> io::Result<()> {
    match fs::hard_link(file, name) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            fs::copy(file, name)?;
            File::open(name)?.sync_all()
        }
        linked => linked,
    }
}

fn log_of(database: &Path) -> PathBuf {
    with_ending(database, "-wal")
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
