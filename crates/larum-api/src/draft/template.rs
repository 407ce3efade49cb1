//! What a policy evaluates, as somebody chose or typed it.

use std::collections::HashSet;

use larum_core::policy::{self, Nodes, PolicyDraft, Workloads};
use larum_rules::template_draft;

use super::policy::refused;
use crate::problem::Problem;
use crate::wire::template::{Comparator, NodeLabel, Target, Template, WorkloadKind};

/// A draft with what is evaluated, and with the words for it where it is a template.
///
/// # Errors
/// A problem at its field when there is not exactly one of the two, or when the template makes no sense.
pub fn read_rule(template: Option<Template>, expr: Option<String>) -> Result<PolicyDraft, Problem> {
    match (template, expr) {
        (Some(template), None) => template_draft(&read_template(template)).map_err(|error| refused(&[error])),
        (None, Some(expr)) => Ok(PolicyDraft { expr, ..PolicyDraft::default() }),
        (Some(_), Some(_)) => Err(Problem::invalid("expr", "Give a template or an expression, not both.")),
        (None, None) => Err(Problem::invalid("template", "Give a template or an expression.")),
    }
}

/// Reads a template.
pub fn read_template(given: Template) -> policy::Template {
    let comparator = match given.comparator {
        Comparator::Greater => policy::Comparator::Greater,
        Comparator::GreaterOrEqual => policy::Comparator::GreaterOrEqual,
        Comparator::Less => policy::Comparator::Less,
        Comparator::LessOrEqual => policy::Comparator::LessOrEqual,
        Comparator::Equal => policy::Comparator::Equal,
        Comparator::NotEqual => policy::Comparator::NotEqual,
    };
    let metric = given.metric.0;
    let target = given.target.map_or_else(|| policy::Target::all(metric.target_kind()), read_target);
    policy::Template { target, metric, comparator, threshold: given.threshold }
}

fn read_target(given: Target) -> policy::Target {
    match given {
        Target::Nodes { label, names } => {
            // The name of a node has no colon (Kubernetes, "Object Names and IDs"); an instance has a port.
            let label = match label {
                Some(NodeLabel::Node) => policy::NodeLabel::Node,
                Some(NodeLabel::Instance) => policy::NodeLabel::Instance,
                None if names.iter().any(|name| name.contains(':')) => policy::NodeLabel::Instance,
                None => policy::NodeLabel::Node,
            };
            policy::Target::Nodes(Nodes { label, names: each_once(names) })
        }
        Target::Workloads { workload, namespace, names } => {
            let kind = match workload {
                WorkloadKind::Deployment => policy::WorkloadKind::Deployment,
                WorkloadKind::StatefulSet => policy::WorkloadKind::StatefulSet,
                WorkloadKind::DaemonSet => policy::WorkloadKind::DaemonSet,
            };
            let names = each_once(names);
            policy::Target::Workloads(Workloads { kind, namespace: namespace.into(), names })
        }
    }
}

/// Each name once, in the order given.
fn each_once<Name: From<String>>(given: Vec<String>) -> Vec<Name> {
    let mut seen = HashSet::new();
    let first: Vec<bool> = given.iter().map(|name| seen.insert(name.as_str())).collect();
    given.into_iter().zip(first).filter(|(_, first)| *first).map(|(name, _)| name.into()).collect()
}
