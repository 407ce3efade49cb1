//! A group of rules, evaluated one after the other (Prometheus, `rules/group.go`, `Eval`).

use std::collections::BTreeSet;

use larum_core::label::LabelSet;
use larum_core::time::Timestamp;
use larum_promql::{Element, Options, Query, STALE, Value};

use super::alerts::Alerts;
use super::storage::Storage;
use crate::annotation::Installation;
use crate::duration::show_duration;
use crate::rule_file::{Rule, RuleGroup};
use crate::text::{Moment, SourceAt};
use crate::written::record;

/// A group and what became of it so far.
pub(super) struct Group<'a> {
    group: &'a RuleGroup,
    members: Vec<Member<'a>>,
}

struct Member<'a> {
    rule: &'a Rule,
    alerts: Option<Alerts<'a>>,
    /// The series that its last evaluation wrote.
    written: BTreeSet<LabelSet>,
}

/// What every evaluation of a test shares.
pub(super) struct Setting {
    pub options: Options,
    pub installation: Installation,
}

impl<'a> Group<'a> {
    pub fn new(group: &'a RuleGroup) -> Self {
        let member = |rule: &'a Rule| {
            let alerts = rule.alerting.as_ref().map(|alerting| Alerts::new(rule, alerting));
            Member { rule, alerts, written: BTreeSet::new() }
        };
        Self { group, members: group.rules.iter().map(member).collect() }
    }

    pub fn name(&self) -> &str {
        &self.group.name
    }

    /// Labels and annotations of the alerts of this name that fire.
    pub fn firing(&self, name: &str) -> impl Iterator<Item = (LabelSet, LabelSet)> {
        let named = self.members.iter().filter(move |member| member.rule.name == name);
        named.filter_map(|member| member.alerts.as_ref()).flat_map(Alerts::firing)
    }

    /// Evaluates the rules and writes what they come to. Answers what fails.
    pub fn evaluate(&mut self, storage: &mut Storage, at: i64, setting: &Setting) -> Vec<String> {
        let mut errors = Vec::new();
        for member in &mut self.members {
            if let Err(error) = member.evaluate(self.group, storage, at, setting) {
                let time = show_duration(std::time::Duration::from_millis(at.unsigned_abs()));
                errors.push(format!("    rule: {}, time: {time}, err: {error}", member.rule.name));
            }
        }
        errors
    }
}

impl Member<'_> {
    fn evaluate(
        &mut self,
        group: &RuleGroup,
        storage: &mut Storage,
        at: i64,
        setting: &Setting,
    ) -> Result<(), String> {
        let offset = i64::try_from(group.query_offset.unwrap_or_default().as_millis()).unwrap_or(i64::MAX);
        let seen = at.saturating_sub(offset);
        let found = ask(&self.rule.query, storage, seen, &setting.options)?;
        let samples = match &mut self.alerts {
            Some(alerts) => {
                let ask =
                    SourceAt { source: &*storage, at: Timestamp::from_millis(at), options: &setting.options };
                let moment = Moment { at: ask.at, ask: &ask, installation: &setting.installation };
                alerts.advance(&found, at, group.limit, &moment)?
            }
            None => record(self.rule, &found, group.limit)?,
        };
        let written = samples.iter().map(|(labels, _)| labels.clone()).collect();
        for (labels, value) in samples {
            storage.add(&labels, seen, value);
        }
        for gone in self.written.difference(&written) {
            storage.add(gone, seen, STALE);
        }
        self.written = written;
        Ok(())
    }
}

/// What a query comes to, a number as a series without labels.
pub(super) fn ask(
    query: &Query,
    storage: &Storage,
    at: i64,
    options: &Options,
) -> Result<Vec<Element>, String> {
    let answer = query.instant(storage, Timestamp::from_millis(at), options);
    match answer.map_err(|error| error.to_string())?.value {
        Value::Vector(elements) => Ok(elements),
        Value::Scalar(value) => Ok(vec![Element::new(LabelSet::empty(), value)]),
        Value::Text(_) | Value::Matrix(_) => Err("rule result is not a vector or scalar".to_owned()),
    }
}
