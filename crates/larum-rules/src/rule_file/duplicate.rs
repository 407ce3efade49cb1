//! Rules that say the same twice.

use std::collections::BTreeMap;

use super::RuleFile;

/// What several rules of a file say.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Duplicate {
    /// The name of the alerts, or of the metric that is recorded.
    pub name: String,
    /// The labels that the rules set.
    pub labels: BTreeMap<String, String>,
}

pub(super) fn duplicates(file: &RuleFile) -> Vec<Duplicate> {
    let mut counts = BTreeMap::<_, usize>::new();
    for rule in file.groups.iter().flat_map(|group| &group.rules) {
        *counts.entry((&rule.name, &rule.labels)).or_default() += 1;
    }
    let several = counts.into_iter().filter(|(_, count)| *count > 1);
    several.map(|((name, labels), _)| Duplicate { name: name.clone(), labels: labels.clone() }).collect()
}
