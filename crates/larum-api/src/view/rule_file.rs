//! Rule files as they are shown.

use std::collections::HashMap;
use std::sync::Arc;

use larum_core::alert::PolicyId;
use larum_core::duration::show_duration;
use larum_core::policy::RulePlace;
use larum_engine::{GroupRule, KnownFile, RuleFiles, RuleGroup as Evaluated};
use larum_rules::{Rule as Defined, RuleGroup as Definition};

use super::policy::PolicyLook;
use crate::wire::policy::{LastEvaluation, PolicyAlerts};
use crate::wire::rule_file::{BrokenRule, Rule, RuleFile, RuleGroup, RuleKind};
use crate::wire::time::milliseconds;

/// What is known of the rules of all files.
pub struct Known {
    /// The policies that alerting rules are.
    pub policies: HashMap<RulePlace, PolicyId>,
    /// How these stand.
    pub looks: HashMap<PolicyId, PolicyLook>,
    /// The groups as they are evaluated, by file and name. A file that was just read may be ahead of them.
    pub groups: HashMap<(Arc<str>, Arc<str>), Arc<Evaluated>>,
}

/// A file as it is shown.
pub fn show_file(path: &Arc<str>, file: &KnownFile, files: &RuleFiles, known: &Known) -> RuleFile {
    let broken = file.broken.iter().map(|broken| BrokenRule {
        group: broken.group.clone(),
        rule: broken.rule.as_ref().map(|(name, _)| name.clone()).filter(|name| !name.is_empty()),
        policy: broken.rule.as_ref().and_then(|(name, nth)| {
            let place = place(path, &broken.group, name, *nth);
            known.policies.get(&place).map(|id| id.0)
        }),
        line: broken.error.line,
        column: broken.error.column,
        message: broken.error.message.clone(),
    });
    RuleFile {
        path: path.to_string(),
        error: file.error.clone(),
        broken: broken.collect(),
        groups: file.sound.groups.iter().map(|group| show_group(path, group, files, known)).collect(),
    }
}

fn show_group(path: &Arc<str>, group: &Definition, files: &RuleFiles, known: &Known) -> RuleGroup {
    let evaluated = known.groups.get(&(Arc::clone(path), group.name.as_str().into()));
    let evaluation = evaluated.map(|group| group.evaluation()).unwrap_or_default();
    let (last, took) = evaluation.last.unzip();
    let rules = group.rules.iter().map(|rule| {
        if rule.alerting.is_some() {
            show_alerting(rule, known.policies.get(&place(path, &group.name, &rule.name, rule.nth)), known)
        } else {
            show_recording(rule, evaluated)
        }
    });
    RuleGroup {
        name: group.name.clone(),
        interval: show_duration(group.interval.unwrap_or(files.interval)),
        query_offset: show_duration(group.query_offset.unwrap_or(files.query_offset)),
        limit: group.limit,
        last_evaluation: last.map(Into::into),
        duration_ms: took.map(milliseconds),
        missed: evaluation.missed,
        rules: rules.collect(),
    }
}

fn show_alerting(rule: &Defined, policy: Option<&PolicyId>, known: &Known) -> Rule {
    let look = policy.and_then(|id| known.looks.get(id));
    Rule {
        kind: RuleKind::Alerting,
        policy: policy.map(|id| id.0),
        state: look.map(PolicyLook::state),
        alerts: look.map(PolicyLook::alerts).unwrap_or_default(),
        last: look.map(|look| look.health().last.clone()).unwrap_or_default(),
        ..words(rule)
    }
}

fn show_recording(rule: &Defined, evaluated: Option<&Arc<Evaluated>>) -> Rule {
    let mut recording = evaluated.iter().flat_map(|group| &group.rules).filter_map(|known| match known {
        GroupRule::Recording(known) if known.name == rule.name => Some(known),
        _ => None,
    });
    let last = recording.nth(rule.nth as usize).and_then(|known| known.evaluation());
    let last = last.map(|last| LastEvaluation {
        error: last.error,
        last_evaluation: Some(last.at.into()),
        duration_ms: Some(milliseconds(last.took)),
    });
    Rule { last: last.unwrap_or_default(), ..words(rule) }
}

/// What the file says of a rule, as if it were a recording rule that was never evaluated.
fn words(rule: &Defined) -> Rule {
    Rule {
        kind: RuleKind::Recording,
        name: rule.name.clone(),
        line: rule.line,
        expr: rule.query.text().to_owned(),
        labels: rule.labels.clone(),
        policy: None,
        state: None,
        alerts: PolicyAlerts::default(),
        last: LastEvaluation::default(),
    }
}

fn place(file: &Arc<str>, group: &str, name: &str, nth: u32) -> RulePlace {
    RulePlace { file: Arc::clone(file), group: group.into(), name: name.into(), nth }
}
