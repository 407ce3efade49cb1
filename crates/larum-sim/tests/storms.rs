//! Two hundred storms. Those that break a promise say how to raise them again.

use std::ops::Range;

use larum_sim::{Tally, weather};

fn ride_out(seeds: Range<u64>) {
    let report = weather(seeds);
    assert!(report.broken.is_empty(), "a promise is broken; again:\n{}", report.broken.join("\n"));
    let Tally { inhibited, silenced, off_time, told_late, delivered, superseded, .. } = report.tally;
    let Tally { deaths, failures, waits, again, .. } = report.tally;
    let everything =
        [inhibited, silenced, off_time, told_late, delivered, superseded, deaths, failures, waits, again];
    assert!(everything.iter().all(|count| *count > 0), "a dead calm: {:?}", report.tally);
}

#[test]
fn the_promises_hold_in_the_first_fifty_storms() {
    ride_out(0..50);
}

#[test]
fn the_promises_hold_in_the_second_fifty_storms() {
    ride_out(50..100);
}

#[test]
fn the_promises_hold_in_the_third_fifty_storms() {
    ride_out(100..150);
}

#[test]
fn the_promises_hold_in_the_last_fifty_storms() {
    ride_out(150..200);
}
