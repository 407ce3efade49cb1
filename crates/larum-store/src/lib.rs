#![doc = include_str!("../README.md")]

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, SqlitePool};

mod error;
mod secret;
mod ballast;
mod rows;
mod journal;
mod settings;
mod recall;
mod history;
pub mod accounts;

pub use ballast::Ballast;
pub use error::{OpenError, StoreError};
pub use history::{DeliveryFilter, DeliveryRow};
pub use journal::{Commit, Rendered};
pub use recall::Recalled;
pub use secret::SecretKey;
pub use settings::{ChannelFact, PolicyRow, ReceiverRow, Sealed, SettingsWrite, SlackFacts};

/// The data directory of one Larum, held for as long as this lives.
#[derive(Debug)]
pub struct Store {
    writer: SqlitePool,
    readers: SqlitePool,
    key: SecretKey,
    dir: PathBuf,
    ballast: Ballast,
    _lock: File,
}

const DATABASE: &str = "larum.db";
const READERS: u32 = 4;
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

impl Store {
    /// Opens the data directory, making it if need be, and brings its schema up to date, after a backup.
    ///
    /// # Errors
    /// [`OpenError`] in words: another process holds it, it is from a newer Larum, it cannot be written …
    pub async fn open(dir: &Path, key: SecretKey) -> Result<Self, OpenError> {
        let lock = hold(dir)?;
        let ballast = Ballast::new(dir);
        let options = SqliteConnectOptions::new()
            .filename(dir.join(DATABASE))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("wal_autocheckpoint", "0")
            .pragma("temp_store", "MEMORY")
            .disable_statement_logging();
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.clone())
            .await
            .map_err(|error| OpenError::of_database(dir, error))?;
        migrate(&writer, dir).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options.read_only(true))
            .await
            .map_err(|error| OpenError::of_database(dir, error))?;
        Ok(Self { writer, readers, key, dir: dir.to_owned(), ballast, _lock: lock })
    }

    /// Where everything lies.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The space kept back for when the disk is full.
    pub fn ballast(&self) -> &Ballast {
        &self.ballast
    }

    /// Moves what the write-ahead log holds into the database file, beside the writer and without stopping it.
    ///
    /// # Errors
    /// [`StoreError`] if the disk does not take it; nothing is lost by that.
    pub async fn checkpoint(&self) -> Result<(), StoreError> {
        let mut reader = self.readers.acquire().await?;
        sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").fetch_all(&mut *reader).await?;
        Ok(())
    }

    /// Closes all connections; the log is folded into the database file.
    pub async fn close(&self) {
        self.readers.close().await;
        let _ = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.writer).await;
        self.writer.close().await;
    }
}

fn hold(dir: &Path) -> Result<File, OpenError> {
    let unusable = |error| OpenError::Unusable { dir: dir.to_owned(), error };
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(unusable)?;
    let lock = File::options().create(true).truncate(false).write(true).open(dir.join("lock")).map_err(unusable)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(OpenError::Held { dir: dir.to_owned() }),
        Err(TryLockError::Error(error)) => Err(unusable(error)),
    }
}

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

async fn migrate(writer: &SqlitePool, dir: &Path) -> Result<(), OpenError> {
    let applied: Vec<i64> = sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success ORDER BY version")
        .fetch_all(writer)
        .await
        .unwrap_or_default();
    let newest = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default();
    if let Some(found) = applied.last().copied().filter(|found| *found > newest) {
        return Err(OpenError::Newer { dir: dir.to_owned(), found, known: newest });
    }
    let behind = applied.last().is_some_and(|found| *found < newest);
    if behind {
        let from = applied.last().copied().unwrap_or_default();
        let backup = dir.join(format!("backup-before-schema-{newest}-from-{from}.db"));
        if !backup.exists() {
            sqlx::query("VACUUM INTO $1")
                .bind(backup.to_string_lossy().into_owned())
                .execute(writer)
                .await
                .map_err(|error| OpenError::of_database(dir, error))?;
        }
    }
    MIGRATIONS.run(writer).await.map_err(|error| OpenError::Migration { dir: dir.to_owned(), error })
}
