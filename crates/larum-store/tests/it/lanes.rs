//! What lanes wait for is read back as it was, on clocks that began anew.

use std::time::Duration;

use larum_core::outbox::{MAX_RETRY_AFTER, Outcome, PROBE_INTERVAL};
use larum_core::receiver::{Channel, Channels, Receiver};
use larum_core::state::State;
use larum_core::time::{Now, Steady};

use crate::journal::{Diary, lanes};

/// A lane that is paused, and a channel that Slack asked to leave alone for half an hour.
async fn a_bad_day() -> Diary {
    let mut diary = Diary::begin().await;
    diary.firing("1");
    diary.step(0).await;
    let [first, second] = diary.step(30).await.try_into().unwrap();
    diary.state.finish_delivery(
        first,
        Outcome::ChannelRefused { error: "is_archived".into() },
        0.0,
        diary.now,
    );
    let wait = Duration::from_secs(30 * 60);
    diary.state.finish_delivery(second, Outcome::RetryAfter { wait }, 0.0, diary.now);
    diary.step(60).await;
    diary
}

/// The state after a restart: the steady clock began anew, and the wall clock says this.
async fn restarted(diary: &mut Diary, wall: impl FnOnce(Now) -> Now) -> State {
    diary.now = Now { steady: Steady::from_millis(7), ..wall(diary.now) };
    diary.read_back().await
}

fn probe_at(state: &State) -> Steady {
    state.outbox().lanes().find_map(|(_, _, lane)| lane.paused()).unwrap().probe_at
}

#[tokio::test]
async fn pauses_and_waits_come_back_and_go_when_they_are_over() {
    let mut diary = a_bad_day().await;
    assert_eq!(lanes(&diary.read_back().await), lanes(&diary.state));
    assert_eq!((diary.state.outbox().lanes().count(), diary.state.outbox().retry_after().count()), (2, 1));
    diary.state.put_receiver(diary.state.config.receivers[0].as_ref().clone(), "ada", diary.now);
    let [probe] = diary.step(1).await.try_into().unwrap();
    let delivered = Outcome::Delivered { ts: "1.2".into(), channel_id: "C9".into() };
    diary.state.finish_delivery(probe, delivered, 0.0, diary.now);
    diary.step(31 * 60).await;
    assert_eq!(lanes(&diary.read_back().await), lanes(&diary.state));
    assert!(diary.state.outbox().lanes().all(|(_, _, lane)| lane.paused().is_none()));
    assert_eq!(diary.state.outbox().retry_after().count(), 0);
}

#[tokio::test]
async fn lanes_of_integrations_come_back_too() {
    let mut diary = Diary::begin().await;
    let before = diary.state.config.receivers[0].as_ref().clone();
    let channels = Channels::only(Channel::integration("webhook", 0));
    diary.state.put_receiver(Receiver { channels, ..before }, "ada", diary.now);
    diary.firing("1");
    diary.step(0).await;
    let [only] = diary.step(30).await.try_into().unwrap();
    let refused = Outcome::ChannelRefused { error: "status 404".into() };
    diary.state.finish_delivery(only, refused, 0.0, diary.now);
    diary.step(1).await;
    assert_eq!(lanes(&diary.read_back().await), lanes(&diary.state));
}

#[tokio::test]
async fn what_is_due_is_due_at_the_same_wall_time_after_a_restart() {
    let mut diary = a_bad_day().await;
    let since = diary.now.wall.minus(Duration::from_secs(60));
    let span = Duration::from_secs(100);
    let state = restarted(&mut diary, |now| Now { wall: now.wall.plus(span), ..now }).await;
    let (now, outbox) = (diary.now, state.outbox());
    assert_eq!(now.wall_at(probe_at(&state)), since.plus(PROBE_INTERVAL));
    let paused = outbox.lanes().find_map(|(_, _, lane)| lane.paused()).unwrap();
    assert_eq!((paused.since, paused.error.as_str()), (since, "is_archived"));
    let asked = outbox.retry_after().next().unwrap();
    assert_eq!(now.wall_at(asked.until), since.plus(Duration::from_secs(30 * 60)));
    assert_eq!(asked.workspace.as_deref(), Some("T1"));
}

#[tokio::test]
async fn a_clock_that_was_set_back_or_forward_makes_nobody_wait_for_longer() {
    let mut diary = a_bad_day().await;
    let year = Duration::from_secs(365 * 24 * 60 * 60);
    let mut state = restarted(&mut diary, |now| Now { wall: now.wall.minus(year), ..now }).await;
    assert_eq!(probe_at(&state), diary.now.steady.plus(PROBE_INTERVAL));
    let bounded = diary.now.steady.plus(MAX_RETRY_AFTER);
    assert_eq!(state.outbox().retry_after().next().unwrap().until, bounded);
    std::mem::swap(&mut diary.state, &mut state);
    diary.step(0).await;
    assert_eq!(lanes(&diary.read_back().await), lanes(&diary.state), "it is bounded on disk as well");
    let state = restarted(&mut diary, |now| Now { wall: now.wall.plus(2 * year), ..now }).await;
    assert!(probe_at(&state) < diary.now.steady);
    assert_eq!(state.outbox().retry_after().count(), 0);
}
