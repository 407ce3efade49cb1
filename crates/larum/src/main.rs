#![doc = include_str!("../README.md")]

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod telemetry;
mod signals;
mod house;
mod route_file;
mod notify;
mod serve;
mod alertmanager;
mod sandbox;
mod user;
mod ready;
mod backup;
mod files;
mod test;
mod check;
mod routes;
mod client;
mod import;
mod why;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Watches nodes and workloads and tells the right Slack channels.
#[derive(Debug, Parser)]
#[command(name = "larum", version, max_term_width = 100)]
struct Larum {
    #[command(flatten)]
    telemetry: telemetry::Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs Larum: policies, receivers, console.
    Serve(Box<serve::Flags>),
    /// Runs Larum in the place of an Alertmanager: its configuration file, its flags, its API.
    Alertmanager(Box<alertmanager::Flags>),
    /// Runs a local Slack workspace to try Larum against.
    Sandbox(sandbox::Flags),
    /// Asks the Larum on this machine whether it is ready; the exit status says so.
    Ready(ready::Flags),
    /// Copies all data but the secret key into one file; Larum may be running.
    Backup(backup::BackupFlags),
    /// Brings a backup back; Larum must not be running.
    Restore(backup::RestoreFlags),
    /// Looks after local accounts.
    User(user::Flags),
    /// Runs files of tests.
    Test(test::Flags),
    /// Shows the routes of an alertmanager.yml, and whom labels lead to.
    Routes(routes::Flags),
    /// Looks files over.
    Check(check::Flags),
    /// Takes over what another program holds.
    Import(import::Flags),
    /// Says of an alert who was told of it, when, where, and why not; asks a running Larum.
    Why(Box<why::Flags>),
}

fn main() -> ExitCode {
    let Larum { telemetry, command } = Larum::parse();
    telemetry::start(&telemetry);
    let ring = rustls::crypto::ring::default_provider().install_default();
    debug_assert!(ring.is_ok(), "nothing installs a provider before main");
    match run(command) {
        Ok(status) => status,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new()?;
    let done = runtime.block_on(async {
        match command {
            Command::Serve(flags) => serve::run(*flags).await,
            Command::Alertmanager(flags) => alertmanager::run(*flags).await,
            Command::Sandbox(flags) => sandbox::run(flags).await,
            Command::Ready(flags) => ready::run(flags).await,
            Command::Backup(flags) => backup::back_up_to(flags).await,
            Command::Restore(flags) => backup::bring_back(flags).await,
            Command::User(flags) => user::run(flags).await,
            Command::Test(flags) => test::run(&flags),
            Command::Check(flags) => check::run(&flags).await,
            Command::Routes(flags) => routes::run(flags),
            Command::Import(flags) => import::run(flags).await,
            Command::Why(flags) => return Ok(why::run(*flags).await),
        }?;
        Ok(ExitCode::SUCCESS)
    });
    // A thread that hangs, in a file system that does not answer, keeps nobody.
    runtime.shutdown_background();
    done
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_flags_are_sound() {
        super::Larum::command().debug_assert();
    }
}
