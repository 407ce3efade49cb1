//! PromQL for workloads, under the names of cAdvisor and kube-state-metrics.

use larum_core::policy::{WorkloadKind, Workloads};

use super::matcher::{one_of, with_matchers};

/// What the pods of the workloads use together, from PromQL for what each pod uses.
pub fn used(by_pod: &str, scale: &str, workloads: &Workloads) -> String {
    let label = workloads.kind.label();
    let by_pod = with_matchers(by_pod, &namespace(workloads));
    let owners = owners(workloads);
    format!(
        "sum by (cluster, namespace, {label}) ({by_pod} \
         * on (cluster, namespace, pod) group_left ({label}) {owners}){scale}"
    )
}

/// One for each pod of the workloads, labelled with the name of its workload. The pods of a Deployment belong to
/// ReplicaSets, which belong to it.
fn owners(workloads: &Workloads) -> String {
    let (label, within) = (workloads.kind.label(), namespace(workloads));
    let named: Vec<String> = within.iter().cloned().chain(one_of("owner_name", &workloads.names)).collect();
    let owned = match workloads.kind {
        WorkloadKind::Deployment => {
            let pods = with_matchers(r#"kube_pod_owner{owner_kind="ReplicaSet",@}"#, &within);
            let sets = with_matchers(r#"kube_replicaset_owner{owner_kind="Deployment",@}"#, &named);
            format!(
                "label_replace(max by (cluster, namespace, pod, owner_name) ({pods}), \
                 \"replicaset\", \"$1\", \"owner_name\", \"(.+)\") \
                 * on (cluster, namespace, replicaset) group_left (owner_name) \
                 max by (cluster, namespace, replicaset, owner_name) ({sets})"
            )
        }
        kind => {
            let pods = format!(r#"kube_pod_owner{{owner_kind="{kind}",@}}"#);
            format!("max by (cluster, namespace, pod, owner_name) ({})", with_matchers(&pods, &named))
        }
    };
    format!("label_replace({owned}, \"{label}\", \"$1\", \"owner_name\", \"(.+)\")")
}

/// What the workloads lack of the replicas that they are to have, in percent; nothing for one that is to have none.
///
/// It compares what is wanted with what is available. A Deployment's own count of unavailable replicas also has those
/// that a rollout adds for a while, and a StatefulSet's count of current ones has those that crash.
pub fn unavailable(workloads: &Workloads) -> String {
    let (available, wanted) = match workloads.kind {
        WorkloadKind::Deployment => {
            ("kube_deployment_status_replicas_available", "kube_deployment_spec_replicas")
        }
        WorkloadKind::StatefulSet => ("kube_statefulset_status_replicas_ready", "kube_statefulset_replicas"),
        WorkloadKind::DaemonSet => {
            ("kube_daemonset_status_number_available", "kube_daemonset_status_desired_number_scheduled")
        }
    };
    let label = workloads.kind.label();
    let mut matchers = namespace(workloads);
    matchers.extend(one_of(label, &workloads.names));
    let each = |metric: &str| {
        let series = with_matchers(&format!("{metric}{{@}}"), &matchers);
        format!("max by (cluster, namespace, {label}) ({series})")
    };
    format!("100 * clamp_min(1 - {} / ({} > 0), 0)", each(available), each(wanted))
}

fn namespace(workloads: &Workloads) -> Vec<String> {
    let chosen = (!workloads.namespace.is_empty()).then_some(&workloads.namespace);
    one_of("namespace", chosen.as_slice()).into_iter().collect()
}
