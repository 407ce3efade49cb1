//! The policies that come with Larum, written as Prometheus rules in `builtin/*.yaml`.
//!
//! What Larum knows of them beyond a rule stands in annotations that begin with `larum_` and are not shown:
//! `larum_key` (what the policy is known by, never changed), `larum_about` (what it is for, one sentence),
//! `larum_unit` (a word of [`Unit`]) and `larum_limit` (what its value is compared with; it stands in the expression
//! once, where another may be put in its place).

mod edit;
mod inhibition;
mod runbook;
mod threshold;

use std::sync::LazyLock;

use larum_core::label::SEVERITY;
use larum_core::policy::PolicyDraft;
use larum_core::severity::Severity;
use smol_str::SmolStr;

use crate::measure::{Reading, Unit};
use crate::rule_file::{Alerting, Rule, RuleFile};

pub use inhibition::builtin_inhibitions;
pub use runbook::{runbook, runbooks};
pub use threshold::Threshold;

/// A policy that comes with Larum.
#[derive(Clone, Debug)]
pub struct Builtin {
    /// What it is known by, in every version of Larum.
    pub key: SmolStr,
    /// What it watches.
    pub category: Category,
    /// The policy as it comes: enabled. Setting it back is saving this.
    pub draft: PolicyDraft,
    /// How what it measures is put into words.
    pub reading: Reading,
    /// What it compares with, if that can be set.
    pub threshold: Option<Threshold>,
}

/// What a built-in policy watches.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Category {
    /// Nodes: processors, memory, network, kernel, and what Kubernetes says of them.
    Node,
    /// Pods, what controls them, and what they are allowed.
    Workload,
    /// File systems, disks and volumes.
    Storage,
    /// What makes a cluster one: API server, kubelets, etcd and the rest.
    ControlPlane,
    /// The way from what is measured to who is told.
    Pipeline,
}

impl Category {
    /// Every category, in the order in which they are shown.
    pub const ALL: [Self; 5] =
        [Self::Node, Self::Workload, Self::Storage, Self::ControlPlane, Self::Pipeline];

    /// The word for it in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Workload => "workload",
            Self::Storage => "storage",
            Self::ControlPlane => "control_plane",
            Self::Pipeline => "pipeline",
        }
    }
}

const FILES: &[(Category, &str)] = &[
    (Category::Node, include_str!("../builtin/compute.yaml")),
    (Category::Node, include_str!("../builtin/system.yaml")),
    (Category::Node, include_str!("../builtin/nodes.yaml")),
    (Category::Workload, include_str!("../builtin/pods.yaml")),
    (Category::Workload, include_str!("../builtin/controllers.yaml")),
    (Category::Workload, include_str!("../builtin/capacity.yaml")),
    (Category::Storage, include_str!("../builtin/storage.yaml")),
    (Category::Storage, include_str!("../builtin/volumes.yaml")),
    (Category::ControlPlane, include_str!("../builtin/control-plane.yaml")),
    (Category::ControlPlane, include_str!("../builtin/etcd.yaml")),
    (Category::Pipeline, include_str!("../builtin/pipeline.yaml")),
];

static BUILTINS: LazyLock<Vec<Builtin>> = LazyLock::new(|| {
    let read = |(category, text): &(Category, &str)| parse(*category, text);
    let files = FILES.iter().map(|file| read(file).expect("a test reads every file that comes with Larum"));
    files.flatten().collect()
});

/// The policies that come with Larum, in the order in which they are shown. Two that differ in severity alone have
/// the same name, as is usual with Prometheus; the key tells them apart.
pub fn builtins() -> &'static [Builtin] {
    &BUILTINS
}

/// The policy that comes with Larum under this key.
pub fn builtin(key: &str) -> Option<&'static Builtin> {
    builtins().iter().find(|builtin| builtin.key == key)
}

/// The policies of one file, or what is wrong with it.
fn parse(category: Category, text: &str) -> Result<Vec<Builtin>, String> {
    let file = RuleFile::parse(text)
        .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
    let rules = file.groups.into_iter().flat_map(|group| group.rules);
    rules.map(|rule| from_rule(category, rule)).collect()
}

fn from_rule(category: Category, rule: Rule) -> Result<Builtin, String> {
    let Rule { name: alert, query, labels, alerting, .. } = rule;
    let Alerting { hold, annotations, .. } = alerting.ok_or("a policy does not record")?;
    let text = |name: &str| annotations.get(name).map(String::as_str).unwrap_or_default().trim().to_owned();
    let key = SmolStr::new(text("larum_key"));
    let wrong = |what: &str| format!("{alert} ({key}): {what}");
    let severity = labels
        .get(SEVERITY)
        .map(|word| Severity::from_word(word))
        .ok_or_else(|| wrong("it has no severity"))?;
    if let Some(extra) = labels.keys().find(|name| *name != SEVERITY) {
        return Err(wrong(&format!("it has a label {extra}, which policies cannot set")));
    }
    let unit = Unit::from_word(&text("larum_unit")).ok_or_else(|| wrong("it has no unit"))?;
    let expr = query.text().trim().to_owned();
    let threshold = match annotations.get("larum_limit") {
        Some(limit) => Some(Threshold::find(&expr, limit).map_err(wrong)?),
        None => None,
    };
    let limit = threshold.as_ref().map(|threshold| (threshold.comparator, threshold.value));
    let draft = PolicyDraft {
        expr,
        severity,
        hold,
        summary: text("summary"),
        details: text("description"),
        description: text("larum_about"),
        name: alert.clone(),
        ..PolicyDraft::default()
    };
    Ok(Builtin { key, category, draft, reading: Reading { unit, limit }, threshold })
}
