//! `larum check`: looks files over, and says what is wrong with them.

mod config;
mod rules;

/// What `larum check` is told.
#[derive(Debug, clap::Args)]
pub struct Flags {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Checks Alertmanager's configuration files.
    Config(config::Flags),
    /// Checks Prometheus' rule files.
    Rules(rules::Flags),
}

/// Looks the files over.
///
/// # Errors
/// If a file is wrong, or cannot be read.
pub async fn run(flags: &Flags) -> anyhow::Result<()> {
    match &flags.command {
        Command::Config(flags) => config::run(flags).await,
        Command::Rules(flags) => rules::run(flags),
    }
}
