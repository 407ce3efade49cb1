//! The walk of one alert, and of many.

use std::time::Duration;

use larum_core::alert::AlertKey;
use larum_core::outbox::{Outcome, WaitsFor};
use larum_core::receiver::{Channel, Receiver};
use larum_core::verdict::Hushed;

use crate::world::{World, labels, only, receiver};

const MINUTE: u64 = 60;

#[test]
fn one_alert_is_told_once_in_each_channel_and_its_end_too() {
    let mut world = World::with(&[receiver(1, &["a", "b"])]);
    world.firing("alertname=Disk i=1").seconds(29).slack_takes_all();
    assert_eq!(world.hears(), [""; 0]);
    world.seconds(1).slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing 1", "#b: first_notification: firing 1"]);
    world.firing("alertname=Disk i=1").seconds(MINUTE).resolved("alertname=Disk i=1").slack_takes_all();
    assert_eq!(world.hears(), [""; 0], "a group speaks again after its interval");
    world.seconds(4 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: all_resolved: resolved 1", "#b: all_resolved: resolved 1"]);
    assert_eq!((world.state.held(), world.state.groups().len()), (0, 0), "and all is forgotten");
}

#[test]
fn alerts_with_the_same_grouping_labels_are_told_together() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk i=1").firing("alertname=Disk i=2").firing("alertname=Cpu i=3");
    world.seconds(30).slack_takes_all();
    assert_eq!(
        world.hears(),
        ["#a: first_notification: firing 1, firing 2", "#a: first_notification: firing 3"]
    );
    world.firing("alertname=Disk i=4").resolved("alertname=Disk i=1").seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears()[0], "#a: new_alerts: firing 2, firing 4, resolved 1");
}

#[test]
fn what_is_over_before_its_turn_has_a_reason_and_no_message() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk").seconds(5).resolved("alertname=Disk").seconds(MINUTE).slack_takes_all();
    assert_eq!(world.hears(), [""; 0]);
    let verdicts: Vec<Hushed> =
        world.journal.iter().flat_map(|delta| &delta.verdicts).map(|v| v.reason.clone()).collect();
    assert_eq!(verdicts, [Hushed::ResolvedBeforeFirstTurn]);
}

#[test]
fn silence_ends_an_alert_and_sending_it_again_keeps_it() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing_for("alertname=Disk", 300).seconds(30).slack_takes_all();
    for _ in 0..10 {
        world.seconds(MINUTE).firing_for("alertname=Disk", 300);
    }
    world.slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing Disk"]);
    world.seconds(299).seconds(1).seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: all_resolved: resolved Disk"]);
}

#[test]
fn a_group_that_still_fires_is_repeated() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk").seconds(30).slack_takes_all();
    for _ in 0..12 * 60 {
        world.seconds(MINUTE).firing("alertname=Disk").slack_takes_all();
    }
    let heard = world.hears();
    assert_eq!(heard, ["#a: first_notification: firing Disk", "#a: repeat_interval: firing Disk"]);
}

#[test]
fn conditions_choose_and_a_heartbeat_is_never_told() {
    let critical = Receiver { conditions: only("severity", &["critical"]), ..receiver(1, &["critical"]) };
    let mut world = World::with(&[critical]);
    world
        .firing("alertname=A severity=critical")
        .firing("alertname=B severity=warning")
        .firing("alertname=Watchdog");
    world.seconds(30).slack_takes_all();
    assert_eq!(world.hears(), ["#critical: first_notification: firing A"]);
    let verdicts: Vec<Hushed> =
        world.journal.iter().flat_map(|delta| &delta.verdicts).map(|v| v.reason.clone()).collect();
    assert_eq!(verdicts, [Hushed::NoReceiver, Hushed::Heartbeat]);
}

#[test]
fn a_watchdog_that_says_how_bad_it_is_is_no_heartbeat() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Watchdog severity=critical").firing("alertname=Watchdog severity=none");
    world.seconds(30).slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing Watchdog"]);
}

