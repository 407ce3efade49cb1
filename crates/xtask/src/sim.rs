//! `cargo xtask sim`: rides out storms over the engine and the store, as many as somebody has time for.

use std::process::ExitCode;

use anyhow::Result;

use crate::command::{cargo, run as run_command};
use crate::house::House;

/// Which storms.
#[derive(clap::Args)]
pub struct Arguments {
    /// --seeds N storms, or --seed S alone, telling what happens; --events leaves all others of it out
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    storms: Vec<String>,
}

/// Builds the simulator and lets it ride them out.
///
/// # Errors
/// When it cannot be built, or a promise is broken: it says which storm to raise again.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let house = House::find()?;
    let mut sim = cargo(&house, &["run", "--locked", "--quiet", "--package", "larum-sim", "--"]);
    run_command(sim.args(&arguments.storms))?;
    Ok(ExitCode::SUCCESS)
}
