//! Everything behind the store's lock: the series, their index, their sources, and how much memory they take.

mod room;

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::FixedState;
use larum_core::label::LabelSet;
use larum_core::matcher::Matcher;
use smol_str::SmolStr;

use super::StoreOptions;
use super::index::{Index, SeriesId};
use super::metadata::{MetricMetadata, Said};
use super::series::{Refused, SeriesState};
use super::spans::Spans;
use super::written::{Written, WrittenSeries};

/// The series in memory.
#[derive(Debug, Default)]
pub(super) struct Head {
    series: HashMap<SeriesId, SeriesState, FixedState>,
    by_labels: HashMap<LabelSet, SeriesId, FixedState>,
    index: Index,
    said: Said,
    next: SeriesId,
    /// What the last collection of each collector had.
    sources: HashMap<String, Vec<WrittenSeries>, FixedState>,
    /// The last turn that a source had to write. No two are the same, so that a series tells who wrote it last.
    turn: u64,
    /// Memory that the series and their samples take.
    bytes: usize,
    /// That of it which no sample takes.
    fixed_bytes: usize,
    /// The newest time that a whole collection was appended at.
    newest: Option<i64>,
    spans: Spans,
    /// When old samples were last looked for.
    tidied: Option<i64>,
    pub totals: Totals,
}

/// What has happened to samples since the start.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Totals {
    pub written: Written,
    pub dropped_by_age: u64,
    pub dropped_by_size: u64,
}

impl Head {
    pub(super) fn len(&self) -> usize {
        self.series.len()
    }

    /// Memory that everything takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes + self.index.bytes() + self.said.bytes()
    }

    /// Whether there is no memory for another sample.
    pub(super) fn is_full(&self, options: &StoreOptions) -> bool {
        self.bytes() >= options.most_bytes
    }

    pub(super) fn said(&self) -> BTreeMap<SmolStr, Vec<MetricMetadata>> {
        self.said.all()
    }

    /// Keeps what a source says about a metric.
    pub(super) fn note(&mut self, metric: &str, said: &MetricMetadata, options: &StoreOptions) {
        self.said.note(metric, said, options.most_bytes);
    }

    pub(super) fn state(&self, id: SeriesId) -> Option<&SeriesState> {
        self.series.get(&id)
    }

    /// Whether the series may have samples in `[from, to]`.
    pub(super) fn reaches(&self, id: SeriesId, from: i64, to: i64) -> bool {
        self.state(id).is_some_and(|state| state.reaches(from, to))
    }

    /// Writes down who writes a series.
    pub(super) fn mark(&mut self, id: SeriesId, turn: u64) {
        if let Some(state) = self.series.get_mut(&id) {
            state.seen = turn;
        }
    }

    /// Begins the turn of a source at `now`; answers its number.
    pub(super) fn begin_turn(&mut self, now: i64, options: &StoreOptions) -> u64 {
        self.spans.add(now, options.longest_pause_millis());
        self.tidy(now, options);
        self.turn += 1;
        self.turn
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

    /// What the last collection of a source had, to be replaced by [`Head::collected`].
    pub(super) fn take_members(&mut self, source: &str) -> Vec<WrittenSeries> {
        self.sources.remove(source).unwrap_or_default()
    }

    /// Remembers what a whole collection of a source had, and when that was.
    pub(super) fn collected(&mut self, source: &str, members: Vec<WrittenSeries>, at: i64) {
        self.newest = self.newest.max(Some(at));
        self.sources.insert(source.to_owned(), members);
    }

    /// Adds a sample to a series that is there; answers whether it is news.
    pub(super) fn push(&mut self, id: SeriesId, at: i64, value: f64) -> Result<bool, Refused> {
        let Some(state) = self.series.get_mut(&id) else { return Ok(false) };
        let change = state.push(at, value)?;
        self.bytes = self.bytes.saturating_add_signed(change.unwrap_or(0));
        Ok(change.is_some())
    }

    /// The number of the series, a new one if there is room for it: a part of the memory is kept for the samples of
    /// those that are there.
    pub(super) fn series_of(&mut self, labels: &LabelSet, options: &StoreOptions) -> Option<SeriesId> {
        if let Some(&id) = self.by_labels.get(labels) {
            return Some(id);
        }
        let state = SeriesState::new(labels.clone());
        let growth = state.fixed_size() + self.index.growth(labels);
        let fixed = self.fixed_bytes + self.index.bytes() + growth;
        if fixed > options.most_bytes / 4 * 3 || self.bytes() + growth > options.most_bytes {
            return None;
        }
        Some(self.insert(state))
    }

    /// Adds a series that is not there yet.
    pub(super) fn insert(&mut self, state: SeriesState) -> SeriesId {
        while self.series.contains_key(&self.next) {
            self.next = self.next.wrapping_add(1);
        }
        let id = self.next;
        self.next = self.next.wrapping_add(1);
        self.bytes += state.size();
        self.fixed_bytes += state.fixed_size();
        self.index.insert(&state.labels, id);
        self.by_labels.insert(state.labels.clone(), id);
        self.series.insert(id, state);
        id
    }

    /// Whether there is a series with these labels.
    pub(super) fn contains(&self, labels: &LabelSet) -> bool {
        self.by_labels.contains_key(labels)
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

    /// When something was collected.
    pub(super) fn spans(&self) -> &Spans {
        &self.spans
    }

    /// Finds out from the series when something was collected.
    pub(super) fn find_spans(&mut self, options: &StoreOptions) {
        self.newest = self.series.values().filter_map(SeriesState::newest).max();
        self.spans = Spans::of(self.series.values(), options.longest_pause_millis());
    }

    /// The newest time that a whole collection was appended at.
    pub(super) fn newest(&self) -> Option<i64> {
        self.newest
    }
}
