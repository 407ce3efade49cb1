//! What an edit does to what is pending or fires.

use super::*;

/// A talk in which node a fires since minute 5 and node b is pending since minute 8.
fn talk() -> Talk {
    let mut talk = Talk::with(&draft());
    talk.at(0, nodes(&["a"]));
    talk.at(5, nodes(&["a"]));
    assert_eq!(talk.at(8, nodes(&["a", "b"])), ["a warning: firing since minute 5"]);
    talk
}

#[test]
fn an_expression_that_still_holds_keeps_its_start() {
    let mut talk = talk();
    talk.policy.expr = "heat > 80".into();
    assert_eq!(talk.at(9, nodes(&["a", "b"])), ["a warning: firing since minute 5"]);
    assert!(talk.persisted);
    assert_eq!(talk.at(10, nodes(&["b"])), ["a warning: resolved since minute 5"]);
}

#[test]
fn one_that_no_longer_holds_ends_as_changed() {
    let mut talk = talk();
    talk.policy.expr = "heat > 99".into();
    assert_eq!(talk.at(9, failed()), [""; 0]);
    talk.restart(10);
    assert_eq!(talk.at(10, incomplete(nodes(&[]))), [""; 0]);
    assert_eq!(talk.at(11, nodes(&[])), ["a warning: policy changed since minute 5"]);
}

#[test]
fn only_the_first_answer_after_the_edit_is_the_edits_doing() {
    let mut talk = talk();
    talk.policy.expr = "heat > 80".into();
    talk.at(9, nodes(&["a"]));
    assert_eq!(talk.at(10, nodes(&[])), ["a warning: resolved since minute 5"]);
}

#[test]
fn an_edit_of_the_words_alone_is_no_reason_to_end() {
    let mut talk = talk();
    talk.policy.summary = "It is very hot".into();
    talk.policy.version += 1;
    assert_eq!(talk.at(9, nodes(&[])), ["a warning: resolved since minute 5"]);
}

#[test]
fn another_severity_ends_the_old_alert_and_continues_it() {
    let mut talk = talk();
    talk.policy.severity = Severity::Critical;
    talk.restart(8);
    let changed = [
        "a warning: policy changed since minute 5",
        "a critical: firing since minute 5, continues a warning",
    ];
    assert_eq!(talk.at(9, nodes(&["a", "b"])), changed);
    assert!(talk.persisted);
    assert_eq!(talk.at(10, nodes(&["a", "b"])), ["a critical: firing since minute 5"]);
    let both = ["a critical: firing since minute 5", "b critical: firing since minute 13"];
    assert_eq!(talk.at(13, nodes(&["a", "b"])), both, "b kept its time");
}

#[test]
fn another_severity_that_no_longer_holds_ends_under_its_old_labels() {
    let mut talk = talk();
    talk.policy.severity = Severity::Critical;
    talk.policy.expr = "heat > 99".into();
    assert_eq!(talk.at(9, nodes(&[])), ["a warning: policy changed since minute 5"]);
}

#[test]
fn another_name_is_another_alert_that_continues() {
    let mut talk = talk();
    talk.policy.name = "Too hot".into();
    let advanced = talk.state.advance(&talk.policy, nodes(&["a"]), Duration::ZERO, now(9));
    let [old, new] = &advanced.observations[..] else { panic!("{advanced:?}") };
    assert_eq!((old.labels.value("alertname"), new.labels.value("alertname")), ("Hot", "Too hot"));
    assert_eq!(new.continues.as_ref(), Some(&old.labels));
    assert_eq!(old.annotations.value("summary"), "It is hot", "the end does not lose the words");
}

#[test]
fn a_longer_duration_does_not_silence_what_fires_and_a_shorter_one_counts_at_once() {
    let mut talk = talk();
    talk.policy.hold = minutes(60);
    assert_eq!(talk.at(14, nodes(&["a", "b"])), ["a warning: firing since minute 5"]);
    talk.policy.hold = minutes(1);
    let both = ["a warning: firing since minute 5", "b warning: firing since minute 15"];
    assert_eq!(talk.at(15, nodes(&["a", "b"])), both);
}

#[test]
fn disabled_and_deleted_end_at_once() {
    for (reason, words) in
        [(EndReason::PolicyDisabled, "policy disabled"), (EndReason::PolicyDeleted, "policy deleted")]
    {
        let mut talk = talk();
        let advanced = talk.state.end(&talk.policy, reason, now(9));
        let said: Vec<String> = advanced.observations.iter().map(in_words).collect();
        assert_eq!(said, [format!("a warning: {words} since minute 5")]);
        assert!(advanced.persist);
        talk.policy.enabled = false;
        assert_eq!(talk.standing(), Standing::Disabled);
        talk.policy.enabled = true;
        assert_eq!(talk.standing(), Standing::Inactive);
        assert_eq!(talk.at(9, nodes(&["a"])), [""; 0], "it begins anew");
    }
}
