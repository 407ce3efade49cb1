//! 100,000 groups of one alert: telling all of them, and coming back after a stop with all of that in mind.

use std::time::Duration;

use anyhow::Result;
use rustix::process::Signal;

use crate::alerts::{Alert, Firing, bodies, warnings};
use crate::clock;
use crate::configuration::Configuration;
use crate::figures::{Row, millis};
use crate::meter::Meter;
use crate::post::{ALERTS, post};
use crate::probe::Answers;
use crate::scenarios::{Bench, SETTLING};
use crate::target::Target;

const COST: Row = Row::figure("CPU ms a message, 100k groups of one, taking in included");
const TAKING_IN: Row = Row::figure("s to take in 100k alerts while they are told");
const TELLING: Row = Row::figure("s from the last answer to the last message");
const PEAK: Row = Row::figure("MiB of memory at most");
const RESTART: Row = Row::figure("ms from a start to ready, 100k groups told");
const REPEATED: Row = Row::budget("alerts told again after a stop and a start, all sent again", 0.0);
const LONGEST: Row = Row::budget("ms, longest answer meanwhile", 50.0);
const LONGEST_AGAIN: Row = Row::budget("ms, longest answer while all are sent again after the start", 50.0);

const GROUPS: u32 = 100_000;
const SENDERS: usize = 2;
const PATIENCE: Duration = Duration::from_secs(150);

pub async fn measure(bench: &mut Bench<'_>) -> Result<()> {
    let mut target = bench.router(&Configuration::slack("1s")).await?;
    let (alerts, firing) = (warnings(0, bench.count(GROUPS), 1), Firing::from_now());
    tell(bench, &target, &alerts, firing).await?;
    target.stop(Signal::TERM).await?;
    let start = target.start_again().await?;
    bench.figures.note(RESTART, millis(start));
    let answers = repeat(bench, &target, &alerts, firing).await?;
    let repeated = target.receiver.heard().repeated();
    bench.figures.note(REPEATED, repeated as f64);
    bench.figures.answers(LONGEST_AGAIN, answers);
    bench.figures.expect(repeated == 0, "alerts were told twice");
    Ok(())
}

async fn tell(bench: &mut Bench<'_>, target: &Target, alerts: &[Alert], firing: Firing) -> Result<()> {
    let bodies = bodies(alerts, firing);
    let probe = bench.probe(target, "taking in and telling");
    let meter = Meter::start(target.id()?)?;
    let taking_in = post(target.address, ALERTS, bodies, SENDERS).await?.wall;
    let answered = clock::now();
    probe.during("telling");
    let all = target.receiver.wait_for(alerts.len(), PATIENCE).await;
    let telling = answered.elapsed();
    let answers = probe.end().await?;
    bench.others(&meter)?;
    bench
        .figures
        .expect(all, &format!("{} of {} alerts were told", target.receiver.heard().firing(), alerts.len()));
    target.settle(SETTLING).await?;
    bench.figures.note(COST, meter.cpu()? * 1000.0 / alerts.len() as f64);
    bench.figures.note(TAKING_IN, taking_in.as_secs_f64());
    bench.figures.note(TELLING, telling.as_secs_f64());
    bench.figures.note(PEAK, meter.peak() / f64::from(1 << 20));
    bench.figures.answers(LONGEST, answers);
    Ok(())
}

async fn repeat(bench: &Bench<'_>, target: &Target, alerts: &[Alert], firing: Firing) -> Result<Answers> {
    let probe = bench.probe(target, "all are sent again after a start");
    post(target.address, ALERTS, bodies(alerts, firing.again()), SENDERS).await?;
    let answers = probe.end().await?;
    target.settle(SETTLING).await?;
    Ok(answers)
}
