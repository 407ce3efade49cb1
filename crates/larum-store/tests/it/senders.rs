//! What senders said is read back with the end that they may count on.

use std::time::Duration;

use larum_core::alert::{Observation, Origin, PolicyId, RESOLVE_TIMEOUT, Says};
use larum_core::config::{Config, Pace};
use larum_core::label::LabelSet;
use larum_core::policy::FAR_END;
use larum_core::state::State;
use larum_core::time::{Now, Steady, Timestamp};
use larum_store::{Commit, Store};
use tempfile::TempDir;

use crate::journal::open;

const START: Now = Now { wall: Timestamp::from_millis(1_800_000_000_000), steady: Steady::from_millis(5000) };
const HOUR: Duration = Duration::from_secs(60 * 60);

fn nothing_known() -> State {
    let config = Config { pace: Pace::NONE, ..Config::default() };
    State::new(config)
}

/// Writes down what one sender said: that an alert fires for so long.
async fn said(store: &Store, origin: Origin, timeout: bool, lasts: Duration) {
    let mut state = nothing_known();
    let seen = Observation {
        origin,
        labels: LabelSet::from_pairs([("alertname", "Disk")]),
        annotations: LabelSet::empty(),
        generator_url: "".into(),
        starts_at: START.wall,
        says: Says::Firing { ends_at: START.wall.plus(lasts), timeout },
        measured: None,
        continues: None,
    };
    state.observe(&seen, START).unwrap();
    let delta = state.take_delta();
    store.commit(&Commit { delta: &delta, rendered: &[], settings: &[], now: START }).await.unwrap();
}

/// When it ends for those who start again after this downtime, counted from then.
async fn ends_in(origin: Origin, timeout: bool, lasts: Duration, downtime: Duration) -> Duration {
    let dir = TempDir::new().unwrap();
    let store = open(&dir).await;
    said(&store, origin, timeout, lasts).await;
    // Another process: its steady clock began elsewhere.
    let now = Now { wall: START.wall.plus(downtime), steady: Steady::from_millis(77) };
    let remembered = store.recall(now).await.unwrap().remembered;
    let mut state = State::remember(nothing_known().config, remembered, now);
    while state.expire(now, 100) {}
    let expires_at = state.firing().next().and_then(|alert| alert.expires_at());
    let expires_at = expires_at.unwrap_or_else(|| panic!("it ended by the restart"));
    let before = Now { wall: expires_at, steady: now.steady_at(expires_at.minus(Duration::from_millis(1))) };
    state.expire(before, 100);
    assert_eq!(state.held(), 1, "it ends before the time that is shown");
    state.expire(Now { wall: expires_at, steady: now.steady_at(expires_at) }, 100);
    assert_eq!(state.held(), 0, "it outlives the time that is shown");
    expires_at.since(now.wall)
}

#[tokio::test]
async fn a_webhook_keeps_its_hours_over_a_restart() {
    assert_eq!(ends_in(Origin::Alertmanager, true, 25 * HOUR, HOUR).await, 24 * HOUR);
}

#[tokio::test]
async fn what_prometheus_sends_has_time_to_be_sent_again() {
    let four_minutes = Duration::from_secs(4 * 60);
    assert_eq!(ends_in(Origin::Prometheus, false, four_minutes, HOUR).await, RESOLVE_TIMEOUT);
    assert_eq!(ends_in(Origin::Prometheus, false, 2 * HOUR, HOUR).await, HOUR);
}

#[tokio::test]
async fn whoever_says_no_end_has_as_long_as_before_to_send_again() {
    let half_an_hour = Duration::from_secs(30 * 60);
    assert_eq!(ends_in(Origin::Prometheus, true, half_an_hour, HOUR).await, half_an_hour);
}

#[tokio::test]
async fn a_webhook_whose_time_ran_out_while_nobody_listened_has_time_to_be_sent_again() {
    assert_eq!(ends_in(Origin::Alertmanager, true, 2 * HOUR, 48 * HOUR).await, RESOLVE_TIMEOUT);
}

#[tokio::test]
async fn a_clock_that_was_set_back_makes_no_alert_live_longer() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir).await;
    said(&store, Origin::Prometheus, false, Duration::from_secs(10 * 60)).await;
    let now = Now { wall: START.wall.minus(24 * HOUR), steady: Steady::from_millis(77) };
    let remembered = store.recall(now).await.unwrap().remembered;
    let ends_at = remembered.alerts[0].expires_at().unwrap();
    assert_eq!(ends_at.since(now.wall), Duration::from_secs(10 * 60));
}

#[tokio::test]
async fn what_a_policy_says_outlives_a_clock_that_was_wrong_and_a_year() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir).await;
    said(&store, Origin::Policy(PolicyId(3)), true, FAR_END).await;
    let now = Now { wall: START.wall.plus(FAR_END * 50), steady: Steady::from_millis(77) };
    let remembered = store.recall(now).await.unwrap().remembered;
    let mut state = State::remember(nothing_known().config, remembered, now);
    assert!(!state.expire(now, 100));
    assert_eq!(state.firing().count(), 1);
}
