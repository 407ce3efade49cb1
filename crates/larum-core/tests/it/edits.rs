//! Settings are changed, and people press *retry*, while messages wait or are on their way.

use std::time::Duration;

use larum_core::config::{Grouping, Limits};
use larum_core::outbox::{Delivery, DeliveryState, Outcome};
use larum_core::receiver::Receiver;
use larum_core::state::Refused;

use crate::world::{World, only, receiver};

const MINUTE: u64 = 60;

fn unreachable() -> Outcome {
    Outcome::Unreachable { error: "connection refused".into() }
}

/// The delivery that was given up.
fn dead(world: &World) -> Delivery {
    let mut changes = world.journal.iter().rev().flat_map(|delta| delta.changes.iter().rev());
    changes.find(|change| change.state == DeliveryState::Dead).unwrap().delivery.clone()
}

fn refused_twice(world: &mut World) -> Delivery {
    let refused = Outcome::PayloadRefused { error: "invalid_blocks".into() };
    world.answer_all(&refused).answer_all(&refused);
    dead(world)
}

#[test]
fn what_fails_on_its_way_while_its_receiver_is_switched_off_is_cancelled() {
    let mut world = World::with(&[receiver(1, &["a", "b"])]);
    world.firing("alertname=Disk").seconds(30);
    world.saved(Receiver { enabled: false, ..receiver(1, &["a", "b"]) });
    let first = world.in_flight[0].id;
    world.answer(first, Outcome::Unknown { error: "timeout".into() }).answer_all(&unreachable());
    world.seconds(10 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), [""; 0]);
    assert_eq!(world.log(), ["#a 1: cancelled", "#b 1: cancelled"]);
    let last = world.journal.iter().flat_map(|delta| &delta.changes).last().unwrap();
    let why = "Receive Notifications switched off by ada".into();
    assert_eq!(last.state, DeliveryState::Cancelled { why });
    assert!(world.state.outbox().is_empty());
}

#[test]
fn what_arrives_although_its_channel_was_removed_is_written_down_as_delivered() {
    let mut world = World::with(&[receiver(1, &["a", "b"])]);
    world.firing("alertname=Disk").seconds(30).saved(receiver(1, &["a"])).slack_takes_all();
    assert_eq!(world.log(), ["#a 1: delivered", "#b 1: delivered"]);
    world.resolved("alertname=Disk").seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears().last().unwrap(), "#a: all_resolved: resolved Disk");
}

#[test]
fn a_dead_message_is_tried_again_once_however_often_retry_is_pressed() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk").seconds(30);
    let dead = refused_twice(&mut world);
    world.state.revive_delivery(dead.clone());
    world.state.revive_delivery(dead.clone());
    assert!(world.state.retry_delivery(dead.id, world.now));
    world.step();
    assert_eq!((world.in_flight.len(), world.state.outbox().len()), (1, 1));
    world.slack_takes_all().resolved("alertname=Disk").seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing Disk", "#a: all_resolved: resolved Disk"]);
    assert_eq!((world.state.held(), world.state.groups().len()), (0, 0));
}

#[test]
fn a_dead_message_that_was_taken_up_again_waits_after_a_crash_too() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk i=1").firing("alertname=Cpu i=2").seconds(30);
    let disk = world.in_flight[0].id;
    let refused = Outcome::PayloadRefused { error: "invalid_blocks".into() };
    world.answer(disk, refused.clone()).answer(disk, refused).refuses_channel();
    let dead = dead(&world);
    world.state.revive_delivery(dead);
    assert!(world.state.retry_delivery(disk, world.now));
    world.step().refuses_channel();
    assert_eq!(world.log(), ["#a 1: waiting", "#a 1: waiting"]);
}

#[test]
fn a_dead_message_stays_dead_once_a_later_turn_has_spoken_or_its_receiver_is_off() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk").seconds(30);
    let dead = refused_twice(&mut world);
    world.saved(Receiver { enabled: false, ..receiver(1, &["a"]) });
    world.state.revive_delivery(dead.clone());
    assert!(!world.state.retry_delivery(dead.id, world.now), "it is switched off");
    world.saved(receiver(1, &["a"])).seconds(30).slack_takes_all();
    world.resolved("alertname=Disk").seconds(5 * MINUTE).slack_takes_all();
    world.state.revive_delivery(dead.clone());
    assert!(!world.state.retry_delivery(dead.id, world.now), "what it says is over");
    assert!(world.step().in_flight.is_empty());
}

