//! Labels for people: where it is, what else is known, and what only machines need.

use larum_core::label::{ALERT_NAME, LabelSet, SEVERITY};

/// Labels that say where it is, from the whole to the part; others follow by name.
const PLACES: [&str; 12] = [
    "cluster",
    "namespace",
    "workload",
    "deployment",
    "statefulset",
    "daemonset",
    "cronjob",
    "job_name",
    "pod",
    "container",
    "node",
    "instance",
];
/// Those of them that make an `instance` superfluous: it then is only where the number was scraped.
const BETTER_THAN_INSTANCE: [&str; 4] = ["workload", "pod", "container", "node"];
/// Said elsewhere, or of use to machines only.
const HIDDEN: [&str; 5] = [ALERT_NAME, SEVERITY, "prometheus", "endpoint", "uid"];
/// Jobs that name the collector and not what is collected.
const COLLECTORS: [&str; 6] =
    ["node", "node-exporter", "node_exporter", "kube-state-metrics", "kubelet", "cadvisor"];

/// The labels that say where it is, in order.
pub fn place(labels: &LabelSet) -> Vec<(&str, &str)> {
    PLACES
        .into_iter()
        .filter(|name| is_place(name, labels))
        .filter_map(|name| Some((name, labels.get(name)?)))
        .collect()
}

/// The other labels that a person may want to see, by name.
pub fn details(labels: &LabelSet) -> Vec<(&str, &str)> {
    labels.iter().filter(|(name, value)| !is_place(name, labels) && is_shown(name, value, labels)).collect()
}

/// Both, for a list of alerts that differ in them.
pub fn all(labels: &LabelSet) -> Vec<(&str, &str)> {
    let mut all = place(labels);
    all.extend(details(labels));
    all
}

fn is_place(name: &str, labels: &LabelSet) -> bool {
    let superfluous = || BETTER_THAN_INSTANCE.iter().any(|better| labels.get(better).is_some());
    PLACES.contains(&name) && !(name == "instance" && superfluous())
}

fn is_shown(name: &str, value: &str, labels: &LabelSet) -> bool {
    let hidden = HIDDEN.contains(&name)
        || name.starts_with("__")
        || (name == "job" && COLLECTORS.contains(&value))
        || (name == "instance" && COLLECTORS.contains(&labels.value("job")))
        || (name == "instance" && labels.get("node") == Some(value));
    !hidden
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_goes_from_the_whole_to_the_part() {
        let labels = LabelSet::from_pairs([
            ("pod", "api-1"),
            ("namespace", "prod"),
            ("instance", "10.0.0.1:8080"),
            ("cluster", "eu"),
            ("alertname", "A"),
            ("severity", "critical"),
            ("job", "api"),
            ("__x", "1"),
            ("team", "a"),
        ]);
        assert_eq!(place(&labels), [("cluster", "eu"), ("namespace", "prod"), ("pod", "api-1")]);
        assert_eq!(details(&labels), [("instance", "10.0.0.1:8080"), ("job", "api"), ("team", "a")]);
    }

    #[test]
    fn an_instance_is_a_place_where_nothing_better_is_known() {
        let bare = LabelSet::from_pairs([("instance", "db:9100"), ("job", "postgres")]);
        assert_eq!(place(&bare), [("instance", "db:9100")]);
        assert_eq!(details(&bare), [("job", "postgres")]);
        let host = LabelSet::from_pairs([("instance", "host-1"), ("node", "host-1"), ("job", "node")]);
        assert_eq!(all(&host), [("node", "host-1")]);
    }
}
