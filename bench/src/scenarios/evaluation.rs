//! Evaluating rules: the same files over the same scraped cluster, beside Prometheus.

use std::time::Duration;

use anyhow::Result;
use rustix::process::Signal;
use tokio::time::sleep;

use crate::cluster;
use crate::figures::Row;
use crate::meter::Meter;
use crate::probe::{Probe, Questions};
use crate::process::resident_bytes;
use crate::scenarios::{Bench, Size};
use crate::target::Target;

const SCRAPING: Row = Row::figure("CPU ms a second to scrape 48k series every 5 s");
const EVALUATING: Row = Row::figure("CPU ms a second to evaluate 5,000 rules every 15 s");
const HELD: Row = Row::figure("MiB of memory for both");
const LONGEST: Row = Row::budget("ms, longest answer meanwhile", 50.0);

const RULES: u32 = 5_000;
/// Seconds that the cluster is scraped before anything is measured.
const FIRST: u64 = 15;
/// Seconds that scraping alone is measured: six rounds.
const ALONE: u64 = 30;
/// Seconds that rules are evaluated before they are measured: the longest window of an expression is full by then.
const FILLING: u64 = 60;
/// Seconds that they are measured: three rounds.
const MEASURED: u64 = 45;

pub async fn measure(bench: &mut Bench<'_>) -> Result<()> {
    let (folder, cluster) = (tempfile::tempdir()?, cluster::serve().await?);
    let rules = folder.path().join("rules.yml");
    std::fs::write(folder.path().join("prometheus.yml"), settings(cluster))?;
    std::fs::write(&rules, "groups: []")?;
    let target = Target::evaluator(bench.program, folder).await?;
    sleep(bench.span(FIRST)).await;
    let probe = Probe::start(target.address, Questions::HEALTH, "scraping");
    let scraping = used_during(bench, &target, bench.span(ALONE)).await?;
    bench.figures.note(SCRAPING, scraping * 1000.0);

    std::fs::write(&rules, cluster::rules(bench.count(RULES) as usize))?;
    probe.during("scraping and evaluating");
    target.send(Signal::HUP)?;
    sleep(bench.span(FILLING)).await;
    let both = used_during(bench, &target, bench.span(MEASURED)).await?;
    // Whoever evaluates none of them is cheap as well. A fiftieth of them disappears in the noise.
    let seen = both > scraping || bench.size == Size::Quick;
    bench.figures.expect(seen, "rules cost nothing: they are not evaluated");
    bench.figures.note(EVALUATING, (both - scraping) * 1000.0);
    bench.figures.note(HELD, resident_bytes(target.id()?)? / f64::from(1 << 20));
    bench.figures.answers(LONGEST, probe.end().await?);
    Ok(())
}

/// The file that both read. The rules lie beside it.
fn settings(cluster: std::net::SocketAddr) -> String {
    format!(
        "global: {{scrape_interval: 5s, evaluation_interval: 15s}}\nrule_files: [rules.yml]\n\
         scrape_configs:\n- job_name: cluster\n  static_configs:\n  - targets: ['{cluster}']\n"
    )
}

/// CPU seconds a second that it uses for so long.
async fn used_during(bench: &Bench<'_>, target: &Target, span: Duration) -> Result<f64> {
    let meter = Meter::start(target.id()?)?;
    sleep(span).await;
    bench.others(&meter)?;
    Ok(meter.cpu()? / span.as_secs_f64())
}
