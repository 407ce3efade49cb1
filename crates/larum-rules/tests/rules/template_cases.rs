//! Every metric of the templates, over the series of `tests/templates`: where it fires, where it is quiet, and where
//! there is nothing to measure.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::process::Command;

use larum_core::label::LabelSet;
use larum_core::policy::{
    Comparator, Metric, Standing, Target, TargetKind, Template, WorkloadKind, Workloads,
};
use larum_promql::SeriesList;
use larum_rules::{METRIC_CHOICES, template_expr, template_summary};
use serde::Deserialize;

use crate::series::{labels, series};
use crate::templates::running;

const FILES: [(&str, &str); 4] = [
    ("machine", include_str!("../templates/machine.yaml")),
    ("disk", include_str!("../templates/disk.yaml")),
    ("pods", include_str!("../templates/pods.yaml")),
    ("workload", include_str!("../templates/workload.yaml")),
];
const MINUTE: i64 = 60_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    metric: String,
    workload: Option<String>,
    comparator: String,
    threshold: f64,
    /// The labels of the one series that fires.
    labels: String,
    measured: String,
    summary: String,
    firing: BTreeMap<String, String>,
    /// What is otherwise where it is quiet.
    quiet: BTreeMap<String, String>,
}

impl Case {
    fn template(&self) -> Template {
        let metric = Metric::from_word(&self.metric).unwrap();
        let target = match &self.workload {
            Some(kind) => Target::Workloads(Workloads {
                kind: WorkloadKind::from_word(kind).unwrap(),
                namespace: "shop".into(),
                names: vec!["api".into()],
            }),
            None => Target::all(TargetKind::Nodes),
        };
        let comparator = Comparator::from_sign(&self.comparator).unwrap();
        Template { target, metric, comparator, threshold: self.threshold }
    }

    /// The series in which it fires, without those of a metric.
    fn without(&self, name: &str) -> SeriesList {
        let mut source = source(&self.firing);
        source.0.retain(|series| series.labels.value("__name__") != name);
        source
    }

    fn names(&self) -> BTreeSet<String> {
        let names = source(&self.firing).0.into_iter();
        names.map(|series| series.labels.value("__name__").to_owned()).collect()
    }
}

fn source(values: &BTreeMap<String, String>) -> SeriesList {
    SeriesList(values.iter().map(|(name, values)| series(name, values, MINUTE)).collect())
}

fn standing(template: &Template, source: &SeriesList) -> Standing {
    running(template).evaluate(source, 10 * MINUTE)
}

