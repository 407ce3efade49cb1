//! What a person can type.

use super::*;

fn refused(draft: &PolicyDraft) -> Vec<(PolicyField, String)> {
    let errors = Policy::new(PolicyId(1), PolicyKind::Custom, 1, draft).unwrap_err();
    errors.iter().map(|error| (error.field(), error.to_string())).collect()
}

#[test]
fn a_good_draft_is_trimmed_and_comes_back() {
    let given = PolicyDraft { name: "  Hot node  ".into(), details: "one\ntwo\n".into(), ..draft() };
    let made = policy(&given);
    assert_eq!((&*made.name, &*made.details), ("Hot node", "one\ntwo"));
    assert_eq!(policy(&made.draft()), made);
}

#[test]
fn everything_that_is_wrong_is_told_at_once_field_by_field() {
    let template = Template::of_all(Metric::Cpu, Comparator::Greater, f64::NAN);
    let given = PolicyDraft {
        name: "a\nb".into(),
        severity: Severity::Other,
        hold: MAX_HOLD + Duration::from_secs(1),
        expr: " ".into(),
        template: Some(template),
        summary: String::new(),
        details: "x".repeat(5_001),
        runbook: "javascript:alert(1)".into(),
        no_data_hold: Duration::MAX,
        ..draft()
    };
    let words: Vec<String> =
        refused(&given).into_iter().map(|(field, words)| format!("{}: {words}", field.as_str())).collect();
    let expected = [
        "name: The name must not have line breaks or other control characters.",
        "severity: Choose a severity: critical, error, warning or info.",
        "duration: The duration can be at most 24 hours.",
        "expression: The expression is missing.",
        "threshold: The threshold must be a number.",
        "summary: The summary is missing.",
        "details: The details can have at most 5000 characters, not 5001.",
        "runbook: The runbook must be a link that begins with https:// or http://.",
        "no_data_hold: The time to wait without data can be at most 24 hours.",
    ];
    assert_eq!(words, expected);
}

#[test]
fn names_are_counted_in_characters_and_can_be_in_any_language() {
    assert_eq!(&*policy(&PolicyDraft { name: "節".repeat(100), ..draft() }).name, "節".repeat(100));
    let long = refused(&PolicyDraft { name: "節".repeat(101), ..draft() });
    assert_eq!(long, [(PolicyField::Name, "The name can have at most 100 characters, not 101.".into())]);
}

#[test]
fn severity_none_is_for_the_watchdog_that_comes_with_larum() {
    let given = PolicyDraft { severity: Severity::None, ..draft() };
    assert_eq!(refused(&given)[0].0, PolicyField::Severity);
    let kind = PolicyKind::Builtin { key: "watchdog".into() };
    assert!(Policy::new(PolicyId(1), kind, 1, &given).is_ok());
}

#[test]
fn words_of_templates_are_read_back() {
    assert!(Metric::ALL.iter().all(|metric| Metric::from_word(metric.as_str()) == Some(*metric)));
    assert!(Comparator::ALL.iter().all(|sign| Comparator::from_sign(sign.as_str()) == Some(*sign)));
    assert_eq!((Metric::from_word("heat"), Comparator::from_sign("=")), (None, None));
}
