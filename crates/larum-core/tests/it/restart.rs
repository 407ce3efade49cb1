//! The process dies, or a commit fails, and begins again with what was written down.

use std::time::Duration;

use larum_core::alert::{AlertKey, EndReason, Observation, Origin, PolicyId, Says};
use larum_core::config::Grouping;
use larum_core::invariant::violations;
use larum_core::outbox::Outcome;
use larum_core::receiver::Receiver;
use larum_core::state::Delta;

use crate::routed::{self, reasons, root, routing};
use crate::world::{World, only, receiver};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

fn by(labels: &[&str]) -> Grouping {
    let [wait, interval, repeat] = [30, 5 * MINUTE, 12 * HOUR].map(Duration::from_secs);
    Grouping::new(labels, wait, interval, repeat).unwrap()
}

#[test]
fn what_was_told_and_is_no_longer_let_through_does_not_end_by_a_restart() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk severity=warning").seconds(30).slack_takes_all().hears();
    world.saved(Receiver { conditions: only("severity", &["critical"]), ..receiver(1, &["a"]) });
    world.crash(Duration::from_secs(1)).seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), [""; 0], "it still fires");
    world.resolved("alertname=Disk severity=warning").seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: all_resolved: resolved Disk"]);
}

#[test]
fn a_new_grouping_and_a_crash_start_no_wait_anew() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk namespace=x i=1").firing("alertname=Disk namespace=y i=2").seconds(20);
    world.state.put_grouping(by(&["alertname"]), world.now);
    world.step().crash(Duration::from_secs(1)).seconds(9).slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing 1, firing 2"], "30 s after they fired");
}

#[test]
fn what_is_told_stays_in_its_group_when_the_grouping_changes() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk i=1").seconds(30).firing("alertname=Disk i=2").slack_takes_all().hears();
    world.state.put_grouping(by(&["i"]), world.now);
    world.step().crash(Duration::from_secs(1)).seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing 2"]);
    world.resolved("alertname=Disk i=1").resolved("alertname=Disk i=2").seconds(5 * MINUTE).slack_takes_all();
    let mut heard = world.hears();
    heard.sort();
    assert_eq!(heard, ["#a: all_resolved: resolved 1", "#a: all_resolved: resolved 2"]);
    assert_eq!((world.state.held(), world.state.groups().len()), (0, 0));
}

#[test]
fn a_webhook_that_was_said_again_is_not_over_after_a_restart() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    let says = |world: &World| Says::Firing {
        ends_at: world.now.wall.plus(Duration::from_secs(25 * HOUR)),
        timeout: true,
    };
    let hook = |world: &World| Observation {
        origin: Origin::Alertmanager,
        ..world.observation("alertname=Disk", says(world))
    };
    world.observe(&hook(&world)).seconds(30).slack_takes_all().hears();
    world.seconds(20 * HOUR).slack_takes_all().hears();
    world.observe(&hook(&world)).crash(Duration::from_secs(10 * HOUR)).seconds(5 * MINUTE).slack_takes_all();
    assert!(world.hears().iter().all(|heard| !heard.contains("resolved")), "it has 15 hours to go");
}

#[test]
fn an_answer_that_comes_after_everything_was_read_back_counts() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk").seconds(30);
    let sent = world.in_flight[0].id;
    world.read_back().slack_takes(sent).seconds(MINUTE);
    assert!(world.in_flight.is_empty(), "nothing is told again");
    assert_eq!(world.log(), ["#a 1: delivered"]);
}

#[test]
fn what_failed_on_its_way_to_a_receiver_that_is_off_by_now_is_not_sent_after_a_crash() {
    let mut world = World::with(&[receiver(1, &["a", "b"])]);
    world.firing("alertname=Disk").seconds(30);
    world.saved(Receiver { enabled: false, ..receiver(1, &["a", "b"]) }).crash(Duration::from_secs(1));
    assert!(world.in_flight.is_empty());
    assert_eq!(world.log(), ["#a 1: cancelled", "#b 1: cancelled"]);
    assert_eq!(world.state.held(), 1, "which fires");
}

#[test]
fn the_answer_to_what_is_still_on_its_way_is_awaited() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk").seconds(30);
    let sent = world.in_flight[0].id;
    world.read_back().state.still_sending(&[sent]);
    world.step();
    assert_eq!(world.in_flight.len(), 1, "it is not sent a second time");
    world.answer(sent, Outcome::Unreachable { error: "refused".into() }).seconds(2);
    assert_eq!((world.in_flight.len(), world.in_flight[0].attempts), (1, 2));
}

#[test]
fn a_group_that_only_waits_for_its_last_word_keeps_its_time_for_what_fires_in_it() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk").seconds(30).slack_takes_all().resolved("alertname=Disk");
    world.seconds(5 * MINUTE).saved(receiver(1, &["b"]));
    assert_eq!(world.in_flight.len(), 1, "the end is on its way to a channel that is removed by now");
    world.firing_anew("alertname=Disk").seconds(20).crash(Duration::from_secs(1)).hears();
    world.seconds(9).slack_takes_all();
    assert_eq!(world.hears(), ["#b: first_notification: firing Disk"]);
}

#[test]
fn a_group_with_nothing_to_say_keeps_its_step_over_a_restart() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk i=1").seconds(30).slack_takes_all().hears();
    let written = world.journal.len();
    for _ in 0..3 {
        world.seconds(300);
    }
    assert!(
        world.journal[written..].iter().all(Delta::is_empty),
        "a turn without a word is not written down"
    );
    world.seconds(100).crash(Duration::from_secs(1)).firing("alertname=Disk i=2").slack_takes_all();
    assert_eq!(world.hears(), [""; 0]);
    world.seconds(198).slack_takes_all();
    assert_eq!(world.hears(), [""; 0]);
    world.seconds(1).slack_takes_all();
    assert_eq!(world.hears(), ["#a: new_alerts: firing 1, firing 2"]);
}

