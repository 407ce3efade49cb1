//! Templates of policies, as they stand in a policy's record.

use larum_core::policy::{Comparator, Metric, NodeLabel, Nodes, Target, Template, WorkloadKind, Workloads};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// A template as it is stored.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum TemplateRecord {
    /// As it was stored while templates were for every node: metric, comparator, threshold.
    Plain(String, String, f64),
    /// With what it looks at.
    Targeted { target: TargetRecord, metric: String, comparator: String, threshold: f64 },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum TargetRecord {
    Nodes { label: String, names: Vec<SmolStr> },
    Workloads { kind: String, namespace: SmolStr, names: Vec<SmolStr> },
}

impl TemplateRecord {
    pub(super) fn of(template: &Template) -> Self {
        let target = match &template.target {
            Target::Nodes(nodes) => {
                TargetRecord::Nodes { label: nodes.label.as_str().into(), names: nodes.names.clone() }
            }
            Target::Workloads(workloads) => TargetRecord::Workloads {
                kind: workloads.kind.as_str().into(),
                namespace: workloads.namespace.clone(),
                names: workloads.names.clone(),
            },
        };
        Self::Targeted {
            target,
            metric: template.metric.as_str().into(),
            comparator: template.comparator.as_str().into(),
            threshold: template.threshold,
        }
    }

    /// The template, if all of its words are known: the expression of the policy stands beside it.
    pub(super) fn template(self) -> Option<Template> {
        match self {
            Self::Plain(metric, comparator, threshold) => {
                let (metric, comparator) = (Metric::from_word(&metric)?, Comparator::from_sign(&comparator)?);
                Some(Template::of_all(metric, comparator, threshold))
            }
            Self::Targeted { target, metric, comparator, threshold } => Some(Template {
                target: target.target()?,
                metric: Metric::from_word(&metric)?,
                comparator: Comparator::from_sign(&comparator)?,
                threshold,
            }),
        }
    }
}

impl TargetRecord {
    fn target(self) -> Option<Target> {
        Some(match self {
            Self::Nodes { label, names } => {
                Target::Nodes(Nodes { label: NodeLabel::from_word(&label)?, names })
            }
            Self::Workloads { kind, namespace, names } => {
                Target::Workloads(Workloads { kind: WorkloadKind::from_word(&kind)?, namespace, names })
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use larum_core::policy::TargetKind;

    use super::*;

    fn read(text: &str) -> Option<Template> {
        serde_json::from_str::<TemplateRecord>(text).unwrap().template()
    }

    #[test]
    fn what_was_stored_before_there_were_targets_is_for_every_node() {
        for metric in ["cpu", "memory", "load", "disk", "inodes"] {
            let template = read(&format!(r#"["{metric}",">=",90.5]"#)).unwrap();
            assert_eq!(template.target, Target::all(TargetKind::Nodes));
            assert_eq!((template.metric.as_str(), template.comparator.as_str()), (metric, ">="));
            assert!((template.threshold - 90.5).abs() < f64::EPSILON);
        }
        assert_eq!(read(r#"["heat",">",1]"#), None);
    }

    #[test]
    fn targets_are_kept() {
        let names = vec![SmolStr::new("a\"\\|b"), SmolStr::new("c")];
        let workloads = |kind| Workloads { kind, namespace: "shop".into(), names: names.clone() };
        let mut targets = vec![
            (Metric::Disk, Target::Nodes(Nodes { label: NodeLabel::Instance, names: names.clone() })),
            (Metric::Cpu, Target::all(TargetKind::Nodes)),
        ];
        targets.extend(
            WorkloadKind::ALL.map(|kind| (Metric::UnavailableReplicas, Target::Workloads(workloads(kind)))),
        );
        for (metric, target) in targets {
            let template = Template { target, metric, comparator: Comparator::NotEqual, threshold: 0.0 };
            let stored = serde_json::to_string(&TemplateRecord::of(&template)).unwrap();
            assert_eq!(read(&stored), Some(template), "{stored}");
        }
    }
}
