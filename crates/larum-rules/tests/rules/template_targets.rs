//! What templates look at: chosen nodes and workloads, whatever they are called.

use larum_core::label::LabelSet;
use larum_core::policy::{
    Comparator, MAX_DESCRIPTION, Metric, NodeLabel, Nodes, PolicyField, Standing, Target, TargetKind,
    Template, WorkloadKind, Workloads,
};
use larum_promql::{Sample, Series, SeriesList};
use larum_rules::{METRIC_CHOICES, template_draft, template_expr, template_sentence};

use crate::series::series;
use crate::templates::running;

const MINUTE: i64 = 60_000;

fn nodes(label: NodeLabel, names: &[&str]) -> Target {
    Target::Nodes(Nodes { label, names: names.iter().copied().map(Into::into).collect() })
}

fn workloads(kind: WorkloadKind, namespace: &str, names: &[&str]) -> Target {
    Target::Workloads(Workloads {
        kind,
        namespace: namespace.into(),
        names: names.iter().copied().map(Into::into).collect(),
    })
}

fn template(target: Target, metric: Metric) -> Template {
    Template { target, metric, comparator: Comparator::Greater, threshold: 0.0 }
}

fn expr(target: Target, metric: Metric) -> String {
    template_expr(&template(target, metric)).unwrap()
}

/// Series with these labels beside their name.
fn labelled(name: &str, labels: &[(&str, &str)], value: f64) -> Series {
    let labels = LabelSet::from_pairs([("__name__", name)].iter().chain(labels).copied());
    Series { labels, samples: [Sample::new(0, value)].into() }
}

/// Which of the series that fire have which values of a label.
fn firing(template: &Template, source: &SeriesList, label: &str) -> Vec<String> {
    let mut running = running(template);
    running.evaluate(source, 0);
    assert_ne!(running.state.standing(&running.policy), Standing::Error, "{:?}", running.state.last());
    let mut told: Vec<String> =
        running.state.series().map(|series| series.labels.value(label).to_owned()).collect();
    told.sort();
    told
}

#[test]
fn the_expression_names_what_was_chosen() {
    assert_eq!(
        expr(nodes(NodeLabel::Node, &[]), Metric::AvailableMemory),
        "node_memory_MemAvailable_bytes / 1024 ^ 3 > 0"
    );
    assert_eq!(
        expr(nodes(NodeLabel::Node, &["web-1"]), Metric::Memory),
        r#"100 * (1 - node_memory_MemAvailable_bytes{node="web-1"} / node_memory_MemTotal_bytes{node="web-1"}) > 0"#
    );
    assert_eq!(
        expr(nodes(NodeLabel::Instance, &["10.0.0.1:9100", "b:9100"]), Metric::DiskReads),
        r#"rate(node_disk_reads_completed_total{instance=~"10\\.0\\.0\\.1:9100|b:9100"}[5m]) > 0"#
    );
    assert_eq!(
        expr(workloads(WorkloadKind::DaemonSet, "", &[]), Metric::UnavailableReplicas),
        "100 * clamp_min(1 - max by (cluster, namespace, daemonset) (kube_daemonset_status_number_available) / \
         (max by (cluster, namespace, daemonset) (kube_daemonset_status_desired_number_scheduled) > 0), 0) > 0"
    );
    assert_eq!(
        expr(workloads(WorkloadKind::StatefulSet, "shop", &["db"]), Metric::WorkloadMemory),
        r#"sum by (cluster, namespace, statefulset) (max by (cluster, namespace, pod, container) (container_memory_usage_bytes{container!="",container!="POD",namespace="shop"}) * on (cluster, namespace, pod) group_left (statefulset) label_replace(max by (cluster, namespace, pod, owner_name) (kube_pod_owner{owner_kind="StatefulSet",namespace="shop",owner_name="db"}), "statefulset", "$1", "owner_name", "(.+)")) / 1024 ^ 2 > 0"#
    );
}

