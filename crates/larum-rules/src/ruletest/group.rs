//! A group of rules, evaluated one after the other (Prometheus, `rules/group.go`, `Eval`).

use std::collections::BTreeSet;

use larum_core::duration::show_duration;
use larum_core::label::LabelSet;
use larum_core::time::Timestamp;
use larum_promql::{Element, Options, Query, STALE};

use super::member::{Member, Times};
use super::storage::Storage;
use crate::annotation::Installation;
use crate::rule_file::RuleGroup;
use crate::text::vector;

/// A group and what became of it so far.
pub(super) struct Group<'a> {
    group: &'a RuleGroup,
    members: Vec<Written<'a>>,
}

/// A rule with the series that its last evaluation wrote.
struct Written<'a> {
    member: Member<'a>,
    series: BTreeSet<LabelSet>,
}

/// What every evaluation of a test shares.
pub(super) struct Setting {
    pub options: Options,
    pub installation: Installation,
    /// The time at which the test begins.
    pub start: Timestamp,
}

impl<'a> Group<'a> {
    pub fn new(group: &'a RuleGroup) -> Self {
        let members = group.rules.iter().map(Member::new);
        Self { group, members: members.map(|member| Written { member, series: BTreeSet::new() }).collect() }
    }

    pub fn name(&self) -> &str {
        &self.group.name
    }

    /// Labels and annotations of the alerts of this name that fire.
    pub fn firing(&self, name: &str) -> impl Iterator<Item = (LabelSet, LabelSet)> {
        let firing = self.members.iter().flat_map(move |written| written.member.firing(name));
        firing.map(|series| (series.labels.clone(), series.annotations.clone()))
    }

    /// Evaluates the rules and writes what they come to. Answers what fails.
    pub fn evaluate(&mut self, storage: &mut Storage, at: i64, setting: &Setting) -> Vec<String> {
        let offset = self.group.query_offset.unwrap_or_default().as_millis();
        let seen = at.saturating_sub(i64::try_from(offset).unwrap_or(i64::MAX));
        let times = Times { at: Timestamp::from_millis(at), seen: Timestamp::from_millis(seen) };
        let time = show_duration(times.at.since(setting.start));
        let mut errors = Vec::new();
        for (rule, written) in self.group.rules.iter().zip(&mut self.members) {
            match written.member.evaluate(storage, times, self.group.limit, setting) {
                Ok(samples) => written.write(storage, seen, samples),
                Err(error) => errors.push(format!("    rule: {}, time: {time}, err: {error}", rule.name)),
            }
        }
        errors
    }
}

impl Written<'_> {
    /// Writes samples, and that the series that were written before and are not now are gone.
    fn write(&mut self, storage: &mut Storage, at: i64, samples: Vec<(LabelSet, f64)>) {
        let now = samples.iter().map(|(labels, _)| labels.clone()).collect();
        for (labels, value) in samples {
            storage.add(&labels, at, value);
        }
        for gone in self.series.difference(&now) {
            storage.add(gone, at, STALE);
        }
        self.series = now;
    }
}

/// What a query comes to, a number as a series without labels.
pub(super) fn ask(
    query: &Query,
    storage: &Storage,
    at: Timestamp,
    options: &Options,
) -> Result<Vec<Element>, String> {
    let answer = query.instant(storage, at, options);
    vector(answer.map_err(|error| error.to_string())?.value)
}
