//! `cargo xtask bench`: measures the budgets in a release build, beside Alertmanager and Prometheus from Debian's
//! packages, and on what Debian's node_exporter says.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use crate::command::{cargo, run as run_command, say};
use crate::house::House;
use crate::tools::{self, debian::Peers};

/// What to measure; everything unless some are chosen.
#[derive(clap::Args)]
pub struct Arguments {
    /// ingest, questions, telling, evaluation or scraping
    scenarios: Vec<String>,
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
    if all || !budgets.is_empty() {
        measure_budgets(&house, &budgets, &peers)?;
    }
    if all || !scraping.is_empty() {
        let mut bench =
            cargo(&house, &["bench", "--locked", "--package", "larum-metrics", "--bench", SCRAPING]);
        run_command(bench.env("LARUM_TEST_NODE_EXPORTER", peers.node_exporter))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Measures these scenarios of the whole binary, or all of them.
fn measure_budgets(house: &House, scenarios: &[&String], peers: &Peers) -> Result<()> {
    let mut bench = cargo(house, &["bench", "--locked", "--package", "larum", "--bench", "budgets", "--"]);
    bench.args(scenarios).env("LARUM_TEST_PROMETHEUS", &peers.prometheus);
    if Path::new(TEMPLATES).is_file() {
        bench.env("LARUM_TEST_ALERTMANAGER", &peers.alertmanager);
    } else {
        say(&format!(
            "measures Larum without Alertmanager beside it, which needs {TEMPLATES} (Debian: prometheus-alertmanager)"
        ));
    }
    run_command(&mut bench)
}
