//! Policies as a rule file of Prometheus, for anybody who reads rule files, and for Larum to read back.

use std::collections::BTreeMap;
use std::time::Duration;

use larum_core::duration::show_duration;
use larum_core::label::SEVERITY;
use larum_core::policy::{NO_DATA_HOLD, PolicyDraft};

use crate::compiled::{DESCRIPTION, RUNBOOK_URL, SUMMARY};
use crate::yaml::{key, scalar};

/// The annotation that a policy's alias becomes in a rule file.
pub(super) const ALIAS: &str = "larum_alias";
/// The annotation that a policy's description becomes.
pub(super) const ABOUT: &str = "larum_about";
/// The annotation that says `false` of a policy that is switched off.
pub(super) const ENABLED: &str = "larum_enabled";
/// The annotation that says how long no data is borne with, if that is not what is usual.
pub(super) const NO_DATA: &str = "larum_no_data_hold";

/// Two braces in a text that is no template, where annotations are templates.
const BRACES: &str = "{{\"{{\"}}";

/// A rule file with one group of this name and an alerting rule for each policy, in their order. Whatever a policy has
/// that a rule has not becomes an annotation whose name begins with `larum_`. [`import_rules`](crate::import_rules)
/// reads it back; what a policy's expression was made from is not kept, the expression is.
///
/// Spans of time are written to the millisecond.
pub fn export_rules(group: &str, policies: &[PolicyDraft]) -> String {
    let mut out = format!("groups:\n  - name: {}\n    rules:", scalar(group, 6));
    out.push_str(if policies.is_empty() { " []\n" } else { "\n" });
    for policy in policies {
        out.push_str(&rule(policy));
    }
    out
}

fn rule(policy: &PolicyDraft) -> String {
    let mut out = format!("      - alert: {}\n", scalar(&policy.name, 10));
    out.push_str(&format!("        expr: {}\n", scalar(&policy.expr, 10)));
    for (field, span) in [("for", policy.hold), ("keep_firing_for", policy.keep_firing)] {
        if !span.is_zero() {
            out.push_str(&format!("        {field}: {}\n", show_duration(span)));
        }
    }
    let mut labels: BTreeMap<&str, &str> = pairs(&policy.labels).collect();
    labels.insert(SEVERITY, policy.severity.as_str());
    out.push_str(&texts("labels", &labels));
    let own = own_annotations(policy);
    let mut annotations: BTreeMap<&str, &str> = pairs(&policy.annotations).collect();
    annotations.extend(own.iter().map(|(name, text)| (*name, text.as_str())));
    out.push_str(&texts("annotations", &annotations));
    out
}

fn pairs(texts: &BTreeMap<smol_str::SmolStr, String>) -> impl Iterator<Item = (&str, &str)> {
    texts.iter().map(|(name, text)| (name.as_str(), text.as_str()))
}

/// What a policy says of itself, as annotations.
fn own_annotations(policy: &PolicyDraft) -> Vec<(&'static str, String)> {
    let mut own = vec![
        (SUMMARY, policy.summary.clone()),
        (DESCRIPTION, policy.details.clone()),
        (RUNBOOK_URL, policy.runbook.clone()),
        (ALIAS, escaped(&policy.alias)),
        (ABOUT, escaped(&policy.description)),
    ];
    own.retain(|(_, text)| !text.is_empty());
    if !policy.enabled {
        own.push((ENABLED, "false".to_owned()));
    }
    if policy.no_data_hold != NO_DATA_HOLD {
        own.push((NO_DATA, show_duration(policy.no_data_hold)));
    }
    own
}

fn texts(field: &str, texts: &BTreeMap<&str, &str>) -> String {
    if texts.is_empty() {
        return String::new();
    }
    let lines = texts.iter().map(|(name, text)| format!("          {}: {}\n", key(name), scalar(text, 12)));
    format!("        {field}:\n{}", lines.collect::<String>())
}

/// A text that is no template, as a template that says it.
fn escaped(text: &str) -> String {
    text.replace("{{", BRACES)
}

/// The text that was [`escaped`].
pub(super) fn unescaped(template: &str) -> String {
    template.replace(BRACES, "{{")
}

/// A span as it was written, if it is one.
pub(super) fn span(text: &str) -> Option<Duration> {
    larum_core::duration::parse_duration(text).ok()
}
