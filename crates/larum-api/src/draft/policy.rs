//! Policies as somebody typed them.

use std::time::Duration;

use larum_core::policy::{self, PolicyError, PolicyField};
use larum_core::severity::Severity;
use larum_rules::{complete_draft, parse_duration};

use super::receiver::sentence;
use super::template::read_rule;
use crate::problem::Problem;
use crate::wire::policy::{PolicyDraft, PolicySeverity};

/// Reads a custom policy; its expression is written from its template, and where it does not say how long no data is
/// borne with, it is for as long as is `usual`.
pub fn read_policy(given: PolicyDraft, usual: Duration) -> Result<policy::PolicyDraft, Problem> {
    let hold = span("for", &given.r#for)?;
    let no_data_hold = given.no_data_hold.map_or(Ok(usual), |hold| span("no_data_hold", &hold))?;
    let words = read_rule(given.template, given.expr)?;
    let draft = policy::PolicyDraft {
        name: given.name,
        enabled: given.enabled,
        severity: severity(given.severity),
        hold,
        no_data_hold,
        summary: given.summary.unwrap_or_else(|| words.summary.clone()),
        details: given.details.unwrap_or_else(|| words.details.clone()),
        ..words
    };
    complete_draft(draft).map_err(|errors| refused(&errors))
}

fn span(field: &str, given: &str) -> Result<Duration, Problem> {
    parse_duration(given).map_err(|error| Problem::invalid(field, sentence(&error.to_string())))
}

/// The first thing that is wrong with a policy, at its field.
pub fn refused(errors: &[PolicyError]) -> Problem {
    let Some(error) = errors.first() else { return Problem::invalid("", "The policy is not right.") };
    let field = match error.field() {
        PolicyField::Duration => "for",
        PolicyField::Expression => "expr",
        PolicyField::Target => "template.target",
        PolicyField::Threshold => "template.threshold",
        field => field.as_str(),
    };
    Problem::invalid(field, sentence(&error.to_string()))
}

fn severity(given: PolicySeverity) -> Severity {
    match given {
        PolicySeverity::Critical => Severity::Critical,
        PolicySeverity::Error => Severity::Error,
        PolicySeverity::Warning => Severity::Warning,
        PolicySeverity::Info => Severity::Info,
        PolicySeverity::None => Severity::None,
    }
}
