//! `cargo xtask test`: installs what the tests need and runs all of them.

mod parts;
mod tally;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;

use crate::command::{Stopwatch, say};
use crate::house::House;
use crate::test::parts::parts;
use crate::test::tally::Tally;
use crate::tools;

/// Which tests to run; all of them unless some are chosen.
#[derive(clap::Args, Clone, Copy)]
pub struct Arguments {
    /// Format, lints and tests of the Rust crates
    #[arg(long)]
    rust: bool,
    /// Types, lints, tests and build of the console
    #[arg(long)]
    console: bool,
    /// The console in a real browser, against the real binary
    #[arg(long)]
    browser: bool,
}

impl Arguments {
    fn chosen(self) -> Self {
        match self {
            Self { rust: false, console: false, browser: false } => {
                Self { rust: true, console: true, browser: true }
            }
            some => some,
        }
    }
}

/// What the tests are told through their environment.
pub type Environment = Vec<(&'static str, PathBuf)>;

/// How a part went.
struct Outcome {
    name: &'static str,
    seconds: u64,
    result: Result<()>,
}

/// Runs every chosen part, whatever comes of the one before, and sums up.
///
/// # Errors
/// When the source tree cannot be found; what fails in a part is a failure, not an error.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let house = House::find()?;
    let chosen = arguments.chosen();
    let (environment, mut outcomes) = install(&house, chosen);
    let mut tally = Tally::default();
    for part in parts(chosen) {
        outcomes.push(attempt(part.name, || (part.run)(&house, &environment, &mut tally)));
    }
    Ok(sum_up(&outcomes, &tally))
}

fn attempt(name: &'static str, work: impl FnOnce() -> Result<()>) -> Outcome {
    say(name);
    let watch = Stopwatch::start();
    let result = work();
    if let Err(error) = &result {
        eprintln!("error: {error:#}");
    }
    Outcome { name, seconds: watch.elapsed().as_secs(), result }
}

/// Installs the tools of the chosen tests. A test whose tool is missing fails by itself, in words.
fn install(house: &House, chosen: Arguments) -> (Environment, Vec<Outcome>) {
    let mut environment = Environment::new();
    let mut outcomes = Vec::new();
    if chosen.rust || chosen.browser {
        outcomes.push(attempt("Prometheus, Alertmanager, VictoriaMetrics", || {
            let peers = tools::debian::peers(house)?;
            environment.push(("LARUM_TEST_PROMETHEUS", peers.prometheus));
            environment.push(("LARUM_TEST_AMTOOL", peers.amtool));
            environment.push(("LARUM_TEST_ALERTMANAGER", peers.alertmanager));
            environment.push(("LARUM_TEST_VICTORIA_METRICS", peers.victoria_metrics));
            environment.push(("LARUM_TEST_NODE_EXPORTER", peers.node_exporter));
            Ok(())
        }));
    }
    if chosen.rust {
        outcomes.push(attempt("Slack's SDKs", || {
            let sdks = tools::slack_sdks::slack_sdks(house)?;
            environment.push(("LARUM_TEST_PYTHON", sdks.python));
            environment.push(("LARUM_TEST_NODE_MODULES", sdks.node_modules));
            Ok(())
        }));
    }
    if chosen.browser {
        outcomes.push(attempt("Chromium", || {
            environment.push(("LARUM_TEST_CHROMIUM", tools::chromium::chromium()?));
            environment.push(("LARUM_TEST_BINARY", house.larum()));
            Ok(())
        }));
    }
    (environment, outcomes)
}

fn sum_up(outcomes: &[Outcome], tally: &Tally) -> ExitCode {
    eprintln!();
    for Outcome { name, seconds, result } in outcomes {
        let word = if result.is_ok() { "ok    " } else { "FAILED" };
        eprintln!("  {word}  {name} ({seconds} s)");
    }
    for Outcome { name, result, .. } in outcomes {
        if let Err(error) = result {
            eprintln!("\n{name}: {error:#}");
        }
    }
    if let Some(totals) = tally.totals() {
        // The last line is for whoever counts; when nobody reads, the exit code still speaks.
        let _ = writeln!(std::io::stdout(), "\n{totals}");
    }
    match outcomes.iter().all(|outcome| outcome.result.is_ok()) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}
