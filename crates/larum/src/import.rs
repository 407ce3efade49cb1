//! `larum import`: takes over what another program holds.

mod server;
mod silence;
mod silences;

/// What `larum import` is told.
#[derive(Debug, clap::Args)]
pub struct Flags {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Takes the silences of a running Alertmanager into a running Larum; those that it has already are left alone.
    Silences(Box<silences::Flags>),
}

/// Takes over what is asked for.
///
/// # Errors
/// If one of the two programs cannot be asked, or something cannot be taken.
pub async fn run(flags: Flags) -> anyhow::Result<()> {
    match flags.command {
        Command::Silences(flags) => silences::run(*flags).await,
    }
}
