#![doc = include_str!("../README.md")]

mod clock;
mod alerts;
mod marks;
mod client;
mod post;
mod process;
mod meter;
mod configuration;
mod receiver;
mod target;
mod probe;
mod figures;
mod table;
mod cluster;
mod scenarios;

use std::collections::HashSet;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};

use crate::figures::{Figures, show};
use crate::scenarios::{Bench, Scenario, Size};
use crate::target::{Kind, Program};

/// Measures Larum beside Alertmanager and Prometheus.
#[derive(Parser, Debug)]
pub struct Arguments {
    /// What to measure; everything unless some are chosen
    #[arg(value_enum)]
    scenarios: Vec<Scenario>,
    /// A binary of Larum; several are compared
    #[arg(long, required = true, value_name = "PATH")]
    larum: Vec<PathBuf>,
    /// The Alertmanager beside which it is measured
    #[arg(long, value_name = "PATH", env = "LARUM_TEST_ALERTMANAGER")]
    alertmanager: Option<PathBuf>,
    /// The Prometheus beside which the evaluation of rules is measured
    #[arg(long, value_name = "PATH", env = "LARUM_TEST_PROMETHEUS")]
    prometheus: Option<PathBuf>,
    /// Measure nothing but Larum
    #[arg(long)]
    alone: bool,
    /// A fiftieth of everything, to see that it works; the figures say nothing of the budgets
    #[arg(long, conflicts_with = "full")]
    quick: bool,
    /// Let Slack refuse for 90 s, not for 20
    #[arg(long)]
    full: bool,
    /// Write all figures, and every stall, to this file as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Measures what is asked for and prints a table. Whether nothing was wrong; a figure over budget is not wrong.
///
/// # Errors
/// When the table cannot be written. A program that does not start or answer is wrong, and the rest is measured.
pub async fn run(arguments: &Arguments) -> Result<bool> {
    process::take_all_descriptors();
    let larums = larums(&arguments.larum);
    let mut figures = Figures::new(&larums);
    for scenario in Scenario::value_variants() {
        if !arguments.scenarios.is_empty() && !arguments.scenarios.contains(scenario) {
            continue;
        }
        for program in other(arguments, scenario.beside()).iter().chain(&larums) {
            show(&format!("{}: {}", scenario.name(), program.name));
            let mut bench =
                Bench { program, size: arguments.size(), figures: figures.of(*scenario, program) };
            if let Err(error) = scenario.measure(&mut bench).await {
                bench.figures.wrong(&format!("{error:#}"));
            }
        }
    }
    if let Some(file) = &arguments.json {
        let text = format!("{:#}\n", figures.json());
        std::fs::write(file, text).with_context(|| format!("{} cannot be written", file.display()))?;
    }
    if arguments.quick {
        show("A fiftieth was measured: these figures say nothing of the budgets.");
    }
    writeln!(std::io::stdout(), "\n{figures}")?;
    Ok(figures.wrong.is_empty())
}

impl Arguments {
    const fn size(&self) -> Size {
        match (self.quick, self.full) {
            (true, _) => Size::Quick,
            (_, true) => Size::Full,
            _ => Size::Usual,
        }
    }
}

/// What Larum is measured beside, if it is here.
fn other(arguments: &Arguments, kind: Kind) -> Option<Program> {
    let path = match kind {
        Kind::Alertmanager => arguments.alertmanager.as_ref(),
        Kind::Prometheus => arguments.prometheus.as_ref(),
        Kind::Larum => None,
    };
    let path = path.filter(|_| !arguments.alone)?;
    Some(Program { kind, name: kind.name().to_owned(), path: path.clone() })
}

/// One is called Larum; several are called by their files, or by their paths where those are not enough.
fn larums(paths: &[PathBuf]) -> Vec<Program> {
    let files: HashSet<_> = paths.iter().map(|path| path.file_name()).collect();
    let name = |path: &PathBuf| match path.file_name() {
        _ if paths.len() == 1 => Kind::Larum.name().to_owned(),
        Some(file) if files.len() == paths.len() => file.to_string_lossy().into_owned(),
        _ => path.display().to_string(),
    };
    paths.iter().map(|path| Program { kind: Kind::Larum, name: name(path), path: path.clone() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_larum_has_a_name_of_its_own() {
        let names = |paths: &[&str]| {
            let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
            larums(&paths).into_iter().map(|larum| larum.name).collect::<Vec<_>>()
        };
        assert_eq!(names(&["a/larum"]), ["Larum"]);
        assert_eq!(names(&["a/before", "a/after"]), ["before", "after"]);
        assert_eq!(names(&["a/larum", "b/larum"]), ["a/larum", "b/larum"]);
    }

    #[test]
    fn the_command_line_is_sound() {
        <Arguments as clap::CommandFactory>::command().debug_assert();
    }
}
