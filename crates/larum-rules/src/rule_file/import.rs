//! Alerting rules of a rule file as policies that people here can edit.

use larum_core::duration::show_duration;
use larum_core::label::SEVERITY;
use larum_core::policy::{NO_DATA_HOLD, PolicyDraft};
use larum_core::severity::Severity;

use super::export::{ABOUT, ALIAS, ENABLED, NO_DATA, span, unescaped};
use super::{Rule, RuleFile, RuleFileError, RuleGroup, rule_draft};

/// What a rule file becomes.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Import {
    /// Its alerting rules, in the order of the file.
    pub policies: Vec<Imported>,
    /// Its recording rules, which no policy can be.
    pub skipped: Vec<SkippedRule>,
}

/// An alerting rule as a policy.
#[derive(Clone, PartialEq, Debug)]
pub struct Imported {
    /// The policy; whether it can be saved is not known yet.
    pub draft: PolicyDraft,
    /// The line of the file at which the rule begins, from 1.
    pub line: u64,
    /// What of the rule is not in the policy, a sentence for each.
    pub remarks: Vec<String>,
}

/// A recording rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SkippedRule {
    /// The metric that it records.
    pub name: String,
    /// The line of the file at which it begins, from 1.
    pub line: u64,
}

/// Reads a rule file, one that [`export_rules`](crate::export_rules) wrote or any other, as policies.
///
/// # Errors
/// All that is wrong with it, see [`RuleFile::parse`]; then nothing of it is taken.
pub fn import_rules(text: &str) -> Result<Import, Vec<RuleFileError>> {
    let file = RuleFile::parse(text)?;
    let mut import = Import::default();
    for group in &file.groups {
        for rule in &group.rules {
            match rule.alerting {
                Some(_) => import.policies.push(imported(group, rule)),
                None => import.skipped.push(SkippedRule { name: rule.name.clone(), line: rule.line }),
            }
        }
    }
    Ok(import)
}

fn imported(group: &RuleGroup, rule: &Rule) -> Imported {
    let mut remarks = Vec::new();
    let mut draft = PolicyDraft { no_data_hold: NO_DATA_HOLD, ..rule_draft(rule) };
    match draft.labels.remove(SEVERITY) {
        Some(word) if draft.severity == Severity::Other => {
            remarks.push(format!("Its severity is {word:?}, which is none of Larum's: choose one."));
        }
        Some(_) => {}
        None => {
            draft.severity = PolicyDraft::default().severity;
            remarks.push(format!("It has no severity: {} was chosen.", draft.severity));
        }
    }
    if draft.summary.is_empty() {
        draft.summary.clone_from(&draft.name);
        remarks.push("It has no summary: its name was taken.".to_owned());
    }
    let mut own = |name: &str| draft.annotations.remove(name).unwrap_or_default();
    draft.alias = unescaped(&own(ALIAS));
    draft.description = unescaped(&own(ABOUT));
    draft.enabled = own(ENABLED) != "false";
    let no_data_hold = own(NO_DATA);
    match span(&no_data_hold) {
        Some(hold) => draft.no_data_hold = hold,
        None if no_data_hold.is_empty() => {}
        None => {
            let usual = show_duration(NO_DATA_HOLD);
            remarks.push(format!(
                "Its {NO_DATA} is {no_data_hold:?}, which is no duration: {usual} was chosen."
            ));
        }
    }
    remarks.extend(of_the_group(group));
    Imported { draft, line: rule.line, remarks }
}

/// What a group asks of its rules and no policy can.
fn of_the_group(group: &RuleGroup) -> impl Iterator<Item = String> {
    let asked = [
        (group.interval.is_some(), "interval"),
        (group.query_offset.is_some(), "query_offset"),
        (group.limit > 0, "limit"),
    ];
    let name = &group.name;
    let lost = asked.into_iter().filter(|(is_set, _)| *is_set);
    lost.map(move |(_, field)| format!("The {field} of its group {name:?} is not taken over."))
}
