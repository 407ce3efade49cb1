//! The groups of rule files, as the evaluator takes them up.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use larum_core::policy::{Policy, PolicyKind, RulePlace};
use larum_rules::RuleFile;

use super::Evaluator;
use super::group::{Group, GroupKey, Rule};
use super::rule::{Alerting, Recording};
use super::schedule::Schedule;
use super::view::{GroupRule, RecordingRule, RuleGroup};
use crate::rule_files::{RuleFiles, places};

impl Evaluator {
    /// Takes up the rule files in force. Groups that are as they were go on; of others, rules of the same name at the
    /// same place go on with what they have written.
    pub(super) fn take_files(&mut self) {
        let files = Arc::clone(&self.setting.engine.shared.rule_files.read());
        let before = std::mem::replace(&mut self.files, Arc::clone(&files));
        let policies = self.rule_policies();
        let mut views = Vec::new();
        let mut known: HashMap<GroupKey, Arc<RuleGroup>> = self.views.drain().collect();
        for (path, file) in &files.files {
            let file = &file.sound;
            for index in 0..file.groups.len() {
                let name = file.groups[index].name.as_str().into();
                let key = GroupKey::File { file: Arc::clone(path), name };
                let same = definition(&before, path, index) == definition(&files, path, index);
                let view = match known.remove(&key).filter(|_| same) {
                    Some(view) => view,
                    None => {
                        let (group, view) = group_of(&files, path, (file, index), &policies);
                        self.put_group(&key, group);
                        view
                    }
                };
                self.views.insert(key, Arc::clone(&view));
                views.push(view);
            }
        }
        self.take_broken(&files, &policies);
        for key in known.into_keys().filter(|key| !self.views.contains_key(key)) {
            self.schedule.remove(&key);
            if let Some(mut group) = self.resting.remove(&key) {
                group.end(&self.setting);
            }
        }
        *self.setting.engine.shared.rule_groups.write() = views.into();
    }

    /// Rules that are not evaluated because their files are wrong say so.
    fn take_broken(&mut self, files: &RuleFiles, policies: &HashMap<RulePlace, Arc<Policy>>) {
        let sound: HashSet<RulePlace> = files.alerting().into_iter().map(|(place, _)| place).collect();
        let missing = policies.iter().filter(|(place, _)| !sound.contains(place));
        let rules = missing.filter_map(|(place, policy)| {
            let reason = files.why_missing(place)?;
            Some(Rule::Broken { policy: Arc::clone(policy), reason })
        });
        let rules: Vec<Rule> = rules.collect();
        self.resting.remove(&GroupKey::Broken);
        self.schedule.remove(&GroupKey::Broken);
        if !rules.is_empty() {
            let (interval, offset) = (files.interval, Duration::ZERO);
            self.resting.insert(GroupKey::Broken, Group { interval, offset, limit: 0, rules, view: None });
            self.schedule.put(&GroupKey::Broken, interval, self.now().steady);
        }
    }

    /// Whether a group that was at work is still the one that stands in its file.
    pub(super) fn is_current(&self, key: &GroupKey, group: &Group) -> bool {
        let current = self.views.get(key).zip(group.view.as_ref());
        current.is_some_and(|(current, own)| Arc::ptr_eq(current, own))
    }

    fn rule_policies(&self) -> HashMap<RulePlace, Arc<Policy>> {
        self.setting.engine.read(|state| {
            let placed = state.policies().filter_map(|(policy, _)| match &policy.kind {
                PolicyKind::RuleFile(place) => Some((place.clone(), Arc::clone(policy))),
                _ => None,
            });
            placed.collect()
        })
    }

    /// Has a group evaluated from now on, in place of the one with this key if there was one.
    fn put_group(&mut self, key: &GroupKey, mut group: Group) {
        let interval = group.interval;
        if let Some(before) = self.resting.remove(key) {
            group.go_on_from(before, &self.setting);
        }
        self.resting.insert(key.clone(), group);
        self.schedule.put(key, interval, Schedule::spread(key, interval, self.now().steady));
    }
}

/// A group of a rule file, by its place there, and what people see of it.
fn group_of(
    files: &RuleFiles,
    path: &Arc<str>,
    (file, index): (&Arc<RuleFile>, usize),
    policies: &HashMap<RulePlace, Arc<Policy>>,
) -> (Group, Arc<RuleGroup>) {
    let definition = &file.groups[index];
    let name: Arc<str> = definition.name.as_str().into();
    let mut placed = places(path, &name, &definition.rules).into_iter();
    let mut rules = Vec::new();
    for (rule, nth) in definition.rules.iter().zip(0..) {
        if rule.alerting.is_none() {
            let (name, expr) = (rule.name.clone(), rule.query.text().to_owned());
            let view = Arc::new(RecordingRule::new(name, expr, rule.labels.clone()));
            rules.push(Rule::Recording(Recording::of(file, (index, nth), view)));
        } else if let Some(policy) = placed.next().and_then(|(place, _)| policies.get(&place)) {
            rules.push(Rule::Alerting(Box::new(Alerting::of(Arc::clone(policy)))));
        }
    }
    let interval = definition.interval.unwrap_or(files.interval);
    let offset = definition.query_offset.unwrap_or(files.query_offset);
    let limit = definition.limit;
    let view = Arc::new(RuleGroup {
        file: Arc::clone(path),
        name,
        interval,
        query_offset: offset,
        limit,
        rules: rules.iter().map(Rule::view).collect(),
        last: parking_lot::Mutex::default(),
    });
    (Group { interval, offset, limit, rules, view: Some(Arc::clone(&view)) }, view)
}

impl Rule {
    fn view(&self) -> GroupRule {
        match self {
            Self::Alerting(rule) => GroupRule::Alerting(rule.policy.id),
            Self::Broken { policy, .. } => GroupRule::Alerting(policy.id),
            Self::Recording(rule) => GroupRule::Recording(rule.view()),
        }
    }
}

/// All that a group is made from, as text, to tell whether it is the same as before.
fn definition(files: &RuleFiles, path: &Arc<str>, index: usize) -> Option<String> {
    let group = files.files.get(path)?.sound.groups.get(index)?;
    Some(format!("{group:?} {:?} {:?}", files.interval, files.query_offset))
}
