//! The templates that policies are made from, and what they find.

use larum_core::policy;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::policy::PolicySeverity;

/// A metric of nodes or workloads, compared with a threshold.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Template {
    /// What is looked at. If absent, every node or every Deployment, as the metric asks for.
    pub target: Option<Target>,
    /// What is measured.
    pub metric: Metric,
    /// How it is compared.
    pub comparator: Comparator,
    /// What it is compared with, in the metric's unit.
    pub threshold: f64,
}

/// What a template looks at.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Target {
    /// Nodes.
    Nodes {
        /// The label that has their names. If absent, `instance` where a name has a port, else `node`.
        label: Option<NodeLabel>,
        /// Their names, at most 100; none for every node.
        #[serde(default)]
        names: Vec<String>,
    },
    /// Workloads of one kind.
    Workloads {
        /// Of which kind.
        workload: WorkloadKind,
        /// In which namespace; empty for every namespace.
        #[serde(default)]
        namespace: String,
        /// Their names, at most 100; none for every workload of the kind.
        #[serde(default)]
        names: Vec<String>,
    },
}

/// Where the metrics of a node say which node it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NodeLabel {
    /// In the label `node`.
    Node,
    /// In the label `instance`.
    Instance,
}

/// A kind of workload.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub enum WorkloadKind {
    /// A Deployment.
    Deployment,
    /// A StatefulSet.
    StatefulSet,
    /// A DaemonSet.
    DaemonSet,
}

/// What a metric can be measured on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TargetKind {
    /// Nodes.
    Nodes,
    /// Workloads.
    Workloads,
}

/// What a template measures; on the wire its word, of which there are as many as the mind knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Metric(pub policy::Metric);

impl Serialize for Metric {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.as_str())
    }
}

impl<'de> Deserialize<'de> for Metric {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        let known = policy::Metric::from_word(&word).map(Self);
        known.ok_or_else(|| D::Error::custom(format!("there is no metric {word:?}")))
    }
}

impl PartialSchema for Metric {
    fn schema() -> RefOr<Schema> {
        let words = policy::Metric::ALL.map(policy::Metric::as_str);
        let schema = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words));
        schema.description(Some("What a template measures.")).into()
    }
}

impl ToSchema for Metric {}

/// How a template compares.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub enum Comparator {
    /// Greater.
    #[serde(rename = ">")]
    Greater,
    /// Greater or equal.
    #[serde(rename = ">=")]
    GreaterOrEqual,
    /// Less.
    #[serde(rename = "<")]
    Less,
    /// Less or equal.
    #[serde(rename = "<=")]
    LessOrEqual,
    /// Equal.
    #[serde(rename = "==")]
    Equal,
    /// Not equal.
    #[serde(rename = "!=")]
    NotEqual,
}

/// What a form for a policy needs to know.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyTemplates {
    /// What can be measured, on nodes first.
    pub templates: Vec<TemplateChoice>,
    /// Durations to choose from.
    pub durations: Vec<String>,
    /// Times to bear without data to choose from.
    pub no_data_holds: Vec<String>,
    /// Severities to choose from.
    pub severities: Vec<PolicySeverity>,
}

/// One thing that can be measured, with what to begin with.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateChoice {
    /// What is measured.
    pub metric: Metric,
    /// What it can be measured on.
    pub target: TargetKind,
    /// Whether nodes can be chosen by the label `instance`, and not only by `node`.
    pub knows_instances: bool,
    /// What people call it; no two are called the same.
    pub title: String,
    /// Its unit, or the empty string.
    pub unit: String,
    /// What it means.
    pub description: String,
    /// How it can be compared.
    pub comparators: Vec<Comparator>,
    /// How to compare to begin with.
    pub comparator: Comparator,
    /// What to compare with to begin with.
    pub threshold: f64,
    /// Whether thresholds are usually whole numbers; others are allowed.
    pub integer: bool,
    /// The least threshold that makes sense.
    pub min: f64,
    /// The greatest threshold that makes sense.
    #[schema(required)]
    pub max: Option<f64>,
    /// What its alerts say in one line to begin with.
    pub summary: String,
    /// What its alerts say at length to begin with.
    pub details: String,
}
