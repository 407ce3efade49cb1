//! Which series have which labels.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

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

/// Memory that one name of a label takes besides its values, in bytes: its place in the table, and the table of its
/// values where that has but one.
const NAME_BYTES: usize = 256;
/// Memory that one value of a label takes besides its series, in bytes: its place in the table, and the list's own.
const VALUE_BYTES: usize = 96;
/// The longest text that lies in the table itself (smol_str, `SmolStr`).
const INLINE_BYTES: usize = 23;

impl Index {
    pub(super) fn insert(&mut self, labels: &LabelSet, id: SeriesId) {
        for (name, value) in labels.iter() {
            let values = self.labels.entry(name.into()).or_insert_with(|| {
                self.bytes += NAME_BYTES + text_bytes(name);
                Values::default()
            });
            let ids = values.entry(value.into()).or_insert_with(|| {
                self.bytes += VALUE_BYTES + text_bytes(value);
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
                if ids.len() < ids.capacity() / 4 {
                    ids.shrink_to(2 * ids.len());
                }
                if ids.is_empty() {
                    values.remove(value);
                    shrink(values);
                    self.bytes = self.bytes.saturating_sub(VALUE_BYTES + text_bytes(value));
                }
            }
            if values.is_empty() {
                self.labels.remove(name);
                self.bytes = self.bytes.saturating_sub(NAME_BYTES + text_bytes(name));
            }
        }
        shrink(&mut self.labels);
    }

    /// Memory that it takes besides an entry for each label of each series, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// What a series with these labels would add to [`Index::bytes`].
    pub(super) fn growth(&self, labels: &LabelSet) -> usize {
        let growth = |(name, value): (&str, &str)| match self.labels.get(name) {
            None => NAME_BYTES + text_bytes(name) + VALUE_BYTES + text_bytes(value),
            Some(values) if !values.contains_key(value) => VALUE_BYTES + text_bytes(value),
            Some(_) => 0,
        };
        labels.iter().map(growth).sum()
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

/// Memory that the text of a name or a value takes outside the table, in bytes.
fn text_bytes(text: &str) -> usize {
    if text.len() > INLINE_BYTES { text.len() + 2 * size_of::<usize>() } else { 0 }
}

/// Gives back the memory of a table that is nearly empty because most of what it held is gone: that memory is counted as
/// free.
pub(super) fn shrink<K: Eq + Hash, V>(table: &mut HashMap<K, V, FixedState>) {
    if table.len() < table.capacity() / 4 {
        table.shrink_to(2 * table.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_of_what_is_gone_is_given_back() {
        let labels =
            |id: SeriesId| LabelSet::from_pairs([("__name__", "x".to_owned()), ("pod", format!("p-{id}"))]);
        let mut index = Index::default();
        (0..10_000).for_each(|id| index.insert(&labels(id), id));
        let bytes = index.bytes();
        index.remove_all(&(10..10_000).map(|id| (id, labels(id))).collect());
        assert!(index.bytes() < bytes / 500, "{} of {bytes} bytes", index.bytes());
        assert!(index.labels["pod"].capacity() < 100, "{} places for values", index.labels["pod"].capacity());
        let ids = &index.labels["__name__"]["x"];
        assert!(ids.len() == 10 && ids.capacity() < 100, "{} places for series", ids.capacity());
        index.remove_all(&(0..10).map(|id| (id, labels(id))).collect());
        assert_eq!((index.bytes(), index.labels.len()), (0, 0));
    }
}
