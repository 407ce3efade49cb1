//! What is inhibited waits in silence, with a reason; what was told before has its end told all the same.

use std::time::Duration;

use larum_core::config::Grouping;
use larum_core::receiver::Receiver;
use larum_core::verdict::Hushed;

use crate::world::{World, inhibits, labels, only, receiver};

const MINUTE: u64 = 60;

/// A node that is down inhibits what is slow on it.
fn down() -> World {
    World::inhibiting(&[receiver(1, &["a"])], &[inhibits("alertname=Down", "alertname=Slow", &["node"])])
}

/// `1 → receiver: why`, of all that was written down.
fn verdicts(world: &World) -> Vec<String> {
    let all = world.journal.iter().flat_map(|delta| &delta.verdicts);
    let words = all.map(|verdict| {
        let by = match &verdict.reason {
            Hushed::Inhibited(inhibited) => format!(" by {}, {}", inhibited.by, inhibited.rule),
            _ => String::new(),
        };
        format!("{} to {:?}: {}{by}", verdict.alert, verdict.receiver.map(|id| id.0), verdict.reason.as_str())
    });
    words.collect()
}

#[test]
fn what_is_inhibited_at_its_turn_is_told_at_the_next_one_after_that_ends() {
    let mut world = down();
    world.firing("alertname=Down node=x").firing("alertname=Slow node=x i=1").seconds(30).slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing Down"]);
    let inhibited = "3 to Some(1): inhibited by 1, alertname=Down over alertname=Slow";
    assert_eq!(verdicts(&world), [inhibited]);
    world.seconds(15 * MINUTE).slack_takes_all();
    assert_eq!((world.hears(), verdicts(&world).len()), (vec![], 1), "nothing new is nothing to write");
    world.resolved("alertname=Down node=x").seconds(4 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), [""; 0], "each at its own turn");
    world.seconds(MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: all_resolved: resolved Down", "#a: first_notification: firing 1"]);
    assert_eq!(verdicts(&world), [inhibited, "3 to Some(1): inhibited_before"]);
    world.resolved("alertname=Slow node=x i=1").seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: all_resolved: resolved 1"]);
    assert_eq!((world.state.held(), world.state.groups().len()), (0, 0), "and all is forgotten");
}

#[test]
fn another_node_is_another_matter_and_a_label_that_is_not_there_is_empty() {
    let mut world = down();
    world.firing("alertname=Down node=x").firing("alertname=Slow node=y i=y").firing("alertname=Slow i=none");
    world.seconds(30).slack_takes_all();
    let heard = world.hears();
    assert_eq!(
        heard,
        ["#a: first_notification: firing Down", "#a: first_notification: firing none, firing y"]
    );
    world.firing("alertname=Down").seconds(5 * MINUTE).firing("alertname=Slow i=2").seconds(5 * MINUTE);
    world.slack_takes_all();
    assert_eq!(world.hears(), ["#a: new_alerts: firing Down, firing Down"], "both have the empty node");
}

#[test]
fn what_was_told_before_it_was_inhibited_is_not_repeated_and_its_end_is_told() {
    let mut world = down();
    world.firing("alertname=Slow node=x i=1").seconds(30).slack_takes_all().hears();
    world.firing("alertname=Down node=x").seconds(30).slack_takes_all().hears();
    for _ in 0..13 * 12 {
        world.firing("alertname=Slow node=x i=1").firing("alertname=Down node=x").seconds(5 * MINUTE);
    }
    world.slack_takes_all();
    assert_eq!(world.hears(), ["#a: repeat_interval: firing Down"]);
    assert_eq!(verdicts(&world), [""; 0], "it was told");
    world.resolved("alertname=Slow node=x i=1").seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: all_resolved: resolved 1"], "though the node is still down");
}

