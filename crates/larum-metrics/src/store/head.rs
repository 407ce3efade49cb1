//! Everything behind the store's lock: the series, their index, their sources, and how much memory they take.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use larum_core::label::LabelSet;
use larum_core::matcher::Matcher;
use larum_promql::STALE;

use super::index::{Index, SeriesId};
use super::series::SeriesState;
use super::spans::Spans;
use super::{Appended, StoreOptions};
use crate::reading::Reading;

/// The series in memory.
#[derive(Debug, Default)]
pub(super) struct Head {
    series: HashMap<SeriesId, SeriesState, FixedState>,
    by_labels: HashMap<LabelSet, SeriesId, FixedState>,
    index: Index,
    next: SeriesId,
    sources: HashMap<String, Source, FixedState>,
    bytes: usize,
    /// The newest time anything was appended at.
    newest: Option<i64>,
    spans: Spans,
    /// When old samples were last looked for.
    tidied: Option<i64>,
    pub totals: Totals,
}

/// What has happened to samples since the start.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Totals {
    pub appended: u64,
    pub refused_old: u64,
    pub refused_full: u64,
    pub dropped_by_age: u64,
    pub dropped_by_size: u64,
}

/// One collector or target: the series its last collection had.
#[derive(Debug, Default)]
struct Source {
    collection: u64,
    members: Vec<SeriesId>,
}

