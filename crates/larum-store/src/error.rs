//! What can go wrong with the memory, in words for whoever must do something about it.

use std::path::{Path, PathBuf};

use crate::backup::BackupError;

/// Why a data directory cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process works with it.
    #[error("the data directory {} is in use by another Larum: stop that one, or give this one its own with --storage.path", dir.display())]
    Held {
        /// Which directory.
        dir: PathBuf,
    },
    /// It was written by a newer Larum.
    #[error(
        "the data directory {} is from a newer Larum (schema {found}, this one knows {known}): run that version, or restore the backup made before the upgrade",
        dir.display()
    )]
    Newer {
        /// Which directory.
        dir: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest schema that is known here.
        known: i64,
    },
    /// It cannot be made, read or written.
    #[error("the data directory {} cannot be used: {error}", dir.display())]
    Unusable {
        /// Which directory.
        dir: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// The database in it cannot be opened.
    #[error("the database in {} cannot be opened: {error}", dir.display())]
    Database {
        /// Which directory.
        dir: PathBuf,
        /// What the database says.
        error: sqlx::Error,
    },
    /// Its schema cannot be brought up to date.
    #[error("the schema in {} cannot be brought up to date: {error}", dir.display())]
    Migration {
        /// Which directory.
        dir: PathBuf,
        /// What the database says.
        error: sqlx::migrate::MigrateError,
    },
    /// What is to be brought up to date cannot be backed up before.
    #[error("the data in {} have to be backed up before their schema changes, and that failed: {error}", dir.display())]
    Backup {
        /// Which directory.
        dir: PathBuf,
        /// Why.
        error: Box<BackupError>,
    },
    /// The key that secrets are encrypted with cannot be read or made.
    #[error("the secret key {} cannot be used: {reason}", path.display())]
    Key {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

impl OpenError {
    pub(crate) fn of_database(dir: &Path, error: sqlx::Error) -> Self {
        Self::Database { dir: dir.to_owned(), error }
    }
}

/// Why something could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk is full or does not take writes: nothing was written.
    #[error("the disk that holds Larum's data is full or cannot be written: free some space")]
    Full,
    /// Somebody else took this name.
    #[error("this name is taken")]
    NameTaken,
    /// The database fails otherwise.
    #[error("the database failed: {0}")]
    Database(sqlx::Error),
    /// A row cannot be read.
    #[error("a row of {table} cannot be read: {reason}")]
    Row {
        /// In which table.
        table: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// A secret cannot be decrypted with the key at hand.
    #[error("a stored secret cannot be decrypted: is this the secret key that it was saved with?")]
    Secret,
}

/// SQLite's primary result codes `SQLITE_IOERR`, `SQLITE_FULL`, `SQLITE_READONLY` and `SQLITE_CANTOPEN`
/// (SQLite, "Result and Error Codes").
const CANNOT_WRITE: [i64; 4] = [10, 13, 8, 14];

/// What people name, as SQLite says it of a constraint that is violated. That any other has to be unique is Larum's own
/// affair, and nobody could choose better.
const NAMES: [&str; 2] = ["receiver.name_key", "account.name"];

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(|error| error.code()?.parse::<i64>().ok());
        let taken = error.as_database_error().is_some_and(|error| {
            error.is_unique_violation() && NAMES.iter().any(|name| error.message().ends_with(name))
        });
        match code {
            Some(code) if CANNOT_WRITE.contains(&(code & 0xff)) => Self::Full,
            _ if taken => Self::NameTaken,
            _ => Self::Database(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_a_name_is_called_taken() {
        let db = sqlx::SqlitePool::connect("sqlite::memory:").await.unwrap();
        let tables = "CREATE TABLE meta (key TEXT PRIMARY KEY NOT NULL); CREATE TABLE account (name TEXT PRIMARY KEY NOT NULL);
            CREATE TABLE receiver (id BIGINT PRIMARY KEY NOT NULL, name_key TEXT NOT NULL UNIQUE);
            INSERT INTO meta VALUES ('x'); INSERT INTO account VALUES ('ada'); INSERT INTO receiver VALUES (1, 'x')";
        let mut db = db.acquire().await.unwrap();
        sqlx::raw_sql(tables).execute(&mut *db).await.unwrap();
        for (again, is_name) in [
            ("INSERT INTO meta VALUES ('x')", false),
            ("INSERT INTO receiver VALUES (1, 'y')", false),
            ("INSERT INTO receiver VALUES (2, 'x')", true),
            ("INSERT INTO account VALUES ('ada')", true),
        ] {
            let refused = StoreError::from(sqlx::query(again).execute(&mut *db).await.unwrap_err());
            assert_eq!(matches!(refused, StoreError::NameTaken), is_name, "{again}: {refused}");
        }
    }
}
