//! `cargo xtask bench`: measures the budgets in a release build, beside Alertmanager and Prometheus from Debian's
//! packages, and on what Debian's node_exporter says.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::command::{cargo, run as run_command, say};
use crate::house::House;
use crate::tools::{self, debian::Peers};

/// What to measure; everything unless some are chosen.
#[derive(clap::Args)]
pub struct Arguments {
    /// What bench/README.md lists, or scraping
    scenarios: Vec<String>,
    /// A binary of Larum that is built already; several are compared
    #[arg(long, value_name = "PATH")]
    larum: Vec<PathBuf>,
    /// A fiftieth of everything, to see that it works
    #[arg(long)]
    quick: bool,
    /// Let Slack refuse for 90 s, not for 20
    #[arg(long)]
    full: bool,
    /// Measure nothing but Larum
    #[arg(long)]
    alone: bool,
    /// Write all figures to this file as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// What Debian's Alertmanager reads at its start, wherever the program itself is.
const TEMPLATES: &str = "/usr/share/prometheus/alertmanager/default.tmpl";

/// The scenario that the metrics source has for itself.
const SCRAPING: &str = "scraping";

/// Builds what is to be measured and measures it.
///
/// # Errors
/// When it cannot be built, or something that it does under load is wrong; a figure over budget is no error.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let house = House::find()?;
    let peers = tools::debian::peers(&house)?;
    let (scraping, budgets): (Vec<&String>, Vec<&String>) =
        arguments.scenarios.iter().partition(|scenario| *scenario == SCRAPING);
    let all = arguments.scenarios.is_empty();
    // A binary that is built already has no benches.
    if (all && arguments.larum.is_empty()) || !scraping.is_empty() {
        let mut bench =
            cargo(&house, &["bench", "--locked", "--package", "larum-metrics", "--bench", SCRAPING]);
        run_command(bench.env("LARUM_TEST_NODE_EXPORTER", &peers.node_exporter))?;
    }
    if all || !budgets.is_empty() {
        measure_budgets(&house, arguments, &budgets, &peers)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Measures these scenarios of the whole binary, or all of them.
fn measure_budgets(house: &House, arguments: &Arguments, scenarios: &[&String], peers: &Peers) -> Result<()> {
    let release = house.target.join("release");
    let mut build = cargo(house, &["build", "--release", "--locked", "--package", "larum-bench"]);
    if arguments.larum.is_empty() {
        build.args(["--package", "larum"]);
    }
    run_command(&mut build)?;
    let mut bench = Command::new(release.join("larum-bench"));
    bench.args(scenarios).arg("--prometheus").arg(&peers.prometheus);
    let built = [release.join("larum")];
    let larums = if arguments.larum.is_empty() { &built[..] } else { &arguments.larum };
    for larum in larums {
        bench.arg("--larum").arg(larum);
    }
    let switches = [("--quick", arguments.quick), ("--full", arguments.full), ("--alone", arguments.alone)];
    bench.args(switches.iter().filter(|(_, on)| *on).map(|(switch, _)| switch));
    if let Some(file) = &arguments.json {
        bench.arg("--json").arg(file);
    }
    if Path::new(TEMPLATES).is_file() {
        bench.arg("--alertmanager").arg(&peers.alertmanager);
    } else {
        say(&format!(
            "measures Larum without Alertmanager beside it, which needs {TEMPLATES} (Debian: prometheus-alertmanager)"
        ));
    }
    run_command(&mut bench)
}
