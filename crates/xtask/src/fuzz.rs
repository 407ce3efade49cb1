//! `cargo xtask fuzz`: looks for input that breaks what must hold, and sees where it goes.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::command::{cargo, run as run_command, say};
use crate::house::House;

/// What is looked for, and for how long.
#[derive(clap::Args)]
pub struct Arguments {
    /// What larum-fuzz is told; --help says what it understands
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    hunt: Vec<OsString>,
}

/// Says to this program that it stands between cargo and rustc.
const WRAPS: &str = "LARUM_COUNTS_EDGES";

/// What has LLVM count the edges that are gone over (LLVM, "SanitizerCoverage"). Stable rustc can be asked for that.
const COUNTED: [&str; 4] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=3",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Ccodegen-units=1",
];

/// Crates that are not counted: who counts, and what runs while everything is built.
const UNCOUNTED: [&str; 3] = ["larum_fuzz", "xtask", "build_script_build"];

/// Builds our crates with counters, not those of others, and hunts.
///
/// # Errors
/// When it cannot be built, or something breaks; that says how to repeat it.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let house = House::find()?;
    say("builds what is hunted");
    let mut hunt = cargo(&house, &["run", "--locked", "--package", "larum-fuzz", "--"]);
    hunt.env("RUSTC_WORKSPACE_WRAPPER", std::env::current_exe().context("this program")?).env(WRAPS, "1");
    hunt.arg("--folder").arg(house.target.join("fuzz")).args(&arguments.hunt);
    run_command(&mut hunt)?;
    Ok(ExitCode::SUCCESS)
}

/// Stands between cargo and rustc, if this is what it was started for: cargo gives rustc and its arguments.
pub fn stands_before_rustc() -> Option<ExitCode> {
    std::env::var_os(WRAPS)?;
    let mut arguments = std::env::args_os().skip(1);
    let rustc = arguments.next().filter(is_rustc)?;
    let arguments: Vec<OsString> = arguments.collect();
    let name = arguments.iter().position(|argument| argument == "--crate-name");
    let name = name.and_then(|place| arguments.get(place + 1)).and_then(|name| name.to_str());
    let mut command = Command::new(rustc);
    command.args(&arguments);
    if name.is_some_and(|name| !UNCOUNTED.contains(&name)) {
        command.args(COUNTED);
    }
    let code = command.status().ok().and_then(|status| status.code());
    Some(ExitCode::from(code.map_or(1, |code| u8::try_from(code).unwrap_or(1))))
}

fn is_rustc(program: &OsString) -> bool {
    std::path::Path::new(program).file_stem().is_some_and(|stem| stem == "rustc")
}
