//! Policies as rule files, and back.

use std::process::Command;
use std::time::Duration;

use larum_core::policy::PolicyDraft;
use larum_core::severity::Severity;
use larum_rules::{Import, builtins, export_rules, import_rules};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

fn plain() -> PolicyDraft {
    PolicyDraft {
        name: "High load".into(),
        alias: "Machines {{ at }} work".into(),
        expr: "sum by (node) (\n  load\n) > 3".into(),
        severity: Severity::Critical,
        hold: Duration::from_secs(300),
        keep_firing: Duration::from_secs(5400),
        summary: "Load of {{ $labels.node }} is {{ $value }}".into(),
        details: "It's high.\nLook at it: # now".into(),
        runbook: "https://runbooks.example/load?x={{ $labels.node }}".into(),
        description: "yes".into(),
        labels: [("team".into(), "{{ $labels.team }}".into())].into(),
        annotations: [("dashboard".into(), String::new())].into(),
        ..PolicyDraft::default()
    }
}

#[test]
fn policies_become_a_rule_file_that_people_can_read() {
    let quiet = PolicyDraft {
        name: "Quiet".into(),
        expr: "up == 0".into(),
        summary: "down".into(),
        hold: Duration::ZERO,
        enabled: false,
        no_data_hold: Duration::from_secs(60),
        ..PolicyDraft::default()
    };
    let file = "\
groups:
  - name: larum
    rules:
      - alert: High load
        expr: |-
          sum by (node) (
            load
          ) > 3
        for: 5m
        keep_firing_for: 1h30m
        labels:
          severity: critical
          team: '{{ $labels.team }}'
        annotations:
          dashboard: ''
          description: |-
            It's high.
            Look at it: # now
          larum_about: 'yes'
          larum_alias: 'Machines {{\"{{\"}} at }} work'
          runbook_url: 'https://runbooks.example/load?x={{ $labels.node }}'
          summary: 'Load of {{ $labels.node }} is {{ $value }}'
      - alert: Quiet
        expr: 'up == 0'
        labels:
          severity: warning
        annotations:
          larum_enabled: 'false'
          larum_no_data_hold: '1m'
          summary: down
";
    let drafts = [plain(), quiet];
    assert_eq!(export_rules("larum", &drafts), file);
    let import = import_rules(file).unwrap();
    let found: Vec<_> = import.policies.iter().map(|policy| (&policy.draft, policy.line)).collect();
    assert_eq!(found, [(&drafts[0], 4), (&drafts[1], 23)]);
    assert!(import.policies.iter().all(|policy| policy.remarks.is_empty()), "{import:?}");
    assert_eq!(import_rules(&export_rules("none", &[])).unwrap(), Import::default());
}

#[test]
fn what_no_policy_can_hold_is_told() {
    let file = "\
groups:
- name: g
  interval: 30s
  limit: 5
  labels: {team: a}
  rules:
  - {record: 'a:b', expr: up}
  - {alert: Page, expr: up == 0, labels: {severity: page}, annotations: {summary: s}}
  - {alert: Bare, expr: up == 0}
  - {alert: Odd, expr: up == 0, labels: {severity: info}, annotations: {larum_no_data_hold: soon}}
";
    let import = import_rules(file).unwrap();
    let skipped: Vec<_> = import.skipped.iter().map(|rule| (rule.name.as_str(), rule.line)).collect();
    assert_eq!(skipped, [("a:b", 7)]);
    let [page, bare, odd] = import.policies.as_slice() else { panic!("{import:?}") };
    assert_eq!((page.draft.severity, page.draft.labels["team"].as_str()), (Severity::Other, "a"));
    let of_the_group = [
        "The interval of its group \"g\" is not taken over.",
        "The limit of its group \"g\" is not taken over.",
    ];
    assert_eq!(page.remarks[0], "Its severity is \"page\", which is none of Larum's: choose one.");
    assert_eq!(page.remarks[1..], of_the_group);
    assert_eq!((bare.draft.severity, bare.draft.hold, bare.line), (Severity::Warning, Duration::ZERO, 9));
    assert_eq!(bare.remarks[0], "It has no severity: warning was chosen.");
    assert_eq!((&*bare.draft.summary, &*bare.remarks[1]), ("Bare", "It has no summary: its name was taken."));
    assert_eq!(odd.draft.no_data_hold, PolicyDraft::default().no_data_hold);
    assert_eq!(odd.remarks[1], "Its larum_no_data_hold is \"soon\", which is no duration: 1h was chosen.");
    let wrong = import_rules("groups:\n- name: g\n  rules:\n  - {alert: A, expr: '('}\n").unwrap_err();
    assert_eq!(wrong[0].line, 4);
}

