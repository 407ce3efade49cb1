//! `larum backup` and `larum restore`.

use std::path::{Path, PathBuf};

use larum_engine::Clock;
use larum_store::{back_up, restore};

/// What `larum backup` is told.
#[derive(Debug, clap::Args)]
pub struct BackupFlags {
    /// The file to make; nothing may have that name. In a folder that is there, its name says when it was made.
    target: PathBuf,
    #[command(flatten)]
    data: DataFlags,
}

/// What `larum restore` is told.
#[derive(Debug, clap::Args)]
pub struct RestoreFlags {
    /// The backup to bring back.
    source: PathBuf,
    #[command(flatten)]
    data: DataFlags,
    /// Brings all back but the Slack tokens, which are to be entered again: the key that they were encrypted with is
    /// lost.
    #[arg(long)]
    without_key: bool,
}

/// Where the data are.
#[derive(Debug, clap::Args)]
struct DataFlags {
    /// Larum's data directory.
    #[arg(long = "storage.path", env = "LARUM_STORAGE_PATH", default_value = "data")]
    storage: PathBuf,
    /// The file with the key that secrets are encrypted with; default: secret.key in the data directory.
    #[arg(long = "secret-key-file", env = "LARUM_SECRET_KEY_FILE")]
    secret_key: Option<PathBuf>,
}

impl DataFlags {
    fn key(&self) -> PathBuf {
        self.secret_key.clone().unwrap_or_else(|| self.storage.join("secret.key"))
    }
}

/// Makes a backup, beside a Larum that may be running.
///
/// # Errors
/// What stands in the way; then nothing has that name.
#[expect(clippy::print_stdout, reason = "what was made, and what is not in it, is this command's answer")]
pub async fn back_up_to(flags: BackupFlags) -> anyhow::Result<()> {
    let BackupFlags { target, data } = flags;
    let target = if target.is_dir() { target.join(name_of_now()) } else { target };
    let made = back_up(&data.storage, &target).await?;
    println!(
        "Backed up {} to {}: {} bytes, schema {}, checked.",
        data.storage.display(),
        target.display(),
        made.bytes,
        made.schema
    );
    println!(
        "Not in it is the key {}, without which nobody reads the Slack tokens in it: keep a copy apart from the backups.",
        data.key().display()
    );
    Ok(())
}

fn name_of_now() -> String {
    format!("larum-at-{}.db", Clock::start().now().wall.as_secs())
}

/// Brings a backup back, while no Larum works with the data.
///
/// # Errors
/// What stands in the way; then all is as it was.
#[expect(clippy::print_stdout, reason = "what was replaced, and by what, is this command's answer")]
pub async fn bring_back(flags: RestoreFlags) -> anyhow::Result<()> {
    let RestoreFlags { source, data, without_key } = flags;
    let key = data.key();
    let now = Clock::start().now().wall;
    let key = Some(key.as_path()).filter(|_: &&Path| !without_key);
    let restored = restore(&data.storage, &source, key, now).await?;
    println!("Restored {} to {}: schema {}.", source.display(), data.storage.display(), restored.schema);
    if let Some(replaced) = restored.replaced {
        println!("What was there before is kept as {}: remove it when all is well.", replaced.display());
    }
    println!(
        "Users, passwords and service tokens are those of the backup: withdraw again what was withdrawn since."
    );
    Ok(())
}
