//! Hunts after what breaks a target. `cargo xtask fuzz` builds it so that it sees where it goes.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;
use clap::builder::PossibleValuesParser;
use larum_fuzz::hunt::{Found, Hunt};
use larum_fuzz::{corpus, coverage, target};

/// Looks for input that breaks what must hold.
#[derive(Parser)]
#[command(name = "fuzz")]
struct Arguments {
    /// The target; all of them, if none is named.
    #[arg(value_parser = PossibleValuesParser::new(target::ALL.iter().map(|target| target.name)))]
    target: Option<String>,
    /// For how long each is hunted, in seconds.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Another number hunts another way.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Tries this input alone.
    #[arg(long)]
    input: Option<PathBuf>,
    /// Where input is left that breaks a target.
    #[arg(long, default_value = "target/fuzz", overrides_with = "folder")]
    folder: PathBuf,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let targets = match &arguments.target {
        None => target::ALL.to_vec(),
        Some(name) => target::named(name).into_iter().collect(),
    };
    if let Some(path) = &arguments.input {
        let input = std::fs::read(path)?;
        targets.iter().for_each(|target| (target.check)(&input));
        eprintln!("it holds");
        return Ok(());
    }
    if !coverage::is_there() {
        eprintln!("built without counters: it hunts blindly");
    }
    for target in targets {
        #[expect(clippy::disallowed_methods, reason = "a hunt has its time; this is the edge of the binary")]
        let began = Instant::now();
        let clock = move || began.elapsed();
        let hunt = Hunt { target, folder: &arguments.folder, clock: &clock };
        let Found { runs, new, kept, edges } =
            hunt.run(Duration::from_secs(arguments.seconds), arguments.seed)?;
        let known = corpus::read(target.name)?.len();
        eprintln!(
            "{:<14} {runs:>9} tried, {new:>4} new, {kept:>3} kept of {known:>3}, {edges} edges",
            target.name
        );
    }
    Ok(())
}
