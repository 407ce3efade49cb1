//! What a person changed about a policy that comes with Larum.

use std::time::Duration;

use crate::severity::Severity;

/// What is changed about a built-in policy; what is none stays as the policy comes, also when a newer version of
/// Larum brings it otherwise.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct BuiltinEdit {
    /// What it compares with, in the unit of its reading; 0 or more.
    pub threshold: Option<f64>,
    /// How long its expression must hold; up to [`MAX_HOLD`](crate::policy::MAX_HOLD).
    pub hold: Option<Duration>,
    /// Whether it is evaluated.
    pub enabled: Option<bool>,
    /// The severity of its alerts.
    pub severity: Option<Severity>,
}