#[test]
fn a_newer_turn_takes_the_place_of_one_that_waits_and_tells_both() {
    let mut world = World::with(&[receiver(1, &["a", "b"])]);
    world.firing("alertname=Disk i=1").seconds(30);
    let refused = Outcome::ChannelRefused { error: "not_in_channel".into() };
    let to_b = world.in_flight.iter().find(|delivery| delivery.channel.as_str() == "b").unwrap().id;
    world.answer(to_b, refused).slack_takes_all();
    assert!(matches!(
        world.state.outbox().waits_for(&world.state.config, to_b, world.now.steady),
        Some(WaitsFor::Paused(_))
    ));
    world.firing("alertname=Disk i=2").resolved("alertname=Disk i=1").seconds(5 * MINUTE).slack_takes_all();
    world.resolved("alertname=Disk i=2").seconds(5 * MINUTE);
    assert_eq!(world.state.outbox().len() - world.in_flight.len(), 0);
    world.slack_takes_all();
    assert_eq!(
        world.hears(),
        [
            "#a: first_notification: firing 1",
            "#a: new_alerts: firing 2, resolved 1",
            "#b: new_alerts: fired and resolved 1, firing 2 (instead of 1)",
            "#a: all_resolved: resolved 2",
            "#b: all_resolved: resolved 2",
        ]
    );
}

#[test]
fn a_paused_channel_hears_everything_in_one_message_once_it_is_mended() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    let refused = Outcome::ChannelRefused { error: "is_archived".into() };
    world.firing("alertname=Disk i=1").seconds(30).answer_all(&refused);
    world.resolved("alertname=Disk i=1").seconds(4 * MINUTE).answer_all(&refused);
    world.seconds(2 * MINUTE).answer_all(&refused);
    assert_eq!(world.state.outbox().len(), 1);
    world.state.put_receiver(receiver(1, &["a"]), "ada", world.now);
    world.step().slack_takes_all();
    assert_eq!(world.hears(), ["#a: all_resolved: fired and resolved 1 (instead of 1)"]);
    assert_eq!(world.state.held(), 0);
}

#[test]
fn a_resolve_never_overtakes_its_firing_whose_answer_was_lost() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk").seconds(30);
    world.answer_all(&Outcome::Unknown { error: "timeout".into() });
    world.resolved("alertname=Disk").seconds(5 * MINUTE);
    assert_eq!(world.in_flight.len(), 1, "only the uncertain one is on its way");
    assert!(world.in_flight[0].uncertain && world.in_flight[0].attempts == 2);
    world.slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing Disk", "#a: all_resolved: resolved Disk"]);
}

#[test]
fn critical_goes_first_between_groups() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.state.config.pace = larum_core::config::Pace::SLACK;
    world.firing("alertname=A severity=info").firing("alertname=B severity=warning");
    world.firing("alertname=C severity=critical").seconds(30);
    for _ in 0..3 {
        world.slack_takes_all().seconds(1);
    }
    let order: Vec<char> = world.hears().iter().filter_map(|line| line.chars().last()).collect();
    assert_eq!(order, ['C', 'B', 'A']);
}

#[test]
fn slack_asks_to_wait_and_gets_its_pause_on_that_channel_only() {
    let mut world = World::with(&[receiver(1, &["a", "b"])]);
    world.firing("alertname=Disk").seconds(30);
    let to_a = world.in_flight[0].id;
    world.answer(to_a, Outcome::RetryAfter { wait: Duration::from_secs(90) }).slack_takes_all();
    assert_eq!(world.hears(), ["#b: first_notification: firing Disk"]);
    world.seconds(89).slack_takes_all();
    assert_eq!(world.hears(), [""; 0]);
    world.seconds(1).slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing Disk"]);
}

#[test]
fn a_refused_message_is_sent_once_more_as_plain_text_and_then_is_dead() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    let refused = Outcome::PayloadRefused { error: "invalid_blocks".into() };
    world.firing("alertname=Disk").seconds(30).answer_all(&refused);
    assert!(world.in_flight[0].plain);
    world.answer_all(&refused);
    assert!(world.in_flight.is_empty() && world.state.outbox().is_empty());
    let last = world.journal.iter().flat_map(|delta| &delta.changes).last().unwrap();
    assert_eq!(last.state.as_str(), "dead");
}

