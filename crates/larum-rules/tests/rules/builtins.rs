//! The policies that come with Larum.

mod inhibitions;
mod peer;

use std::collections::BTreeSet;
use std::time::Duration;

use larum_core::alert::PolicyId;
use larum_core::policy::{BuiltinEdit, MAX_HOLD, Outcome, Policy, PolicyDraft, PolicyKind, Standing};
use larum_core::severity::Severity;
use larum_core::time::Timestamp;
use larum_promql::{Options, SeriesList};
use larum_rules::{
    Category, CompiledPolicy, Installation, builtin, builtins, complete_draft, runbook, runbooks,
};

use crate::rule_test::{Running, Seen, TestFile};

const TESTS: &[(&str, &str)] = &[
    ("healthy", include_str!("../policies/healthy.yaml")),
    ("healthy-cluster", include_str!("../policies/healthy-cluster.yaml")),
    ("nodes", include_str!("../policies/nodes.yaml")),
    ("pods", include_str!("../policies/pods.yaml")),
    ("controllers", include_str!("../policies/controllers.yaml")),
    ("capacity", include_str!("../policies/capacity.yaml")),
    ("compute", include_str!("../policies/compute.yaml")),
    ("storage", include_str!("../policies/storage.yaml")),
    ("volumes", include_str!("../policies/volumes.yaml")),
    ("control-plane", include_str!("../policies/control-plane.yaml")),
    ("etcd", include_str!("../policies/etcd.yaml")),
    ("pipeline", include_str!("../policies/pipeline.yaml")),
    ("system", include_str!("../policies/system.yaml")),
];

fn keys() -> BTreeSet<String> {
    builtins().iter().map(|builtin| builtin.key.to_string()).collect()
}

