//! The way in when there is none: the first administrator, and a forgotten password.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use larum_core::time::Timestamp;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::{AccountError, Fresh, UserRole, password, user};
use crate::error::StoreError;
use crate::{BUSY_TIMEOUT, DATABASE, Store};

/// The file in the data directory that holds the first administrator's one-time password until it is changed.
pub const INITIAL_PASSWORD_FILE: &str = "initial-password";
/// The first administrator's name.
const FIRST_ADMINISTRATOR: &str = "admin";

impl Store {
    /// Makes the first administrator if there is no user at all; answers with name and one-time password, which also
    /// lies in [`INITIAL_PASSWORD_FILE`], readable by its owner only, until it is changed.
    ///
    /// # Errors
    /// [`AccountError::Store`] if the database or the file cannot be written.
    pub async fn ensure_administrator(
        &self,
        fresh: &Fresh,
        now: Timestamp,
    ) -> Result<Option<(&'static str, String)>, AccountError> {
        let users: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM account").fetch_one(&self.readers).await?;
        if users > 0 {
            return Ok(None);
        }
        let one_time = password::one_time(fresh);
        let hash = password::hash(&one_time, fresh).await?;
        write_private(&self.dir.join(INITIAL_PASSWORD_FILE), &one_time)?;
        let mut connection = self.writer.acquire().await?;
        user::insert(&mut connection, FIRST_ADMINISTRATOR, UserRole::PlatformAdmin, &hash, now).await?;
        Ok(Some((FIRST_ADMINISTRATOR, one_time)))
    }

    /// The file says what the password was, and lies from the moment it is another.
    pub(super) fn forget_initial_password(&self, name: &str) {
        forget(&self.dir, name);
    }
}

/// Gives a user a new one-time password in a data directory that a running Larum may hold, ends their sessions, and
/// answers with the password. It is in force at once.
///
/// # Errors
/// [`AccountError::NoSuchUser`], or [`AccountError::Store`] if there is no Larum's data in the directory.
pub async fn reset_password_in(dir: &Path, name: &str, fresh: &Fresh) -> Result<String, AccountError> {
    let reset = user::Reset::prepare(name, fresh).await?;
    let options = SqliteConnectOptions::new().filename(dir.join(DATABASE)).busy_timeout(BUSY_TIMEOUT);
    let mut connection = options.connect().await?;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    reset.write(&mut transaction).await?;
    transaction.commit().await?;
    connection.close().await?;
    forget(dir, &reset.name);
    Ok(reset.one_time)
}

fn forget(dir: &Path, name: &str) {
    if name == FIRST_ADMINISTRATOR {
        let _ = std::fs::remove_file(dir.join(INITIAL_PASSWORD_FILE));
    }
}

/// Written anew each time, because an old file might be readable by others.
fn write_private(path: &Path, text: &str) -> Result<(), StoreError> {
    let _ = std::fs::remove_file(path);
    let file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let written = file.and_then(|mut file| {
        writeln!(file, "{text}")?;
        file.sync_all()
    });
    written.map_err(|error| StoreError::Database(sqlx::Error::Io(error)))
}
