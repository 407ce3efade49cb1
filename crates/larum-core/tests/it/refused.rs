//! What an integration of a configuration file refuses, whether it is one message or all of them.

use std::time::Duration;

use larum_core::outbox::{DeliveryState, Outcome};
use larum_core::route::RouteDraft;

use crate::routed::{HOUR, MINUTE, root, route, world};
use crate::world::World;

/// What its template leads to is not there.
fn nowhere() -> Outcome {
    Outcome::ChannelRefused { error: "channel_not_found".into() }
}

/// A webhook that cannot read a message never will, and there is no other way to say it.
fn unreadable() -> Outcome {
    Outcome::Undeliverable { error: "status 400".into() }
}

/// Answers the message that went first of those on their way.
fn answer_first(world: &mut World, outcome: Outcome) {
    let first = world.state.outbox().iter().map(|delivery| delivery.id).min().expect("one is on its way");
    world.answer(first, outcome);
}

impl World {
    /// Somebody asks to try the message once more that was given up.
    fn retry_the_dead(&mut self) -> &mut Self {
        let mut changes = self.journal.iter().flat_map(|delta| &delta.changes);
        let dead = changes.find(|change| change.state == DeliveryState::Dead).expect("it was given up");
        let dead = dead.delivery.clone();
        self.state.revive_delivery(dead.clone());
        assert!(self.state.retry_delivery(dead.id, self.now));
        self.step()
    }
}

#[test]
fn a_message_that_its_template_leads_astray_holds_no_other_back() {
    let mut world = world(root("ops", vec![]));
    world.firing("alertname=Disk i=1").seconds(30);
    answer_first(&mut world, nowhere());
    assert_eq!(world.paused("ops[0]"), None);
    world.firing("alertname=Cpu i=2").seconds(30).slack_takes_all();
    assert_eq!(world.hears(), ["ops[0]: first_notification: firing 2"]);
    world.seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["ops[0]: first_notification: firing 1"], "it is tried again");
}

#[test]
fn where_all_are_refused_one_is_tried_now_and_then() {
    let mut world = world(root("ops", vec![]));
    for name in ["Disk", "Cpu", "Net"] {
        world.firing(&format!("alertname={name} i=1"));
    }
    world.seconds(30).answer_all(&nowhere());
    assert_eq!(world.paused("ops[0]").map(|paused| paused.error), Some("channel_not_found".into()));
    world.firing("alertname=Fan i=1").seconds(30).slack_takes_all();
    assert_eq!(world.hears(), [] as [String; 0]);
    world.seconds(5 * MINUTE).slack_takes_all().step().slack_takes_all();
    assert_eq!(world.hears().len(), 4, "what is taken opens the way for the others");
}

#[test]
fn another_file_is_reason_to_try_again_at_once() {
    let mut world = world(root("ops", vec![]));
    world.firing("alertname=Disk i=1").seconds(30);
    answer_first(&mut world, nowhere());
    let routing = world.state.config.routing.clone();
    world.state.put_routing(routing, "ada", world.now).unwrap();
    world.step().slack_takes_all();
    assert_eq!(world.hears(), ["ops[0]: first_notification: firing 1"]);
}

#[test]
fn what_a_message_took_over_from_one_that_waited_is_unsaid_with_it() {
    let mut world = world(root("ops", vec![]));
    let silence = Outcome::Unreachable { error: "connection refused".into() };
    world.firing("alertname=Disk i=1").seconds(30).answer_all(&silence).firing("alertname=Disk i=2");
    for _ in 0..6 {
        world.seconds(MINUTE).answer_all(&silence);
    }
    let refused = Outcome::PayloadRefused { error: "status 400".into() };
    world.seconds(MINUTE).answer_all(&refused).answer_all(&refused);
    assert_eq!(world.log(), ["ops[0] 1: superseded", "ops[0] 2: dead"]);
    world.seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["ops[0]: first_notification: firing 1, firing 2"]);
}

