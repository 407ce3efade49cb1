use std::cell::Cell;

use super::*;
use crate::alert::{Observation, Origin, Says};
use crate::matcher::MatchOp;
use crate::time::Now;

fn alert(id: u64, text: &str) -> Alert {
    let now = Now::default();
    let seen = Observation {
        origin: Origin::Prometheus,
        labels: text.split_whitespace().filter_map(|pair| pair.split_once('=')).collect(),
        annotations: LabelSet::empty(),
        generator_url: "".into(),
        starts_at: now.wall,
        says: Says::Firing { ends_at: now.wall, timeout: true },
        measured: None,
        continues: None,
    };
    seen.begin(AlertId(id), None, now)
}

fn matchers(text: &str) -> Vec<Matcher> {
    let pairs = text.split_whitespace().filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| Matcher::new(name, MatchOp::Regexp, value).unwrap()).collect()
}

fn rule(source: &str, target: &str, equal: &[&str]) -> InhibitRule {
    InhibitRule {
        name: format!("{source} over {target}").into(),
        source: matchers(source),
        target: matchers(target),
        equal: equal.iter().map(SmolStr::new).collect(),
    }
}

fn with(rules: Vec<InhibitRule>, firing: &[&Alert]) -> Inhibitions {
    let mut inhibitions = Inhibitions::new(rules.into());
    firing.iter().for_each(|alert| inhibitions.begins(alert));
    inhibitions
}

fn by(inhibitions: &Inhibitions, alert: &Alert) -> Option<u64> {
    inhibitions.inhibitor(&alert.labels).map(|inhibitor| inhibitor.by.0)
}

#[test]
fn the_worse_inhibits_the_less_bad_of_the_same_namespace_while_it_fires() {
    let rule = rule("severity=critical", "severity=warning|info", &["namespace"]);
    let (down, slow) = (alert(1, "severity=critical namespace=x"), alert(2, "severity=info namespace=x"));
    let elsewhere = alert(3, "severity=warning namespace=y");
    let mut inhibitions = with(vec![rule], &[&down, &slow, &elsewhere]);
    assert_eq!(by(&inhibitions, &slow), Some(1));
    assert_eq!(by(&inhibitions, &elsewhere), None);
    assert_eq!(by(&inhibitions, &down), None, "the source is no target");
    let before = inhibitions.clone();
    inhibitions.ends(&down);
    assert_eq!(by(&inhibitions, &slow), None);
    assert_eq!(by(&before, &slow), Some(1), "a reader's clone stays as it was");
}

#[test]
fn another_source_goes_on_inhibiting_where_one_ends() {
    let rule = rule("severity=critical", "severity=warning", &["namespace"]);
    let (one, two) = (alert(1, "severity=critical i=1"), alert(2, "severity=critical i=2"));
    let slow = alert(3, "severity=warning");
    let mut inhibitions = with(vec![rule], &[&one, &two, &one]);
    inhibitions.ends(&one);
    assert_eq!(by(&inhibitions, &slow), Some(2));
    inhibitions.ends(&two);
    inhibitions.ends(&two);
    assert_eq!(by(&inhibitions, &slow), None);
}

#[test]
fn a_label_that_is_missing_and_one_that_is_empty_are_equal() {
    let rule = rule("severity=critical", "severity=warning", &["namespace"]);
    let inhibitions = with(vec![rule], &[&alert(1, "severity=critical namespace=")]);
    assert_eq!(by(&inhibitions, &alert(2, "severity=warning")), Some(1));
    assert_eq!(by(&inhibitions, &alert(3, "severity=warning namespace=x")), None);
}

