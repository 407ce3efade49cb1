//! Rides out storms: `cargo xtask sim`.

use std::process::ExitCode;
use std::thread;

use clap::Parser;
use larum_sim::{EVENTS, Report, ride_out, weather};

/// Rides out storms over the real engine and the real store.
#[derive(Parser)]
#[command(name = "cargo xtask sim", bin_name = "cargo xtask sim")]
struct Arguments {
    /// How many storms
    #[arg(long, default_value_t = 1000)]
    seeds: u64,
    /// The first of them, or the only one unless --seeds says more; one alone tells what happens
    #[arg(long)]
    seed: Option<u64>,
    /// Only these events of it
    #[arg(long, value_delimiter = ',', requires = "seed")]
    events: Vec<usize>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.seed {
        Some(seed) => {
            let all = (0..EVENTS).collect();
            let events = if arguments.events.is_empty() { all } else { arguments.events };
            let tally = ride_out(seed, events, true);
            eprintln!("{tally:?}");
            ExitCode::SUCCESS
        }
        None => many(arguments.seeds),
    }
}

/// Rides them out on all cores.
fn many(seeds: u64) -> ExitCode {
    let cores = thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
    let each = seeds.div_ceil(cores);
    let crews: Vec<_> = (0..cores)
        .map(|crew| crew * each..((crew + 1) * each).min(seeds))
        .map(|seeds| thread::spawn(|| weather(seeds)))
        .collect();
    let mut all = Report::default();
    for crew in crews {
        match crew.join() {
            Ok(report) => {
                all.tally += report.tally;
                all.broken.extend(report.broken);
            }
            Err(_) => return ExitCode::FAILURE,
        }
    }
    eprintln!("{:?}", all.tally);
    for again in &all.broken {
        eprintln!("a promise is broken; again: {again}");
    }
    if all.broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
