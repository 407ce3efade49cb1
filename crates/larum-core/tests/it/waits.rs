//! What waits, for what, and behind which other one.

use std::time::Duration;

use larum_core::config::Pace;
use larum_core::outbox::{DeliveryId, Outcome, WaitsFor};
use larum_core::time::Steady;

use crate::world::{World, receiver};

/// What each delivery waits for, in the order in which they were decided on.
fn waits(world: &World) -> Vec<(DeliveryId, WaitsFor)> {
    let outbox = world.state.outbox();
    let waits = |id| outbox.waits_for(&world.state.config, id, world.now.steady).unwrap();
    outbox.iter().map(|delivery| (delivery.id, waits(delivery.id))).collect()
}

/// At `a`, at Slack's pace.
fn paced() -> World {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.state.config.pace = Pace::SLACK;
    world
}

fn soon(world: &World, milliseconds: u64) -> Steady {
    world.now.steady.plus(Duration::from_millis(milliseconds))
}

#[test]
fn the_urgent_go_first_and_the_old_before_the_young() {
    let mut world = paced();
    world.firing("alertname=First").seconds(30);
    world.firing("alertname=Old severity=warning").firing("alertname=Young severity=warning");
    world.firing("alertname=Urgent severity=critical").seconds(30);
    let [first, old, young, urgent] = &waits(&world)[..] else { panic!("{:?}", waits(&world)) };
    assert_eq!(first.1, WaitsFor::Sending);
    assert_eq!(urgent.1, WaitsFor::Answer(first.0));
    assert_eq!(old.1, WaitsFor::Urgent(urgent.0));
    assert_eq!(young.1, WaitsFor::Older(old.0));
}

#[test]
fn what_a_group_said_before_arrives_first() {
    let mut world = paced();
    world.firing("alertname=Disk i=1").seconds(30);
    world.firing("alertname=Disk i=2").seconds(300);
    let [first, second] = &waits(&world)[..] else { panic!("{:?}", waits(&world)) };
    assert_eq!((&first.1, &second.1), (&WaitsFor::Sending, &WaitsFor::Group(first.0)));
}

#[test]
fn the_pace_says_when() {
    let mut world = paced();
    world.firing("alertname=First").firing("alertname=Second").seconds(30).slack_takes_all();
    assert_eq!(waits(&world)[0].1, WaitsFor::Pace(soon(&world, 1000)));
    let mut unpaced = World::with(&[receiver(1, &["a"])]);
    for number in 0..17 {
        unpaced.firing(&format!("alertname=A{number}"));
    }
    unpaced.seconds(30);
    let waits = waits(&unpaced);
    assert_eq!(waits[15].1, WaitsFor::Sending);
    assert_eq!(waits[16].1, WaitsFor::Answer(waits[0].0), "sixteen go side by side");
}

#[test]
fn a_pause_is_the_reason_of_everything_behind_it() {
    let mut world = paced();
    world.firing("alertname=First").firing("alertname=Second").seconds(30);
    world.answer_all(&Outcome::ChannelRefused { error: "is_archived".into() });
    let paused = world.paused("a").unwrap();
    assert_eq!(paused.error, "is_archived");
    for (_, waits) in waits(&world) {
        assert_eq!(waits, WaitsFor::Paused(paused.clone()));
    }
}

#[test]
fn one_that_is_tried_again_says_when() {
    let mut world = paced();
    world.firing("alertname=First").seconds(30);
    world.answer_all(&Outcome::Unreachable { error: "refused".into() });
    assert!(matches!(waits(&world)[0].1, WaitsFor::Retry(at) if at > world.now.steady));
}