impl Head {
    pub(super) fn len(&self) -> usize {
        self.series.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn index(&self) -> &Index {
        &self.index
    }

    pub(super) fn series(&self) -> impl Iterator<Item = &SeriesState> {
        self.series.values()
    }

    /// The series that all matchers let through.
    pub(super) fn matching(&self, matchers: &[Matcher]) -> Vec<&SeriesState> {
        let passes = |state: &&SeriesState| matchers.iter().all(|matcher| matcher.matches(&state.labels));
        match self.index.candidates(matchers) {
            Some(ids) => ids.iter().filter_map(|id| self.series.get(id)).filter(passes).collect(),
            None => self.series.values().filter(passes).collect(),
        }
    }

    /// Takes in one collection of `source`; series it had before and has no more get a staleness marker.
    pub(super) fn append(
        &mut self,
        source: &str,
        at: i64,
        readings: &[Reading],
        options: &StoreOptions,
    ) -> Appended {
        let mut result = Appended::default();
        let before = self.sources.remove(source).unwrap_or_default();
        let collection = before.collection + 1;
        let mut members = Vec::with_capacity(readings.len());
        self.newest = self.newest.max(Some(at));
        self.spans.add(at, options.longest_pause_millis());
        self.tidy(at, options);
        for reading in readings {
            let Some(id) = self.series_of(&reading.labels, options) else {
                result.refused_full += 1;
                continue;
            };
            self.push(id, at, reading.value, &mut result);
            if let Some(state) = self.series.get_mut(&id) {
                state.seen = collection;
            }
            members.push(id);
        }
        for id in before.members {
            let gone = |state: &SeriesState| state.seen != collection && !state.has_ended();
            if self.series.get(&id).is_some_and(gone) {
                self.push(id, at, STALE, &mut result);
                result.ended += 1;
            }
        }
        self.sources.insert(source.to_owned(), Source { collection, members });
        self.totals.appended += result.added;
        self.totals.refused_old += result.refused_old;
        self.totals.refused_full += result.refused_full;
        result
    }

    fn push(&mut self, id: SeriesId, at: i64, value: f64, result: &mut Appended) {
        let Some(state) = self.series.get_mut(&id) else { return };
        match state.push(at, value) {
            Ok(grown) => {
                self.bytes += grown;
                result.added += 1;
            }
            Err(_) => result.refused_old += 1,
        }
    }

    /// The number of the series, a new one if there is room for it.
    fn series_of(&mut self, labels: &LabelSet, options: &StoreOptions) -> Option<SeriesId> {
        if let Some(&id) = self.by_labels.get(labels) {
            return Some(id);
        }
        let state = SeriesState::new(labels.clone());
        if self.bytes + state.size() > options.most_bytes {
            return None;
        }
        Some(self.insert(state))
    }

    /// Adds a series that is not there yet.
    pub(super) fn insert(&mut self, state: SeriesState) -> SeriesId {
        let id = self.next;
        self.next = self.next.wrapping_add(1);
        self.newest = self.newest.max(state.newest());
        self.bytes += state.size();
        self.index.insert(&state.labels, id);
        self.by_labels.insert(state.labels.clone(), id);
        self.series.insert(id, state);
        id
    }

    /// Whether there is a series with these labels.
    pub(super) fn contains(&self, labels: &LabelSet) -> bool {
        self.by_labels.contains_key(labels)
    }

    /// Drops what is older than the retention, at most once a minute, and makes room if there is none.
    pub(super) fn tidy(&mut self, now: i64, options: &StoreOptions) {
        const PAUSE: i64 = 60_000;
        if self.tidied.is_none_or(|last| now.abs_diff(last) >= PAUSE.unsigned_abs()) {
            self.tidied = Some(now);
            let retention = i64::try_from(options.retention.as_millis()).unwrap_or(i64::MAX);
            let horizon = now.saturating_sub(retention);
            self.totals.dropped_by_age += self.drop_until(horizon);
            self.drop_series_ended_before(horizon);
            self.spans.drop_until(horizon);
        }
        self.make_room(options);
    }

    /// Drops the oldest chunks until the memory is below its limit.
    fn make_room(&mut self, options: &StoreOptions) {
        /// Chunks are dropped down to this part of the limit, so that not every collection has to drop some.
        const ROOM: f64 = 0.95;
        let target = (options.most_bytes as f64 * ROOM) as usize;
        if self.bytes <= options.most_bytes {
            return;
        }
        while self.bytes > target {
            // Whole minutes at once: the chunks of one collection's series end at nearly the same time.
            let oldest = self.series.values().filter_map(SeriesState::oldest_chunk_end).min();
            let Some(until) = oldest.map(|oldest| oldest.saturating_add(60_000)) else { break };
            self.totals.dropped_by_size += self.drop_until(until);
        }
    }

    /// Takes back all samples later than `at`; answers how many.
    pub(super) fn rewind(&mut self, at: i64) -> u64 {
        let mut taken_back = 0;
        for state in self.series.values_mut() {
            self.bytes = self.bytes.saturating_sub(state.size());
            taken_back += state.cut_after(at);
            self.bytes += state.size();
        }
        self.newest = self.newest.map(|newest| newest.min(at));
        self.spans.cut_after(at);
        taken_back
    }

    fn drop_until(&mut self, until: i64) -> u64 {
        let mut dropped = 0;
        for state in self.series.values_mut() {
            let (freed, samples) = state.drop_until(until);
            self.bytes = self.bytes.saturating_sub(freed);
            dropped += samples;
        }
        dropped
    }

    /// Series whose last sample is older than the retention are forgotten, name and all.
    fn drop_series_ended_before(&mut self, horizon: i64) {
        let old = |state: &SeriesState| state.newest().is_none_or(|newest| newest <= horizon);
        let gone: Vec<SeriesId> =
            self.series.iter().filter(|(_, state)| old(state)).map(|(&id, _)| id).collect();
        for id in gone {
            if let Some(state) = self.series.remove(&id) {
                self.bytes = self.bytes.saturating_sub(state.size());
                self.index.remove(&state.labels, id);
                self.by_labels.remove(&state.labels);
            }
        }
    }

    /// When something was collected.
    pub(super) fn spans(&self) -> &Spans {
        &self.spans
    }

    /// Finds out from the series when something was collected.
    pub(super) fn find_spans(&mut self, options: &StoreOptions) {
        self.spans = Spans::of(self.series.values(), options.longest_pause_millis());
    }

    /// The newest time anything was appended at.
    pub(super) fn newest(&self) -> Option<i64> {
        self.newest
    }
}
