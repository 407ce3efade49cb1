//! Evaluating rules: the same files over the same scraped cluster, beside Prometheus.

use std::time::Duration;

use anyhow::Result;
use rustix::process::Signal;
use tokio::time::sleep;

use crate::client::Client;
use crate::clock;
use crate::cluster;
use crate::figures::Row;
use crate::meter::Meter;
use crate::probe::{Probe, Questions};
use crate::process::resident_bytes;
use crate::scenarios::Bench;
use crate::target::{Kind, Target};

const SCRAPING: Row = Row::figure("CPU ms a second to scrape 48k series every 5 s");
const EVALUATING: Row = Row::figure("CPU ms a second to evaluate 5,000 rules every 15 s");
const HELD: Row = Row::figure("MiB of memory for both");
const MISSED: Row = Row::budget("rounds of a group that were missed", 0.0);
const LONGEST: Row = Row::budget("ms, longest answer meanwhile", 50.0);

const RULES: u32 = 5_000;
/// Seconds that the cluster is scraped before anything is measured.
const FIRST: u64 = 15;
/// Seconds that scraping alone is measured: six rounds.
const ALONE: u64 = 30;
/// Seconds between two rounds.
const EVERY: f64 = 15.0;
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
    let before = Counters::of(&target, bench.program.kind).await?;
    let both = used_during(bench, &target, bench.span(MEASURED)).await?;
    let after = Counters::of(&target, bench.program.kind).await?;
    let age = clock::wall().as_second() as f64 - after.last;
    bench.figures.expect(age < 2.0 * EVERY, &format!("no rule was evaluated for {age} s"));
    bench.figures.expect(after.failed == before.failed, "rules could not be evaluated");
    bench.figures.note(MISSED, after.missed - before.missed);
    bench.figures.note(EVALUATING, (both - scraping) * 1000.0);
    bench.figures.note(HELD, resident_bytes(target.id()?)? / f64::from(1 << 20));
    bench.figures.answers(LONGEST, probe.end().await?);
    Ok(())
}

/// What a program says of its rules.
struct Counters {
    /// When one was evaluated last, in seconds since 1970.
    last: f64,
    failed: f64,
    missed: f64,
}

impl Counters {
    async fn of(target: &Target, kind: Kind) -> Result<Self> {
        let page = Client::new(target.address).ask("/metrics").await?;
        let page = String::from_utf8_lossy(&page);
        let [last, failed, missed] = match kind {
            Kind::Larum => [
                "larum_policy_last_evaluation_timestamp_seconds",
                "larum_policy_evaluation_failures_total",
                "larum_rule_group_iterations_missed_total",
            ],
            _ => [
                "prometheus_rule_group_last_evaluation_timestamp_seconds",
                "prometheus_rule_evaluation_failures_total",
                "prometheus_rule_group_iterations_missed_total",
            ],
        };
        let last = values(&page, last).fold(0.0, f64::max);
        Ok(Self { last, failed: values(&page, failed).sum(), missed: values(&page, missed).sum() })
    }
}

/// The values of all series of a metric (Prometheus' text format).
fn values(page: &str, metric: &str) -> impl Iterator<Item = f64> {
    let samples = page.lines().filter_map(move |line| line.strip_prefix(metric));
    let samples = samples.filter(|rest| rest.starts_with(['{', ' ']));
    samples.filter_map(|rest| rest.rsplit(' ').next()?.parse().ok())
}

/// The file that both read. The rules lie beside it.
fn settings(cluster: std::net::SocketAddr) -> String {
    format!(
        "global: {{scrape_interval: 5s, evaluation_interval: {EVERY}s}}\nrule_files: [rules.yml]\n\
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_told_from_those_whose_names_go_on() {
        let page = "# TYPE a counter\na{x=\"1 2\"} 3\na_total 5\na{x=\"2\"} 4.5\nb 7\n";
        assert_eq!(values(page, "a").collect::<Vec<_>>(), [3.0, 4.5]);
        assert_eq!(values(page, "b").sum::<f64>(), 7.0);
    }
}
