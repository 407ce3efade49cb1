//! `larum-bench`: measures the budgets. `cargo xtask bench` builds it, and what it measures, and runs it.

use std::process::ExitCode;

use clap::Parser;
use larum_bench::Arguments;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let measured = tokio::select! {
        measured = larum_bench::run(&arguments) => measured,
        // What runs ends with it, and its folder goes.
        _ = tokio::signal::ctrl_c() => return ExitCode::FAILURE,
    };
    match measured {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
