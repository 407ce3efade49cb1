//! Bringing the schema of a data directory up to date, after a backup.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sqlx::SqlitePool;

use crate::backup::{BackupError, Name, copy_out};
use crate::error::OpenError;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

/// How the backups begin that are made before a migration.
const BACKUP: &str = "backup-before-schema-";
/// How many of them are kept; the oldest go.
const KEPT: usize = 3;

/// The newest schema that is known here.
pub(crate) fn newest() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// Brings the schema up to date. Nothing is changed unless a whole backup of what was there lies beside it.
pub(crate) async fn migrate(writer: &SqlitePool, dir: &Path) -> Result<(), OpenError> {
    let applied: Vec<i64> =
        sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success ORDER BY version")
            .fetch_all(writer)
            .await
            .unwrap_or_default();
    let newest = newest();
    if let Some(found) = applied.last().copied().filter(|found| *found > newest) {
        return Err(OpenError::Newer { dir: dir.to_owned(), found, known: newest });
    }
    let from = applied.last().copied().filter(|found| *found < newest);
    if let Some(from) = from {
        let backup = dir.join(format!("{BACKUP}{newest}-from-{from}.db"));
        back_up_first(writer, dir, &backup).await?;
    }
    MIGRATIONS.run(writer).await.map_err(|error| OpenError::Migration { dir: dir.to_owned(), error })?;
    if from.is_some() {
        let unusable = |error| OpenError::Unusable { dir: dir.to_owned(), error };
        forget_old_backups(dir).map_err(unusable)?;
    }
    Ok(())
}

async fn back_up_first(writer: &SqlitePool, dir: &Path, backup: &Path) -> Result<(), OpenError> {
    let failed = |error: BackupError| OpenError::Backup { dir: dir.to_owned(), error: Box::new(error) };
    // One that has this name was made for this step before: by an attempt that came to nothing, or in another life.
    let mut writer = writer.acquire().await.map_err(|error| OpenError::of_database(dir, error))?;
    let made = copy_out(&mut writer, backup, Name::Replaced).await.map_err(failed)?;
    tracing::info!(backup = %backup.display(), bytes = made.bytes, schema = made.schema, "backed up before the schema changes");
    Ok(())
}

/// Removes all but the newest backups.
fn forget_old_backups(dir: &Path) -> io::Result<()> {
    let mut backups: Vec<(SystemTime, PathBuf)> = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(BACKUP) && Path::new(&name).extension().is_some_and(|ending| ending == "db") {
            backups.push((entry.metadata()?.modified()?, entry.path()));
        }
    }
    backups.sort();
    let old = backups.len().saturating_sub(KEPT);
    for (_, path) in backups.into_iter().take(old) {
        tracing::info!(backup = %path.display(), "removes a backup: newer ones are kept");
        fs::remove_file(path)?;
    }
    Ok(())
}
