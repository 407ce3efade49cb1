//! Chromium for the browser tests, which drive the system's own.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::command::{run, say};
use crate::tools::{debian, is_root};

/// Where distributions put it.
const PLACES: [&str; 3] = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/// Finds Chromium where `LARUM_TEST_CHROMIUM` says or where distributions put it, or installs Debian's as root.
///
/// # Errors
/// When there is none and it cannot be installed; says what to install.
pub fn chromium() -> Result<PathBuf> {
    if let Some(given) = std::env::var_os("LARUM_TEST_CHROMIUM") {
        return Ok(given.into());
    }
    if let Some(found) = found() {
        return Ok(found);
    }
    if !is_root() {
        bail!(
            "there is no Chromium: run `apt-get install chromium` as root, or set LARUM_TEST_CHROMIUM to a browser"
        );
    }
    say("installing Chromium from Debian's packages (about a minute)");
    debian::update()?;
    let packages = ["install", "--yes", "--no-install-recommends", "chromium", "fonts-dejavu-core"];
    run(Command::new("apt-get").args(packages).env("DEBIAN_FRONTEND", "noninteractive"))?;
    match found() {
        Some(found) => Ok(found),
        None => bail!("Debian's package chromium was installed, but there is no {}", PLACES[0]),
    }
}

fn found() -> Option<PathBuf> {
    PLACES.map(PathBuf::from).into_iter().find(|place| place.is_file())
}