#[test]
fn what_both_sides_match_is_inhibited_only_by_what_is_a_source_alone() {
    let both = |id| alert(id, "alertname=Down severity=warning");
    let rules = || vec![rule("alertname=Down|Gone", "severity=warning", &[])];
    assert_eq!(by(&with(rules(), &[&both(1), &both(2)]), &both(1)), None, "not one by the other");
    let gone = alert(3, "alertname=Gone severity=critical");
    assert_eq!(by(&with(rules(), &[&both(1), &both(2), &gone]), &both(1)), Some(3));
    let target = alert(4, "alertname=Slow severity=warning");
    assert_eq!(by(&with(rules(), &[&both(1)]), &target), Some(1), "they inhibit what is a target alone");
    assert_eq!(by(&with(rules(), &[&both(1), &gone]), &target), Some(3), "a source alone comes first");
}

#[test]
fn the_first_rule_that_says_so_is_named() {
    let rules = vec![
        rule("severity=never", "severity=info", &[]),
        rule("severity=warning", "severity=info", &[]),
        rule("severity=critical", "severity=info", &[]),
    ];
    let firing = [alert(1, "severity=critical"), alert(2, "severity=warning")];
    let inhibitions = with(rules, &[&firing[0], &firing[1]]);
    let target = alert(3, "severity=info");
    let inhibitor = inhibitions.inhibitor(&target.labels).unwrap();
    assert_eq!((inhibitor.place, inhibitor.by), (1, AlertId(2)));
    assert_eq!(&*inhibitor.to_inhibited().rule, "severity=warning over severity=info");
    assert_eq!(inhibitions.sources().collect::<Vec<_>>(), [0, 1, 1]);
}

#[test]
fn a_rule_without_matchers_is_two_sided_for_everything_and_inhibits_nothing() {
    let inhibitions = with(vec![rule("", "", &[])], &[&alert(1, "a=1"), &alert(2, "b=2")]);
    assert_eq!(by(&inhibitions, &alert(1, "a=1")), None);
    assert_eq!(by(&inhibitions, &alert(3, "")), None);
    let everything = with(vec![rule("a=1", "", &[])], &[&alert(1, "a=1")]);
    assert_eq!((by(&everything, &alert(1, "a=1")), by(&everything, &alert(2, "b=2"))), (None, Some(1)));
}

#[test]
fn labels_of_any_name_can_be_equal_and_are_not_mistaken_for_each_other() {
    let odd = ["", "наме", "a-b", "x", "x"];
    let source = alert(1, "s=1 наме=日本 a-b=12 x=3");
    let inhibitions = with(vec![rule("s=1", "t=1", &odd)], &[&source]);
    assert_eq!(by(&inhibitions, &alert(2, "t=1 наме=日本 a-b=12 x=3")), Some(1));
    assert_eq!(by(&inhibitions, &alert(3, "t=1 наме=日本 a-b=1 x=23")), None);
    assert_eq!(by(&inhibitions, &alert(4, "t=1 a-b=日本 наме=12 x=3")), None);
}

/// 5,000 that inhibit and 20,000 that they inhibit, in the shapes that hurt: each look-up meets one source, whether
/// thousands of them are like it, or all of them are another's.
#[test]
fn asking_costs_one_look_for_each_rule_however_many_fire() {
    let mut inhibitions = with(
        vec![
            rule("severity=critical", "severity=warning", &["namespace"]),
            rule("severity=critical", "severity=info", &["namespace", "i"]),
        ],
        &[],
    );
    for i in 0..5_000 {
        inhibitions.begins(&alert(i, &format!("severity=critical namespace=n{} i={i}", i % 5)));
    }
    let looks = Cell::new(0);
    let looked = |rule: usize, target: &Alert| {
        let mut candidates =
            inhibitions.candidates(rule, &target.labels).inspect(|_| looks.set(looks.get() + 1));
        candidates.any(|(_, source)| inhibitions.rules[rule].agree(source, &target.labels))
    };
    for i in 0..10_000 {
        assert!(looked(0, &alert(i, &format!("severity=warning namespace=n{} i={i}", i % 5))));
        assert_eq!(looked(1, &alert(i, &format!("severity=info namespace=n{} i={i}", i % 5))), i < 5_000);
    }
    assert_eq!(looks.get(), 10_000 + 5_000);
}
