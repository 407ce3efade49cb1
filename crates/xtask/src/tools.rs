//! What running and testing need beyond cargo: found, or installed below the target folder.

pub mod chromium;
pub mod console;
pub mod debian;
pub mod slack_sdks;

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::ask;

/// The oldest Node.js that the console's tools run on.
const OLDEST_NODE: u32 = 20;

/// Finds Node.js and npm.
///
/// # Errors
/// When one is missing or too old; says what to install.
pub fn node() -> Result<String> {
    let install =
        format!("install Node.js {OLDEST_NODE} or newer with npm, for example from https://nodejs.org");
    let version = ask(Command::new("node").arg("--version")).with_context(|| install.clone())?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST_NODE) {
        bail!("Node.js here is {version}: {install}");
    }
    ask(Command::new("npm").arg("--version")).context(install)?;
    Ok(version)
}

/// Whether this process may install packages.
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
