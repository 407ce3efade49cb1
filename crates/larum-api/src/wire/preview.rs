//! What a policy would find, and what it would have done.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::template::{Comparator, Template};
use super::time::Time;

/// A policy to try out. Exactly one of `template`, `expr` and `builtin`.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PolicyPreviewDraft {
    /// What is measured and compared.
    pub template: Option<Template>,
    /// What is evaluated, in PromQL.
    pub expr: Option<String>,
    /// A built-in policy, perhaps with another threshold.
    pub builtin: Option<BuiltinPreview>,
    /// How long the condition has to hold; `0s` if absent.
    #[schema(example = "5m")]
    pub r#for: Option<String>,
    /// How long it goes on firing when the condition holds no more; `0s` if absent.
    #[schema(example = "0s")]
    pub keep_firing_for: Option<String>,
    /// How far back to look, at most 15 days; if absent, only at now.
    #[schema(example = "24h")]
    pub range: Option<String>,
    /// At how many moments of that time to look: from 10 to 1440, 720 if absent.
    pub steps: Option<u32>,
}

/// A built-in policy to try out.
#[derive(Debug, Deserialize, ToSchema)]
pub struct BuiltinPreview {
    /// Which one.
    pub id: u64,
    /// What to compare with; as it is if absent.
    pub threshold: Option<f64>,
}

/// What a policy finds now, and what it would have done.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyPreview {
    /// What is evaluated, in PromQL.
    pub expr: String,
    /// The template in words; empty without one.
    pub sentence: String,
    /// A summary that says so, a Go template; empty without a template.
    pub summary: String,
    /// Details that say so, a Go template; empty without a template.
    pub details: String,
    /// What was measured now, those that hold first; at most 200.
    pub series: Vec<PreviewSeries>,
    /// How many series there are now.
    pub total: usize,
    /// What of the metrics that it asks for is not there at all, as PromQL. Nothing measured is not healthy.
    pub no_data: Vec<String>,
    /// What is measured in, if that is known: what stands behind a number.
    pub unit: String,
    /// What the values are compared with, where the expression compares with a number.
    #[schema(required)]
    pub threshold: Option<PreviewThreshold>,
    /// What it would have done; none if that was not asked for.
    #[schema(required)]
    pub rehearsal: Option<Rehearsal>,
    /// What is wrong without making the answer wrong.
    pub warnings: Vec<String>,
    /// How long the answer took, in milliseconds.
    pub took_ms: f64,
}

/// What measured values are compared with.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreviewThreshold {
    /// How.
    pub comparator: Comparator,
    /// With what.
    #[schema(required)]
    pub value: Option<f64>,
}

/// One thing measured now.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreviewSeries {
    /// What it is.
    pub labels: BTreeMap<String, String>,
    /// The value now; null if it is not a finite number.
    #[schema(required)]
    pub value: Option<f64>,
    /// Whether the condition holds.
    pub holds: bool,
}

/// What a policy would have done, evaluated at each step of a time that has passed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rehearsal {
    /// The first moment.
    pub start: Time,
    /// The last moment.
    pub end: Time,
    /// From one moment to the next, in seconds. What happened in between is not seen.
    pub step_seconds: f64,
    /// How many alerts would have fired.
    pub fired: usize,
    /// For how long at least one would have fired, in seconds.
    pub firing_seconds: f64,
    /// The series to draw, those that fire longest first; at most 20.
    pub series: Vec<RehearsedSeries>,
    /// How many more there are.
    pub more: usize,
}

/// One series over time.
#[derive(Debug, Serialize, ToSchema)]
pub struct RehearsedSeries {
    /// What it is.
    pub labels: BTreeMap<String, String>,
    /// Its value at each step; null where there is none, or none that is a finite number.
    pub values: Vec<Option<f64>>,
    /// When its alert would have fired.
    pub firing: Vec<RehearsedPeriod>,
}

/// A time for which an alert would have fired.
#[derive(Debug, Serialize, ToSchema)]
pub struct RehearsedPeriod {
    /// From when.
    pub from: Time,
    /// Until when; null if it fires still.
    #[schema(required)]
    pub to: Option<Time>,
}
