//! The console's packages, and the console built for the binary.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::command::{run, say};
use crate::house::House;
use crate::stamp::Stamp;
use crate::tools::node;

/// What the built console is made of.
const SOURCES: [&str; 6] =
    ["src", "public", "index.html", "package-lock.json", "tsconfig.json", "vite.config.ts"];

/// npm in the console's folder.
pub fn npm(house: &House, arguments: &[&str]) -> Command {
    let mut npm = Command::new("npm");
    npm.current_dir(house.console()).args(arguments);
    npm
}

/// Installs the console's packages if its lock file changed.
///
/// # Errors
/// When Node.js is missing or npm fails.
pub fn packages(house: &House) -> Result<()> {
    let node = node()?;
    let lock = house.console().join("package-lock.json");
    let stamp = Stamp::of(house, "console-packages", &[lock], &[&node])?;
    if stamp.is_set() && house.console().join("node_modules").is_dir() {
        return Ok(());
    }
    say("installing the console's packages (npm ci, about half a minute)");
    run(&mut npm(house, &["ci", "--no-audit", "--no-fund"]))?;
    stamp.set()
}

/// Builds the console if its sources changed.
///
/// # Errors
/// When npm fails.
pub fn built(house: &House) -> Result<()> {
    packages(house)?;
    let sources: Vec<PathBuf> = SOURCES.iter().map(|source| house.console().join(source)).collect();
    let stamp = Stamp::of(house, "console-built", &sources, &[])?;
    if stamp.is_set() && house.console().join("dist/index.html").is_file() {
        return Ok(());
    }
    say("building the console (about a quarter of a minute)");
    run(&mut npm(house, &["run", "--silent", "build", "--", "--logLevel", "warn"]))?;
    stamp.set()
}
