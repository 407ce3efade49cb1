//! What is known of a metric before anybody chose anything.

use larum_core::policy::{Comparator, Metric, TargetKind, Template, WorkloadKind};

use crate::measure::Unit;

/// What is known of a metric before anybody chose anything.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct MetricChoice {
    /// The metric.
    pub metric: Metric,
    /// What it is called, at the start of a sentence; no two metrics are called the same.
    pub title: &'static str,
    /// What it is, in a sentence or two.
    pub description: &'static str,
    /// What its number counts; thresholds are in this unit.
    pub unit: Unit,
    /// How it is compared unless somebody chooses otherwise.
    pub comparator: Comparator,
    /// With what it is compared unless somebody chooses otherwise.
    pub threshold: f64,
    /// The least threshold that makes sense.
    pub least: f64,
    /// The greatest threshold that makes sense.
    pub most: f64,
    /// Whether thresholds are usually whole numbers; others are allowed.
    pub integer: bool,
    /// How it is measured.
    pub(super) measured: Measured,
}

/// How a metric is measured, in PromQL. Where matchers may be put in stands `@`, before the closing brace.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Measured {
    /// On the machine itself, under node_exporter's names, for every thing of this kind.
    Machine(Thing, &'static str),
    /// By kube-state-metrics, which knows nodes by the label `node` alone.
    Pods(&'static str),
    /// By cAdvisor: what each pod uses, and how the sum over the pods of a workload comes to the unit.
    Used { by_pod: &'static str, scale: &'static str },
    /// By kube-state-metrics: what is missing of the replicas that a workload is to have.
    Replicas,
}

/// What a series of the answer stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Thing {
    /// A node, by its name where there is one and by its address where not.
    Node,
    /// A file system of a node.
    FileSystem,
    /// A disk of a node.
    Disk,
    /// A network interface of a node.
    Interface,
    /// A workload.
    Workload(WorkloadKind),
}

impl Thing {
    /// What it is called, with its article; nodes and workloads are said with their names.
    pub(super) const fn part(self) -> Option<&'static str> {
        match self {
            Self::Node | Self::Workload(_) => None,
            Self::FileSystem => Some("a file system"),
            Self::Disk => Some("a disk"),
            Self::Interface => Some("a network interface"),
        }
    }

    /// Which one it is, as a Go template.
    pub(super) fn place(self) -> String {
        const NODE: &str = "{{ or $labels.node $labels.instance }}";
        match self {
            Self::Node => NODE.into(),
            Self::FileSystem => format!("{{{{ $labels.mountpoint }}}} on {NODE}"),
            Self::Disk | Self::Interface => format!("{{{{ $labels.device }}}} on {NODE}"),
            Self::Workload(kind) => {
                format!("{kind} {{{{ $labels.namespace }}}}/{{{{ $labels.{} }}}}", kind.label())
            }
        }
    }
}

impl MetricChoice {
    /// The template with the metric's own comparator and threshold, for every node or every Deployment.
    pub const fn template(&self) -> Template {
        Template::of_all(self.metric, self.comparator, self.threshold)
    }

    /// Whether it is measured on nodes or on workloads.
    pub const fn target_kind(&self) -> TargetKind {
        self.metric.target_kind()
    }

    /// Whether nodes can be chosen by the label `instance`, and not only by `node`.
    pub const fn knows_instances(&self) -> bool {
        matches!(self.measured, Measured::Machine(..))
    }
}
