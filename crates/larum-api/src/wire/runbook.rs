//! Runbooks: the pages that say what to do about an alert.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::policy::PolicySeverity;

/// The pages that come with Larum.
#[derive(Debug, Serialize, ToSchema)]
pub struct Runbooks {
    /// Those asked for, in order of name.
    pub runbooks: Vec<RunbookEntry>,
    /// How many there are, whatever the question.
    pub total: usize,
}

/// A page in the index.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunbookEntry {
    /// The name of the alerts that it is about.
    pub name: String,
    /// What such an alert means, in a sentence or two.
    pub meaning: String,
    /// The policies that say such alerts.
    pub policies: Vec<RunbookPolicy>,
    /// How many such alerts fire now.
    pub firing: usize,
}

/// A page.
#[derive(Debug, Serialize, ToSchema)]
pub struct Runbook {
    /// The name of the alerts that it is about.
    pub name: String,
    /// The page in Markdown (CommonMark).
    pub markdown: &'static str,
    /// The policies that say such alerts.
    pub policies: Vec<RunbookPolicy>,
    /// How many such alerts fire now.
    pub firing: usize,
}

/// A policy that says alerts that a page is about.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RunbookPolicy {
    /// Known by this number.
    pub id: u64,
    /// How bad it is when it fires: policies of one name differ in this.
    pub severity: PolicySeverity,
    /// Whether it is evaluated.
    pub enabled: bool,
}

/// Which pages are asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct RunbookQuestion {
    /// Words that the page contains, all of them, whatever the case.
    pub q: Option<String>,
}
