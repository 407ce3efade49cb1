//! What is kept so that it can be said afterwards who was told, when, and why not.

use std::time::Duration;

use larum_core::group::GroupId;
use larum_core::receiver::ReceiverId;
use larum_core::route::Way;
use larum_core::verdict::Verdict;

use crate::world::{World, labels, receiver};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

fn verdicts(world: &World) -> Vec<&Verdict> {
    world.journal.iter().flat_map(|delta| &delta.verdicts).collect()
}

fn first_told(world: &World) -> Vec<u32> {
    world.journal.iter().flat_map(|delta| &delta.first_told).map(|told| told.turn).collect()
}

#[test]
fn a_group_notes_an_alert_at_the_turn_that_first_tells_it_and_no_more() {
    let mut world = World::with(&[receiver(1, &["a", "b"])]);
    world.firing_for("alertname=Disk i=1", 48 * HOUR).seconds(30).slack_takes_all();
    world.firing_for("alertname=Disk i=2", 48 * HOUR).seconds(5 * MINUTE).slack_takes_all();
    world.seconds(13 * HOUR).slack_takes_all();
    assert_eq!(first_told(&world), [1, 2], "neither for each channel, nor when it is repeated");
}

#[test]
fn a_decision_keeps_the_name_of_a_receiver_that_is_deleted_and_the_place_of_its_group() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk i=1").seconds(1);
    world.state.remove_receiver(ReceiverId(1), "ada", world.now);
    world.step();
    let verdicts = verdicts(&world);
    let [deleted] = verdicts.as_slice() else { panic!("{verdicts:?}") };
    assert_eq!((deleted.reason.as_str(), deleted.name.as_deref()), ("receiver_deleted", Some("receiver 1")));
    let group = deleted.group.as_ref().unwrap();
    assert_eq!((&group.way, &group.labels), (&Way::Conditions, &labels("alertname=Disk")));
}

#[test]
fn it_is_known_when_a_group_repeats_itself() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing_for("alertname=Disk i=1", 48 * HOUR);
    let repeats = |world: &World| {
        let at = world.state.groups().next().and_then(|group| world.state.repeats_at(group))?;
        Some(at.since(world.now.steady))
    };
    assert_eq!(repeats(&world), None, "it has not spoken yet");
    world.seconds(30).slack_takes_all();
    world.hears();
    let wait = repeats(&world).unwrap();
    assert_eq!(wait, Duration::from_secs(12 * HOUR));
    world.pass(wait - Duration::from_secs(1)).slack_takes_all();
    assert_eq!(world.hears(), [] as [String; 0]);
    world.seconds(1).slack_takes_all();
    assert_eq!(world.hears(), ["#a: repeat_interval: firing 1"]);
    world.silenced(1, "i=1", 24 * HOUR).seconds(5 * MINUTE);
    assert_eq!(repeats(&world), None, "it keeps silent");
}

#[test]
fn whom_a_waiting_message_tells_of_an_alert_is_known_after_its_group_is_done_with_it() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk i=1").seconds(30).slack_takes_all();
    let alert = world.state.firing().next().unwrap().id;
    world.resolved("alertname=Disk i=1").seconds(5 * MINUTE);
    assert_eq!(world.state.groups_of(alert).map(|group| group.id).collect::<Vec<GroupId>>(), []);
    assert_eq!(world.state.owed(alert).collect::<Vec<_>>(), [ReceiverId(1)]);
}
