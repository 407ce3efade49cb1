//! Prometheus, Alertmanager, VictoriaMetrics and node_exporter, unpacked from Debian's packages: nothing is installed
//! and no service is started.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::{ask, run, say};
use crate::house::House;
use crate::stamp::Stamp;
use crate::tools::is_root;

/// Debian's names of the packages with the peers that Larum is tested against.
const PACKAGES: [&str; 4] =
    ["prometheus", "prometheus-alertmanager", "victoria-metrics", "prometheus-node-exporter"];

/// The programs that Larum is tested against.
pub struct Peers {
    /// Prometheus itself.
    pub prometheus: PathBuf,
    /// Alertmanager's command-line client.
    pub amtool: PathBuf,
    /// Alertmanager itself.
    pub alertmanager: PathBuf,
    /// VictoriaMetrics, a metrics source that is not Prometheus.
    pub victoria_metrics: PathBuf,
    /// node_exporter, the scrape target that every host has.
    pub node_exporter: PathBuf,
}

impl Peers {
    fn are_there(&self) -> bool {
        let all =
            [&self.prometheus, &self.amtool, &self.alertmanager, &self.victoria_metrics, &self.node_exporter];
        all.iter().all(|program| program.is_file())
    }
}

/// The variables that say where the peers are, in words.
const VARIABLES: &str = "LARUM_TEST_PROMETHEUS, LARUM_TEST_AMTOOL, LARUM_TEST_ALERTMANAGER, \
                         LARUM_TEST_VICTORIA_METRICS and LARUM_TEST_NODE_EXPORTER";

/// Finds the peers where the environment says, if it says it of all of them ([`VARIABLES`]), or unpacks them.
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
        victoria_metrics: programs.join("victoria-metrics"),
        node_exporter: programs.join("prometheus-node-exporter"),
    };
    let stamp = Stamp::of(house, "debian", &[], &PACKAGES)?;
    if stamp.is_set() && peers.are_there() {
        return Ok(peers);
    }
    say("unpacking Prometheus, Alertmanager, VictoriaMetrics and node_exporter from Debian's packages");
    unpack(&folder).with_context(|| {
        format!("this needs Debian's apt-get and dpkg-deb; elsewhere set {VARIABLES} to these programs")
    })?;
    stamp.set()?;
    Ok(peers)
}

fn given() -> Option<Peers> {
    let given = |variable| std::env::var_os(variable).map(PathBuf::from);
    Some(Peers {
        prometheus: given("LARUM_TEST_PROMETHEUS")?,
        amtool: given("LARUM_TEST_AMTOOL")?,
        alertmanager: given("LARUM_TEST_ALERTMANAGER")?,
        victoria_metrics: given("LARUM_TEST_VICTORIA_METRICS")?,
        node_exporter: given("LARUM_TEST_NODE_EXPORTER")?,
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