#[test]
fn a_new_channel_hears_the_next_turn_but_no_end_whose_beginning_it_missed() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk i=1").firing("alertname=Disk i=2").seconds(30).slack_takes_all();
    world.hears();
    world.state.put_receiver(receiver(1, &["a", "new"]), "ada", world.now);
    world.resolved("alertname=Disk i=1").seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: some_resolved: firing 2, resolved 1", "#new: some_resolved: firing 2"]);
    world.resolved("alertname=Disk i=2").seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears()[0], "#a: all_resolved: resolved 2");
}

#[test]
fn switching_off_cancels_what_waits_and_switching_on_tells_what_fires() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk").seconds(30);
    world.answer_all(&Outcome::ChannelRefused { error: "not_in_channel".into() });
    world.state.put_receiver(Receiver { enabled: false, ..receiver(1, &["a"]) }, "ada", world.now);
    world.step();
    assert!(world.state.outbox().is_empty() && world.state.groups().len() == 0);
    let why = world.journal.iter().flat_map(|delta| &delta.changes).last().unwrap().state.clone();
    assert_eq!(format!("{why:?}"), r#"Cancelled { why: "Receive Notifications switched off by ada" }"#);
    world.state.put_receiver(receiver(1, &["a"]), "ada", world.now);
    world.seconds(30).slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing Disk"]);
}

#[test]
fn a_removed_channel_loses_what_waits_for_it() {
    let mut world = World::with(&[receiver(1, &["a", "b"])]);
    world.firing("alertname=Disk").seconds(30);
    world.answer_all(&Outcome::ChannelRefused { error: "not_in_channel".into() });
    world.state.put_receiver(receiver(1, &["a"]), "ada", world.now);
    world.step().slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing Disk"]);
    assert!(world.state.outbox().is_empty());
}

#[test]
fn a_crash_in_group_wait_neither_forgets_nor_starts_over() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk").seconds(20).crash(Duration::from_secs(4)).slack_takes_all();
    assert_eq!(world.hears(), [""; 0]);
    world.seconds(6).slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing Disk"]);
    world.crash(Duration::from_secs(MINUTE)).seconds(2 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), [""; 0], "nothing is told again");
    world.resolved("alertname=Disk").seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: all_resolved: resolved Disk"]);
}

#[test]
fn a_crash_behind_the_sending_repeats_only_what_was_on_its_way() {
    let mut world = World::with(&[receiver(1, &["a", "b"])]);
    world.firing("alertname=Disk").seconds(30);
    let to_a =
        world.in_flight.iter().find(|delivery| delivery.channel == Channel::parse("a").unwrap()).unwrap().id;
    world.slack_takes(to_a).crash(Duration::from_secs(1));
    assert_eq!(world.in_flight.len(), 1);
    assert!(world.in_flight[0].uncertain && world.in_flight[0].channel.as_str() == "b");
    world.slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing Disk", "#b: first_notification: firing Disk"]);
}

#[test]
fn one_firing_and_reopened_between_turns_is_no_news() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk").seconds(30).slack_takes_all();
    world.resolved("alertname=Disk").firing("alertname=Disk").seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing Disk"]);
}

#[test]
fn what_flaps_faster_than_group_wait_is_told_if_it_fires_at_the_groups_turn() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    for _ in 0..3 {
        world.firing_anew("alertname=Disk").seconds(12).resolved("alertname=Disk").seconds(1);
    }
    world.slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing Disk"]);
}

#[test]
fn what_came_and_went_before_its_groups_first_turn_leaves_nothing_behind() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk").seconds(12).resolved("alertname=Disk");
    assert_eq!(world.state.held(), 0);
    assert_eq!(world.seconds(18).state.groups().len(), 0);
    assert_eq!(world.slack_takes_all().hears(), [""; 0]);
}

#[test]
fn what_must_be_said_at_once_waits_for_nobody() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk");
    let key = AlertKey { policy: None, labels: labels("alertname=Disk") };
    world.state.speak_now(&key, world.now);
    world.step();
    assert_eq!(world.in_flight.len(), 1);
    // Of what does not fire nothing is said.
    let other = AlertKey { policy: None, labels: labels("alertname=Other") };
    world.state.speak_now(&other, world.now);
    world.step();
    assert_eq!(world.in_flight.len(), 1);
}
