//! The rule files in force: read-only, beside what people make in the console.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use larum_core::policy::{PolicyDraft, RulePlace};
use larum_rules::{BrokenRule, RuleFile, rule_draft};

use crate::desk::SettingsError;
use crate::evaluate::{EVALUATION_INTERVAL, RuleGroup};
use crate::handle::Handle;

/// The rule files in force.
#[derive(Clone, Debug)]
pub struct RuleFiles {
    /// The files by their paths.
    pub files: BTreeMap<Arc<str>, KnownFile>,
    /// How often a group is evaluated that does not say (Prometheus, `global.evaluation_interval`).
    pub interval: Duration,
    /// How far back a group looks that does not say (Prometheus, `global.rule_query_offset`).
    pub query_offset: Duration,
}

/// A rule file as it was read last.
#[derive(Clone, Debug, Default)]
pub struct KnownFile {
    /// What is sound of it, as far as it was ever read.
    pub sound: Arc<RuleFile>,
    /// The rules that are not.
    pub broken: Vec<BrokenRule>,
    /// Why the file as a whole cannot be read now; then the rest is as it was read before.
    pub error: Option<String>,
}

impl KnownFile {
    /// Why the rule at this place, which was known before, is not evaluated; none if it was simply taken away.
    fn why_missing(&self, place: &RulePlace) -> Option<String> {
        let names = |broken: &&BrokenRule| {
            *broken.group == *place.group
                && broken.rule.as_ref().is_none_or(|(name, nth)| **name == *place.name && *nth == place.nth)
        };
        let own = self.broken.iter().find(names).map(|broken| broken.error.to_string());
        own.or_else(|| self.error.clone())
            .or_else(|| self.broken.first().map(|broken| broken.error.to_string()))
    }

    /// Whether anything about it is wrong.
    pub fn is_sound(&self) -> bool {
        self.error.is_none() && self.broken.is_empty()
    }
}

impl Default for RuleFiles {
    fn default() -> Self {
        Self { files: BTreeMap::new(), interval: EVALUATION_INTERVAL, query_offset: Duration::ZERO }
    }
}

impl RuleFiles {
    /// Every alerting rule with its place.
    pub(crate) fn alerting(&self) -> Vec<(RulePlace, PolicyDraft)> {
        let mut found = Vec::new();
        for (path, file) in &self.files {
            for group in &file.sound.groups {
                let name: Arc<str> = group.name.as_str().into();
                for (place, rule) in places(path, &name, &group.rules) {
                    found.push((place, rule_draft(rule)));
                }
            }
        }
        found
    }

    /// Why a rule that was known before is not evaluated, though it may stand in its file; none if it does not.
    pub(crate) fn why_missing(&self, place: &RulePlace) -> Option<String> {
        let why = self.files.get(&place.file)?.why_missing(place)?;
        Some(format!("the rule file {} is wrong: {why}", place.file))
    }

    /// The paths of the files that have errors.
    fn unsure(&self) -> BTreeSet<Arc<str>> {
        let unsure = self.files.iter().filter(|(_, file)| !file.is_sound());
        unsure.map(|(path, _)| Arc::clone(path)).collect()
    }
}

/// The alerting rules among `rules`, each with its place.
pub(crate) fn places<'a>(
    file: &Arc<str>,
    group: &Arc<str>,
    rules: &'a [larum_rules::Rule],
) -> Vec<(RulePlace, &'a larum_rules::Rule)> {
    let alerting = rules.iter().filter(|rule| rule.alerting.is_some());
    let placed = alerting.map(|rule| {
        let (file, group) = (Arc::clone(file), Arc::clone(group));
        (RulePlace { file, group, name: rule.name.as_str().into(), nth: rule.nth }, rule)
    });
    placed.collect()
}

impl Handle {
    /// Puts rule files into force in place of those before. Groups that are the same go on as they were. Rules that
    /// were known before and may stand in a file that has errors stay, with what they said, until it is sound.
    ///
    /// # Errors
    /// [`SettingsError`] if there are too many rules, or nothing can be written down; then those before stay.
    pub async fn put_rule_files(&self, files: RuleFiles) -> Result<(), SettingsError> {
        self.seed_rules(files.alerting(), files.unsure()).await?;
        *self.shared.rule_files.write() = Arc::new(files);
        self.shared.rules_changed.notify_one();
        Ok(())
    }

    /// The rule files in force.
    pub fn rule_files(&self) -> Arc<RuleFiles> {
        Arc::clone(&self.shared.rule_files.read())
    }

    /// The groups of the rule files in force, in order of files.
    pub fn rule_groups(&self) -> Arc<[Arc<RuleGroup>]> {
        Arc::clone(&self.shared.rule_groups.read())
    }
}
