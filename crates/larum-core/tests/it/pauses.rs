//! A lane that is paused, and a channel that Slack asked to leave alone, are so after a crash as well.

use std::time::Duration;

use larum_core::config::Pace;
use larum_core::outbox::{MAX_RETRY_AFTER, Outcome, PROBE_INTERVAL, WaitsFor};
use larum_core::receiver::Receiver;
use larum_core::state::Delta;

use crate::world::{World, receiver};

const MINUTE: u64 = 60;
const A_SECOND: Duration = Duration::from_secs(1);

fn asks_to_wait(seconds: u64) -> Outcome {
    Outcome::RetryAfter { wait: Duration::from_secs(seconds) }
}

/// The last step that changed anything about lanes.
fn written(world: &mut World) -> &mut Delta {
    world.journal.iter_mut().rfind(|delta| !delta.lanes.is_empty()).unwrap()
}

#[test]
fn a_pause_keeps_its_reason_its_beginning_and_its_next_probe() {
    let mut world = World::with(&[receiver(1, &["a", "b"])]);
    world.firing("alertname=Disk").seconds(30).refuses_channel();
    let before = world.paused("a").unwrap();
    assert_eq!(before.since, world.now.wall);
    world.seconds(2 * MINUTE).crash(A_SECOND);
    assert_eq!((world.paused("a"), world.paused("b")), (Some(before.clone()), Some(before.clone())));
    assert_eq!(world.seconds(3 * MINUTE - 2).in_flight.len(), 0, "it is not due before");
    assert_eq!(world.seconds(1).in_flight.len(), 2);
    world.refuses_channel();
    assert_eq!(world.paused("a").unwrap().since, before.since);
}

#[test]
fn a_probe_that_was_due_while_nobody_was_there_is_made_at_once() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk").firing("alertname=Cpu").seconds(30).refuses_channel();
    let before = world.paused("a").unwrap();
    world.crash(Duration::from_secs(30 * MINUTE));
    assert_eq!(world.in_flight.len(), 1, "one message tries it");
    assert_eq!(world.paused("a").unwrap().since, before.since);
    world.crash(A_SECOND);
    assert_eq!(world.in_flight.len(), 0, "the next is due five minutes after the one that was on its way");
    world.seconds(5 * MINUTE).slack_takes_all().crash(A_SECOND);
    assert_eq!(world.paused("a"), None, "what was mended is so after a crash");
    assert_eq!(world.hears(), ["#a: first_notification: firing Disk", "#a: first_notification: firing Cpu"]);
}

#[test]
fn an_update_of_the_settings_and_a_retry_are_not_lost_with_the_process() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk").seconds(30).refuses_channel();
    world.state.put_receiver(receiver(1, &["a"]), "ada", world.now);
    let saved = world.state.take_delta();
    world.journal.push(saved);
    assert_eq!(world.crash(A_SECOND).in_flight.len(), 1, "the update asked for a probe at once");
}

#[test]
fn a_lane_that_is_gone_is_not_paused_when_it_comes_back() {
    let mut world = World::with(&[receiver(1, &["a", "b"])]);
    world.firing("alertname=Disk").seconds(30).refuses_channel();
    world.saved(receiver(1, &["a"])).crash(A_SECOND);
    world.saved(receiver(1, &["a", "b"])).saved(Receiver { enabled: false, ..receiver(1, &["a", "b"]) });
    world.crash(A_SECOND).saved(receiver(1, &["a", "b"])).seconds(30);
    assert_eq!((world.paused("a"), world.paused("b")), (None, None));
    assert_eq!(world.in_flight.len(), 2);
}

#[test]
fn a_commit_that_fails_moves_no_probe() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk").seconds(30).refuses_channel().seconds(5 * MINUTE);
    let (probe, before) = (world.in_flight[0].id, world.paused("a").unwrap());
    world.now.steady = world.now.steady.plus(A_SECOND);
    world.read_back().state.still_sending(&[probe]);
    assert_eq!(world.paused("a").unwrap(), before);
}

