//! Pending, firing, ended; failures, no data, restarts.

use super::*;

#[test]
fn it_is_pending_for_its_duration_then_fires_and_resolves_once() {
    let mut talk = Talk::with(&draft());
    assert_eq!(talk.standing(), Standing::Inactive);
    assert_eq!(talk.at(0, nodes(&["a"])), [""; 0]);
    assert_eq!(talk.standing(), Standing::Pending);
    assert_eq!(talk.at(4, nodes(&["a"])), [""; 0]);
    assert_eq!(talk.at(5, nodes(&["a"])), ["a warning: firing since minute 5"]);
    assert_eq!(talk.standing(), Standing::Firing);
    assert_eq!(talk.at(6, nodes(&["a"])), ["a warning: firing since minute 5"]);
    assert_eq!(talk.at(7, nodes(&[])), ["a warning: resolved since minute 5"]);
    assert_eq!(talk.standing(), Standing::Inactive);
    assert_eq!(talk.at(8, nodes(&[])), [""; 0]);
}

#[test]
fn without_a_duration_it_fires_at_once() {
    let mut talk = Talk::with(&PolicyDraft { hold: Duration::ZERO, ..draft() });
    assert_eq!(talk.at(0, nodes(&["a"])), ["a warning: firing since minute 0"]);
}

#[test]
fn a_series_that_comes_and_goes_starts_to_wait_anew() {
    let mut talk = Talk::with(&draft());
    talk.at(0, nodes(&["a"]));
    talk.at(3, nodes(&[]));
    talk.at(4, nodes(&["a"]));
    assert_eq!(talk.at(8, nodes(&["a"])), [""; 0]);
    assert_eq!(talk.at(9, nodes(&["a"])), ["a warning: firing since minute 9"]);
}

#[test]
fn each_series_has_its_own_time() {
    let mut talk = Talk::with(&draft());
    talk.at(0, nodes(&["a"]));
    talk.at(2, nodes(&["a", "b"]));
    assert_eq!(talk.at(6, nodes(&["a", "b"])), ["a warning: firing since minute 6"]);
    let both = ["a warning: resolved since minute 6", "b warning: firing since minute 7"];
    assert_eq!(talk.at(7, nodes(&["b"])), both);
}

