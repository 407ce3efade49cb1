//! A sender falls silent: what it said ends when it was said to, and everybody can see beforehand when that is.

use std::time::Duration;

use larum_core::alert::{
    AlertKey, EndReason, Observation, Origin, Phase, Says, WEBHOOK_RESOLVE_TIMEOUT as TIMEOUT,
};
use larum_core::time::Timestamp;

use crate::world::{World, labels, receiver};

const DISK: &str = "alertname=Disk";
const HOUR: u64 = 60 * 60;

/// What an Alertmanager's webhook says.
fn hook(world: &World) -> Observation {
    let says = Says::Firing { ends_at: world.now.wall.plus(TIMEOUT), timeout: true };
    Observation { origin: Origin::Alertmanager, ..world.observation(DISK, says) }
}

/// When the alert ends unless it is said again, as it is known now.
fn expires_at(world: &World) -> Option<Timestamp> {
    let key = AlertKey { policy: None, labels: labels(DISK) };
    world.state.alert_by_key(&key).and_then(|alert| alert.expires_at())
}

#[test]
fn a_webhook_that_is_never_said_again_ends_when_it_was_shown_to() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.observe(&hook(&world));
    let shown = expires_at(&world).unwrap();
    assert_eq!(shown, world.now.wall.plus(TIMEOUT));
    world.seconds(30).slack_takes_all().hears();
    world.pass(TIMEOUT - Duration::from_secs(31)).slack_takes_all().hears();
    assert_eq!(expires_at(&world), Some(shown), "a second to go");
    world.seconds(1);
    let ended = world.journal.last().unwrap().alerts[0].phase;
    assert_eq!(ended, Phase::Ended { at: shown, reason: EndReason::Expired });
    assert_eq!(expires_at(&world), None, "it has ended");
    world.seconds(5 * 60).slack_takes_all();
    assert_eq!(world.hears(), ["#a: all_resolved: resolved Disk"]);
}

#[test]
fn a_webhook_that_is_said_again_has_its_whole_time_anew() {
    let mut world = World::with(&[]);
    world.observe(&hook(&world)).seconds(24 * HOUR);
    world.observe(&hook(&world));
    assert_eq!(expires_at(&world), Some(world.now.wall.plus(TIMEOUT)));
    world.seconds(24 * HOUR);
    assert_eq!(expires_at(&world), Some(world.now.wall.plus(Duration::from_secs(HOUR))));
}

#[test]
fn a_restart_keeps_the_end_that_was_shown() {
    let mut world = World::with(&[]);
    world.observe(&hook(&world)).seconds(HOUR);
    world.observe(&hook(&world));
    let shown = expires_at(&world);
    world.crash(Duration::from_secs(HOUR));
    assert_eq!((expires_at(&world), world.state.held()), (shown, 1), "no five minutes instead");
    world.seconds(24 * HOUR - 1);
    assert_eq!(expires_at(&world), shown);
    world.seconds(1);
    assert_eq!((expires_at(&world), world.state.held()), (None, 0));
}

#[test]
fn what_prometheus_sends_ends_at_its_own_end_each_time_a_later_one() {
    let mut world = World::with(&[]);
    world.firing_for(DISK, 240).seconds(60).firing_for(DISK, 240);
    assert_eq!(expires_at(&world), Some(world.now.wall.plus(Duration::from_secs(240))));
    world.resolved(DISK);
    assert_eq!(expires_at(&world), None);
}

#[test]
fn what_a_policy_says_is_ended_by_nothing_but_the_policy() {
    let mut world = World::with(&[]);
    world.observe(&world.policy_fires(DISK));
    let alert = world.state.firing().next().unwrap();
    assert_eq!(alert.expires_at(), None);
}