/// Any text that is no template, with much of what YAML gives a meaning.
fn text() -> impl Strategy<Value = String> {
    let any =
        prop_oneof![any::<String>(), "[ \\t\\n\\r:#'\"|>{}\\[\\],&*!%@`~a0?=<-]{0,20}", "[a-z \\n]{0,30}"];
    any.prop_map(|text| text.replace('{', "{ "))
}

fn hostile() -> impl Strategy<Value = PolicyDraft> {
    let summary = text().prop_filter("a summary", |summary| !summary.is_empty());
    let texts = (summary, text(), text(), text());
    let plain = (text().prop_filter("a name", |name| !name.is_empty()), any::<String>(), "[{}\"a]{0,16}");
    let named = || prop::collection::btree_map("[a-z_][a-z0-9_]{0,8}", text(), 0..3);
    let exprs = prop_oneof![Just("up"), Just("up  # why\n  == 0\n"), Just(" x{a=\"'\\n\"} > 1 ")];
    (texts, plain, (named(), named()), exprs, (0..90_000_000_u64, any::<bool>())).prop_map(
        |(
            (summary, details, runbook, label),
            (name, alias, about),
            (labels, annotations),
            expr,
            (millis, enabled),
        )| {
            let named = |texts: std::collections::BTreeMap<String, String>| {
                let own = ["severity", "summary", "description", "runbook_url", "__name__"];
                let texts = texts.into_iter().filter(|(name, _)| !own.contains(&name.as_str()));
                texts.map(|(name, text)| (name.into(), text)).collect()
            };
            let mut labels: std::collections::BTreeMap<smol_str::SmolStr, String> = named(labels);
            labels.insert("hostile".into(), label);
            PolicyDraft {
                hold: Duration::from_millis(millis),
                keep_firing: Duration::from_millis(millis / 7),
                no_data_hold: Duration::from_millis(millis / 3),
                expr: expr.into(),
                severity: if enabled { Severity::Info } else { Severity::None },
                description: about,
                annotations: named(annotations),
                name,
                alias,
                enabled,
                summary,
                details,
                runbook,
                labels,
                ..PolicyDraft::default()
            }
        },
    )
}

proptest! {
    #[test]
    fn every_policy_comes_back(drafts in prop::collection::vec(hostile(), 1..4), group in text()) {
        prop_assume!(!group.is_empty());
        let file = export_rules(&group, &drafts);
        let import = import_rules(&file).unwrap_or_else(|errors| panic!("{errors:?}\n{file}"));
        let found: Vec<_> = import.policies.into_iter().map(|policy| policy.draft).collect();
        prop_assert_eq!(found, drafts, "{}", file);
    }
}

#[test]
fn promtool_reads_what_is_written() {
    let prometheus = std::env::var_os("LARUM_TEST_PROMETHEUS").unwrap_or_else(|| {
        panic!("LARUM_TEST_PROMETHEUS is not set: run `cargo xtask test`, which installs what it names")
    });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rules.yaml");
    let mut promtool = Command::new(std::path::Path::new(&prometheus).with_file_name("promtool"));
    promtool.args(["check", "rules"]).arg(&path);
    let mut drafts: Vec<PolicyDraft> = builtins().iter().map(|builtin| builtin.draft.clone()).collect();
    drafts.push(plain());
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..100 {
        drafts.push(hostile().new_tree(&mut runner).unwrap().current());
    }
    std::fs::write(&path, export_rules("l'arum: {{ x }}", &drafts)).unwrap();
    let output = promtool.output().unwrap();
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(said.contains(&format!("SUCCESS: {} rules found", drafts.len())), "{said}");
}
