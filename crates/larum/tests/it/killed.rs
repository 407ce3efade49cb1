//! Killed without warning at random moments, at least fifty times: what was accepted arrives, and nothing is said
//! twice but what Larum could not know to be said.

mod ledger;
mod senders;

use std::time::Duration;

use larum_sandbox::{Behaviour, Fault};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::json;

use crate::house::House;
use crate::killed::ledger::{Ledger, Story};
use crate::killed::senders::Senders;
use crate::larum::PATIENCE;

/// How often Larum is killed, a third of them at each kind of moment.
const KILLS: usize = 54;
/// How many groups of alerts are posted between two kills.
const BATCHES: usize = 9;
/// Where every message goes.
const CHANNELS: [&str; 2] = ["#alerts", "#critical"];
/// How late Slack answers, so that a kill meets posts on their way.
const SLACK: u64 = 20;

/// A seed for the moments; `LARUM_TEST_SEED` chooses another.
fn seed() -> u64 {
    let given = std::env::var("LARUM_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = given.unwrap_or(20_261_122);
    eprintln!("LARUM_TEST_SEED={seed}");
    seed
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_9_loses_nothing_accepted_and_repeats_nothing_whose_answer_was_read() {
    let mut random = StdRng::seed_from_u64(seed());
    let mut house = House::start().await;
    house.receiver(&CHANNELS, json!([{"label": "disk", "operator": "Exists", "values": []}])).await;
    house.administrator.group(&["alertname"], "1s", "1s").await;

    let mut ledger = Ledger::default();
    let senders = Senders::start(house.larum.address, house.slack.control().clone(), random.random());
    for round in 0..KILLS {
        slow_slack(&house, round);
        let seen = house.slack.control().requests(0).last().map_or(0, |request| request.seq);
        let before = senders.progress();
        senders.send(BATCHES);
        let count = random.random_range(1..=BATCHES);
        let pause = match round % 3 {
            // In the middle of a POST, from its first byte to its commit.
            0 => {
                senders.until(|now| now.started >= before.started + count).await;
                random.random_range(0..8_000)
            }
            // Accepted and waiting for its turn.
            1 => {
                senders.until(|now| now.accepted >= before.accepted + count).await;
                random.random_range(0..1_200_000)
            }
            // On its way to Slack.
            _ => {
                let requests = house.slack.control().wait_for_requests(seen, count, PATIENCE).await;
                assert!(!requests.is_empty(), "nothing was sent in round {round}");
                random.random_range(0..2 * SLACK * 1_000)
            }
        };
        // The moment itself is what is tried here: nothing is waited for.
        let _ = tokio::time::timeout(Duration::from_micros(pause), std::future::pending::<()>()).await;
        house.larum.kill().await;
        ledger.killed();
        house.start_again().await;
        ledger.born(house.larum.said_at("read back what was written down"));
        senders.moved_to(house.larum.address);
    }
    house.slack.control().clear_faults();
    let sent = senders.finish().await;

    let story = Story::told(house.slack.control(), &sent, &CHANNELS).await;
    story.says_everything_once(&sent, &CHANNELS);
    let repeated = ledger.only_what_was_on_its_way_is_repeated(&house.slack.control().requests(0));
    assert!(!repeated.is_empty(), "no kill met a message on its way: this test proves nothing");
    ledger.repetitions_are_marked(&house.administrator, &story, &repeated).await;
    assert!(!house.larum.log().contains("panicked"));
    eprintln!(
        "{} groups, {} posts cut off, {} messages repeated",
        sent.batches.len(),
        sent.cut,
        repeated.len()
    );
}

/// Lets Slack answer late: before it stores a message, or after.
fn slow_slack(house: &House, round: usize) {
    let slow = Fault::of(Behaviour::Slow { milliseconds: SLACK }).on("chat.postMessage");
    house.slack.control().clear_faults();
    let slow = if round.is_multiple_of(2) { slow.after() } else { slow };
    house.slack.control().inject(slow).expect("the sandbox can be slow");
}
