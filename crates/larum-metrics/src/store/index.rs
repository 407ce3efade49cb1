//! Which series have which labels.

use std::collections::{HashMap, HashSet};

use foldhash::fast::FixedState;
use larum_core::label::LabelSet;
use larum_core::matcher::{MatchOp, Matcher};
use smol_str::SmolStr;

/// The number of a series in the store.
pub(super) type SeriesId = u32;

/// For each label and value the series that have it, in order of their numbers.
#[derive(Debug, Default)]
pub(super) struct Index {
    labels: HashMap<SmolStr, Values, FixedState>,
    bytes: usize,
}

type Values = HashMap<SmolStr, Vec<SeriesId>, FixedState>;

/// Memory that one value of a label takes besides its series: its place in the table, and the list's own.
const VALUE_BYTES: usize = 96;
/// The longest text that lies in the table itself (smol_str, `SmolStr`).
const INLINE_BYTES: usize = 23;

impl Index {
    pub(super) fn insert(&mut self, labels: &LabelSet, id: SeriesId) {
        for (name, value) in labels.iter() {
            let values = self.labels.entry(name.into()).or_default();
            let ids = values.entry(value.into()).or_insert_with(|| {
                self.bytes += value_bytes(value);
                Vec::new()
            });
            if let Err(position) = ids.binary_search(&id) {
                ids.insert(position, id);
            }
        }
    }

    /// Forgets series. Each list is gone through once, however many of its series go.
    pub(super) fn remove_all(&mut self, gone: &HashMap<SeriesId, LabelSet, FixedState>) {
        let touched: HashSet<(&str, &str)> = gone.values().flat_map(LabelSet::iter).collect();
        for (name, value) in touched {
            let Some(values) = self.labels.get_mut(name) else { continue };
            if let Some(ids) = values.get_mut(value) {
                ids.retain(|known| !gone.contains_key(known));
                if ids.is_empty() {
                    values.remove(value);
                    self.bytes = self.bytes.saturating_sub(value_bytes(value));
                }
            }
            if values.is_empty() {
                self.labels.remove(name);
            }
        }
    }

    /// Memory that it takes besides an entry for each label of each series, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// What a series with these labels would add to [`Index::bytes`].
    pub(super) fn growth(&self, labels: &LabelSet) -> usize {
        let new = |(name, value): &(&str, &str)| {
            self.labels.get(*name).is_none_or(|values| !values.contains_key(*value))
        };
        labels.iter().filter(new).map(|(_, value)| value_bytes(value)).sum()
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

    /// The names of all labels that a series has which `is_wanted`, in no order.
    pub(super) fn names(&self, is_wanted: impl Fn(SeriesId) -> bool) -> impl Iterator<Item = &SmolStr> {
        let wanted = move |values: &Values| values.values().flatten().any(|&id| is_wanted(id));
        self.labels.iter().filter(move |(_, values)| wanted(values)).map(|(name, _)| name)
    }

    /// The values of a label that a series has which `is_wanted`, in no order.
    pub(super) fn values(
        &self,
        name: &str,
        is_wanted: impl Fn(SeriesId) -> bool,
    ) -> impl Iterator<Item = &SmolStr> {
        let wanted = move |ids: &[SeriesId]| ids.iter().any(|&id| is_wanted(id));
        let values = self.labels.get(name).into_iter().flatten();
        values.filter(move |(_, ids)| wanted(ids)).map(|(value, _)| value)
    }

    /// Whether a series has this value.
    pub(super) fn has(&self, name: &str, value: &str) -> bool {
        self.labels.get(name).is_some_and(|values| values.contains_key(value))
    }
}

/// Memory for a value that a label has for the first time, in bytes.
fn value_bytes(value: &str) -> usize {
    let beside = if value.len() > INLINE_BYTES { value.len() + 2 * size_of::<usize>() } else { 0 };
    VALUE_BYTES + beside
}