#[test]
fn every_metric_can_be_asked_of_one_several_and_all() {
    for choice in METRIC_CHOICES {
        for names in [&[] as &[&str], &["a"], &["a", "b.c"]] {
            let targets = match choice.target_kind() {
                TargetKind::Nodes => vec![nodes(NodeLabel::Node, names)],
                TargetKind::Workloads => WorkloadKind::ALL
                    .into_iter()
                    .flat_map(|kind| ["", "shop"].map(|namespace| workloads(kind, namespace, names)))
                    .collect(),
            };
            for target in targets {
                let chosen = template(target, choice.metric);
                let expr = template_expr(&chosen).unwrap();
                let measured = expr.strip_suffix(" > 0").unwrap();
                assert!(!measured.contains('@') && !measured.contains("{}"), "{measured}");
                let one = measured.matches(r#"="a""#).count();
                let several = measured.matches(r#"=~"a|b\\.c""#).count();
                assert_eq!((one > 0, several > 0), (names.len() == 1, names.len() == 2), "{measured}");
                let standing = running(&chosen).evaluate(&SeriesList::default(), 0);
                assert_eq!(standing, Standing::NoData, "{measured}");
            }
        }
    }
}

// The original put names into regular expressions as they were.
#[test]
fn names_are_matched_literally_whatever_signs_they_have() {
    let hostile = [
        "web.1",
        "webx1",
        r#"a"b"#,
        r"a\b",
        r"a\\b",
        "a|b",
        "a",
        "b",
        ".*",
        ".+",
        "",
        "(",
        "[a-z]",
        "a{2}",
        "^a$",
        "a?b*c+",
        "$1",
        "{{ $value }}",
        "\"} or up{x=\"",
        "@}",
        "{@}",
        "名前",
        "a b",
        "#~&-",
        "/",
    ];
    let source = hostile
        .iter()
        .filter(|name| !name.is_empty())
        .flat_map(|name| {
            [
                labelled("node_memory_MemAvailable_bytes", &[("node", name)], 1e9),
                labelled(
                    "kube_deployment_status_replicas_available",
                    &[("namespace", "n"), ("deployment", name)],
                    0.0,
                ),
                labelled("kube_deployment_spec_replicas", &[("namespace", "n"), ("deployment", name)], 1.0),
            ]
        })
        .collect();
    let source = SeriesList(source);
    let node = |names: &[&str]| {
        firing(&template(nodes(NodeLabel::Node, names), Metric::AvailableMemory), &source, "node")
    };
    let deployment = |names: &[&str]| {
        let target = workloads(WorkloadKind::Deployment, "n", names);
        firing(&template(target, Metric::UnavailableReplicas), &source, "deployment")
    };
    for name in hostile.into_iter().filter(|name| !name.is_empty()) {
        assert_eq!((node(&[name]), deployment(&[name])), (vec![name.to_owned()], vec![name.to_owned()]));
        let other = if name == "a" { "b" } else { "a" };
        let mut both = vec![name.to_owned(), other.to_owned()];
        both.sort();
        assert_eq!((node(&[name, other]), deployment(&[name, other])), (both.clone(), both), "{name}");
    }
}

#[test]
fn nodes_are_found_by_the_label_that_has_their_names() {
    let source = SeriesList(vec![
        labelled("node_memory_MemAvailable_bytes", &[("instance", "10.0.0.1:9100"), ("node", "web-1")], 1e9),
        labelled("node_memory_MemAvailable_bytes", &[("instance", "10.0.0.2:9100")], 1e9),
    ]);
    let found =
        |label, name| firing(&template(nodes(label, &[name]), Metric::AvailableMemory), &source, "instance");
    assert_eq!(found(NodeLabel::Node, "web-1"), ["10.0.0.1:9100"]);
    assert_eq!(found(NodeLabel::Instance, "10.0.0.2:9100"), ["10.0.0.2:9100"]);
    let nobody = template(nodes(NodeLabel::Node, &["web-9"]), Metric::AvailableMemory);
    assert_eq!(running(&nobody).evaluate(&source, 0), Standing::NoData, "who is not measured is not healthy");
}

#[test]
fn what_does_not_fit_together_is_refused_at_what_is_looked_at() {
    let refused = |target, metric| {
        let error = template_expr(&template(target, metric)).unwrap_err();
        assert_eq!(error.field(), PolicyField::Target);
        error.to_string()
    };
    assert_eq!(
        refused(Target::all(TargetKind::Workloads), Metric::Cpu),
        "This metric is measured on nodes: choose nodes."
    );
    assert_eq!(
        refused(Target::all(TargetKind::Nodes), Metric::WorkloadCpu),
        "This metric is measured on workloads: choose workloads."
    );
    for metric in [Metric::AbnormalPods, Metric::PodUsage] {
        let words = refused(nodes(NodeLabel::Instance, &["a:9100"]), metric);
        assert_eq!(words, "Pods are counted by the names of nodes: choose nodes by the label node.");
    }
    let long = "x".repeat(250);
    let names: Vec<&str> = vec![&long; 40];
    let words = refused(nodes(NodeLabel::Node, &names), Metric::Cpu);
    assert!(words.contains("more than 10000 characters"), "{words}");
}

#[test]
fn the_sentence_says_which_ones() {
    let said = |target, metric| template_sentence(&template(target, metric));
    let of = |names: &[&str]| said(nodes(NodeLabel::Node, names), Metric::Memory);
    assert_eq!(of(&["web-1"]), "Memory usage of node web-1 is above 0 %.");
    assert_eq!(of(&["a", "b", "c"]), "Memory usage of node a, b or c is above 0 %.");
    assert_eq!(of(&["a", "b", "c", "d"]), "Memory usage of one of 4 nodes is above 0 %.");
    assert_eq!(
        said(nodes(NodeLabel::Node, &["a"]), Metric::NetworkSent),
        "Network sending rate of a network interface of node a is above 0 Mbit/s."
    );
    let api = workloads(WorkloadKind::Deployment, "shop", &["api", "web"]);
    assert_eq!(
        said(api, Metric::WorkloadCpu),
        "CPU consumption of Deployment api or web in shop is above 0 cores."
    );
    let any = workloads(WorkloadKind::DaemonSet, "", &[]);
    assert_eq!(
        said(any, Metric::UnavailableReplicas),
        "Unavailable replica ratio of a DaemonSet in any namespace is above 0 %."
    );
    let long = "x".repeat(253);
    let draft = template_draft(&template(nodes(NodeLabel::Node, &[&long, "b"]), Metric::Memory)).unwrap();
    assert!(draft.description.len() <= MAX_DESCRIPTION);
}

/// A metric over these series, after ten minutes.
fn measured(target: Target, metric: Metric, lines: &[(&str, &str)]) -> Vec<String> {
    let source = SeriesList(lines.iter().map(|(name, values)| series(name, values, MINUTE)).collect());
    let chosen = Template { comparator: Comparator::GreaterOrEqual, ..template(target, metric) };
    let mut running = running(&chosen);
    running.evaluate(&source, 10 * MINUTE);
    running.state.series().map(|series| series.measured.text.to_string()).collect()
}

// The original compared a threshold in Mbit/s with bytes a second: 8 times too high.
#[test]
fn network_rates_are_in_bits() {
    // 125,000,000 bytes a second.
    let sent = [(r#"node_network_transmit_bytes_total{instance="a",device="eth0"}"#, "0+7500000000x10")];
    let all = || Target::all(TargetKind::Nodes);
    assert_eq!(measured(all(), Metric::NetworkSent, &sent), ["1000 Mbit/s (>= 0 Mbit/s)"]);
}

// The original took a StatefulSet's replicas of the current revision for those that are ready: one whose pods crash was
// well, and one that was being updated was not.
#[test]
fn a_crashing_stateful_set_is_not_well_and_an_updated_one_is() {
    let db = || workloads(WorkloadKind::StatefulSet, "n", &["db"]);
    let set = |ready, current| {
        [
            (r#"kube_statefulset_replicas{namespace="n",statefulset="db"}"#, "3x10"),
            (r#"kube_statefulset_status_replicas_ready{namespace="n",statefulset="db"}"#, ready),
            (r#"kube_statefulset_status_replicas_current{namespace="n",statefulset="db"}"#, current),
        ]
    };
    let ratio = |ready, current| measured(db(), Metric::UnavailableReplicas, &set(ready, current));
    assert_eq!(ratio("2x10", "3x10"), ["33.3 % (>= 0 %)"]);
    assert_eq!(ratio("3x10", "1x10"), ["0 % (>= 0 %)"]);
}

#[test]
fn replicas_that_a_rollout_adds_are_not_missing() {
    let api = workloads(WorkloadKind::Deployment, "n", &["api"]);
    let lines = [
        (r#"kube_deployment_spec_replicas{namespace="n",deployment="api"}"#, "1x10"),
        (r#"kube_deployment_status_replicas_available{namespace="n",deployment="api"}"#, "1x10"),
        (r#"kube_deployment_status_replicas_unavailable{namespace="n",deployment="api"}"#, "1x10"),
    ];
    assert_eq!(measured(api, Metric::UnavailableReplicas, &lines), ["0 % (>= 0 %)"]);
}

// The original alerted twice where a recording rule was loaded twice.
#[test]
fn what_is_scraped_twice_counts_once() {
    let db = workloads(WorkloadKind::StatefulSet, "n", &["db"]);
    let lines = [
        (
            r#"kube_pod_owner{instance="x",namespace="n",pod="db-0",owner_kind="StatefulSet",owner_name="db"}"#,
            "1x10",
        ),
        (
            r#"kube_pod_owner{instance="y",namespace="n",pod="db-0",owner_kind="StatefulSet",owner_name="db"}"#,
            "1x10",
        ),
        (r#"container_cpu_usage_seconds_total{job="x",namespace="n",pod="db-0",container="c"}"#, "0+60x10"),
        (r#"container_cpu_usage_seconds_total{job="y",namespace="n",pod="db-0",container="c"}"#, "0+60x10"),
    ];
    assert_eq!(measured(db, Metric::WorkloadCpu, &lines), ["1 core (>= 0 cores)"]);
}

#[test]
fn a_file_system_without_inodes_is_never_full_of_them() {
    let lines = [
        (r#"node_filesystem_files{node="a",fstype="btrfs",mountpoint="/"}"#, "0x10"),
        (r#"node_filesystem_files_free{node="a",fstype="btrfs",mountpoint="/"}"#, "0x10"),
    ];
    assert_eq!(measured(Target::all(TargetKind::Nodes), Metric::Inodes, &lines), [] as [String; 0]);
}
