//! Backups: the whole database as one file, made beside a Larum that may be running.
//!
//! Files are made under another name, checked, brought to the disk, and only then given theirs. The secret key is in
//! none of them, so that who finds a backup finds no token.

use std::io;
use std::path::{Path, PathBuf};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use crate::durable::Partial;
use crate::error::OpenError;
use crate::{BUSY_TIMEOUT, DATABASE, migrate};

pub mod restore;

/// A backup that was made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BackedUp {
    /// How large it is, in bytes.
    pub bytes: u64,
    /// The version of its schema.
    pub schema: i64,
}

/// Why a backup cannot be made, or not be brought back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is nothing to back up.
    #[error("there are no data of Larum in {}: say where they are with --storage.path", dir.display())]
    NoData {
        /// Which directory.
        dir: PathBuf,
    },
    /// Something has this name already.
    #[error("{} is there already, and nothing is written over: choose another name", path.display())]
    Exists {
        /// Which file.
        path: PathBuf,
    },
    /// Another process is making the same file.
    #[error("{} is just being made by another Larum", path.display())]
    Busy {
        /// Which file.
        path: PathBuf,
    },
    /// A file cannot be read or written.
    #[error("{} cannot be read or written: {error}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// What was made, or is to be brought back, is no whole database of Larum.
    #[error("{} is no whole backup of Larum: {reason}", path.display())]
    NotWhole {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A running database is to be brought back, of which a part lies in another file.
    #[error(
        "{} is the database of a Larum that may be running, of which the newest part lies beside it: make a backup of it with `larum backup`",
        path.display()
    )]
    Live {
        /// Which file.
        path: PathBuf,
    },
    /// A newer Larum made what is to be backed up or brought back.
    #[error("{} is from a newer Larum (schema {found}, this one knows {known}): use that version", path.display())]
    Newer {
        /// Which file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest schema that is known here.
        known: i64,
    },
    /// There is no key for the tokens in the backup.
    #[error(
        "the Slack tokens in the backup are encrypted, and there is no key at {}: put the secret.key of that Larum there or name it with --secret-key-file; without it --without-key brings back all else, and tokens are to be entered again",
        path.display()
    )]
    NoKey {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The key is another one than that of the tokens in the backup.
    #[error(
        "the Slack tokens in the backup cannot be read with the key {}: name the secret.key of that Larum with --secret-key-file; without it --without-key brings back all else, and tokens are to be entered again",
        path.display()
    )]
    WrongKey {
        /// Which file.
        path: PathBuf,
    },
    /// The data directory cannot be used.
    #[error(transparent)]
    Directory(#[from] OpenError),
}

impl BackupError {
    fn of_file(path: &Path) -> impl Fn(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::File { path: path.clone(), error }
    }

    /// The same of the file that people know.
    fn about(self, file: &Path) -> Self {
        let path = file.to_owned();
        match self {
            Self::NotWhole { reason, .. } => Self::NotWhole { path, reason },
            Self::Newer { found, known, .. } => Self::Newer { path, found, known },
            other => other,
        }
    }

    fn not_whole(path: &Path, reason: impl Into<String>) -> Self {
        Self::NotWhole { path: path.to_owned(), reason: reason.into() }
    }
}

/// Whether a file may take the place of another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Name {
    /// It must not.
    New,
    /// It may.
    Replaced,
}

/// Copies all that a data directory knows at one moment into the file `target`. A Larum that works with the directory
/// goes on meanwhile.
///
/// # Errors
/// [`BackupError`]; then there is no file of that name.
pub async fn back_up(dir: &Path, target: &Path) -> Result<BackedUp, BackupError> {
    let database = dir.join(DATABASE);
    if !database.is_file() {
        return Err(BackupError::NoData { dir: dir.to_owned() });
    }
    if target.symlink_metadata().is_ok() {
        return Err(BackupError::Exists { path: target.to_owned() });
    }
    // For writing too, so that who is last folds the log in and leaves no file of their own behind.
    let options = SqliteConnectOptions::new().filename(&database).busy_timeout(BUSY_TIMEOUT);
    let opened = options.disable_statement_logging().connect().await;
    let mut db = opened.map_err(|error| OpenError::of_database(dir, error))?;
    let made = copy_out(&mut db, target, Name::New).await;
    let _ = db.close().await;
    made
}

/// Copies the whole database to a file that has this name only once all of it is on the disk, and is sound.
pub(crate) async fn copy_out(
    db: &mut SqliteConnection,
    target: &Path,
    name: Name,
) -> Result<BackedUp, BackupError> {
    let of_file = BackupError::of_file(target);
    let partial = Partial::begin(target).map_err(&of_file)?;
    let partial = partial.ok_or_else(|| BackupError::Busy { path: target.to_owned() })?;
    sqlx::query("VACUUM INTO $1")
        .bind(partial.path().to_string_lossy().into_owned())
        .execute(db)
        .await
        .map_err(|error| of_file(io::Error::other(error)))?;
    let found = inspect(partial.path()).await.map_err(|error| error.about(target))?;
    let made = BackedUp { bytes: partial.bytes().map_err(&of_file)?, schema: found.schema };
    let published = match name {
        Name::New => partial.publish_new(target),
        Name::Replaced => partial.publish(target),
    };
    match published {
        Ok(()) => Ok(made),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(BackupError::Exists { path: target.to_owned() })
        }
        Err(error) => Err(of_file(error)),
    }
}

/// What is in a backup.
#[derive(Debug)]
pub(crate) struct Contents {
    /// The version of its schema.
    pub schema: i64,
    /// A secret of it as it is stored, if it has any.
    pub sealed: Option<String>,
}

/// Reads the file from its beginning to its end and finds what is wrong with it (SQLite, "PRAGMA integrity_check").
/// Nobody may write it meanwhile.
pub(crate) async fn inspect(path: &Path) -> Result<Contents, BackupError> {
    let options = SqliteConnectOptions::new().filename(path).read_only(true).immutable(true);
    let not_whole = |error: sqlx::Error| BackupError::not_whole(path, in_words(&error));
    let mut db = options.disable_statement_logging().connect().await.map_err(not_whole)?;
    let sound: String =
        sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(&mut db).await.map_err(not_whole)?;
    if sound != "ok" {
        return Err(BackupError::not_whole(path, sound));
    }
    let schema = "SELECT max(version) FROM _sqlx_migrations WHERE success";
    let schema: Option<i64> = sqlx::query_scalar(schema).fetch_one(&mut db).await.map_err(not_whole)?;
    let schema = schema.ok_or_else(|| BackupError::not_whole(path, "it has no schema"))?;
    if schema > migrate::newest() {
        return Err(BackupError::Newer { path: path.to_owned(), found: schema, known: migrate::newest() });
    }
    let sealed = sqlx::query_scalar("SELECT token FROM receiver ORDER BY id LIMIT 1").fetch_optional(&mut db);
    let sealed = sealed.await.map_err(not_whole)?;
    db.close().await.map_err(not_whole)?;
    Ok(Contents { schema, sealed })
}

/// What the database says, without what the driver says around it.
fn in_words(error: &sqlx::Error) -> String {
    error.as_database_error().map_or_else(|| error.to_string(), |error| error.message().to_owned())
}
