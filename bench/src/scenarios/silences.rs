//! Silences by regular expressions over ten thousand alerts. Each hides the one alert of a node, and every group has
//! some that are hidden and some that are not: so with and without silences there are as many messages.

use std::time::Duration;

use anyhow::Result;
use bytes::Bytes;

use crate::alerts::{Firing, bodies, silence, warnings};
use crate::client::Client;
use crate::configuration::Configuration;
use crate::figures::{Row, millis};
use crate::meter::Meter;
use crate::post::{ALERTS, SILENCES, post};
use crate::scenarios::{Bench, SETTLING, ask};
use crate::target::Target;

const ABOVE: Row = Row::budget("CPU s, 1,000 silences x 10k alerts, above the same without silences", 0.3);
const MANY: Row = Row::figure("CPU s, 5,000 silences x 10k new alerts");
const FIRST: Row = Row::figure("ms, the first 500 of 5,000 silences one by one");
const LAST: Row = Row::budget("times as long as that, the last 500", 2.0);
const AFTER: Row = Row::figure("ms, first GET of 10k alerts after one more silence");
const LIST: Row = Row::figure("ms, GET of 5,000 silences");
const LONGEST: Row = Row::budget("ms, longest answer while 5,000 silences and 10k alerts come", 50.0);

const ALERTS_HIDDEN: u32 = 10_000;
const PER_GROUP: u32 = 10;
const SENDERS: usize = 2;
const PATIENCE: Duration = Duration::from_secs(100);

pub async fn measure(bench: &mut Bench<'_>) -> Result<()> {
    let without = cost(bench, 0).await?;
    let with = cost(bench, bench.count(1_000)).await?;
    bench.figures.note(ABOVE, with - without);
    one_by_one(bench).await
}

/// Silences that hide every n-th of the alerts.
fn every_nth(silences: u32, alerts: u32) -> Vec<Bytes> {
    (0..silences).map(|nth| silence(nth * (alerts / silences))).collect()
}

/// CPU seconds to take in and tell the alerts, of which so many are silenced.
async fn cost(bench: &mut Bench<'_>, silences: u32) -> Result<f64> {
    let target = bench.router(&Configuration::webhook("5s")).await?;
    let alerts = bench.count(ALERTS_HIDDEN);
    post(target.address, SILENCES, every_nth(silences, alerts), SENDERS).await?;
    target.settle(SETTLING).await?;
    let bodies = bodies(&warnings(0, alerts, PER_GROUP), Firing::from_now());
    let meter = Meter::start(target.id()?)?;
    post(target.address, ALERTS, bodies, SENDERS).await?;
    told(bench, &target, alerts - silences).await?;
    bench.others(&meter)?;
    meter.cpu()
}

/// Waits until all are told that are to be told, and no more.
async fn told(bench: &mut Bench<'_>, target: &Target, expected: u32) -> Result<()> {
    let all = target.receiver.wait_for(expected as usize, PATIENCE).await;
    target.settle(SETTLING).await?;
    let told = target.receiver.heard().firing();
    let right = all && told == expected as usize;
    bench.figures.expect(right, &format!("{told} alerts were told, {expected} are not silenced"));
    Ok(())
}

/// 5,000 silences one after the other while alerts are active, then as many alerts again under all of them.
async fn one_by_one(bench: &mut Bench<'_>) -> Result<()> {
    let target = bench.router(&Configuration::webhook("5s")).await?;
    let (alerts, silences) = (bench.count(ALERTS_HIDDEN), bench.count(5_000));
    let mut warnings = warnings(0, alerts, PER_GROUP);
    post(target.address, ALERTS, bodies(&warnings, Firing::from_now()), SENDERS).await?;
    told(bench, &target, alerts).await?;

    let probe = bench.probe(&target, "silences come one by one");
    let each = post(target.address, SILENCES, every_nth(silences, alerts), 1).await?.each;
    let tenth = each.len() / 10;
    let (first, last) = (&each[..tenth], &each[each.len() - tenth..]);
    let (first, last): (Duration, Duration) = (first.iter().sum(), last.iter().sum());
    bench.figures.note(FIRST, millis(first));
    bench.figures.note(LAST, last.as_secs_f64() / first.as_secs_f64());

    probe.during("alerts come under 5,000 silences");
    // Other alerts of the same nodes, in groups of their own.
    for warning in &mut warnings {
        warning.id += alerts;
        warning.group += alerts;
    }
    target.receiver.forget();
    let meter = Meter::start(target.id()?)?;
    post(target.address, ALERTS, bodies(&warnings, Firing::from_now()), SENDERS).await?;
    let all = target.receiver.wait_for((alerts - silences) as usize, PATIENCE).await;
    bench.figures.expect(all, "not every alert was told that is not silenced");
    let answers = probe.end().await?;
    told(bench, &target, alerts - silences).await?;
    bench.figures.note(MANY, meter.cpu()?);
    bench.others(&meter)?;

    Client::new(target.address).tell(SILENCES, silence(1)).await?;
    let (after, _) = ask(&target, ALERTS, 1, PATIENCE).await?;
    bench.figures.note(AFTER, millis(after));
    let (list, _) = ask(&target, SILENCES, 5, Duration::from_secs(3)).await?;
    bench.figures.note(LIST, millis(list));
    bench.figures.answers(LONGEST, answers);
    Ok(())
}