fn cases() -> Vec<Case> {
    let read = |(name, text): (&str, &str)| -> Vec<Case> {
        serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    FILES.into_iter().flat_map(read).collect()
}

#[test]
fn each_metric_has_cases_and_each_workload_kind_has() {
    let told: BTreeSet<String> = cases().into_iter().map(|case| case.metric).collect();
    let known: BTreeSet<String> = Metric::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(told, known);
    let nodes = METRIC_CHOICES.iter().filter(|choice| choice.target_kind() == TargetKind::Nodes);
    assert_eq!((nodes.count(), METRIC_CHOICES.len()), (17, 23));
    for metric in ["workload_cpu", "unavailable_replicas"] {
        let kinds = cases().into_iter().filter(|case| case.metric == metric).filter_map(|case| case.workload);
        assert_eq!(kinds.collect::<Vec<_>>(), WorkloadKind::ALL.map(|kind| kind.to_string()));
    }
}

// Two of the original's metrics asked for names that nobody recorded, and could never fire: pod usage and what is
// written to disks.
#[test]
fn each_fires_for_what_it_says_and_nothing_else() {
    for case in cases() {
        let mut running = running(&case.template());
        let standing = running.evaluate(&source(&case.firing), 10 * MINUTE);
        assert_eq!(standing, Standing::Firing, "{}: {}", case.metric, running.policy.expr);
        let told: Vec<_> = running.state.series().collect();
        let [one] = told[..] else { panic!("{}: {} series", case.metric, told.len()) };
        assert_eq!(one.measured.text, case.measured, "{}", case.metric);
        assert_eq!(one.annotations.value("summary"), case.summary);
        let own = [("alertname", "Mine"), ("severity", "warning")];
        let expected = LabelSet::from_pairs(labels(&case.labels).iter().chain(own));
        assert_eq!(one.labels, expected, "{}", case.metric);
        let details = one.annotations.value("description");
        assert!(details.contains("is now") && !details.contains("no value"), "{details}");
    }
}

#[test]
fn each_is_quiet_where_there_is_no_reason() {
    for case in cases() {
        assert!(!case.quiet.is_empty(), "{} has a case in which it is quiet", case.metric);
        let mut values = case.firing.clone();
        for (name, other) in &case.quiet {
            assert!(values.insert(name.clone(), other.clone()).is_some(), "{name} is there in both");
        }
        assert_eq!(standing(&case.template(), &source(&values)), Standing::Inactive, "{}", case.metric);
    }
}

// The original showed a rule whose metrics nobody collected as healthy.
#[test]
fn none_takes_missing_data_for_health() {
    for case in cases() {
        let nothing = standing(&case.template(), &SeriesList::default());
        assert_eq!(nothing, Standing::NoData, "{}", case.metric);
        let expr = template_expr(&case.template()).unwrap();
        for name in case.names().into_iter().filter(|name| expr.contains(name)) {
            // What has succeeded is only left out: without it there is still something to measure.
            let expected = match (case.metric.as_str(), name.as_str()) {
                ("abnormal_pods", "kube_pod_status_phase") => Standing::Firing,
                _ => Standing::NoData,
            };
            let metric = &case.metric;
            assert_eq!(standing(&case.template(), &case.without(&name)), expected, "{metric} without {name}");
        }
    }
}

/// A test of promtool's for each case: the name of its alert, what it evaluates, its series, and what is to fire.
fn promtool_test(rules: &mut String, tests: &mut String, case: &Case, at: usize) {
    let template = case.template();
    let (expr, summary) = (template_expr(&template).unwrap(), template_summary(&template));
    writeln!(rules, "  - {{alert: A{at}, expr: '{expr}', annotations: {{summary: '{summary}'}}}}").unwrap();
    let mut quiet = case.firing.clone();
    quiet.extend(case.quiet.clone());
    for (firing, values) in [(true, &case.firing), (false, &quiet)] {
        writeln!(tests, "- interval: 1m\n  input_series:").unwrap();
        for (name, values) in values {
            writeln!(tests, "  - {{series: '{name}', values: '{values}'}}").unwrap();
        }
        writeln!(tests, "  alert_rule_test:\n  - eval_time: 10m\n    alertname: A{at}").unwrap();
        if firing {
            let labels: BTreeMap<String, String> =
                labels(&case.labels).iter().map(|(name, value)| (name.into(), value.into())).collect();
            let summary = &case.summary;
            writeln!(
                tests,
                "    exp_alerts: [{{exp_labels: {labels:?}, exp_annotations: {{summary: '{summary}'}}}}]"
            )
            .unwrap();
        }
    }
}

// Whoever takes the expression to Prometheus gets the same alerts.
#[test]
fn promtool_says_the_same_of_each() {
    let prometheus = std::env::var_os("LARUM_TEST_PROMETHEUS").unwrap_or_else(|| {
        panic!("LARUM_TEST_PROMETHEUS is not set: run `cargo xtask test`, which installs it")
    });
    let mut rules = "groups:\n- name: templates\n  rules:\n".to_owned();
    let mut tests = "rule_files: [rules.yaml]\nevaluation_interval: 1m\ntests:\n".to_owned();
    for (at, case) in cases().iter().enumerate() {
        promtool_test(&mut rules, &mut tests, case, at);
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rules.yaml"), rules).unwrap();
    std::fs::write(folder.path().join("tests.yaml"), tests).unwrap();
    let mut promtool = Command::new(std::path::Path::new(&prometheus).with_file_name("promtool"));
    let said = promtool.args(["test", "rules"]).arg(folder.path().join("tests.yaml")).output().unwrap();
    let words = format!("{}{}", String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
    assert!(said.status.success() && words.contains("SUCCESS"), "{words}");
}
