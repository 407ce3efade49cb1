//! The policies that come with Larum.

use std::collections::BTreeSet;

use larum_core::alert::PolicyId;
use larum_core::policy::{Policy, PolicyKind, Standing};
use larum_promql::SeriesList;
use larum_rules::{CompiledPolicy, Installation, builtin, builtins, complete_draft};

use crate::rule_test::{Running, Seen, TestFile};

const TESTS: [(&str, &str); 4] = [
    ("healthy", include_str!("../policies/healthy.yaml")),
    ("compute", include_str!("../policies/compute.yaml")),
    ("storage", include_str!("../policies/storage.yaml")),
    ("system", include_str!("../policies/system.yaml")),
];

fn keys() -> BTreeSet<String> {
    builtins().iter().map(|builtin| builtin.key.to_string()).collect()
}

#[test]
fn each_fires_when_it_should_and_is_quiet_when_it_should() {
    let mut seen = Seen::default();
    for (name, text) in TESTS {
        let file: TestFile = serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        file.run(&mut seen);
    }
    assert_eq!(seen.firing, keys(), "each has a test in which it fires");
    let mut all = keys();
    all.remove("watchdog");
    assert_eq!(seen.well, all, "each but the watchdog has a test in which it is measured and well");
}

#[test]
fn none_takes_missing_data_for_health() {
    let nothing = SeriesList::default();
    let mut standings: Vec<(String, Standing)> = builtins()
        .iter()
        .map(|builtin| (builtin.key.to_string(), Running::new(builtin).evaluate(&nothing, 0)))
        .filter(|(_, standing)| *standing != Standing::NoData)
        .collect();
    standings.sort_by(|a, b| a.0.cmp(&b.0));
    // A node without arrays or tracked connections is well; the watchdog needs no data.
    let others = [
        ("node-conntrack-high", Standing::Inactive),
        ("node-raid-degraded", Standing::Inactive),
        ("watchdog", Standing::Firing),
    ];
    assert_eq!(standings, others.map(|(key, standing)| (key.to_owned(), standing)));
}

#[test]
fn their_files_are_complete() {
    assert_eq!(keys().len(), builtins().len(), "keys tell policies apart");
    assert_eq!(builtins().len(), 24);
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
        if let Some((comparator, limit)) = builtin.reading.limit {
            let compared = format!("{comparator} {limit}");
            assert!(draft.expr.contains(&compared), "{key} compares with {compared}");
        }
    }
    assert_eq!(builtin("node-cpu-high").unwrap().draft.name, "NodeCPUHighUsage");
    assert!(builtin("nonsense").is_none());
}

#[test]
fn what_they_measure_is_told_with_its_limit_until_somebody_edits_it() {
    let mut running = Running::new(builtin("node-memory-high").unwrap());
    let source = SeriesList(vec![
        crate::series::series("node_memory_MemTotal_bytes", "1000", 60_000),
        crate::series::series("node_memory_MemAvailable_bytes", "68", 60_000),
    ]);
    running.evaluate(&source, 0);
    assert_eq!(running.state.series().next().unwrap().measured.text, "93.2 % (> 90 %)");
    let mut edited = running.policy.clone();
    edited.expr = running.policy.expr.replace("0.9", "0.8").into();
    let mut running = Running::of(edited);
    running.evaluate(&source, 0);
    assert_eq!(running.state.series().next().unwrap().measured.text, "93.2 %");
    assert_eq!(Installation::default().external_url.as_ref(), "");
}