#[test]
fn the_alert_has_the_series_labels_and_the_policys_win() {
    let mut talk = Talk::with(&PolicyDraft { hold: Duration::ZERO, ..draft() });
    talk.at(0, nodes(&["a"]));
    let series = talk.state.series().next().unwrap();
    assert_eq!(series.labels.to_string(), r#"{alertname="Hot", node="a", severity="warning"}"#);
    assert_eq!(series.measured.text, "95 °C (> 90 °C)");
}

#[test]
fn a_failure_changes_nothing_but_the_health() {
    let mut talk = Talk::with(&draft());
    talk.at(0, nodes(&["a", "b"]));
    assert_eq!(talk.at(3, failed()), [""; 0]);
    assert!(talk.persisted, "since when it fails is history");
    assert_eq!(talk.at(4, failed()), [""; 0]);
    assert!(!talk.persisted);
    assert_eq!(talk.standing(), Standing::Error);
    assert_eq!(talk.at(5, nodes(&["a"])), ["a warning: firing since minute 5"]);
    assert_eq!(talk.at(900, failed()), [""; 0]);
    assert_eq!(talk.standing(), Standing::Firing);
    let last = talk.state.last().unwrap();
    assert_eq!((last.at, last.took), (wall(900), Duration::from_millis(3)));
    assert_eq!(last.health, Health::Error { message: "the source is down".into() });
    assert_eq!(talk.at(901, nodes(&[])), ["a warning: resolved since minute 5"]);
}

#[test]
fn two_series_of_one_alert_are_a_failure_in_words() {
    let mut talk = Talk::with(&draft());
    talk.at(0, nodes(&["a"]));
    assert_eq!(talk.at(5, nodes(&["b", "b"])), [""; 0]);
    let Health::Error { message } = &talk.state.last().unwrap().health else { panic!("healthy") };
    assert!(
        message.starts_with("the answer has several series for the one alert {alertname=\"Hot\""),
        "{message}"
    );
    assert_eq!(talk.at(6, nodes(&["a"])), ["a warning: firing since minute 6"]);
    let many: Vec<String> = (0..=MAX_SERIES).map(|n| n.to_string()).collect();
    talk.at(7, nodes(&many.iter().map(String::as_str).collect::<Vec<_>>()));
    assert!(
        matches!(&talk.state.last().unwrap().health, Health::Error { message } if message.contains("10001 series"))
    );
}

#[test]
fn no_data_keeps_what_fires_for_an_hour_and_is_not_healthy() {
    let mut talk = Talk::with(&draft());
    talk.at(0, nodes(&["a"]));
    talk.at(5, nodes(&["a"]));
    assert_eq!(talk.at(10, no_data()), [""; 0]);
    assert!(talk.persisted);
    assert_eq!(talk.standing(), Standing::Firing);
    assert_eq!(talk.at(69, no_data()), [""; 0]);
    assert!(!talk.persisted);
    assert_eq!(talk.at(70, no_data()), ["a warning: no data since minute 5"]);
    assert_eq!(talk.standing(), Standing::NoData);
    let since = Health::NoData { since: wall(10), selectors: vec!["heat".into()] };
    assert_eq!(talk.state.last().unwrap().health, since);
    assert_eq!(talk.at(71, no_data()), [""; 0]);
    assert_eq!(talk.at(72, nodes(&[])), [""; 0]);
    assert_eq!(talk.standing(), Standing::Inactive);
}

#[test]
fn a_gap_in_the_data_ends_nothing_and_starts_no_wait_anew() {
    let mut talk = Talk::with(&draft());
    talk.at(0, nodes(&["a", "b"]));
    assert_eq!(talk.at(2, no_data()), [""; 0]);
    assert_eq!(talk.standing(), Standing::NoData);
    assert_eq!(talk.at(20, no_data()), [""; 0], "nothing begins to fire unseen");
    assert_eq!(talk.at(21, nodes(&["a"])), ["a warning: firing since minute 21"]);
    assert_eq!(talk.at(22, nodes(&["a", "b"])), ["a warning: firing since minute 21"], "b was gone at 21");
}

#[test]
fn what_was_pending_before_a_long_gap_is_forgotten() {
    let mut talk = Talk::with(&PolicyDraft { no_data_hold: minutes(10), ..draft() });
    talk.at(0, nodes(&["a"]));
    talk.at(1, no_data());
    assert_eq!(talk.at(11, no_data()), [""; 0]);
    assert_eq!(talk.at(12, nodes(&["a"])), [""; 0]);
    assert_eq!(talk.at(17, nodes(&["a"])), ["a warning: firing since minute 17"]);
}

#[test]
fn a_policy_can_bear_no_gap_at_all() {
    let mut talk = Talk::with(&PolicyDraft { no_data_hold: Duration::ZERO, ..draft() });
    talk.at(0, nodes(&["a"]));
    talk.at(5, nodes(&["a"]));
    assert_eq!(talk.at(6, incomplete(no_data())), [""; 0], "a source that has just begun proves nothing");
    assert_eq!(talk.at(7, no_data()), ["a warning: no data since minute 5"]);
    assert_eq!(talk.standing(), Standing::NoData);
}

#[test]
fn what_is_said_of_gaps_counts_for_the_one_that_lasts() {
    let mut talk = Talk::with(&draft());
    talk.at(0, nodes(&["a"]));
    talk.at(5, nodes(&["a"]));
    talk.at(10, no_data());
    talk.policy = policy(&PolicyDraft { no_data_hold: minutes(15), ..draft() });
    assert_eq!(talk.at(24, no_data()), [""; 0]);
    assert_eq!(talk.at(25, no_data()), ["a warning: no data since minute 5"]);
}

#[test]
fn a_restart_keeps_the_time_and_announces_nothing_anew() {
    let mut talk = Talk::with(&draft());
    talk.at(0, nodes(&["a"]));
    talk.at(5, nodes(&["a", "b"]));
    talk.restart(7);
    assert_eq!(talk.standing(), Standing::Firing);
    assert_eq!(talk.state.last(), None);
    assert_eq!(talk.at(7, failed()), [""; 0]);
    assert_eq!(talk.at(7, incomplete(no_data())), [""; 0]);
    assert_eq!(talk.at(8, incomplete(nodes(&[]))), [""; 0], "a source that has just begun proves nothing");
    let both = ["a warning: firing since minute 5", "b warning: firing since minute 10"];
    assert_eq!(talk.at(10, incomplete(nodes(&["a", "b"]))), both);
    talk.restart(11);
    let ended = ["a warning: resolved since minute 5", "b warning: resolved since minute 10"];
    assert_eq!(talk.at(20, nodes(&[])), ended);
    assert_eq!(talk.state.to_record(PolicyId(1)).series, []);
}

#[test]
fn a_restart_long_after_the_data_went_does_not_end_what_it_cannot_see_yet() {
    let mut talk = Talk::with(&draft());
    talk.at(0, nodes(&["a"]));
    talk.at(5, nodes(&["a"]));
    talk.at(6, no_data());
    talk.restart(300);
    assert_eq!(talk.standing(), Standing::Firing);
    assert_eq!(talk.at(300, incomplete(no_data())), [""; 0]);
    assert_eq!(talk.at(301, nodes(&["a"])), ["a warning: firing since minute 5"]);
    assert!(talk.persisted, "the data is back");
}

#[test]
fn what_began_while_the_source_was_new_resolves_like_any_other() {
    let mut talk = Talk::with(&PolicyDraft { hold: Duration::ZERO, ..draft() });
    assert_eq!(talk.at(0, incomplete(nodes(&["a"]))), ["a warning: firing since minute 0"]);
    assert_eq!(talk.at(1, nodes(&[])), ["a warning: resolved since minute 0"]);
}

#[test]
fn a_wall_clock_that_jumps_delays_nothing() {
    let mut talk = Talk::with(&draft());
    talk.at(0, nodes(&["a"]));
    let back = Now { wall: wall(-600), steady: now(5).steady };
    let advanced = talk.state.advance(&talk.policy, nodes(&["a"]), Duration::ZERO, back);
    assert_eq!(advanced.observations.len(), 1);
    talk.at(0, nodes(&["a", "b"]));
    talk.state = PolicyState::from_record(&talk.policy, talk.state.to_record(PolicyId(1)), back);
    let later = Now { wall: wall(-595), steady: now(10).steady };
    let advanced = talk.state.advance(&talk.policy, nodes(&["a", "b"]), Duration::ZERO, later);
    assert_eq!(advanced.observations.len(), 2, "b waited five minutes since the restart at most");
}

#[test]
fn an_evaluation_that_changes_nothing_writes_nothing() {
    let mut talk = Talk::with(&draft());
    let steps: [(i64, Outcome, bool); 9] = [
        (0, nodes(&[]), false),
        (1, nodes(&["a"]), true),
        (2, nodes(&["a"]), false),
        (6, nodes(&["a"]), true),
        (7, nodes(&["a"]), false),
        (8, failed(), true),
        (8, failed(), false),
        (9, nodes(&[]), true),
        (10, nodes(&[]), false),
    ];
    for (minute, outcome, writes) in steps {
        talk.at(minute, outcome);
        assert_eq!(talk.persisted, writes, "at minute {minute}");
    }
}
