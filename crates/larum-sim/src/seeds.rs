//! Many storms, each known by its seed; one that breaks a promise says how to raise it again.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::ledger::Tally;
use crate::storm::{EVENTS, ride_out};

/// How it went.
#[derive(Debug, Default)]
pub struct Report {
    /// What there was of everything.
    pub tally: Tally,
    /// Which storms broke a promise, and how to raise each again.
    pub broken: Vec<String>,
}

/// Rides out the storms with these seeds. Those that break a promise are ridden out again with ever fewer events, as
/// long as they break one.
pub fn weather(seeds: Range<u64>) -> Report {
    let mut report = Report::default();
    for seed in seeds {
        match breaks(seed, (0..EVENTS).collect()) {
            Ok(tally) => report.tally += tally,
            Err(events) => report.broken.push(again(seed, &shortened(seed, events))),
        }
    }
    report
}

/// Rides it out. If a promise is broken, answers by what it came to that.
fn breaks(seed: u64, events: Vec<usize>) -> Result<Tally, Vec<usize>> {
    let ridden = events.clone();
    catch_unwind(AssertUnwindSafe(|| ride_out(seed, ridden, false))).map_err(|_| events)
}

/// How many times a storm is ridden out to shorten it.
const TRIES: usize = 60;

/// Leaves out ever smaller parts, as long as it still breaks.
fn shortened(seed: u64, mut events: Vec<usize>) -> Vec<usize> {
    let (mut part, mut tries) = (events.len() / 2, 0);
    while part > 0 && tries < TRIES {
        let mut from = 0;
        while from < events.len() && tries < TRIES {
            let mut fewer = events.clone();
            fewer.drain(from..(from + part).min(fewer.len()));
            tries += 1;
            match breaks(seed, fewer) {
                Err(fewer) => events = fewer,
                Ok(_) => from += part,
            }
        }
        part /= 2;
    }
    events
}

/// What somebody types to raise it again.
fn again(seed: u64, events: &[usize]) -> String {
    let events: Vec<String> = events.iter().map(ToString::to_string).collect();
    format!("cargo xtask sim --seed {seed} --events {}", events.join(","))
}
