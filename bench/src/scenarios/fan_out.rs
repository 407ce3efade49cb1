//! What a message to Slack costs, when ten thousand groups are due at about the same time.

use std::time::Duration;

use anyhow::Result;

use crate::alerts::warnings;
use crate::clock;
use crate::configuration::Configuration;
use crate::figures::Row;
use crate::meter::Meter;
use crate::post::post_as_they_begin;
use crate::probe::{Answers, Probe, Questions};
use crate::scenarios::{Bench, SETTLING};

/// How groups of one size are measured.
struct Groups {
    per_group: u32,
    cost: Row,
    cost_alone: Row,
    delay: Row,
}

const SINGLE: Groups = Groups {
    per_group: 1,
    cost: Row::budget("CPU ms a Slack message, 10k groups of one, taking in included", 0.25),
    cost_alone: Row::figure("CPU ms the same, from the last answer on"),
    delay: Row::figure("s from the last answer to the last of 10k messages, group_wait 10 s"),
};
const TEN: Groups = Groups {
    per_group: 10,
    cost: Row::budget("CPU ms a Slack message, 10k groups of ten, taking in included", 0.25),
    cost_alone: Row::figure("CPU ms the same of ten alerts, from the last answer on"),
    delay: Row::figure("s from the last answer to the last of 10k messages of ten, group_wait 10 s"),
};
const LONGEST: Row = Row::budget("ms, longest answer meanwhile", 50.0);

const GROUPS: u32 = 10_000;
const SENDERS: usize = 2;
const PATIENCE: Duration = Duration::from_secs(90);

pub async fn measure(bench: &mut Bench<'_>) -> Result<()> {
    let single = tell(bench, &SINGLE).await?;
    let ten = tell(bench, &TEN).await?;
    bench.figures.answers(LONGEST, single.and(ten));
    Ok(())
}

async fn tell(bench: &mut Bench<'_>, groups: &Groups) -> Result<Answers> {
    let target = bench.router(&Configuration::slack("10s")).await?;
    let count = bench.count(GROUPS);
    let alerts = warnings(0, count * groups.per_group, groups.per_group);
    let probe = Probe::start(target.address, Questions::CHEAP, "taking in");
    let meter = Meter::start(target.id()?)?;
    post_as_they_begin(target.address, &alerts, SENDERS).await?;
    let (answered, taken_in) = (clock::now(), meter.cpu()?);
    probe.during("telling");
    let all = target.receiver.wait_for(alerts.len(), PATIENCE).await;
    bench.figures.expect(all, "not every alert was told");
    let delay = answered.elapsed();
    let answers = probe.end().await?;
    target.settle(SETTLING).await?;
    let cpu = meter.cpu()?;
    bench.others(&meter)?;
    bench.figures.expect(target.receiver.heard().repeated() == 0, "alerts were told twice");
    bench.figures.note(groups.cost, cpu * 1000.0 / f64::from(count));
    bench.figures.note(groups.cost_alone, (cpu - taken_in) * 1000.0 / f64::from(count));
    bench.figures.note(groups.delay, delay.as_secs_f64());
    Ok(answers)
}
