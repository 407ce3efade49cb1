//! 5,000 critical alerts that hush the others of their nodes: half of 20,000, and of every group. Without inhibition one
//! silence hides the same half, so with and without it the messages are the same.

use std::time::Duration;

use anyhow::Result;
use tokio::time::sleep;

use crate::alerts::{Alert, Firing, bodies, silence_severity};
use crate::client::Client;
use crate::configuration::Configuration;
use crate::figures::{Row, millis};
use crate::meter::Meter;
use crate::post::{ALERTS, SILENCES, post};
use crate::probe::{Answers, Probe, Questions};
use crate::scenarios::{Bench, SETTLING, ask};
use crate::target::Target;

const ABOVE: Row = Row::budget("CPU s, 5k inhibiting x 20k alerts, above the same without inhibition", 0.3);
const GET: Row = Row::figure("ms, GET of all of them");
const LONGEST: Row = Row::budget("ms, longest answer while 20k alerts come", 50.0);
const LONGEST_ENDING: Row = Row::budget("ms, longest answer while the 5k that inhibit end", 50.0);

const SOURCES: u32 = 5_000;
const TARGETS: u32 = 20_000;
const PER_GROUP: u32 = 20;
/// The severity of what is hushed.
const HUSHED: &str = "notice";
/// Numbers of sources lie above those of targets, and so do their groups.
const FIRST_SOURCE: u32 = 1_000_000;
const SENDERS: usize = 2;
const PATIENCE: Duration = Duration::from_secs(100);
/// How long it is watched what comes of the end of the sources.
const ENDING: Duration = Duration::from_secs(3);

/// What fires: so many nodes with a source and targets, and as many without a source.
struct Storm {
    sources: Vec<Alert>,
    targets: Vec<Alert>,
}

impl Storm {
    fn new(sources: u32, targets: u32) -> Self {
        let source = |node| {
            let id = FIRST_SOURCE + node;
            Alert { id, group: id / PER_GROUP, node, severity: "critical" }
        };
        let target = |id: u32| {
            let (hushed, node) = (id.is_multiple_of(2), (id / 2) % sources);
            let (node, severity) = if hushed { (node, HUSHED) } else { (node + sources, "warning") };
            Alert { id, group: id / PER_GROUP, node, severity }
        };
        Self { sources: (0..sources).map(source).collect(), targets: (0..targets).map(target).collect() }
    }
}

pub async fn measure(bench: &mut Bench<'_>) -> Result<()> {
    let storm = Storm::new(bench.count(SOURCES), bench.count(TARGETS));
    let without = cost(bench, &storm, false).await?;
    let with = cost(bench, &storm, true).await?;
    bench.figures.note(ABOVE, with - without);
    Ok(())
}

/// CPU seconds to take in and tell the targets, after the sources were told.
async fn cost(bench: &mut Bench<'_>, storm: &Storm, inhibition: bool) -> Result<f64> {
    let target = bench.router(&Configuration { inhibition, ..Configuration::webhook("5s") }).await?;
    let began = Firing::from_now();
    if !inhibition {
        Client::new(target.address).tell(SILENCES, silence_severity(HUSHED)).await?;
    }
    post(target.address, ALERTS, bodies(&storm.sources, began), SENDERS).await?;
    told(bench, &target, storm.sources.len()).await?;
    let bodies = bodies(&storm.targets, Firing::from_now());
    let probe = Probe::start(target.address, Questions::CHEAP, "20k alerts come and are told");
    let meter = Meter::start(target.id()?)?;
    post(target.address, ALERTS, bodies, SENDERS).await?;
    let expected = storm.sources.len() + storm.targets.len() / 2;
    target.receiver.wait_for(expected, PATIENCE).await;
    let answers = probe.end().await?;
    told(bench, &target, expected).await?;
    let cpu = meter.cpu()?;
    bench.others(&meter)?;
    if inhibition {
        let (get, _) = ask(&target, ALERTS, 5, Duration::from_secs(3)).await?;
        bench.figures.note(GET, millis(get));
        bench.figures.answers(LONGEST, answers);
        let answers = end(bench, &target, storm, began).await?;
        bench.figures.answers(LONGEST_ENDING, answers);
    }
    Ok(cpu)
}

/// The sources end, and what they hushed is free again.
async fn end(bench: &Bench<'_>, target: &Target, storm: &Storm, began: Firing) -> Result<Answers> {
    let probe = bench.probe(target, "the 5k that inhibit end");
    post(target.address, ALERTS, bodies(&storm.sources, began.over()), SENDERS).await?;
    sleep(ENDING).await;
    probe.end().await
}

/// Waits until all are told that are to be told, and no more.
async fn told(bench: &mut Bench<'_>, target: &Target, expected: usize) -> Result<()> {
    target.receiver.wait_for(expected, PATIENCE).await;
    target.settle(SETTLING).await?;
    let told = target.receiver.heard().firing();
    bench.figures.expect(told == expected, &format!("{told} alerts were told, {expected} are to be told"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_every_group_is_hushed() {
        let storm = Storm::new(100, 400);
        let hushed = |group: u32| {
            let of_group = storm.targets.iter().filter(move |target| target.group == group);
            of_group.filter(|target| storm.sources.iter().any(|source| source.node == target.node)).count()
        };
        assert!((0..20).all(|group| hushed(group) == 10));
        assert!(storm.sources.iter().all(|source| source.group > 400));
    }
}
