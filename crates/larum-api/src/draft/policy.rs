//! Policies as somebody typed them.

use std::collections::BTreeMap;
use std::time::Duration;

use larum_core::duration::parse_duration;
use larum_core::policy::{self, BuiltinEdit, PolicyError, PolicyField};
use larum_core::severity::Severity;
use larum_rules::{Builtin, complete_draft, template_sentence};

use super::receiver::sentence;
use super::template::read_rule;
use crate::problem::Problem;
use crate::wire::policy::PolicySeverity;
use crate::wire::policy_change::{BuiltinUpdate, PolicyDraft};

/// Reads a custom policy; its expression is written from its template, and what it does not speak of is as `before`.
pub fn read_policy(given: PolicyDraft, before: &policy::PolicyDraft) -> Result<policy::PolicyDraft, Problem> {
    let hold = read_span("for", &given.r#for)?;
    let keep_firing = span_or("keep_firing_for", given.keep_firing_for, before.keep_firing)?;
    let no_data_hold = span_or("no_data_hold", given.no_data_hold, before.no_data_hold)?;
    let words = read_rule(given.template, given.expr)?;
    let draft = policy::PolicyDraft {
        name: given.name,
        alias: given.alias.unwrap_or_else(|| before.alias.clone()),
        enabled: given.enabled,
        severity: read_severity(given.severity),
        hold,
        keep_firing,
        no_data_hold,
        summary: given.summary.unwrap_or_else(|| words.summary.clone()),
        details: given.details.unwrap_or_else(|| words.details.clone()),
        description: given.description.unwrap_or_else(|| described(before, &words)),
        runbook: given.runbook.unwrap_or_else(|| before.runbook.clone()),
        labels: given.labels.map_or_else(|| before.labels.clone(), named),
        annotations: given.annotations.map_or_else(|| before.annotations.clone(), named),
        ..words
    };
    complete_draft(draft).map_err(|errors| refused(&errors))
}

/// The description of a policy that nobody speaks of: its template in words, unless somebody had written another.
fn described(before: &policy::PolicyDraft, words: &policy::PolicyDraft) -> String {
    let template = before.template.as_ref().map(template_sentence).unwrap_or_default();
    let own = !before.description.is_empty() && before.description != template;
    if own { before.description.clone() } else { words.description.clone() }
}

fn named<Name: From<String> + Ord>(texts: BTreeMap<String, String>) -> BTreeMap<Name, String> {
    texts.into_iter().map(|(name, text)| (name.into(), text)).collect()
}

/// Reads what shall be changed about a built-in policy; what is as it comes anyway is no change.
pub fn read_builtin(update: &BuiltinUpdate, known: &Builtin) -> Result<BuiltinEdit, Problem> {
    let hold = update.r#for.as_deref().map(|hold| read_span("for", hold)).transpose()?;
    let comes = known.threshold.as_ref().map(|threshold| threshold.value);
    Ok(BuiltinEdit {
        threshold: update.threshold.filter(|threshold| Some(*threshold) != comes),
        hold: hold.filter(|hold| *hold != known.draft.hold),
        enabled: update.enabled.filter(|enabled| *enabled != known.draft.enabled),
        severity: update.severity.map(read_severity).filter(|severity| *severity != known.draft.severity),
    })
}

/// Reads a span of time at its field.
pub fn read_span(field: &str, given: &str) -> Result<Duration, Problem> {
    parse_duration(given).map_err(|error| Problem::invalid(field, sentence(&error.to_string())))
}

fn span_or(field: &str, given: Option<String>, before: Duration) -> Result<Duration, Problem> {
    given.map_or(Ok(before), |given| read_span(field, &given))
}

/// The first thing that is wrong with a policy, at its field.
pub fn refused(errors: &[PolicyError]) -> Problem {
    refused_below("template.", errors)
}

/// The first thing that is wrong with a change to a built-in policy, at its field.
pub fn refused_edit(errors: &[PolicyError]) -> Problem {
    refused_below("", errors)
}

/// `place` is where the threshold stands.
fn refused_below(place: &str, errors: &[PolicyError]) -> Problem {
    let Some(error) = errors.first() else { return Problem::invalid("", "The policy is not right.") };
    let field = match error.field() {
        PolicyField::Duration => "for".to_owned(),
        PolicyField::Expression => "expr".to_owned(),
        field @ (PolicyField::Target | PolicyField::Threshold) => format!("{place}{}", field.as_str()),
        field => field.as_str().to_owned(),
    };
    Problem::invalid(field, sentence(&error.to_string()))
}

fn read_severity(given: PolicySeverity) -> Severity {
    match given {
        PolicySeverity::Critical => Severity::Critical,
        PolicySeverity::Error => Severity::Error,
        PolicySeverity::Warning => Severity::Warning,
        PolicySeverity::Info => Severity::Info,
        PolicySeverity::None => Severity::None,
    }
}
