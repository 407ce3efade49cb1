//! The budgets, measured: the real binary, driven over HTTP, beside Alertmanager or Prometheus where one is given.
//! Figures of a shared machine are ratios at best, so both are measured in one run.
//!
//! `cargo xtask bench` builds, installs the others and runs this; `cargo xtask bench ingest` runs one of them.

#[path = "../../tests/it/house.rs"]
#[expect(dead_code, reason = "the tests ask for more")]
mod house;
#[path = "../../tests/it/larum.rs"]
#[expect(dead_code, reason = "the tests ask for more")]
mod larum;

mod alerts;
mod evaluation;
mod exporter;
mod figure;
mod ingest;
mod process;
mod questions;
mod target;
mod telling;

use std::io::Write;

use figure::Figures;
use target::{Kind, Target};

/// What is measured, by the name under which one of them is chosen.
const SCENARIOS: [&str; 4] = ["ingest", "questions", "telling", "evaluation"];

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    if let Some(unknown) = arguments.iter().find(|word| !SCENARIOS.contains(&word.as_str())) {
        eprintln!("{unknown:?} is none of {SCENARIOS:?}");
        std::process::exit(2);
    }
    let mut figures = Figures::default();
    for scenario in SCENARIOS {
        if !arguments.is_empty() && !arguments.iter().any(|word| word == scenario) {
            continue;
        }
        for kind in Kind::beside(scenario) {
            eprintln!("{scenario}: {}", kind.name());
            let mut figures = figures.of(kind);
            match scenario {
                "ingest" => ingest::measure(&Target::start(kind, "5m").await, &mut figures).await,
                "questions" => questions::measure(&Target::start(kind, "1s").await, &mut figures).await,
                "telling" => telling::measure(kind, &mut figures).await,
                _ => evaluation::measure(kind, &mut figures).await,
            }
        }
    }
    let _ = writeln!(std::io::stdout(), "{figures}");
}