#[test]
fn what_a_policy_ends_right_after_a_restart_keeps_the_link_to_its_expression() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    let seen = world.policy_fires("alertname=Hot");
    world.observe(&Observation { generator_url: "http://larum/graph?g0.expr=heat".into(), ..seen.clone() });
    world.seconds(30).slack_takes_all();
    let key = AlertKey { policy: Some(PolicyId(7)), labels: seen.labels.clone() };
    let alert = world.state.alert_by_key(&key).unwrap().id;
    // A policy that was not evaluated yet knows of none.
    let says = Says::Ended { at: world.now.wall, reason: EndReason::PolicyDisabled };
    world.observe(&Observation { says, ..seen });
    assert_eq!(&*world.state.alert(alert).unwrap().generator_url, "http://larum/graph?g0.expr=heat");
}

#[test]
fn an_episode_that_is_over_does_not_go_on_where_an_earlier_one_was_told() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk").seconds(30).slack_takes_all().hears();
    world.resolved("alertname=Disk").seconds(1).firing_anew("alertname=Disk").saved(receiver(2, &["b"]));
    world.seconds(30).slack_takes_all();
    assert_eq!(world.hears(), ["#b: first_notification: firing Disk"]);
    world.resolved("alertname=Disk").crash(Duration::from_secs(1));
    assert_eq!(violations(&world.state), [""; 0]);
    world.seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: all_resolved: resolved Disk", "#b: all_resolved: resolved Disk"]);
}

#[test]
fn what_goes_on_for_an_earlier_episode_goes_on_there_under_another_grouping_too() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk i=1").seconds(30).slack_takes_all().hears();
    world.resolved("alertname=Disk i=1").seconds(1).firing_anew("alertname=Disk i=1");
    world.state.put_grouping(by(&["i"]), world.now);
    world.step().seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: new_alerts: firing 1"], "its end and its beginning are one");
    world.crash(Duration::from_secs(1));
    assert_eq!(violations(&world.state), [""; 0]);
}

#[test]
fn an_episode_that_was_told_elsewhere_than_the_one_before_it_stays_there() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    let disk = "alertname=Disk severity=warning i=1";
    world.firing(disk).seconds(30).slack_takes_all().hears();
    let critical = Receiver { conditions: only("severity", &["critical"]), ..receiver(1, &["a"]) };
    world.resolved(disk).seconds(1).saved(critical).firing_anew(disk);
    world.state.put_grouping(by(&["i"]), world.now);
    world.saved(receiver(1, &["a"])).seconds(30).slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing 1"]);
    world.crash(Duration::from_secs(1));
    assert_eq!(violations(&world.state), [""; 0]);
}

#[test]
fn a_turn_without_a_word_keeps_its_step_also_where_nobody_was_to_wait_after_the_start() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk").seconds(30).slack_takes_all().hears();
    let downtime = Duration::from_secs(7 * MINUTE);
    world.state.config.speaks_from = world.now.steady.plus(downtime);
    world.crash(downtime);
    world.firing("alertname=Disk i=2").seconds(3 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: new_alerts: firing 2, firing Disk"], "ten minutes after the first turn");
}

#[test]
fn whoever_waits_behind_what_was_muted_waits_on_after_a_restart() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.silenced(1, "i=1", HOUR).firing("alertname=Disk i=1").seconds(30);
    world.firing("alertname=Disk i=2").resolved("alertname=Disk i=1").seconds(20).slack_takes_all();
    world.crash(Duration::from_secs(1)).seconds(30).slack_takes_all();
    assert_eq!(world.hears(), [""; 0], "it came to a group that has had its first turn");
    world.seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing 2"]);
}

/// Another file leads everything to this receiver after a restart.
fn edited(world: &mut World, receiver: &str) {
    world.state.config.routing = Some(routing(root(receiver, vec![])));
    world.crash(Duration::from_secs(1));
}

#[test]
fn whom_an_edited_file_tells_of_nothing_any_more_has_a_reason_stored_once() {
    let mut world = routed::world(root("ops", vec![]));
    world.firing("alertname=Disk").step();
    world.state.config.routing = None;
    world.crash(Duration::from_secs(1)).step();
    assert_eq!(reasons(&world), ["no_receiver"]);
    world.crash(Duration::from_secs(1)).step();
    assert_eq!(reasons(&world), ["no_receiver"]);
}

#[test]
fn what_was_silenced_for_a_receiver_of_another_file_is_not_told_late() {
    let mut world = routed::world(root("ops", vec![]));
    world.silenced(1, "alertname=Disk", HOUR).firing_for("alertname=Disk", 2 * HOUR).seconds(30);
    edited(&mut world, "dev");
    world.seconds(MINUTE);
    edited(&mut world, "ops");
    world.crash(Duration::from_secs(1)).expired(1).seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["ops[0]: first_notification: firing Disk"]);
    let each = ["silenced", "conditions_changed"];
    assert_eq!(reasons(&world), [each, each].concat(), "first ops, then dev");
}

#[test]
fn what_is_silenced_waits_on_in_the_group_to_which_it_moved() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.silenced(1, "i=1", HOUR).firing_for("alertname=Disk i=1", 2 * HOUR).seconds(30);
    world.state.put_grouping(by(&["i"]), world.now);
    world.step().crash(Duration::from_secs(1));
    world.expired(1).seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing 1"]);
    assert_eq!(
        reasons(&world),
        ["silenced", "silenced", "silenced_before"],
        "in the old group and in the new one"
    );
}
