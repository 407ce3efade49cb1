//! `larum test`: runs files of tests, and says what passes.

mod promql;
mod rules;

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The largest file that is read, in bytes.
const MAX_BYTES: u64 = 64 << 20;

/// What `larum test` is told.
#[derive(Debug, clap::Args)]
pub struct Flags {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Runs files in Prometheus' language for tests of PromQL.
    Promql(promql::Flags),
    /// Runs files in promtool's form for tests of rules.
    Rules(rules::Flags),
}

/// Runs the tests.
///
/// # Errors
/// If a test fails, or a file cannot be read.
pub fn run(flags: &Flags) -> anyhow::Result<()> {
    match &flags.command {
        Command::Promql(flags) => promql::run(flags),
        Command::Rules(flags) => rules::run(flags),
    }
}

/// Reads a file that a person wrote.
///
/// # Errors
/// If it is not there, is no text, or is larger than [`MAX_BYTES`].
pub fn read(path: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(MAX_BYTES + 1).read_to_string(&mut text)?;
    anyhow::ensure!(text.len() as u64 <= MAX_BYTES, "it is larger than {} MiB", MAX_BYTES >> 20);
    Ok(text)
}
