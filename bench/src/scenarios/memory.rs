//! Holding 100,000 and then 300,000 alerts that were told, and answering questions about them.

use std::time::Duration;

use anyhow::Result;

use crate::alerts::warnings;
use crate::configuration::Configuration;
use crate::figures::{Row, millis};
use crate::meter::Meter;
use crate::post::{ALERTS, post_as_they_begin};
use crate::process::resident_bytes;
use crate::scenarios::{Bench, SETTLING, ask, listed};
use crate::target::Target;

/// How a number of alerts is measured.
struct Step {
    alerts: u32,
    bytes: Row,
    all: Row,
    filtered: Row,
    groups: Row,
}

const STEPS: [Step; 2] = [
    Step {
        alerts: 100_000,
        bytes: Row::budget("bytes of memory an active alert, of 100k", 1100.0),
        all: Row::budget("ms, GET of 100k alerts", 400.0),
        filtered: Row::budget("ms, GET filtered to 100 of 100k alerts", 5.0),
        groups: Row::figure("ms, GET of groups filtered to 100 of 100k alerts"),
    },
    Step {
        alerts: 300_000,
        bytes: Row::budget("bytes of memory an active alert, of 300k", 1100.0),
        all: Row::figure("ms, GET of 300k alerts"),
        filtered: Row::figure("ms, GET filtered to 100 of 300k alerts"),
        groups: Row::figure("ms, GET of groups filtered to 100 of 300k alerts"),
    },
];
const PEAK: Row = Row::figure("MiB of memory at most while 300k alerts come");
const LONGEST: Row = Row::budget("ms, longest answer while 300k alerts come and are told", 50.0);
const LONGEST_ASKED: Row = Row::budget("ms, longest answer while all of 300k alerts are read", 50.0);

const PER_GROUP: u32 = 100;
const SENDERS: usize = 2;
const PATIENCE: Duration = Duration::from_secs(90);
/// How long one question is asked again and again.
const ASKING: Duration = Duration::from_secs(6);

pub async fn measure(bench: &mut Bench<'_>) -> Result<()> {
    let target = bench.router(&Configuration::webhook("5s")).await?;
    target.settle(SETTLING).await?;
    let (empty, meter) = (resident_bytes(target.id()?)?, Meter::start(target.id()?)?);
    let (mut before, mut answers) = (0, crate::probe::Answers::default());
    for step in &STEPS {
        let count = bench.count(step.alerts);
        let probe = bench.probe(&target, "alerts come and are told");
        post_as_they_begin(target.address, &warnings(before, count - before, PER_GROUP), SENDERS).await?;
        let all = target.receiver.wait_for(count as usize, PATIENCE).await;
        answers = answers.and(probe.end().await?);
        bench.figures.expect(all, "not every alert was told");
        before = count;
        target.settle(SETTLING).await?;
        let held = resident_bytes(target.id()?)? - empty;
        bench.figures.note(step.bytes, held / f64::from(count));
        questions(bench, &target, step, count).await?;
    }
    bench.others(&meter)?;
    bench.figures.note(PEAK, meter.peak() / f64::from(1 << 20));
    bench.figures.answers(LONGEST, answers);
    bench.figures.expect(target.receiver.heard().repeated() == 0, "alerts were told twice");
    let probe = bench.probe(&target, "all alerts are read");
    ask(&target, ALERTS, 3, ASKING).await?;
    bench.figures.answers(LONGEST_ASKED, probe.end().await?);
    Ok(())
}

async fn questions(bench: &mut Bench<'_>, target: &Target, step: &Step, count: u32) -> Result<()> {
    let filter = format!("?filter=namespace%3D%22team-{:06}%22", count / PER_GROUP / 2);
    let questions = [
        (step.filtered, format!("{ALERTS}{filter}"), 100, PER_GROUP),
        (step.groups, format!("{ALERTS}/groups{filter}"), 100, PER_GROUP),
        (step.all, ALERTS.to_owned(), 5, count),
    ];
    for (row, path, times, expected) in questions {
        let (took, answer) = ask(target, &path, times, ASKING).await?;
        let found = listed(&answer);
        bench.figures.expect(found == expected as usize, &format!("{found} of {expected} alerts in {path}"));
        bench.figures.note(row, millis(took));
    }
    Ok(())
}
