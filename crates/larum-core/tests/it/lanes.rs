//! Lanes and their pace, and what is forgotten when nothing needs it any more.

use std::time::Duration;

use larum_core::alert::Says;
use larum_core::config::Pace;
use larum_core::outbox::Outcome;
use larum_core::receiver::Receiver;
use larum_core::state::Refused;
use larum_core::time::Steady;

use crate::world::{World, receiver};

const MINUTE: u64 = 60;

fn three_groups(world: &mut World) {
    world.firing("alertname=A").firing("alertname=B").firing("alertname=C");
}

#[test]
fn nothing_is_due_while_an_answer_is_awaited() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.state.config.pace = Pace::SLACK;
    three_groups(&mut world);
    world.seconds(30).seconds(5);
    assert_eq!(world.in_flight.len(), 1);
    let due = world.state.next_due(world.now.steady).unwrap();
    assert!(due > world.now.steady, "the writer would turn in circles until Slack answers");
}

#[test]
fn two_receivers_share_the_pace_of_one_channel() {
    let mut world = World::with(&[receiver(1, &["a"]), receiver(2, &["a"])]);
    world.state.config.pace = Pace::SLACK;
    world.firing("alertname=A").seconds(30);
    assert_eq!(world.in_flight.len(), 1);
    world.slack_takes_all();
    assert_eq!(world.seconds(1).in_flight.len(), 1);
}

#[test]
fn a_workspace_gets_at_most_three_hundred_messages_in_any_minute() {
    let receivers: Vec<Receiver> = (1..=20)
        .map(|id| {
            receiver(
                id,
                &["a", "b", "c", "d", "e"]
                    .map(|channel| format!("{channel}{id}"))
                    .each_ref()
                    .map(String::as_str),
            )
        })
        .collect();
    let mut world = World::with(&receivers);
    world.state.config.pace = Pace::SLACK;
    for i in 0..10 {
        world.firing(&format!("alertname=A{i}"));
    }
    world.seconds(30);
    let mut sent: Vec<Steady> = vec![];
    for _ in 0..3000 {
        sent.extend(world.in_flight.iter().map(|_| world.now.steady));
        world.slack_takes_all().pass(Duration::from_millis(100));
    }
    assert_eq!(sent.len(), 1000);
    let within_a_minute = |window: &[Steady]| window[300].since(window[0]) < Duration::from_secs(60);
    assert!(!sent.windows(301).any(within_a_minute));
    assert!(sent[999].since(sent[0]) < Duration::from_secs(5 * MINUTE), "and not much fewer either");
}

#[test]
fn any_answer_shows_that_the_other_side_is_there() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    let unreachable = Outcome::Unreachable { error: "connection refused".into() };
    world.firing("alertname=Disk").seconds(30);
    for _ in 0..6 {
        world.answer_all(&unreachable).seconds(MINUTE);
    }
    world.answer_all(&Outcome::RetryAfter { wait: Duration::from_secs(1) }).seconds(1);
    world.firing("alertname=Cpu").answer_all(&unreachable).seconds(1);
    assert_eq!(world.seconds(30).in_flight.len(), 1, "the other message waits one second, not thirty");
}

#[test]
fn an_earlier_end_is_kept_as_well_as_a_later_one() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing_for("alertname=Disk", 3600).seconds(30).slack_takes_all().hears();
    world.firing_for("alertname=Disk", 60).seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["#a: all_resolved: resolved Disk"]);
}

#[test]
fn an_alert_that_is_said_again_and_again_and_over_leaves_nothing_to_wait_for() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    for i in 0..1000 {
        world.firing_for("alertname=Disk", if i % 2 == 0 { 3600 } else { 7200 });
    }
    world.resolved("alertname=Disk").seconds(30);
    assert_eq!(world.state.next_due(world.now.steady), None);
}

#[test]
fn at_the_limit_of_groups_only_what_needs_a_new_one_is_refused() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.state.config.limits.groups = 1;
    world.firing("alertname=A i=1").firing("alertname=A i=2");
    let says = Says::Firing { ends_at: world.now.wall.plus(Duration::from_secs(60)), timeout: true };
    let another = world.observation("alertname=B", says);
    let refused = world.state.observe(&another, world.now);
    assert_eq!(refused, Err(Refused::TooManyGroups { limit: 1 }));
}

#[test]
fn of_one_name_no_more_fire_than_may_and_one_that_ends_makes_room() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.state.config.limits.per_alertname = 2;
    world.firing("alertname=A i=1").firing("alertname=A i=2").firing("alertname=B").firing("alertname=A i=1");
    let third = world.observation("alertname=A i=3", world.fires_for(60));
    assert_eq!(world.state.observe(&third, world.now), Err(Refused::TooManyOfName { limit: 2 }));
    world.resolved("alertname=A i=1");
    assert_eq!(world.state.observe(&third, world.now), Ok(()));
    world.step().crash(Duration::from_secs(1));
    let fourth = world.observation("alertname=A i=4", world.fires_for(60));
    assert_eq!(world.state.observe(&fourth, world.now), Err(Refused::TooManyOfName { limit: 2 }));
    world.seconds(24 * 60 * MINUTE).slack_takes_all();
    assert_eq!(world.state.observe(&fourth, world.now), Ok(()), "silence ends them too");
}

#[test]
fn a_channel_that_nobody_repairs_does_not_hold_everything_that_ever_fired() {
    let mut world = World::with(&[receiver(1, &["gone"])]);
    let archived = Outcome::ChannelRefused { error: "is_archived".into() };
    for i in 0..150 {
        let pod = format!("alertname=PodCrash i={i}");
        world.firing(&pod).seconds(30).answer_all(&archived).seconds(270).answer_all(&archived);
        world.resolved(&pod).seconds(5 * MINUTE).answer_all(&archived);
    }
    assert!(world.state.held() < 60, "{} alerts are held for it", world.state.held());
    let waiting = world.state.outbox().iter().last().unwrap().clone();
    let counted = waiting.replaced.unwrap().unnamed as usize;
    assert_eq!(counted + waiting.alerts.len(), 150, "every one is named or counted");

    world.seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears().len(), 1);
    assert_eq!(world.state.held(), 0);
}

#[test]
fn a_refusal_of_the_former_token_does_not_pause_the_new_one() {
    let mut world = World::with(&[receiver(1, &["a", "b"])]);
    world.firing("alertname=Disk").seconds(30);
    assert_eq!(world.in_flight.len(), 2);
    world.saved(receiver(1, &["a", "b"]));
    world.answer_all(&Outcome::CredentialRefused { error: "token_revoked".into() });
    world.slack_takes_all();
    assert_eq!(world.hears(), ["#a: first_notification: firing Disk", "#b: first_notification: firing Disk"]);
}
