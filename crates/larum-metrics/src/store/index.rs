//! Which series have which labels.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use larum_core::label::LabelSet;
use larum_core::matcher::{MatchOp, Matcher};
use smol_str::SmolStr;

/// The number of a series in the store.
pub(super) type SeriesId = u32;

/// For each label and value the series that have it, in order of their numbers.
#[derive(Debug, Default)]
pub(super) struct Index {
    labels: HashMap<SmolStr, HashMap<SmolStr, Vec<SeriesId>, FixedState>, FixedState>,
}

impl Index {
    pub(super) fn insert(&mut self, labels: &LabelSet, id: SeriesId) {
        for (name, value) in labels.iter() {
            let values = self.labels.entry(name.into()).or_default();
            let ids = values.entry(value.into()).or_default();
            if let Err(position) = ids.binary_search(&id) {
                ids.insert(position, id);
            }
        }
    }

    pub(super) fn remove(&mut self, labels: &LabelSet, id: SeriesId) {
        for (name, value) in labels.iter() {
            let Some(values) = self.labels.get_mut(name) else { continue };
            if let Some(ids) = values.get_mut(value) {
                ids.retain(|&known| known != id);
                if ids.is_empty() {
                    values.remove(value);
                }
            }
            if values.is_empty() {
                self.labels.remove(name);
            }
        }
    }

    /// Series that may pass all matchers, in order of their numbers: none left out, some perhaps too many. Every
    /// series when no matcher asks for a label to be there.
    pub(super) fn candidates(&self, matchers: &[Matcher]) -> Option<Vec<SeriesId>> {
        let mut best: Option<Vec<&[SeriesId]>> = None;
        let size = |lists: &[&[SeriesId]]| lists.iter().map(|ids| ids.len()).sum::<usize>();
        for matcher in matchers.iter().filter(|matcher| !matcher.matches_value("")) {
            let lists = self.lists(matcher);
            if best.as_ref().is_none_or(|best| size(&lists) < size(best)) {
                best = Some(lists);
            }
        }
        let lists = best?;
        // One label has one value, so the lists of its values share no series.
        let mut ids = lists.concat();
        if lists.len() > 1 {
            ids.sort_unstable();
        }
        Some(ids)
    }

    /// The series of each value that passes a matcher which the empty value does not pass.
    fn lists(&self, matcher: &Matcher) -> Vec<&[SeriesId]> {
        let Some(values) = self.labels.get(matcher.name()) else { return Vec::new() };
        match matcher.op() {
            MatchOp::Equal => values.get(matcher.value()).map(Vec::as_slice).into_iter().collect(),
            _ => {
                let passing = values.iter().filter(|(value, _)| matcher.matches_value(value));
                passing.map(|(_, ids)| ids.as_slice()).collect()
            }
        }
    }

    /// The names of all labels, in no order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.labels.keys().map(SmolStr::as_str)
    }

    /// The values of a label, in no order.
    pub(super) fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.labels.get(name).into_iter().flat_map(HashMap::keys).map(SmolStr::as_str)
    }
}
