#![doc = include_str!("../README.md")]

mod bench;
mod command;
mod fuzz;
mod house;
mod run;
mod sim;
mod stamp;
mod test;
mod tools;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Runs and tests Larum from its source tree.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build everything and start Larum, with a Slack sandbox beside it
    Run(run::Arguments),
    /// Install what the tests need and run every test
    Test(test::Arguments),
    /// Measure the budgets in a release build, beside Alertmanager
    Bench(bench::Arguments),
    /// Ride out storms over the engine and the store: crashes, and a Slack that refuses, delays and lies
    Sim(sim::Arguments),
    /// Look for input that breaks what must hold, and keep what leads somewhere new
    #[command(disable_help_flag = true)]
    Fuzz(fuzz::Arguments),
}

fn main() -> ExitCode {
    if let Some(code) = fuzz::stands_before_rustc() {
        return code;
    }
    let done = match Arguments::parse().command {
        Task::Run(arguments) => run::run(&arguments),
        Task::Test(arguments) => test::run(&arguments),
        Task::Bench(arguments) => bench::run(&arguments),
        Task::Sim(arguments) => sim::run(&arguments),
        Task::Fuzz(arguments) => fuzz::run(&arguments),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
