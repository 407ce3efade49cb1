//! Taking alerts in, new ones and the same again, with a group wait that keeps messages out of the figures.

use anyhow::Result;

use crate::alerts::{Firing, bodies, warnings};
use crate::client::Client;
use crate::configuration::Configuration;
use crate::figures::Row;
use crate::post::ALERTS;
use crate::probe::{Probe, Questions};
use crate::scenarios::{Bench, listed};

const NEW: Row = Row::budget("CPU s to take in 100k new alerts, 64 a POST, 4 connections", 0.9);
const AGAIN: Row = Row::budget("CPU s to take in 100k alerts that are sent again", 0.5);
const ALONE: Row = Row::figure("CPU s to take in 100k new alerts over one connection");
const NEW_WALL: Row = Row::figure("s to take in 100k new alerts, 4 connections");
const AGAIN_WALL: Row = Row::figure("s to take in 100k alerts that are sent again");
const ALONE_WALL: Row = Row::figure("s to take in 100k new alerts over one connection");
const LONGEST: Row = Row::budget("ms, longest answer meanwhile", 50.0);

const ALERTS_TAKEN: u32 = 100_000;
const PER_GROUP: u32 = 100;
const SENDERS: usize = 4;
/// How often everything is sent again; the mean counts.
const ROUNDS: u32 = 2;

pub async fn measure(bench: &mut Bench<'_>) -> Result<()> {
    let target = bench.router(&Configuration::slack("10m")).await?;
    let count = bench.count(ALERTS_TAKEN);
    let full = f64::from(ALERTS_TAKEN) / f64::from(count);
    let (alerts, firing) = (warnings(0, count, PER_GROUP), Firing::from_now());
    let probe = Probe::start(target.address, Questions::CHEAP, "new alerts");
    let taken = bench.take_in(&target, bodies(&alerts, firing), SENDERS).await?;
    bench.figures.note(NEW, taken.cpu * full);
    bench.figures.note(NEW_WALL, taken.wall.as_secs_f64() * full);

    probe.during("alerts that are sent again");
    let (mut cpu, mut wall) = (0.0, 0.0);
    for _ in 0..ROUNDS {
        let taken = bench.take_in(&target, bodies(&alerts, firing.again()), SENDERS).await?;
        cpu += taken.cpu;
        wall += taken.wall.as_secs_f64();
    }
    bench.figures.note(AGAIN, cpu * full / f64::from(ROUNDS));
    bench.figures.note(AGAIN_WALL, wall * full / f64::from(ROUNDS));

    probe.during("new alerts over one connection");
    let others = bodies(&warnings(count, count, PER_GROUP), Firing::from_now());
    let taken = bench.take_in(&target, others, 1).await?;
    bench.figures.note(ALONE, taken.cpu * full);
    bench.figures.note(ALONE_WALL, taken.wall.as_secs_f64() * full);
    bench.figures.answers(LONGEST, probe.end().await?);

    let found = listed(&Client::new(target.address).ask(ALERTS).await?);
    let all = 2 * count as usize;
    bench.figures.expect(found == all, &format!("{found} of {all} alerts are there"));
    Ok(())
}
