//! An alerting rule as the draft of a policy.

use std::collections::BTreeMap;
use std::time::Duration;

use larum_core::label::SEVERITY;
use larum_core::policy::PolicyDraft;
use larum_core::severity::Severity;
use smol_str::SmolStr;

use super::Rule;
use crate::compiled::{DESCRIPTION, RUNBOOK_URL, SUMMARY};

/// The draft of the policy that an alerting rule is, for [`PolicyKind::RuleFile`]: no data ends its alerts at once, and
/// all of its labels are labels, `severity` among them. The severity of the policy is what that label says, and
/// [`Severity::Other`] if it is a template or a word that is not known.
///
/// Of a recording rule, the name, the expression and the labels.
///
/// [`PolicyKind::RuleFile`]: larum_core::policy::PolicyKind::RuleFile
pub fn rule_draft(rule: &Rule) -> PolicyDraft {
    let severity = rule.labels.get(SEVERITY).map_or(Severity::Other, |word| Severity::from_word(word));
    let draft = PolicyDraft {
        name: rule.name.clone(),
        expr: rule.query.text().to_owned(),
        severity,
        hold: Duration::ZERO,
        no_data_hold: Duration::ZERO,
        labels: named(&rule.labels),
        ..PolicyDraft::default()
    };
    let Some(alerting) = &rule.alerting else { return draft };
    let mut annotations = named(&alerting.annotations);
    let mut own = |name: &str| annotations.remove(name).unwrap_or_default();
    PolicyDraft {
        hold: alerting.hold,
        keep_firing: alerting.keep_firing,
        summary: own(SUMMARY),
        details: own(DESCRIPTION),
        runbook: own(RUNBOOK_URL),
        annotations,
        ..draft
    }
}

fn named(texts: &BTreeMap<String, String>) -> BTreeMap<SmolStr, String> {
    texts.iter().map(|(name, text)| (name.as_str().into(), text.clone())).collect()
}
