//! Slack's own SDKs for Python and Node.js, which prove the sandbox as its clients.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::command::{ask, run, say};
use crate::house::House;
use crate::stamp::Stamp;
use crate::tools::node;

/// Where the SDKs were installed.
pub struct SlackSdks {
    /// A Python that can import `slack_sdk`.
    pub python: PathBuf,
    /// A folder of Node.js packages with `@slack/web-api` in it.
    pub node_modules: PathBuf,
}

/// Installs both, in the versions that the sandbox's tests name.
///
/// # Errors
/// When Python or Node.js is missing, or their registries fail.
pub fn slack_sdks(house: &House) -> Result<SlackSdks> {
    Ok(SlackSdks { python: python(house)?, node_modules: node_modules(house)? })
}

fn tests(house: &House) -> PathBuf {
    house.root.join("crates/larum-sandbox/sdk-tests")
}

fn python(house: &House) -> Result<PathBuf> {
    let install =
        "install Python 3.9 or newer with venv, for example Debian's packages python3 and python3-venv";
    let version = ask(Command::new("python3").arg("--version")).context(install)?;
    let folder = house.tools().join("python");
    let python = folder.join("bin/python");
    let requirements = tests(house).join("requirements.txt");
    let stamp = Stamp::of(house, "python", std::slice::from_ref(&requirements), &[&version])?;
    if stamp.is_set() && python.is_file() {
        return Ok(python);
    }
    say("installing Slack's SDK for Python");
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder)).context(install)?;
    let quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    run(Command::new(&python).args(quiet).arg(&requirements))?;
    stamp.set()?;
    Ok(python)
}

fn node_modules(house: &House) -> Result<PathBuf> {
    let version = node()?;
    let folder = house.tools().join("node");
    let modules = folder.join("node_modules");
    let package = tests(house).join("package.json");
    let stamp = Stamp::of(house, "node", std::slice::from_ref(&package), &[&version])?;
    if stamp.is_set() && modules.join("@slack/web-api").is_dir() {
        return Ok(modules);
    }
    say("installing Slack's SDK for Node.js");
    std::fs::create_dir_all(&folder)?;
    std::fs::copy(&package, folder.join("package.json"))?;
    run(Command::new("npm").args(["install", "--no-audit", "--no-fund", "--silent"]).current_dir(&folder))?;
    stamp.set()?;
    Ok(modules)
}
