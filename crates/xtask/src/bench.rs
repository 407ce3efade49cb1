//! `cargo xtask bench`: measures the budgets in a release build, beside Alertmanager and Prometheus, and on node_exporter from Debian's
//! packages.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use crate::command::{cargo, run as run_command, say};
use crate::house::House;
use crate::tools;

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
    let all = arguments.scenarios.is_empty();
    let others: Vec<&String> = arguments.scenarios.iter().filter(|scenario| *scenario != SCRAPING).collect();
    if all || !others.is_empty() {
        let mut bench =
            cargo(&house, &["bench", "--locked", "--package", "larum", "--bench", "budgets", "--"]);
        bench.args(&others);
        if Path::new(TEMPLATES).is_file() {
            bench.env("LARUM_TEST_ALERTMANAGER", peers.alertmanager);
        } else {
            say(&format!(
                "measures Larum alone: beside Alertmanager once {TEMPLATES} is there (Debian: prometheus-alertmanager)"
            ));
        }
        bench.env("LARUM_TEST_PROMETHEUS", &peers.prometheus);
        run_command(&mut bench)?;
    }
    if all || others.len() < arguments.scenarios.len() {
        let mut bench =
            cargo(&house, &["bench", "--locked", "--package", "larum-metrics", "--bench", SCRAPING]);
        run_command(bench.env("LARUM_TEST_NODE_EXPORTER", peers.node_exporter))?;
    }
    Ok(ExitCode::SUCCESS)
}
