//! The inhibition rules that come with Larum: what they hush, and that they can.

use std::collections::{BTreeMap, BTreeSet};

use larum_core::inhibit::InhibitRule;
use larum_core::label::{ALERT_NAME, LabelSet, SEVERITY};
use larum_core::matcher::Matcher;
use larum_rules::{builtin_inhibitions, builtins};

use super::{TESTS, read};

/// Whether an alert with the labels `one` hushes one with the labels `other`.
fn hushes(one: &[(&str, &str)], other: &[(&str, &str)]) -> bool {
    let (one, other) =
        (LabelSet::from_pairs(one.iter().copied()), LabelSet::from_pairs(other.iter().copied()));
    builtin_inhibitions().iter().any(|rule| {
        rule.source.iter().all(|matcher| matcher.matches(&one))
            && rule.target.iter().all(|matcher| matcher.matches(&other))
            && rule.equal.iter().all(|name| one.value(name) == other.value(name))
    })
}

#[test]
fn the_critical_alert_of_a_thing_hushes_its_lesser_ones_and_those_of_nothing_else() {
    let disk = |severity, node, device| {
        [
            (ALERT_NAME, "NodeFilesystemAlmostOutOfSpace"),
            (SEVERITY, severity),
            ("node", node),
            ("device", device),
        ]
    };
    assert!(hushes(&disk("critical", "a", "sda"), &disk("warning", "a", "sda")));
    assert!(!hushes(&disk("warning", "a", "sda"), &disk("critical", "a", "sda")));
    assert!(!hushes(&disk("critical", "a", "sda"), &disk("warning", "b", "sda")));
    assert!(!hushes(&disk("critical", "a", "sda"), &disk("warning", "a", "sdb")));
    assert!(!hushes(&disk("critical", "a", "sda"), &disk("none", "a", "sda")));
}

#[test]
fn a_node_that_is_not_ready_hushes_its_own_pods() {
    let node = [(ALERT_NAME, "KubeNodeNotReady"), (SEVERITY, "error"), ("node", "a")];
    let pod = |name, node| [(ALERT_NAME, name), (SEVERITY, "warning"), ("pod", "cart-1"), ("node", node)];
    assert!(hushes(&node, &pod("KubePodNotReady", "a")));
    assert!(!hushes(&node, &pod("KubePodNotReady", "b")));
    assert!(!hushes(&node, &pod("KubePodNotReady", "")), "it was not scheduled, which is another matter");
    assert!(!hushes(&node, &pod("KubePodCrashLooping", "a")));
}

#[test]
fn a_critical_alert_of_one_workload_hushes_nothing_of_another() {
    let mine = |severity, kind, name| {
        [(ALERT_NAME, "Mine"), (SEVERITY, severity), ("namespace", "shop"), (kind, name)]
    };
    for kind in ["deployment", "statefulset", "daemonset", "job_name", "service", "persistentvolume"] {
        assert!(hushes(&mine("critical", kind, "a"), &mine("warning", kind, "a")), "{kind}");
        assert!(!hushes(&mine("critical", kind, "a"), &mine("warning", kind, "b")), "{kind}");
    }
}

#[test]
fn a_component_that_is_down_hushes_its_own_targets() {
    let target =
        |job, node| [(ALERT_NAME, "TargetDown"), (SEVERITY, "warning"), ("job", job), ("node", node)];
    let down = |name| [(ALERT_NAME, name), (SEVERITY, "critical")];
    for (name, job) in [
        ("KubeAPIDown", "kubernetes-apiservers"),
        ("KubeSchedulerDown", "kube-scheduler"),
        ("KubeControllerManagerDown", "kube-controller-manager"),
        ("CoreDNSDown", "coredns"),
    ] {
        assert!(hushes(&down(name), &target(job, "")), "{name}");
        assert!(!hushes(&down(name), &target("node-exporter", "")), "{name}");
    }
    let kubelet = [(ALERT_NAME, "KubeletDown"), (SEVERITY, "error"), ("node", "a")];
    assert!(hushes(&kubelet, &target("kubelet", "a")));
    assert!(!hushes(&kubelet, &target("kubelet", "b")) && !hushes(&kubelet, &target("node", "a")));
}

#[test]
fn what_explains_another_alert_hushes_it_for_the_same_thing_alone() {
    let thing = |name, label, value| [(ALERT_NAME, name), (SEVERITY, "warning"), (label, value)];
    for (one, other, label) in [
        ("KubeDeploymentRolloutStuck", "KubeDeploymentReplicasMismatch", "deployment"),
        ("KubeStatefulSetUpdateNotRolledOut", "KubeStatefulSetReplicasMismatch", "statefulset"),
        ("KubeDaemonSetNotScheduled", "KubeDaemonSetRolloutStuck", "daemonset"),
        ("KubeContainerWaiting", "KubePodNotReady", "pod"),
        ("NodeCPUHighUsage", "NodeSystemSaturation", "instance"),
    ] {
        assert!(hushes(&thing(one, label, "a"), &thing(other, label, "a")), "{one}");
        assert!(!hushes(&thing(one, label, "a"), &thing(other, label, "b")), "{one}");
        assert!(!hushes(&thing(other, label, "a"), &thing(one, label, "a")), "{other}");
    }
}

#[test]
fn the_watchdog_neither_hushes_nor_is_hushed() {
    let watchdog = [(ALERT_NAME, "Watchdog"), (SEVERITY, "none")];
    for builtin in builtins() {
        let other = [(ALERT_NAME, &*builtin.draft.name), (SEVERITY, builtin.draft.severity.as_str())];
        assert!(!hushes(&watchdog, &other) && !hushes(&other, &watchdog), "{}", builtin.key);
    }
}

/// The names of built-in policies that the matchers let through, if they ask for names at all.
fn names(matchers: &[Matcher]) -> Option<BTreeSet<&'static str>> {
    let matcher = matchers.iter().find(|matcher| matcher.name() == ALERT_NAME)?;
    let names = builtins().iter().map(|builtin| builtin.draft.name.as_str());
    Some(names.filter(|name| matcher.matches_value(name)).collect())
}

/// The labels that alerts of each name were seen with.
fn labels_seen() -> BTreeMap<String, BTreeSet<String>> {
    let mut seen: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, text) in TESTS {
        for (alert, labels) in read(name, text).expected() {
            seen.entry(alert).or_default().extend(labels);
        }
    }
    seen
}

#[test]
fn each_that_names_alerts_names_those_that_come_with_larum_and_share_a_label() {
    let seen = labels_seen();
    for InhibitRule { name, source, target, equal } in builtin_inhibitions() {
        let (Some(sources), Some(targets)) = (names(source), names(target)) else { continue };
        let named = |matchers: &[Matcher]| {
            let matcher = matchers.iter().find(|matcher| matcher.name() == ALERT_NAME).unwrap();
            matcher.value().split('|').count()
        };
        assert_eq!(
            (sources.len(), targets.len()),
            (named(source), named(target)),
            "{name}: every name is known"
        );
        for (one, other) in sources.iter().flat_map(|one| targets.iter().map(move |other| (one, other))) {
            let shared =
                equal.iter().any(|label| seen[*one].contains(&**label) && seen[*other].contains(&**label));
            assert!(
                shared || *equal == ["cluster"],
                "{name}: {one} and {other} have none of {equal:?} in common"
            );
        }
    }
    let names: BTreeSet<_> = builtin_inhibitions().iter().map(|rule| &rule.name).collect();
    assert_eq!(names.len(), builtin_inhibitions().len(), "names tell rules apart");
}
