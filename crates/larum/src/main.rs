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
#[command(name = "larum", version, propagate_version = true, max_term_width = 100)]
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

    #[test]
    fn what_alertmanager_is_told_larum_takes_in_its_place() {
        let take = |flags: &[&str]| {
            let words = ["larum", "alertmanager"].iter().chain(flags);
            super::Larum::command().try_get_matches_from(words).map(drop)
        };
        for flags in [
            &["--web.get-concurrency=-1", "--web.timeout=-1s"][..],
            &["--web.get-concurrency", "-1", "--web.timeout", "-1s"],
            &["--silences.max-silences=-1", "--silences.max-silence-size-bytes=-1"],
            &["--data.retention=1h30m", "--dispatch.start-delay=1.5s"],
            &["--no-web.systemd-socket", "--no-log.silences"],
            &["--log.silences", "--no-log.silences"],
            &["--no-cluster.allow-insecure-public-advertise-address-discovery"],
        ] {
            take(flags).unwrap_or_else(|error| panic!("{flags:?}: {error}"));
        }
        let version = take(&["--version"]).expect_err("it says its version and does nothing");
        assert_eq!(version.kind(), clap::error::ErrorKind::DisplayVersion);
        assert!(take(&["--data.retention=-1h"]).is_err());
    }

    #[test]
    fn every_flag_that_does_something_is_also_an_environment_variable() {
        for name in ["serve", "alertmanager"] {
            let command = super::Larum::command();
            let command = command.find_subcommand(name).expect("it is one");
            let bare = command.get_arguments().filter(|flag| flag.get_env().is_none() && !flag.is_hide_set());
            let bare: Vec<&str> = bare.map(|flag| flag.get_id().as_str()).collect();
            assert_eq!(bare, [""; 0], "{name}");
        }
    }
}
