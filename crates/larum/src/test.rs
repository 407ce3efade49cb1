//! `larum test`: runs files of tests, and says what passes.

mod promql;
mod rules;

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
