//! `larum check`: looks files over, and says what is wrong with them.

mod rules;

/// What `larum check` is told.
#[derive(Debug, clap::Args)]
pub struct Flags {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Checks Prometheus' rule files.
    Rules(rules::Flags),
}

/// Looks the files over.
///
/// # Errors
/// If a file is wrong, or cannot be read.
pub fn run(flags: &Flags) -> anyhow::Result<()> {
    match &flags.command {
        Command::Rules(flags) => rules::run(flags),
    }
}
