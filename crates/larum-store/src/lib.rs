#![doc = include_str!("../README.md")]

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqlitePool};

mod error;
mod durable;
mod backup;
mod migrate;
mod secret;
mod ballast;
mod rows;
mod silences;
mod journal;
mod settings;
mod recall;
mod history;
mod heartbeats;
mod forget;
pub mod accounts;

pub use backup::restore::{Restored, restore};
pub use backup::{BackedUp, BackupError, back_up};
pub use ballast::Ballast;
pub use error::{OpenError, StoreError};
pub use history::changes::{HistoryFilter, HistoryPlace, HistoryRow, MAX_COUNTED};
pub use history::timeline::Span;
pub use history::trail::{EndedFilter, NotificationRow, Trail};
pub use history::{DeliveryFilter, DeliveryLog, DeliveryRow, Posted};
pub use journal::{Commit, Rendered};
pub use recall::Recalled;
pub use secret::SecretKey;
pub use settings::{
    AlertingRow, ChannelFact, GroupingRow, PolicyRow, ReceiverRow, Sealed, SettingsWrite, SlackFacts,
};

/// The data directory of one Larum, held for as long as this lives.
#[derive(Debug)]
pub struct Store {
    writer: SqlitePool,
    readers: SqlitePool,
    /// Reads what is to be sent, which does not wait for whoever reads the log.
    outgoing: SqlitePool,
    /// Folds the write-ahead log in, beside the writer.
    folder: SqlitePool,
    key: SecretKey,
    dir: PathBuf,
    ballast: Ballast,
    _lock: File,
}

const DATABASE: &str = "larum.db";
const READERS: u32 = 4;
/// Of a database that is made now; one that is there keeps its own. An alert takes a kilobyte, of which pages half as large
/// waste a quarter.
const PAGE_BYTES: u32 = 8192;
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
            .page_size(PAGE_BYTES)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("wal_autocheckpoint", "0")
            .pragma("temp_store", "MEMORY")
            .disable_statement_logging();
        let first = connect(dir, 1, options.clone()).await?;
        migrate::migrate(&first, dir).await?;
        first.close().await;
        let writer = pool(1).after_connect(|writer, _| Box::pin(journal::step::prepare(writer)));
        let writer = writer.connect_with(options.clone()).await;
        let writer = writer.map_err(|error| OpenError::of_database(dir, error))?;
        let folder = connect(dir, 1, options.clone()).await?;
        let options = options.read_only(true);
        let readers = connect(dir, READERS, options.clone()).await?;
        let outgoing = connect(dir, 1, options).await?;
        Ok(Self { writer, readers, outgoing, folder, key, dir: dir.to_owned(), ballast, _lock: lock })
    }

    /// Where everything lies.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The space kept back for when the disk is full.
    pub fn ballast(&self) -> &Ballast {
        &self.ballast
    }

    /// How many bytes can still be written to the disk that everything lies on, and how many it has, if that is known.
    pub fn room(&self) -> Option<(u64, u64)> {
        ballast::room(&self.dir)
    }

    /// Moves what the write-ahead log holds into the database file, beside the writer and without stopping it.
    ///
    /// # Errors
    /// [`StoreError`] if the disk does not take it; nothing is lost by that.
    pub async fn checkpoint(&self) -> Result<(), StoreError> {
        sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").fetch_all(&self.folder).await?;
        Ok(())
    }

    /// Closes all connections; the log is folded into the database file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.outgoing.close().await;
        self.folder.close().await;
        let _ = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.writer).await;
        self.writer.close().await;
    }
}

/// Makes the data directory if need be, for its owner only.
///
/// # Errors
/// [`OpenError::Unusable`] if it cannot be made.
pub fn make_dir(dir: &Path) -> Result<(), OpenError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(|error| OpenError::Unusable { dir: dir.to_owned(), error })
}

/// Opens connections. Where the disk is full SQLite rolls a transaction back by itself ("SQLITE_FULL"), and the driver,
/// whose own rollback fails then, counts it as open for good: such a connection is replaced by a fresh one.
fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .idle_timeout(None)
        .max_lifetime(None)
        // There is no network on which they could be lost.
        .test_before_acquire(false)
        .before_acquire(|connection, _| Box::pin(async { Ok(!connection.is_in_transaction()) }))
}

async fn connect(
    dir: &Path,
    connections: u32,
    options: SqliteConnectOptions,
) -> Result<SqlitePool, OpenError> {
    let pool = pool(connections).connect_with(options).await;
    pool.map_err(|error| OpenError::of_database(dir, error))
}

fn hold(dir: &Path) -> Result<File, OpenError> {
    let unusable = |error| OpenError::Unusable { dir: dir.to_owned(), error };
    make_dir(dir)?;
    let lock =
        File::options().create(true).truncate(false).write(true).open(dir.join("lock")).map_err(unusable)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(OpenError::Held { dir: dir.to_owned() }),
        Err(TryLockError::Error(error)) => Err(unusable(error)),
    }
}
