//! What there is: series, label names and values, and what is said about metrics.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use larum_core::label::LabelSet;
use larum_core::matcher::Matcher;
use larum_core::time::Timestamp;
use smol_str::SmolStr;

use super::metadata::MetricMetadata;
use super::{Head, Store};

impl Store {
    /// The labels of the series that pass any of the `sets` of matchers and reach into `[from, to]`, sorted, each once;
    /// of all series if there is no set. A series reaches from its first sample kept to its last.
    pub fn series(&self, sets: &[Vec<Matcher>], from: Timestamp, to: Timestamp) -> Vec<LabelSet> {
        let mut found = self.head.read().found(sets, from.as_millis(), to.as_millis());
        found.sort_unstable();
        found
    }

    /// The names of the labels that such series have, sorted.
    pub fn label_names(&self, sets: &[Vec<Matcher>], from: Timestamp, to: Timestamp) -> Vec<String> {
        let (from, to) = (from.as_millis(), to.as_millis());
        let head = self.head.read();
        if sets.is_empty() {
            return sorted(head.index().names(|id| head.reaches(id, from, to)));
        }
        let found = head.found(sets, from, to);
        drop(head);
        let names: BTreeSet<&str> =
            found.iter().flat_map(|labels| labels.iter().map(|(name, _)| name)).collect();
        names.into_iter().map(str::to_owned).collect()
    }

    /// The values that the label `name` has in such series, sorted.
    pub fn label_values(
        &self,
        name: &str,
        sets: &[Vec<Matcher>],
        from: Timestamp,
        to: Timestamp,
    ) -> Vec<String> {
        let (from, to) = (from.as_millis(), to.as_millis());
        let head = self.head.read();
        if sets.is_empty() {
            return sorted(head.index().values(name, |id| head.reaches(id, from, to)));
        }
        let found = head.found(sets, from, to);
        drop(head);
        let values: BTreeSet<&str> = found.iter().filter_map(|labels| labels.get(name)).collect();
        values.into_iter().map(str::to_owned).collect()
    }

    /// What sources say about each metric that has series. Where they disagree, a metric has several.
    pub fn metadata(&self) -> BTreeMap<SmolStr, Vec<MetricMetadata>> {
        self.head.read().said()
    }
}

fn sorted<'a>(texts: impl Iterator<Item = &'a SmolStr>) -> Vec<String> {
    let mut texts: Vec<String> = texts.map(SmolStr::to_string).collect();
    texts.sort_unstable();
    texts
}

impl Head {
    fn found(&self, sets: &[Vec<Matcher>], from: i64, to: i64) -> Vec<LabelSet> {
        let none = [Vec::new()];
        let sets = if sets.is_empty() { none.as_slice() } else { sets };
        let mut seen = HashSet::new();
        let mut found = Vec::new();
        for matchers in sets {
            for state in self.matching(matchers).into_iter().filter(|state| state.reaches(from, to)) {
                if sets.len() == 1 || seen.insert(state.labels.clone()) {
                    found.push(state.labels.clone());
                }
            }
        }
        found
    }
}
