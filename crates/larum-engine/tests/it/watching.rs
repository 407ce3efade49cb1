//! Watching this host, and what happens when that does not go on.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use larum_core::outbox::DeliveryId;
use larum_core::policy::{Outcome, PolicyDraft};
use larum_core::time::{Now, Steady, Timestamp};
use larum_engine::{Clock, Collector, Hands, Kept, Topic};
use larum_metrics::{HostCollector, HostPaths};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::house::{House, PATIENCE};
use crate::peer::Peer;

/// A host on which one file answers only when somebody writes to it.
fn host_that_hangs(root: &Path) -> (HostCollector, std::path::PathBuf) {
    let proc = root.join("proc");
    std::fs::create_dir(&proc).unwrap();
    let pipe = proc.join("loadavg");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let paths = HostPaths { proc, sys: root.join("sys"), root: "/".into() };
    (HostCollector::new(paths), pipe)
}

#[tokio::test]
async fn a_host_that_does_not_answer_is_told_and_so_is_that_it_does_again() {
    let house = House::open().await;
    house.receiver(&["#alerts"]).await;
    let root = tempfile::tempdir().unwrap();
    let (host, pipe) = host_that_hangs(root.path());
    let collector = Collector::new(house.engine.clone(), Clock::start(), host, Kept::default());
    let (stop, stopping) = watch::channel(false);
    let watching = tokio::spawn(collector.patient_for(Duration::from_millis(1)).run(stopping));
    let heard = house.hears("#alerts", 1).await;
    assert!(heard[0].contains("LarumNotWatching"), "{heard:?}");

    std::fs::write(&pipe, "0.1 0.2 0.3 1/1 1\n").unwrap();
    assert!(house.hears("#alerts", 2).await[1].contains("RESOLVED"));
    stop.send_replace(true);
    timeout(PATIENCE, watching).await.unwrap().unwrap().unwrap();
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_told_after_two_minutes_and_so_is_that_it_does_again() {
    let wall = Timestamp::from_millis(1_800_000_000_000);
    let hands = Hands::at(Now { wall, steady: Steady::default() });
    let house = House::open_by(hands.clock()).await;
    house.receiver(&["#alerts"]).await;
    let peer = Peer::open(&["vector"]).await;
    let (stop, stopping) = watch::channel(false);
    let source = peer.source(hands.clock(), PATIENCE);
    let watching = tokio::spawn(source.watch(house.engine.clone(), stopping));

    peer.hears(1).await;
    for look in 2..9 {
        hands.pass(Duration::from_secs(15));
        peer.hears(look).await;
        assert_eq!(house.engine.read(|state| state.held()), 0, "it may be a restart of the server");
    }
    hands.pass(Duration::from_secs(15));
    let heard = house.hears("#alerts", 1).await;
    assert!(heard[0].contains("LarumNotWatching"), "{heard:?}");
    hands.pass(Duration::from_secs(15));
    peer.hears(10).await;

    let mut changes = house.engine.changes();
    peer.regains("vector");
    hands.pass(Duration::from_secs(15));
    while house.engine.read(|state| state.firing().next().is_some()) {
        changes.recv().await.unwrap();
    }
    hands.pass(Duration::from_secs(1));
    assert!(house.hears("#alerts", 2).await[1].contains("RESOLVED"));
    stop.send_replace(true);
    timeout(PATIENCE, watching).await.unwrap().unwrap();
}

#[tokio::test]
async fn whoever_waits_for_the_writers_end_hears_of_it() {
    let house = House::open().await;
    assert!(timeout(Duration::ZERO, house.engine.ended()).await.is_err());
    house.engine.stop(PATIENCE).await;
    timeout(PATIENCE, house.engine.ended()).await.unwrap();
}

#[tokio::test]
async fn stopping_takes_no_longer_than_it_may() {
    let house = House::open().await;
    house.receiver(&["#alerts"]).await;
    let slow = larum_sandbox::Fault::of(larum_sandbox::Behaviour::Hang);
    house.slack.control().inject(slow.on("chat.postMessage")).unwrap();
    let mut changes = house.engine.changes();
    house.firing("DiskFull").await;
    while !is_sending(&house) {
        changes.recv().await.unwrap();
    }
    house.engine.stop(Duration::ZERO).await;
    assert!(is_sending(&house), "the answer was waited for");
}

#[tokio::test]
async fn a_policy_that_cannot_be_evaluated_is_announced_and_once() {
    let house = House::open().await;
    let draft = PolicyDraft {
        name: "Tank".into(),
        expr: "tank > 1".into(),
        summary: "The tank is full".into(),
        ..PolicyDraft::default()
    };
    let policy = house.engine.save_policy(None, draft, "ada").await.unwrap().policy;
    let evaluated = async || {
        let outcome = Outcome::Failed("it takes too long".to_owned());
        house.engine.evaluated(policy.id, policy.version, outcome, Duration::ZERO).await;
        // Whoever asks next is answered after that.
        house.engine.retry_delivery(DeliveryId(4711)).await.unwrap_err();
        house.engine.retry_delivery(DeliveryId(4711)).await.unwrap_err();
    };
    house.engine.retry_delivery(DeliveryId(4711)).await.unwrap_err();
    let mut changes = house.engine.changes();
    let mut announced =
        || std::iter::from_fn(|| changes.try_recv().ok()).filter(|topic| *topic == Topic::Policies).count();
    evaluated().await;
    assert_eq!(announced(), 1);
    evaluated().await;
    assert_eq!(announced(), 0);
}

fn is_sending(house: &House) -> bool {
    house.engine.read(|state| state.outbox().iter().any(|row| state.outbox().is_sending(row.id)))
}
