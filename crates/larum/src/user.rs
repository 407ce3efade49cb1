//! `larum user`: local accounts, from the command line.

use std::path::PathBuf;

use anyhow::Context;
use larum_engine::random_bytes;
use larum_store::accounts::reset_password_in;

/// What `larum user` is told.
#[derive(Debug, clap::Args)]
pub struct Flags {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Gives a user a new one-time password and prints it; Larum may be running.
    ResetPassword {
        /// The user's name.
        name: String,
        /// Larum's data directory.
        #[arg(long = "storage.path", env = "LARUM_STORAGE_PATH", default_value = "data")]
        storage: PathBuf,
    },
}

/// Does what is asked.
///
/// # Errors
/// If there is no such user, or no data of Larum.
#[expect(clippy::print_stdout, reason = "the password is this command's answer")]
pub async fn run(flags: Flags) -> anyhow::Result<()> {
    let Command::ResetPassword { name, storage } = flags.command;
    let password = reset_password_in(&storage, &name, &random_bytes())
        .await
        .with_context(|| format!("the password of {name} in {} was not changed", storage.display()))?;
    println!("{password}");
    Ok(())
}