#[test]
fn what_was_told_is_no_news_when_nothing_inhibits_it_any_more() {
    let mut world = down();
    world.firing("alertname=Slow node=x i=1").seconds(30).firing("alertname=Down node=x").seconds(5 * MINUTE);
    world.resolved("alertname=Down node=x").slack_takes_all().hears();
    world.seconds(10 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: all_resolved: resolved Down"]);
    world.firing("alertname=Slow node=x i=2").seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: new_alerts: firing 1, firing 2"]);
}

#[test]
fn a_channel_that_begins_to_listen_meanwhile_hears_no_end_whose_beginning_it_missed() {
    let mut world = down();
    world.firing("alertname=Slow node=x i=1").seconds(30).firing("alertname=Down node=x").slack_takes_all();
    world.saved(receiver(1, &["a", "b"])).firing("alertname=Slow node=y i=2").hears();
    world.seconds(5 * MINUTE).slack_takes_all();
    let both = world.hears();
    assert!(both.contains(&"#b: new_alerts: firing 2".to_owned()), "{both:?}");
    world.resolved("alertname=Slow node=x i=1").seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: some_resolved: firing 2, resolved 1", "#b: some_resolved: firing 2"]);
}

#[test]
fn what_ends_while_it_is_inhibited_keeps_that_reason() {
    let mut world = down();
    world.firing("alertname=Down node=x").firing("alertname=Slow node=x").seconds(30);
    world
        .resolved("alertname=Slow node=x")
        .firing("alertname=Slow node=x i=2")
        .resolved("alertname=Slow node=x i=2");
    world.seconds(10 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing Down"]);
    let [first, second] = verdicts(&world).try_into().unwrap();
    assert_eq!(first, "3 to Some(1): inhibited by 1, alertname=Down over alertname=Slow");
    assert!(second.ends_with("resolved_before_first_turn"), "the other had no turn: {second}");
}

#[test]
fn a_source_that_takes_over_takes_over_the_reason() {
    let mut world = down();
    world
        .firing("alertname=Down node=x i=1")
        .firing("alertname=Down node=x i=2")
        .firing("alertname=Slow node=x");
    world.seconds(30).resolved("alertname=Down node=x i=1").seconds(5 * MINUTE).slack_takes_all();
    let by: Vec<String> = verdicts(&world).into_iter().map(|words| words[..26].to_owned()).collect();
    assert_eq!(
        by,
        ["4 to Some(1): inhibited by 1", "4 to Some(1): inhibited by 3"].map(|by| by[..26].to_owned())
    );
    assert!(world.hears().iter().all(|heard| !heard.contains("Slow")));
}

#[test]
fn silence_of_its_sender_ends_a_source_too() {
    let mut world = down();
    world
        .firing_for("alertname=Down node=x", 120)
        .firing("alertname=Slow node=x")
        .seconds(30)
        .slack_takes_all();
    world.hears();
    world.seconds(90).seconds(210).slack_takes_all();
    assert!(world.hears().contains(&"#a: first_notification: firing Slow".to_owned()));
}

#[test]
fn an_inhibited_source_still_inhibits_and_two_of_a_kind_do_not_silence_each_other() {
    let rules = [
        inhibits("severity=critical", "severity=warning", &[]),
        inhibits("severity=warning", "severity=info", &[]),
        inhibits("alertname=Pair", "alertname=Pair", &[]),
    ];
    let mut world = World::inhibiting(&[receiver(1, &["a"])], &rules);
    world.firing("alertname=A severity=critical").firing("alertname=B severity=warning");
    world.firing("alertname=C severity=info").firing("alertname=Pair i=1").firing("alertname=Pair i=2");
    world.seconds(30).slack_takes_all();
    let heard = world.hears();
    assert_eq!(heard, ["#a: first_notification: firing A", "#a: first_notification: firing 1, firing 2"]);
}

#[test]
fn a_heartbeat_can_inhibit_and_is_not_told_for_that() {
    let mut world = World::inhibiting(
        &[receiver(1, &["a"])],
        &[inhibits("alertname=InfoInhibitor", "severity=info", &[])],
    );
    world.firing("alertname=InfoInhibitor severity=none").firing("alertname=C severity=info");
    world.seconds(30).slack_takes_all();
    assert_eq!(world.hears(), [""; 0]);
    let [heartbeat, inhibited] = verdicts(&world).try_into().unwrap();
    assert_eq!(heartbeat, "1 to None: heartbeat");
    assert!(inhibited.contains("inhibited by 1"), "{inhibited}");
}

#[test]
fn a_restart_neither_forgets_what_inhibits_nor_writes_it_down_again() {
    let mut world = down();
    world
        .firing("alertname=Down node=x")
        .firing("alertname=Slow node=x")
        .seconds(30)
        .slack_takes_all()
        .hears();
    let known = verdicts(&world);
    world.crash(Duration::from_secs(30)).seconds(5 * MINUTE).slack_takes_all();
    assert_eq!((world.hears(), verdicts(&world)), (vec![], known));
    world
        .resolved("alertname=Down node=x")
        .crash(Duration::from_secs(1))
        .seconds(5 * MINUTE)
        .slack_takes_all();
    assert!(world.hears().contains(&"#a: first_notification: firing Slow".to_owned()));
    assert_eq!(verdicts(&world).last().unwrap(), "3 to Some(1): inhibited_before");
}

#[test]
fn what_was_silent_keeps_its_step_over_a_restart() {
    let mut world = down();
    world
        .firing("alertname=Down node=x")
        .firing("alertname=Slow node=x")
        .seconds(30)
        .slack_takes_all()
        .hears();
    world.seconds(7 * MINUTE).crash(Duration::from_secs(1)).resolved("alertname=Down node=x");
    world.crash(Duration::from_secs(1)).slack_takes_all();
    assert_eq!(world.hears(), [""; 0]);
    world.seconds(3 * MINUTE - 3).slack_takes_all();
    assert_eq!(world.hears(), [""; 0]);
    world.seconds(1).slack_takes_all();
    assert_eq!(world.hears(), ["#a: all_resolved: resolved Down", "#a: first_notification: firing Slow"]);
}

#[test]
fn a_rule_that_is_gone_after_a_restart_inhibits_no_more() {
    let mut world = down();
    world
        .firing("alertname=Down node=x")
        .firing("alertname=Slow node=x")
        .seconds(30)
        .slack_takes_all()
        .hears();
    world.state.config.inhibitions = [].into();
    world.crash(Duration::from_secs(1)).seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing Slow"]);
}

#[test]
fn edits_find_what_is_silent_where_it_is() {
    let mut world = down();
    world
        .firing("alertname=Down node=x")
        .firing("alertname=Slow node=x")
        .seconds(30)
        .slack_takes_all()
        .hears();
    let [wait, interval, repeat] = [30, 5 * MINUTE, 720 * MINUTE].map(Duration::from_secs);
    world.state.put_grouping(Grouping::new(&["node"], wait, interval, repeat).unwrap(), world.now);
    world.step().seconds(5 * MINUTE).slack_takes_all();
    world.saved(Receiver { conditions: only("severity", &["critical"]), ..receiver(1, &["a"]) });
    assert_eq!(verdicts(&world).last().unwrap(), "3 to Some(1): conditions_changed");
    world.saved(receiver(1, &["a"])).seconds(5 * MINUTE).resolved("alertname=Down node=x");
    world.saved(Receiver { enabled: false, ..receiver(1, &["a"]) }).saved(receiver(1, &["a"]));
    world.seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing Slow"]);
    assert_eq!(world.state.inhibitor(world.state.firing().next().unwrap().id).map(|by| by.by), None);
    assert_eq!(labels("alertname=Slow node=x"), world.state.firing().next().unwrap().labels);
}

#[test]
fn what_still_waits_to_be_told_is_not_dropped_for_its_heir_while_it_fires() {
    let rule = inhibits("alertname=Down", "severity=warning", &["node"]);
    let mut world = World::inhibiting(&[receiver(1, &["a"])], &[rule]);
    let (before, after) =
        ("alertname=Slow node=x severity=warning i=1", "alertname=Slow node=x severity=critical i=2");
    let again = world.policy_fires(before);
    world.observe(&again).seconds(30).refuses_channel().policy_edited(before, after).observe(&again);
    world.firing("alertname=Down node=x").seconds(10 * MINUTE).slack_takes_all();
    let heard = world.hears();
    assert!(heard.contains(&"#a: new_alerts: firing 1, firing 2 (instead of 1)".to_owned()), "{heard:?}");
}
