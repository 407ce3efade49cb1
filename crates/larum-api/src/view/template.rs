//! Templates as they are shown.

use larum_core::policy;

use crate::wire::template::{Comparator, Metric, NodeLabel, Target, TargetKind, Template, WorkloadKind};

/// A template as it is shown.
pub fn show_template(template: &policy::Template) -> Template {
    Template {
        target: Some(show_target(&template.target)),
        metric: Metric(template.metric),
        comparator: show_comparator(template.comparator),
        threshold: template.threshold,
    }
}

/// A comparator as it is shown.
pub const fn show_comparator(comparator: policy::Comparator) -> Comparator {
    match comparator {
        policy::Comparator::Greater => Comparator::Greater,
        policy::Comparator::GreaterOrEqual => Comparator::GreaterOrEqual,
        policy::Comparator::Less => Comparator::Less,
        policy::Comparator::LessOrEqual => Comparator::LessOrEqual,
        policy::Comparator::Equal => Comparator::Equal,
        policy::Comparator::NotEqual => Comparator::NotEqual,
    }
}

/// What a metric is measured on, as it is shown.
pub const fn show_target_kind(kind: policy::TargetKind) -> TargetKind {
    match kind {
        policy::TargetKind::Nodes => TargetKind::Nodes,
        policy::TargetKind::Workloads => TargetKind::Workloads,
    }
}

fn show_target(target: &policy::Target) -> Target {
    let names = target.names().iter().map(ToString::to_string).collect();
    match target {
        policy::Target::Nodes(nodes) => {
            let label = match nodes.label {
                policy::NodeLabel::Node => NodeLabel::Node,
                policy::NodeLabel::Instance => NodeLabel::Instance,
            };
            Target::Nodes { label: Some(label), names }
        }
        policy::Target::Workloads(workloads) => {
            let workload = match workloads.kind {
                policy::WorkloadKind::Deployment => WorkloadKind::Deployment,
                policy::WorkloadKind::StatefulSet => WorkloadKind::StatefulSet,
                policy::WorkloadKind::DaemonSet => WorkloadKind::DaemonSet,
            };
            Target::Workloads { workload, namespace: workloads.namespace.to_string(), names }
        }
    }
}
