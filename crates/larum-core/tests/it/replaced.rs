//! What waits is replaced by what is newer: it tells both, in the right voice, and stays small.

use larum_core::outbox::Outcome;
use larum_core::receiver::Receiver;

use crate::world::{World, only, receiver};

const MINUTE: u64 = 60;

#[test]
fn a_new_channel_hears_the_end_of_what_it_heard_fire_at_a_later_turn() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk i=1").seconds(30).slack_takes_all().hears();
    world.saved(receiver(1, &["a", "new"]));
    world.firing("alertname=Disk i=2").seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears()[1], "#new: new_alerts: firing 1, firing 2");
    world.resolved("alertname=Disk i=1").seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears()[1], "#new: some_resolved: firing 2, resolved 1");
}

#[test]
fn what_the_channel_heard_before_it_was_cut_off_is_only_resolved() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk i=1").seconds(30).slack_takes_all().hears();
    world.firing("alertname=Disk i=2").seconds(5 * MINUTE).refuses_channel();
    world.resolved("alertname=Disk i=1").resolved("alertname=Disk i=2");
    world.seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: all_resolved: fired and resolved 2, resolved 1 (instead of 1)"]);
}

#[test]
fn a_channel_cut_off_while_an_alert_flaps_is_owed_one_message() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    for _ in 0..20 {
        world.firing_anew("alertname=Disk").seconds(5 * MINUTE).refuses_channel();
        world.resolved("alertname=Disk").seconds(5 * MINUTE).refuses_channel();
    }
    assert_eq!(world.state.outbox().len(), 1, "one row for one group");
    assert_eq!(world.state.held(), 1, "and of its episodes only the last");
    world.seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears().len(), 1);
    assert_eq!((world.state.held(), world.state.groups().len()), (0, 0));
}

#[test]
fn an_end_that_waits_does_not_come_after_the_next_beginning() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk i=1 severity=warning").seconds(30).slack_takes_all().hears();
    world.resolved("alertname=Disk i=1 severity=warning").seconds(5 * MINUTE);
    world.answer_all(&Outcome::Unreachable { error: "refused".into() });
    world.firing_anew("alertname=Disk i=1 severity=warning").firing("alertname=Disk i=2 severity=critical");
    world.seconds(30).slack_takes_all().seconds(5 * MINUTE).slack_takes_all();
    let heard = world.hears();
    let last_of_1 = heard.iter().rfind(|line| line.contains(" 1")).unwrap();
    assert!(last_of_1.contains("firing 1"), "the last word on it is that it fires: {heard:?}");
}

#[test]
fn one_that_fires_again_is_not_ended_by_conditions_that_changed() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk severity=warning").seconds(30).slack_takes_all().hears();
    world.saved(Receiver { conditions: only("severity", &["critical"]), ..receiver(1, &["a"]) });
    world.resolved("alertname=Disk severity=warning").firing("alertname=Disk severity=warning");
    world.seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), [""; 0]);
    world.resolved("alertname=Disk severity=warning").seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: all_resolved: resolved Disk"]);
}

#[test]
fn a_channel_that_never_heard_the_old_severity_hears_that_it_fires() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world
        .observe(&world.policy_fires("alertname=Hot severity=warning"))
        .seconds(30)
        .slack_takes_all()
        .hears();
    world.saved(receiver(1, &["a", "new"]));
    world.policy_edited("alertname=Hot severity=warning", "alertname=Hot severity=critical");
    world.seconds(5 * MINUTE).slack_takes_all();
    let heard = ["#a: severity_changed: from warning Hot", "#new: severity_changed: firing Hot"];
    assert_eq!(world.hears(), heard);
}

#[test]
fn a_change_of_severity_that_waits_ends_what_was_heard_before() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world
        .observe(&world.policy_fires("alertname=Hot severity=warning"))
        .seconds(30)
        .slack_takes_all()
        .hears();
    world.policy_edited("alertname=Hot severity=warning", "alertname=Hot severity=critical");
    world.seconds(5 * MINUTE).refuses_channel();
    world.observe(&world.policy_fires("alertname=Hot severity=critical i=2")).seconds(5 * MINUTE);
    world.refuses_channel();
    let row = world.state.outbox().iter().next().unwrap();
    assert_eq!(row.replaced.map(|replaced| replaced.messages), Some(1));
    world.seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: new_alerts: firing 2, from warning Hot (instead of 1)"]);
}

#[test]
fn an_edit_reaches_receivers_of_either_severity() {
    let warning = Receiver { conditions: only("severity", &["warning"]), ..receiver(1, &["w"]) };
    let critical = Receiver { conditions: only("severity", &["critical"]), ..receiver(2, &["c"]) };
    let mut world = World::with(&[warning, critical]);
    world
        .observe(&world.policy_fires("alertname=Hot severity=warning"))
        .seconds(30)
        .slack_takes_all()
        .hears();
    world.policy_edited("alertname=Hot severity=warning", "alertname=Hot severity=critical");
    world.seconds(5 * MINUTE).slack_takes_all();
    let heard = ["#c: first_notification: firing Hot", "#w: all_resolved: resolved Hot"];
    let mut said = world.hears();
    said.sort();
    assert_eq!(said, heard);
}

#[test]
fn an_episode_whose_end_was_decided_is_not_opened_again_behind_its_back() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk severity=warning").seconds(30).slack_takes_all().hears();
    world.resolved("alertname=Disk severity=warning").seconds(5 * MINUTE).refuses_channel();
    world.saved(Receiver { conditions: only("i", &["2"]), ..receiver(1, &["a"]) }).refuses_channel();
    world.firing("alertname=Disk severity=warning").firing("alertname=Disk severity=warning i=2");
    world.seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing 2, resolved Disk (instead of 1)"]);
}
