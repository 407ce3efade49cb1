//! A token that was saved while Slack could not be asked: what waits is not told to another workspace.

use std::time::Duration;

use larum_core::outbox::WaitsFor;
use larum_core::receiver::Receiver;

use crate::world::{World, receiver};

const MINUTE: u64 = 60;

/// The receiver with a new token of which Slack has said nothing yet.
fn unproven() -> Receiver {
    Receiver { unproven: true, ..receiver(1, &["a", "b"]) }
}

/// What is to be told waits, and a token was saved of which Slack has said nothing yet.
fn waiting() -> World {
    let mut world = World::with(&[receiver(1, &["a", "b"])]);
    world.firing("alertname=Disk").seconds(30).refuses_channel().saved(unproven());
    world
}

#[test]
fn nothing_is_sent_with_a_token_of_which_slack_has_said_nothing() {
    let mut world = waiting();
    world.firing("alertname=Cpu").seconds(30 * MINUTE);
    assert_eq!(world.in_flight.len(), 0);
    let ids: Vec<_> = world.state.outbox().iter().map(|delivery| delivery.id).collect();
    world.state.retry_delivery(ids[0], world.now);
    assert_eq!(world.step().in_flight.len(), 0, "neither when somebody asks for it");
    assert!(world.state.outbox().next_due(&world.state.config, world.now.steady).is_none());
    assert_eq!(world.crash(Duration::from_secs(1)).in_flight.len(), 0, "nor after a crash");
}

#[test]
fn that_is_what_it_waits_for() {
    let mut world = World::with(&[unproven()]);
    world.firing("alertname=Disk").seconds(30);
    let outbox = world.state.outbox();
    let first = outbox.iter().next().unwrap().id;
    assert_eq!(outbox.waits_for(&world.state.config, first, world.now.steady), Some(WaitsFor::Proof));
}

#[test]
fn once_it_is_known_to_be_of_the_same_workspace_what_waits_is_sent() {
    let mut world = waiting();
    world.seconds(30 * MINUTE).saved(receiver(1, &["a", "b"])).slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing Disk", "#b: first_notification: firing Disk"]);
}

#[test]
fn once_it_is_known_to_be_of_another_what_waits_is_cancelled() {
    let mut world = waiting();
    let elsewhere = Receiver { workspace: Some("T2".into()), ..receiver(1, &["a", "b"]) };
    world.seconds(30 * MINUTE).saved(elsewhere).slack_takes_all();
    assert_eq!(world.log(), ["#a 1: cancelled", "#b 1: cancelled"]);
    assert_eq!(world.hears(), [""; 0]);
}

#[test]
fn a_receiver_beside_it_is_told_as_ever() {
    let mut world = World::with(&[unproven(), receiver(2, &["a"])]);
    world.firing("alertname=Disk").seconds(30).slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing Disk"]);
}
