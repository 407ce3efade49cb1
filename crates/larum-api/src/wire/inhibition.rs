//! What is not told while something else fires.

use serde::Serialize;
use utoipa::ToSchema;

/// The rules, in the order in which they are asked: the first that says so inhibits.
#[derive(Debug, Serialize, ToSchema)]
pub struct Inhibitions {
    /// All of them.
    pub inhibitions: Vec<Inhibition>,
}

/// While an alert fires that all source matchers match, those that all target matchers match and that have the same
/// values in the labels `equal` are not told. An alert that both sides match is not inhibited by another such.
#[derive(Debug, Serialize, ToSchema)]
pub struct Inhibition {
    /// Known to people by this; may be empty.
    pub name: String,
    /// What inhibits, each as `name="value"`, `!=`, `=~` or `!~`; every alert if there are none.
    pub source: Vec<String>,
    /// What is inhibited; every alert if there are none.
    pub target: Vec<String>,
    /// Labels in which both must agree; one that is not there has the empty value.
    pub equal: Vec<String>,
    /// How many alerts fire now that may inhibit others by it.
    pub sources: usize,
    /// How many alerts fire now that are not told because of it.
    pub hides: usize,
}