#[test]
fn saving_a_receiver_does_not_break_the_pause_that_slack_asked_for() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk").seconds(30);
    world.answer_all(&Outcome::RetryAfter { wait: Duration::from_secs(90) });
    let row = world.state.outbox().iter().next().unwrap().id;
    world.saved(receiver(1, &["a"])).seconds(45);
    world.state.retry_delivery(row, world.now);
    assert!(world.step().in_flight.is_empty());
    world.saved(Receiver { enabled: false, ..receiver(1, &["a"]) }).saved(receiver(1, &["a"])).seconds(44);
    assert!(world.in_flight.is_empty(), "nor does switching it off and on");
    assert_eq!(world.seconds(1).in_flight.len(), 1);
}

#[test]
fn what_the_conditions_no_longer_want_is_not_told_again_but_its_end_is() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    let noise = "alertname=Disk severity=warning i=noise";
    world.firing(noise).firing("alertname=Disk severity=critical i=x");
    world.seconds(30).slack_takes_all().hears();
    world.saved(Receiver { conditions: only("severity", &["critical"]), ..receiver(1, &["a"]) });
    world.firing("alertname=Disk severity=critical i=y").seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: new_alerts: firing x, firing y"]);
    world.crash(Duration::from_secs(3)).resolved(noise).seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: some_resolved: firing x, firing y, resolved noise"]);
}

#[test]
fn what_waited_when_the_conditions_changed_is_still_told() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    let noise = "alertname=Disk severity=warning i=noise";
    world.firing(noise).seconds(30).answer_all(&unreachable());
    world.saved(Receiver { conditions: only("severity", &["critical"]), ..receiver(1, &["a"]) });
    world.firing("alertname=Disk severity=critical i=x").seconds(5 * MINUTE).slack_takes_all();
    world.resolved(noise).seconds(5 * MINUTE).slack_takes_all();
    let heard = world.hears();
    assert!(heard.first().unwrap().contains("firing noise"), "{heard:?}");
    assert!(heard.last().unwrap().contains("resolved noise"), "{heard:?}");
}

#[test]
fn after_a_new_grouping_the_last_word_is_true() {
    let [wait, interval, repeat] = [30, 5 * MINUTE, 12 * 3600].map(Duration::from_secs);
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk i=1").seconds(30).slack_takes_all().hears();
    world.state.put_grouping(Grouping::new(&["i"], wait, interval, repeat).unwrap(), world.now);
    world.step().seconds(MINUTE).resolved("alertname=Disk i=1").seconds(MINUTE);
    world.firing_anew("alertname=Disk i=1").crash(Duration::from_secs(1));
    world.seconds(5 * MINUTE).slack_takes_all().seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: new_alerts: firing 1"]);
}

#[test]
fn a_receiver_for_which_there_is_no_room_is_refused() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.state.config.limits = Limits { groups: 15, ..Limits::default() };
    for i in 0..10 {
        world.firing(&format!("alertname=A{i}"));
    }
    let everything = receiver(2, &["a"]);
    assert_eq!(world.state.has_room_for(&everything), Err(Refused::TooManyGroups { limit: 15 }));
    let some = Receiver { conditions: only("alertname", &["A1", "A2"]), ..everything.clone() };
    assert_eq!(world.state.has_room_for(&some), Ok(()));
    assert_eq!(world.state.has_room_for(&Receiver { enabled: false, ..everything }), Ok(()));
}

#[test]
fn what_fires_again_after_the_conditions_dropped_it_ends_unheard_for_who_begins_to_listen_then() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    let (loud, faint) = ("alertname=Disk severity=critical i=1", "alertname=Disk severity=warning i=2");
    world.firing(loud).firing(faint).seconds(30).slack_takes_all().hears();
    let critical = Receiver { conditions: only("severity", &["critical"]), ..receiver(1, &["b"]) };
    world.resolved(faint).saved(critical).firing(faint);
    world.firing("alertname=Disk severity=critical i=3").seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#b: new_alerts: firing 1, firing 3"]);
    world
        .resolved(faint)
        .firing("alertname=Disk severity=critical i=4")
        .seconds(5 * MINUTE)
        .slack_takes_all();
    assert_eq!(world.hears(), ["#b: new_alerts: firing 1, firing 3, firing 4"], "it never heard of 2");
}