#[test]
fn slack_s_wish_to_wait_outlives_a_crash_and_so_does_the_pace_learned_from_it() {
    let mut world = World::with(&[receiver(1, &["a"]), receiver(2, &["a"])]);
    world.firing("alertname=A").firing("alertname=B").firing("alertname=C").seconds(30);
    world.answer_all(&asks_to_wait(90)).seconds(30);
    let until = world.now.steady.plus(Duration::from_secs(60));
    world.crash(A_SECOND);
    let waiting = world.state.outbox().iter().next().unwrap().id;
    let waits = world.state.outbox().waits_for(&world.state.config, waiting, world.now.steady);
    assert_eq!(waits, Some(WaitsFor::Held(until)));
    assert_eq!(world.seconds(58).in_flight.len(), 0, "a second too early");
    assert_eq!(world.seconds(1).in_flight.len(), 1, "and then one a second");
    world.slack_takes_all().crash(A_SECOND);
    for told in 2..=6 {
        assert_eq!(world.in_flight.len(), 1);
        assert_eq!(world.slack_takes_all().heard.len(), told);
        world.seconds(1);
    }
    world.seconds(MINUTE);
    assert_eq!(world.state.outbox().retry_after().count(), 0, "it is forgotten");
    assert_eq!(written(&mut world).lanes.past.len(), 1, "on disk too");
}

#[test]
fn slack_s_wish_holds_for_a_channel_that_was_removed_and_added_again() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.firing("alertname=Disk").seconds(30).answer_all(&asks_to_wait(600));
    world.saved(receiver(1, &["b"])).crash(A_SECOND).saved(receiver(1, &["a"]));
    world.firing("alertname=Cpu").seconds(31);
    assert_eq!((world.state.outbox().len(), world.in_flight.len()), (1, 0));
    assert_eq!(world.seconds(567).in_flight.len(), 0);
    assert_eq!(world.seconds(1).in_flight.len(), 1);
}

#[test]
fn a_clock_that_was_set_back_makes_nobody_wait_for_ever() {
    let mut world = World::with(&[receiver(1, &["a"]), receiver(2, &["b"])]);
    let ten_years = Duration::from_secs(10 * 365 * 24 * 60 * MINUTE);
    world.firing_for("alertname=Disk", 300 * MINUTE).seconds(30);
    let (to_a, to_b) = (world.in_flight[0].id, world.in_flight[1].id);
    world.answer(to_a, asks_to_wait(90));
    written(&mut world).lanes.retry_after[0].until = world.now.steady.plus(ten_years);
    world.answer(to_b, Outcome::ChannelRefused { error: "is_archived".into() });
    written(&mut world).lanes.paused[0].paused.probe_at = world.now.steady.plus(ten_years);
    world.crash(A_SECOND);
    let bounded = world.now.steady.plus(MAX_RETRY_AFTER);
    let lanes = written(&mut world).lanes.clone();
    assert_eq!(lanes.retry_after[0].until, bounded, "the next start does not begin anew");
    assert_eq!(lanes.paused[0].paused.probe_at, world.now.steady.plus(PROBE_INTERVAL));
    assert_eq!(world.seconds(5 * MINUTE).in_flight[0].id, to_b);
    world.slack_takes_all();
    world.pass(MAX_RETRY_AFTER - Duration::from_secs(5 * MINUTE + 1));
    assert_eq!(world.in_flight.len(), 0);
    assert_eq!(world.seconds(1).in_flight[0].id, to_a);
}

#[test]
fn slack_is_never_left_alone_for_longer_than_an_hour() {
    let mut world = World::with(&[receiver(1, &["a"])]);
    world.state.config.pace = Pace::SLACK;
    world.firing_for("alertname=Disk", 300 * MINUTE).seconds(30);
    world.answer_all(&asks_to_wait(u64::MAX / 2));
    assert_eq!(world.pass(MAX_RETRY_AFTER).in_flight.len(), 1);
}
