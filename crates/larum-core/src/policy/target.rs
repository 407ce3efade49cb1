//! What a template looks at: nodes, or the pods of workloads.

use std::fmt;

use smol_str::SmolStr;

use crate::policy::refused::{PolicyError, PolicyField};

/// The most nodes or workloads that a template can name; whoever means more means all.
pub const MAX_TARGETS: usize = 100;
/// The longest name of a node, a workload or a namespace, in bytes: what Kubernetes allows ("Object Names and IDs",
/// DNS subdomain names).
pub const MAX_TARGET_NAME: usize = 253;

/// What a template looks at.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Target {
    /// Nodes.
    Nodes(Nodes),
    /// Workloads.
    Workloads(Workloads),
}

/// What of [`Target`] a metric can be measured on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TargetKind {
    /// Nodes.
    Nodes,
    /// Workloads.
    Workloads,
}

/// Nodes, as a metrics source names them.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Nodes {
    /// The label that has their names.
    pub label: NodeLabel,
    /// Their names; none for every node.
    pub names: Vec<SmolStr>,
}

/// Where the metrics of a node say which node it is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum NodeLabel {
    /// In `node`, as Kubernetes' own metrics do, and the collector of this host.
    #[default]
    Node,
    /// In `instance`, as Prometheus has it where nobody relabels.
    Instance,
}

/// Workloads of one kind.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Workloads {
    /// Of which kind.
    pub kind: WorkloadKind,
    /// In which namespace; empty for every namespace.
    pub namespace: SmolStr,
    /// Their names; none for every workload of the kind.
    pub names: Vec<SmolStr>,
}

/// A kind of workload, in Kubernetes' words.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum WorkloadKind {
    /// A Deployment.
    Deployment,
    /// A StatefulSet.
    StatefulSet,
    /// A DaemonSet.
    DaemonSet,
}

impl NodeLabel {
    /// The label.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Instance => "instance",
        }
    }

    /// The label of this name.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Node, Self::Instance].into_iter().find(|label| label.as_str() == word)
    }
}

impl WorkloadKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Deployment, Self::StatefulSet, Self::DaemonSet];

    /// The kind as Kubernetes writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deployment => "Deployment",
            Self::StatefulSet => "StatefulSet",
            Self::DaemonSet => "DaemonSet",
        }
    }

    /// The label that kube-state-metrics gives such a workload's name.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Deployment => "deployment",
            Self::StatefulSet => "statefulset",
            Self::DaemonSet => "daemonset",
        }
    }

    /// The kind that Kubernetes writes so.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

impl fmt::Display for WorkloadKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Target {
    /// Every node, or every Deployment.
    pub const fn all(kind: TargetKind) -> Self {
        match kind {
            TargetKind::Nodes => Self::Nodes(Nodes { label: NodeLabel::Node, names: Vec::new() }),
            TargetKind::Workloads => Self::Workloads(Workloads {
                kind: WorkloadKind::Deployment,
                namespace: SmolStr::new_static(""),
                names: Vec::new(),
            }),
        }
    }

    /// Whether nodes or workloads.
    pub const fn kind(&self) -> TargetKind {
        match self {
            Self::Nodes(_) => TargetKind::Nodes,
            Self::Workloads(_) => TargetKind::Workloads,
        }
    }

    /// The names of the nodes or workloads; none for all.
    pub fn names(&self) -> &[SmolStr] {
        match self {
            Self::Nodes(nodes) => &nodes.names,
            Self::Workloads(workloads) => &workloads.names,
        }
    }

    /// Whether it can be looked at.
    ///
    /// # Errors
    /// A [`PolicyError`] when there are too many names, or one that nothing can have.
    pub fn check(&self) -> Result<(), PolicyError> {
        let refuse = |message: String| Err(PolicyError::Other { field: PolicyField::Target, message });
        let names = self.names();
        if names.len() > MAX_TARGETS {
            return refuse(format!(
                "Choose at most {MAX_TARGETS} by name, or all; these are {}.",
                names.len()
            ));
        }
        let namespace = match self {
            Self::Workloads(workloads) if !workloads.namespace.is_empty() => Some(&workloads.namespace),
            _ => None,
        };
        for name in names.iter().chain(namespace) {
            if name.is_empty() {
                return refuse("A name is empty.".into());
            }
            if name.len() > MAX_TARGET_NAME {
                return refuse(format!(
                    "A name can have at most {MAX_TARGET_NAME} bytes, not {}.",
                    name.len()
                ));
            }
            if name.contains(char::is_control) {
                return refuse("A name must not have line breaks or other control characters.".into());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(names: Vec<SmolStr>) -> Target {
        Target::Nodes(Nodes { names, ..Nodes::default() })
    }

    #[test]
    fn words_are_read_back() {
        for kind in WorkloadKind::ALL {
            assert_eq!(WorkloadKind::from_word(&kind.to_string()), Some(kind));
        }
        for label in [NodeLabel::Node, NodeLabel::Instance] {
            assert_eq!(NodeLabel::from_word(label.as_str()), Some(label));
        }
        assert_eq!((WorkloadKind::from_word("deployment"), NodeLabel::from_word("")), (None, None));
    }

    #[test]
    fn names_have_bounds() {
        let said = |target: Target| target.check().map_err(|error| error.to_string());
        for kind in [TargetKind::Nodes, TargetKind::Workloads] {
            assert_eq!((Target::all(kind).check(), Target::all(kind).kind()), (Ok(()), kind));
        }
        assert_eq!(said(nodes(vec!["a".into(); 100])), Ok(()));
        let many = said(nodes(vec!["a".into(); 101]));
        assert_eq!(many, Err("Choose at most 100 by name, or all; these are 101.".into()));
        assert_eq!(said(nodes(vec!["".into()])), Err("A name is empty.".into()));
        assert!(said(nodes(vec!["é".repeat(127).into()])).is_err());
        assert!(said(nodes(vec!["a\nb".into()])).is_err());
        let in_namespace = |namespace: &str| {
            let kind = WorkloadKind::Deployment;
            Target::Workloads(Workloads { kind, namespace: namespace.into(), names: vec![] })
        };
        assert_eq!(said(in_namespace("shop")), Ok(()));
        assert!(said(in_namespace("a\tb")).is_err());
    }
}
