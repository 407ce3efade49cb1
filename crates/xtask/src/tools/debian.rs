//! Prometheus and amtool, unpacked from Debian's packages: nothing is installed and no service is started.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::{ask, run, say};
use crate::house::House;
use crate::stamp::Stamp;
use crate::tools::is_root;

/// Debian's names of the packages with the peers that Larum is tested against.
const PACKAGES: [&str; 2] = ["prometheus", "prometheus-alertmanager"];

/// The programs that Larum is tested against.
pub struct Peers {
    /// Prometheus itself.
    pub prometheus: PathBuf,
    /// Alertmanager's command-line client.
    pub amtool: PathBuf,
    /// Alertmanager itself.
    pub alertmanager: PathBuf,
}

/// Finds the peers where `LARUM_TEST_PROMETHEUS`, `LARUM_TEST_AMTOOL` and `LARUM_TEST_ALERTMANAGER` say, or unpacks
/// them.
///
/// # Errors
/// When Debian's package tools are missing or fail; says what to do.
pub fn peers(house: &House) -> Result<Peers> {
    if let Some(given) = given() {
        return Ok(given);
    }
    let folder = house.tools().join("debian");
    let programs = folder.join("usr/bin");
    let peers = Peers {
        prometheus: programs.join("prometheus"),
        amtool: programs.join("amtool"),
        alertmanager: programs.join("prometheus-alertmanager"),
    };
    let stamp = Stamp::of(house, "debian", &[], &PACKAGES)?;
    if stamp.is_set() && peers.prometheus.is_file() && peers.amtool.is_file() {
        return Ok(peers);
    }
    say("unpacking Prometheus and amtool from Debian's packages");
    unpack(&folder).context(
        "this needs Debian's apt-get and dpkg-deb; elsewhere set LARUM_TEST_PROMETHEUS, LARUM_TEST_AMTOOL and \
         LARUM_TEST_ALERTMANAGER to the three programs",
    )?;
    stamp.set()?;
    Ok(peers)
}

fn given() -> Option<Peers> {
    let given = |variable| std::env::var_os(variable).map(PathBuf::from);
    Some(Peers {
        prometheus: given("LARUM_TEST_PROMETHEUS")?,
        amtool: given("LARUM_TEST_AMTOOL")?,
        alertmanager: given("LARUM_TEST_ALERTMANAGER")?,
    })
}

fn unpack(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let download = || run(Command::new("apt-get").arg("download").args(PACKAGES).current_dir(folder));
    if download().is_err() {
        update()?;
        download()?;
    }
    for entry in std::fs::read_dir(folder)? {
        let file = entry?.path();
        if file.extension().is_some_and(|extension| extension == "deb") {
            run(Command::new("dpkg-deb").arg("-x").arg(&file).arg(folder))?;
            std::fs::remove_file(file)?;
        }
    }
    Ok(())
}

/// Fetches the lists of packages, which are missing in a fresh container.
pub fn update() -> Result<()> {
    if !is_root() {
        bail!("the lists of packages may be missing: run `apt-get update` as root, then this again");
    }
    ask(Command::new("apt-get").arg("update")).map(drop)
}
