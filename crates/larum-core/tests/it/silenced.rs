//! What somebody silenced waits in silence, with a reason; what was told before has its end told all the same.

use std::time::Duration;

use larum_core::verdict::Hushed;

use crate::world::{World, inhibits, receiver};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

fn quiet() -> World {
    World::with(&[receiver(1, &["a"])])
}

/// `why`, of all that was written down.
fn verdicts(world: &World) -> Vec<String> {
    let all = world.journal.iter().flat_map(|delta| &delta.verdicts);
    let words = all.map(|verdict| match &verdict.reason {
        Hushed::Silenced(silenced) => {
            let by: Vec<String> = silenced.by.iter().map(|id| id.0.to_string()).collect();
            format!("silenced by {}", by.join(", "))
        }
        other => other.as_str().to_owned(),
    });
    words.collect()
}

#[test]
fn what_is_silenced_is_told_at_its_groups_next_turn_after_the_silence() {
    let mut world = quiet();
    world
        .silenced(1, "alertname=Disk", HOUR)
        .firing_for("alertname=Disk i=1", 3 * HOUR)
        .seconds(HOUR - MINUTE);
    world.slack_takes_all();
    assert_eq!((world.hears(), verdicts(&world)), (vec![], vec!["silenced by 1".to_owned()]));
    world.seconds(6 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing 1"]);
    assert_eq!(verdicts(&world), ["silenced by 1", "silenced_before"]);
}

#[test]
fn one_that_ends_early_hides_nothing_from_then_on() {
    let mut world = quiet();
    world
        .silenced(1, "alertname=Disk", HOUR)
        .silenced(2, "i=1", HOUR)
        .firing("alertname=Disk i=1")
        .seconds(30);
    assert_eq!(verdicts(&world), ["silenced by 1, 2"]);
    world.expired(1).firing("alertname=Disk i=1").seconds(5 * MINUTE).slack_takes_all();
    assert_eq!((world.hears(), verdicts(&world).len()), (vec![], 2), "the other still does");
    world.expired(2).firing("alertname=Disk i=1").seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing 1"]);
}

#[test]
fn what_was_told_is_not_repeated_while_it_is_silenced_and_its_end_is_told() {
    let mut world = quiet();
    world.firing_for("alertname=Disk i=1", 48 * HOUR).seconds(30).slack_takes_all().hears();
    world.silenced(1, "alertname=Disk", 20 * HOUR).seconds(13 * HOUR).slack_takes_all();
    assert_eq!((world.hears(), verdicts(&world)), (vec![], vec![]), "it was told");
    world.resolved("alertname=Disk i=1").seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: all_resolved: resolved 1"], "though it is still silenced");
}

#[test]
fn what_comes_and_goes_while_it_is_silenced_is_never_told_and_has_its_reason() {
    let mut world = quiet();
    world.silenced(1, "alertname=Disk", HOUR).firing("alertname=Disk i=1").seconds(MINUTE);
    world.resolved("alertname=Disk i=1").seconds(2 * HOUR).slack_takes_all();
    assert_eq!((world.hears(), verdicts(&world)), (vec![], vec!["silenced by 1".to_owned()]));
    assert_eq!((world.state.held(), world.state.groups().len()), (0, 0), "and all is forgotten");
}

#[test]
fn what_is_inhibited_and_silenced_is_inhibited() {
    let rule = inhibits("alertname=Down", "alertname=Slow", &["node"]);
    let mut world = World::inhibiting(&[receiver(1, &["a"])], &[rule]);
    world.silenced(1, "alertname=Slow", HOUR);
    world.firing("alertname=Down node=x").firing_for("alertname=Slow node=x i=1", 3 * HOUR).seconds(30);
    assert_eq!(verdicts(&world), ["inhibited"]);
    world.resolved("alertname=Down node=x").seconds(5 * MINUTE).slack_takes_all().hears();
    assert_eq!(verdicts(&world), ["inhibited", "silenced by 1"], "there is always a reason in force");
    world.seconds(HOUR).slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing 1"]);
}

#[test]
fn a_silence_is_there_after_a_crash_and_so_is_its_end() {
    let mut world = quiet();
    world.silenced(1, "alertname=Disk", HOUR).firing_for("alertname=Disk i=1", 3 * HOUR).seconds(MINUTE);
    world.crash(Duration::from_secs(1)).seconds(30 * MINUTE).slack_takes_all();
    assert_eq!((world.hears(), verdicts(&world).len()), (vec![], 1));
    world.crash(Duration::from_secs(HOUR)).slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing 1"], "it ended meanwhile");
}

#[test]
fn what_was_over_long_ago_is_forgotten_in_memory_and_on_disk() {
    let mut world = quiet();
    world.silenced(1, "alertname=Disk", HOUR).silenced(2, "alertname=Disk", 3 * HOUR).seconds(2 * HOUR);
    assert!(!world.state.tidy_silences(Duration::from_secs(HOUR / 2), world.now, 10));
    world.step();
    let forgotten = &world.journal.last().unwrap().forgotten_silences;
    assert_eq!(forgotten.iter().map(|id| id.0).collect::<Vec<_>>(), [1]);
    assert_eq!(world.crash(Duration::ZERO).state.silences().len(), 1);
}
