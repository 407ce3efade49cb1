//! Prometheus' rule files: what is sound, and what is said of what is not.

use std::time::Duration;

use larum_rules::RuleFile;

/// All that is wrong with a file, a line for each.
fn wrong(text: &str) -> Vec<String> {
    let errors = RuleFile::parse(text).expect_err("it is not sound");
    errors.iter().map(ToString::to_string).collect()
}

/// What is wrong with a file of one rule.
fn wrong_rule(rule: &str) -> Vec<String> {
    wrong(&format!("groups:\n- name: g\n  rules:\n  - {}\n", rule.replace('\n', "\n    ")))
}

#[test]
fn everything_that_prometheus_knows_is_read() {
    let text = "groups:\n- name: first\n  interval: 30s\n  query_offset: 1m\n  limit: 10\n  labels: {team: a, x: y}\n\
                \x20 rules:\n  - record: job:up:sum\n    expr: sum by (job) (up)\n    labels: {team: b}\n\
                \x20 - alert: Down\n    expr: up == 0\n    for: 5m\n    keep_firing_for: 1h30m\n\
                \x20   labels: {severity: '{{ $labels.job }}', number: 1}\n    annotations: {summary: '{{ $value }}'}\n\
                - name: second\n  interval: 0\n";
    let file = RuleFile::parse(text).expect("it is sound");
    assert_eq!((file.groups.len(), file.rule_count(), file.duplicates().len()), (2, 2, 0));
    let first = &file.groups[0];
    assert_eq!(
        (first.name.as_str(), first.interval, first.query_offset, first.limit),
        ("first", Some(Duration::from_secs(30)), Some(Duration::from_secs(60)), 10)
    );
    let [record, alert] = first.rules.as_slice() else { panic!("{first:?}") };
    assert_eq!((record.name.as_str(), record.query.text()), ("job:up:sum", "sum by (job) (up)"));
    assert!(record.alerting.is_none());
    let labels = |rule: &larum_rules::Rule| format!("{:?}", rule.labels);
    assert_eq!(labels(record), r#"{"team": "b", "x": "y"}"#);
    assert_eq!(labels(alert), r#"{"number": "1", "severity": "{{ $labels.job }}", "team": "a", "x": "y"}"#);
    let alerting = alert.alerting.as_ref().expect("it alerts");
    assert_eq!((alerting.hold.as_secs(), alerting.keep_firing.as_secs()), (300, 5400));
    assert_eq!(alerting.annotations["summary"], "{{ $value }}");
    assert_eq!(file.groups[1].interval, None, "0 is what is usual");
}

#[test]
fn what_is_left_empty_is_what_is_usual() {
    let text = "groups:\n- name: g\n  limit: -1\n  interval:\n  rules:\n  - alert: A\n    expr: up\n    for:\n\
                \x20   labels: {team: , a: ~}\n    annotations:\n      dashboard:\n";
    let file = RuleFile::parse(text).expect("it is sound");
    let group = &file.groups[0];
    assert_eq!((group.limit, group.interval), (0, None));
    let alerting = group.rules[0].alerting.as_ref().expect("it alerts");
    assert_eq!(
        format!("{:?} {:?}", group.rules[0].labels, alerting.annotations),
        r#"{"a": "", "team": ""} {"dashboard": ""}"#
    );
}

#[test]
fn an_empty_file_has_no_rules() {
    for text in [
        "",
        "# nothing\n",
        "groups:\n",
        "groups: []\n",
        "groups:\n- name: a\n",
        "groups:\n- name: a\n  rules:\n",
    ] {
        assert_eq!(RuleFile::parse(text).map(|file| file.rule_count()), Ok(0), "{text:?}");
    }
}

#[test]
fn what_nobody_knows_is_an_error() {
    for (text, place, words) in [
        ("groups:\n- name: a\n  intervall: 5m\n", "3:3: ", "intervall"),
        ("groups:\n- name: a\n  rules:\n  - alert: x\n    expr: up\n    foo: 1\n", "6:5: ", "foo"),
        ("rules: []\n", "1:1: ", "rules"),
        ("groups:\n- name: a\n  name: b\n", "3:3: ", "name"),
        ("groups:\n- name: a\n  limit: many\n", "3:10: ", ""),
        ("groups: [\n", "1:9: unclosed bracket '['", ""),
        ("groups: x\n", "1:9: ", ""),
    ] {
        let said = wrong(text);
        assert!(
            said[0].starts_with(place)
                && said[0].contains(words)
                && said.len() == 1
                && !said[0].contains(" at line "),
            "{text}: {said:?}"
        );
    }
}

#[test]
fn all_wrong_rules_are_told_at_once() {
    let text = "groups:\n- name: a\n  interval: 5x\n  labels: {__name__: x}\n  rules:\n  - alert: A\n    expr: up +\n\
                \x20 - record: b\n    expr: up\n    for: 1m\n- name: a\n- name: ''\n";
    let said = wrong(text);
    let begins = [
        "3:13: \"5x\" is not a duration",
        "4:22: invalid label name: __name__",
        "7:11: group \"a\", rule 1, \"A\": could not parse expression: ",
        "10:10: group \"a\", rule 2, \"b\": invalid field 'for' in recording rule",
        "11:3: groupname: \"a\" is repeated in the same file",
        "12:3: Groupname must not be empty",
    ];
    assert_eq!(said.len(), begins.len(), "{said:#?}");
    for (said, begin) in said.iter().zip(begins) {
        assert!(said.starts_with(begin), "{said:?} does not begin with {begin:?}");
    }
}

#[test]
fn a_rule_is_one_thing_and_whole() {
    for (rule, expected) in [
        ("expr: up", "4:5: group \"g\", rule 1, \"\": one of 'record' or 'alert' must be set"),
        ("record: ''\nexpr: up", "4:5: group \"g\", rule 1, \"\": one of 'record' or 'alert' must be set"),
        (
            "record: r\nalert: a\nexpr: up",
            "4:13: group \"g\", rule 1, \"a\": only one of 'record' and 'alert' must be set",
        ),
        ("record: r", "4:5: group \"g\", rule 1, \"r\": field 'expr' must be set in rule"),
        ("alert: a\nexpr:", "4:5: group \"g\", rule 1, \"a\": field 'expr' must be set in rule"),
        (
            "record: r{}\nexpr: up",
            "4:13: group \"g\", rule 1, \"r{}\": braces present in the recording rule name; should it be in expr?: r{}",
        ),
        (
            "record: r\nexpr: up\nannotations: {a: b}",
            "6:22: group \"g\", rule 1, \"r\": invalid field 'annotations' in recording rule",
        ),
        (
            "record: r\nexpr: up\nkeep_firing_for: 1s",
            "6:22: group \"g\", rule 1, \"r\": invalid field 'keep_firing_for' in recording rule",
        ),
        (
            "alert: a\nexpr: up\nannotations:\n  '': b",
            "7:11: group \"g\", rule 1, \"a\": invalid annotation name: ",
        ),
    ] {
        assert_eq!(wrong_rule(rule), [expected], "{rule}");
    }
    let file = "groups:\n- name: g\n  rules:\n  - {record: a b-c, expr: up, labels: {a-b: c}, for: 0}\n";
    assert!(RuleFile::parse(file).is_ok(), "since Prometheus 3, names are any text");
}

#[test]
fn texts_are_read_as_templates_in_alerting_rules_alone() {
    let said = wrong_rule("alert: a\nexpr: up\nlabels:\n  l: '{{ $labels.'\nannotations:\n  s: '{{ nope }}'");
    assert!(said[0].starts_with("7:10: group \"g\", rule 1, \"a\": label \"l\": "), "{said:?}");
    assert!(said[1].starts_with("9:10: group \"g\", rule 1, \"a\": annotation \"s\": "), "{said:?}");
    let record = "groups:\n- name: g\n  rules:\n  - {record: a, expr: up, labels: {l: '{{ nope }}'}}\n";
    assert!(RuleFile::parse(record).is_ok());
}

#[test]
fn rules_that_say_the_same_are_found_once() {
    let rule = |name: &str, labels: &str| format!("  - {{record: {name}, expr: up, labels: {{{labels}}}}}\n");
    let group = |name: &str, rules: &[String]| format!("- name: {name}\n  rules:\n{}", rules.concat());
    let text = format!(
        "groups:\n{}{}",
        group("a", &[rule("x", "l: 1"), rule("x", "l: 2"), rule("x", "l: 1")]),
        group("b", &[rule("x", "l: 1"), rule("y", "")])
    );
    let found = RuleFile::parse(&text).expect("it is sound").duplicates();
    assert_eq!(format!("{found:?}"), r#"[Duplicate { name: "x", labels: {"l": "1"} }]"#);
}