fn read(name: &str, text: &str) -> TestFile {
    serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn each_fires_when_it_should_and_is_quiet_when_it_should() {
    let mut seen = Seen::default();
    for (name, text) in TESTS {
        read(name, text).run(&mut seen);
    }
    assert_eq!(seen.firing, keys(), "each has a test in which it fires");
    let mut all = keys();
    all.remove("watchdog");
    assert_eq!(seen.well, all, "each but the watchdog has a test in which it is measured and well");
}

#[test]
fn none_takes_missing_data_for_health() {
    let nothing = SeriesList::default();
    for builtin in builtins() {
        let expected = if builtin.key == "watchdog" { Standing::Firing } else { Standing::NoData };
        assert_eq!(Running::new(builtin).evaluate(&nothing, 0), expected, "{}", builtin.key);
    }
}

#[test]
fn a_host_without_kubernetes_sets_off_nothing_but_the_watchdog() {
    let [host] = &read("healthy", include_str!("../policies/healthy.yaml")).tests[..] else {
        panic!("there is one host")
    };
    for builtin in builtins() {
        let expected = match (builtin.key.as_str(), builtin.category) {
            ("watchdog", _) => Standing::Firing,
            ("target-down", _) => Standing::Inactive,
            (key, Category::Node | Category::Storage) if key.starts_with("node-") => Standing::Inactive,
            _ => Standing::NoData,
        };
        assert_eq!(host.standings(builtin), [expected], "{}", builtin.key);
    }
}

#[test]
fn a_healthy_cluster_sets_off_nothing_but_the_watchdog() {
    for test in &read("healthy-cluster", include_str!("../policies/healthy-cluster.yaml")).tests {
        for builtin in builtins().iter().filter(|builtin| builtin.key != "watchdog") {
            let standings = test.standings(builtin);
            assert!(
                standings == [Standing::Inactive] || standings == [Standing::NoData],
                "{}: {standings:?}",
                builtin.key
            );
        }
    }
}

#[test]
fn their_files_are_complete() {
    assert_eq!(keys().len(), builtins().len(), "keys tell policies apart");
    assert!((60..=100).contains(&builtins().len()), "{}", builtins().len());
    let mut names_and_severities = BTreeSet::new();
    for builtin in builtins() {
        let (key, draft) = (&builtin.key, &builtin.draft);
        let kind = PolicyKind::Builtin { key: key.clone() };
        let policy =
            Policy::new(PolicyId(1), kind, 1, draft).unwrap_or_else(|errors| panic!("{key}: {errors:?}"));
        CompiledPolicy::new(&policy).unwrap_or_else(|errors| panic!("{key}: {errors:?}"));
        complete_draft(draft.clone()).unwrap_or_else(|errors| panic!("{key}: {errors:?}"));
        let plain = |c: char| c.is_ascii_lowercase() || c == '-';
        assert!(!key.is_empty() && key.chars().all(plain), "{key:?}");
        assert!(!draft.details.is_empty() && draft.description.ends_with('.'), "{key} has its words");
        assert!(!draft.description.contains("{{"), "{key}: what it is for is no template");
        assert!(
            names_and_severities.insert((draft.name.clone(), draft.severity.as_str())),
            "{key} is there once"
        );
        assert_eq!(draft.runbook, "", "{key}: its page is here");
    }
    assert_eq!(builtin("node-cpu-high").unwrap().draft.name, "NodeCPUHighUsage");
    assert!(builtin("nonsense").is_none());
}

#[test]
fn a_threshold_is_one_number_of_the_expression_and_can_be_changed() {
    for builtin in builtins() {
        let Some(threshold) = &builtin.threshold else { continue };
        let (key, expr) = (&builtin.key, &builtin.draft.expr);
        assert_eq!(builtin.expr_with(threshold.value).as_ref(), Some(expr), "{key}");
        let another = builtin.expr_with(12_345.678).unwrap();
        assert_eq!(another.split("12345.678").count(), 2, "{key}: {another}");
        let number = threshold.value.to_string();
        assert_eq!(&another.replace("12345.678", &number), expr, "{key}: nothing else has changed");
        assert_eq!(builtin.threshold_in(&another), Some(12_345.678), "{key}");
        let edit = BuiltinEdit { threshold: Some(12_345.678), ..BuiltinEdit::default() };
        let draft = builtin.edited(edit).unwrap();
        assert_eq!((&draft.expr, draft.hold), (&another, builtin.draft.hold), "{key}");
        assert_eq!(builtin.edit_in(&draft), Some(edit), "{key}");
        complete_draft(draft).unwrap_or_else(|errors| panic!("{key}: {errors:?}"));
    }
}

#[test]
fn what_can_be_changed_is_checked() {
    let memory = builtin("node-memory-high").unwrap();
    let refused = |edit| memory.edited(edit).unwrap_err().to_string();
    let threshold = |value| BuiltinEdit { threshold: Some(value), ..BuiltinEdit::default() };
    assert_eq!(refused(threshold(f64::NAN)), "The threshold must be a number.");
    assert_eq!(refused(threshold(-0.1)), "The threshold must be 0 or more.");
    let day_and_more =
        BuiltinEdit { hold: Some(MAX_HOLD + Duration::from_secs(1)), ..BuiltinEdit::default() };
    assert_eq!(refused(day_and_more), "The duration can be at most 24 hours.");
    let nobody = BuiltinEdit { severity: Some(Severity::None), ..BuiltinEdit::default() };
    assert_eq!(refused(nobody), "Choose a severity: critical, error, warning or info.");
    let watchdog = builtin("watchdog").unwrap();
    assert_eq!(watchdog.edited(threshold(1.0)).unwrap_err().to_string(), "This policy has no threshold.");

    let all = BuiltinEdit {
        threshold: Some(0.8),
        hold: Some(Duration::ZERO),
        enabled: Some(false),
        severity: Some(Severity::Error),
    };
    let draft = memory.edited(all).unwrap();
    assert_eq!(draft.expr, "1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes > 0.8");
    assert_eq!((draft.hold, draft.enabled, draft.severity), (Duration::ZERO, false, Severity::Error));
    assert_eq!(memory.edit_in(&draft), Some(all));
    assert_eq!(memory.edit_in(&memory.draft), Some(BuiltinEdit::default()));
    assert_eq!(memory.edit_in(&PolicyDraft { expr: "up == 0".into(), ..draft }), None);
}

#[test]
fn what_they_measure_is_told_with_the_limit_that_was_set() {
    let told = |expr: &str| {
        let mut policy = Running::new(builtin("node-memory-high").unwrap()).policy;
        policy.expr = expr.into();
        let mut running = Running::of(policy);
        let source = SeriesList(vec![
            crate::series::series("node_memory_MemTotal_bytes", "1000", 60_000),
            crate::series::series("node_memory_MemAvailable_bytes", "68", 60_000),
        ]);
        running.evaluate(&source, 0);
        running.state.series().next().unwrap().measured.text.to_string()
    };
    let measured = "1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes";
    assert_eq!(told(&format!("{measured} > 0.9")), "93.2 % (> 90 %)");
    assert_eq!(told(&format!("{measured} > 0.85")), "93.2 % (> 85 %)");
    assert_eq!(told(&format!("{measured} > 1.8 / 2")), "93.2 %", "it is not known what somebody wrote");
}

#[test]
fn each_has_a_page_that_says_what_to_do() {
    let names: BTreeSet<&str> = builtins().iter().map(|builtin| builtin.draft.name.as_str()).collect();
    let pages: BTreeSet<&str> = runbooks().map(|(name, _)| name).collect();
    assert_eq!(pages, names);
    let headings = ["What it means", "How to find the cause", "What to do", "When to change it"];
    for (name, page) in runbooks() {
        assert!(page.starts_with(&format!("# {name}\n\n## ")), "{name}");
        let found: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(found, headings, "{name}");
        assert!((15..=40).contains(&page.lines().count()), "{name}: {} lines", page.lines().count());
        assert!(page.lines().all(|line| line.chars().count() <= 120), "{name}: a line is too long");
    }
    assert!(runbook("NodeRebooted").is_some_and(|page| page.contains("journalctl -b -1")));
    assert_eq!(runbook("Nonsense"), None);
}

#[test]
fn their_alerts_link_to_the_page_in_this_house() {
    let policy = |runbook: &str| {
        let known = builtin("target-down").unwrap();
        let draft = PolicyDraft { runbook: runbook.into(), ..known.draft.clone() };
        Policy::new(PolicyId(1), PolicyKind::Builtin { key: known.key.clone() }, 1, &draft).unwrap()
    };
    let link = |policy: &Policy, external_url: &str| {
        let installation = Installation { external_url: external_url.into(), ..Installation::default() };
        let compiled = CompiledPolicy::new(policy).unwrap();
        let source = SeriesList(vec![crate::series::series("up", "0", 60_000)]);
        let answer = compiled.query().instant(&source, Timestamp::default(), &Options::default());
        let Outcome::Series { series, .. } = compiled.outcome(answer, true, &installation) else {
            panic!("it was measured")
        };
        series[0].annotations.value("runbook_url").to_owned()
    };
    assert_eq!(link(&policy(""), "https://larum.example/x"), "https://larum.example/x/runbooks/TargetDown");
    assert_eq!(link(&policy(""), ""), "");
    assert_eq!(link(&policy("https://wiki.example/"), "https://larum.example"), "https://wiki.example/");
}
