//! Rules over random series: promtool finds the same alerts at the same times, and says so in the same words.

use std::collections::BTreeSet;
use std::process::Command;

use larum_rules::{RuleFile, RuleTests};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

const MINUTES: usize = 30;

/// Alerts that wait and are kept for different times, series that are recorded of them, and a recorded label taken away.
const RULES: &str = "
groups:
- name: g
  rules:
  - {record: 'n:x', expr: 'sum by (n) (x)', labels: {kept: 'yes'}}
  - {alert: Now, expr: 'x > 0'}
  - {alert: Soon, expr: 'n:x > 0', for: 2m, labels: {n: '', was: '{{ $labels.n }}', severity: 's{{ $value }}'}}
  - {alert: Kept, expr: 'x > 0', for: 1m, keep_firing_for: 3m, annotations: {a: '{{ $value }} of {{ $labels.n }}'}}
  - {alert: Long, expr: 'x > 0', keep_firing_for: 10m, annotations: {a: '{{ with query \"count(x)\" }}{{ . | first | value }}{{ end }}'}}
  - {alert: Gone, expr: 'absent(x)', for: 1m}
  - {alert: Several, expr: 'count(ALERTS{alertstate=\"firing\"}) > 2', for: 1m}
";

/// A test of series with these values: what fires each minute, and what is written; all of it unexpected.
fn tests(series: &[Vec<&str>]) -> String {
    let series = series.iter().enumerate();
    let given = series
        .map(|(n, values)| format!("  - {{series: 'x{{n=\"{n}\"}}', values: '{}'}}\n", values.join(" ")));
    let mut out = format!(
        "rule_files: [rules.yaml]\ntests:\n- interval: 1m\n  input_series:\n{}",
        given.collect::<String>()
    );
    out.push_str("  alert_rule_test:\n");
    for minute in 0..MINUTES {
        for name in ["Now", "Soon", "Kept", "Long", "Gone", "Several"] {
            let none = "exp_alerts: [{exp_labels: {no: such}}]";
            out.push_str(&format!("  - {{eval_time: {minute}m, alertname: {name}, {none}}}\n"));
        }
    }
    out.push_str("  promql_expr_test:\n");
    for minute in (0..MINUTES).step_by(5) {
        for expr in ["ALERTS", "ALERTS_FOR_STATE", "{__name__=\"n:x\"}"] {
            let none = "exp_samples: [{labels: 'no', value: 0}]";
            out.push_str(&format!("  - {{eval_time: {minute}m, expr: '{expr}', {none}}}\n"));
        }
    }
    out
}

/// What is said, the samples of a line one by one: their order is nobody's promise.
fn said(text: &str) -> BTreeSet<String> {
    let mut said = BTreeSet::new();
    let mut place = String::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if line.starts_with("alertname:") || line.starts_with("expr:") {
            place = line.to_owned();
        }
        for part in line.trim_start_matches("got: ").split("}, ") {
            // Prometheus 2 writes a name before the braces; they are compared as labels.
            said.insert(format!("{place} | {}", part.trim_end_matches(',')));
        }
    }
    said
}

#[test]
fn promtool_finds_the_same_alerts() {
    let prometheus = std::env::var_os("LARUM_TEST_PROMETHEUS").unwrap_or_else(|| {
        panic!("LARUM_TEST_PROMETHEUS is not set: run `cargo xtask test`, which installs what it names")
    });
    let promtool = std::path::Path::new(&prometheus).with_file_name("promtool");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tests.yaml");
    std::fs::write(folder.path().join("rules.yaml"), RULES).unwrap();
    let value = prop_oneof![4 => Just("1"), 4 => Just("0"), 1 => Just("stale"), 1 => Just("2")];
    let all = prop::collection::vec(prop::collection::vec(value, MINUTES), 1..4);
    let mut runner = TestRunner::deterministic();
    for _ in 0..20 {
        let text = tests(&all.new_tree(&mut runner).unwrap().current());
        std::fs::write(&path, &text).unwrap();
        let output = Command::new(&promtool).args(["test", "rules"]).arg(&path).output().unwrap();
        let theirs = String::from_utf8(output.stderr).unwrap();
        let rules = RuleFile::parse(RULES).unwrap();
        let ours = RuleTests::parse(&text).unwrap().run(&[rules]).join("\n");
        assert!(ours.contains("ALERTS_FOR_STATE"), "{ours}");
        let theirs = said(theirs.trim_start().trim_start_matches("FAILED:"));
        let ours = said(&ours);
        let (more, less): (Vec<_>, Vec<_>) =
            (ours.difference(&theirs).collect(), theirs.difference(&ours).collect());
        assert!(more.is_empty() && less.is_empty(), "ours: {more:#?}\ntheirs: {less:#?}\n{text}");
    }
}