#[test]
fn a_message_that_was_given_up_and_is_retried_by_hand_is_not_told_twice() {
    let mut world = world(root("ops", vec![]));
    let refused = Outcome::PayloadRefused { error: "status 400".into() };
    world.firing("alertname=Disk i=1").seconds(30).answer_all(&refused).answer_all(&refused);
    world.retry_the_dead().slack_takes_all();
    assert_eq!(world.hears(), ["ops[0]: first_notification: firing 1"]);
    world.seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), [] as [String; 0]);
    world.resolved("alertname=Disk i=1").seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["ops[0]: all_resolved: resolved 1"]);
}

/// It was told that an alert fires, and has refused to hear that it is over.
fn refuses_an_end() -> World {
    let mut world = world(root("ops", vec![]));
    world.firing("alertname=Disk i=1").seconds(30).slack_takes_all().hears();
    world.resolved("alertname=Disk i=1").seconds(5 * MINUTE).answer_all(&unreadable());
    assert_eq!(world.log(), ["ops[0] 1: delivered", "ops[0] 2: dead"], "it is asked once");
    world
}

#[test]
fn an_end_that_was_refused_is_told_at_the_next_turn() {
    let mut world = refuses_an_end();
    assert_eq!(world.state.held(), 1);
    world.crash(Duration::from_secs(MINUTE)).seconds(4 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["ops[0]: all_resolved: resolved 1"]);
    assert_eq!((world.state.held(), world.state.groups().len()), (0, 0));
}

#[test]
fn an_end_that_was_refused_is_told_with_what_fires_by_then() {
    let mut world = refuses_an_end();
    world.firing("alertname=Disk i=2").seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["ops[0]: new_alerts: firing 2, resolved 1"]);
}

#[test]
fn what_fires_again_before_its_refused_end_is_told_goes_on() {
    let mut world = refuses_an_end();
    world.firing_anew("alertname=Disk i=1").seconds(5 * MINUTE).slack_takes_all();
    let heard = world.hears();
    assert!(heard.iter().all(|said| !said.contains("resolved 1")), "{heard:?}");
    world.resolved("alertname=Disk i=1").seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["ops[0]: all_resolved: resolved 1"]);
}

#[test]
fn an_end_that_comes_after_it_fires_again_is_not_told_later() {
    let mut world = world(root("ops", vec![]));
    world.firing("alertname=Disk i=1").seconds(30).slack_takes_all().hears();
    world.resolved("alertname=Disk i=1").seconds(5 * MINUTE).firing_anew("alertname=Disk i=1");
    world.answer_all(&unreadable()).seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["ops[0]: first_notification: firing 1"]);
}

#[test]
fn an_end_that_is_refused_for_very_long_is_given_up() {
    let mut world = refuses_an_end();
    for _ in 0..2 * 4 * HOUR / (5 * MINUTE) {
        world.seconds(5 * MINUTE).answer_all(&unreadable());
    }
    assert_eq!((world.state.held(), world.state.groups().len()), (0, 0));
}

#[test]
fn a_refused_end_that_is_retried_by_hand_is_not_told_twice() {
    let mut world = refuses_an_end();
    world.retry_the_dead().slack_takes_all();
    assert_eq!(world.hears(), ["ops[0]: all_resolved: resolved 1"]);
    world.seconds(5 * MINUTE).slack_takes_all();
    assert_eq!((world.hears(), world.state.held()), (vec![], 0));
}

#[test]
fn siblings_to_one_receiver_tell_at_the_hours_of_each() {
    // The world begins at eight in the morning, when the night is over.
    let by_night = RouteDraft {
        continues: true,
        active_time_intervals: vec!["night".into()],
        ..route("dev", "team=dev")
    };
    let by_day = RouteDraft { mute_time_intervals: vec!["night".into()], ..route("dev", "team=dev") };
    let mut world = world(root("ops", vec![by_night, by_day]));
    world.firing("alertname=Disk team=dev i=1").seconds(30).slack_takes_all();
    assert_eq!(world.hears(), ["dev[0]: first_notification: firing 1"]);
}
