//! Everything behind the store's lock: the series, their index, their sources, and how much memory they take.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::FixedState;
use larum_core::label::LabelSet;
use larum_core::matcher::Matcher;
use larum_promql::STALE;
use smol_str::SmolStr;

use super::index::{Index, SeriesId, shrink};
use super::metadata::{MetricMetadata, Said};
use super::series::{Refused, SeriesState};
use super::spans::Spans;
use super::written::Written;
use super::{Appended, StoreOptions};
use crate::reading::Reading;

/// The series in memory.
#[derive(Debug, Default)]
pub(super) struct Head {
    series: HashMap<SeriesId, SeriesState, FixedState>,
    by_labels: HashMap<LabelSet, SeriesId, FixedState>,
    index: Index,
    said: Said,
    next: SeriesId,
    sources: HashMap<String, Source, FixedState>,
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

/// One collector: the series its last collection had.
#[derive(Debug, Default)]
struct Source {
    turn: u64,
    members: Vec<SeriesId>,
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

    /// Takes in one collection of `source`; series it had before and has no more get a staleness marker.
    pub(super) fn append(
        &mut self,
        source: &str,
        at: i64,
        readings: &[Reading],
        options: &StoreOptions,
    ) -> Appended {
        let mut written = Written::default();
        let before = self.sources.remove(source).unwrap_or_default();
        let mut members = Vec::with_capacity(readings.len());
        self.newest = self.newest.max(Some(at));
        let turn = self.begin_turn(at, options);
        for reading in readings {
            let full = self.is_full(options);
            let Some(id) = self.series_of(&reading.labels, options).filter(|_| !full) else {
                written.refused_full += 1;
                continue;
            };
            self.mark(id, turn);
            match self.push(id, at, reading.value) {
                Ok(_) => written.appended += 1,
                Err(Refused::OutOfOrder) => written.out_of_order += 1,
                Err(Refused::Duplicate) => written.duplicates += 1,
            }
            members.push(id);
        }
        for id in before.members {
            let gone = |state: &SeriesState| state.seen == before.turn && !state.has_ended();
            if self.state(id).is_some_and(gone) && self.push(id, at, STALE).is_ok() {
                written.appended += 1;
                written.ended += 1;
            }
        }
        self.sources.insert(source.to_owned(), Source { turn, members });
        self.totals.written.add(&written);
        Appended {
            added: written.appended,
            ended: written.ended,
            refused_old: written.out_of_order + written.duplicates,
            refused_full: written.refused_full,
        }
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

    /// Drops what is older than the retention, at most once a minute, and makes room if there is none.
    pub(super) fn tidy(&mut self, now: i64, options: &StoreOptions) {
        const PAUSE: i64 = 60_000;
        if self.tidied.is_none_or(|last| now.abs_diff(last) >= PAUSE.unsigned_abs()) {
            self.tidied = Some(now);
            let horizon = now.saturating_sub(options.retention_millis());
            self.totals.dropped_by_age += self.drop_until(horizon);
            self.drop_series_ended_before(horizon);
            self.drop_ended_series(now, options);
            self.spans.drop_until(horizon);
        }
        self.make_room(options);
    }

    /// Drops the oldest chunks when the memory comes near its limit.
    fn make_room(&mut self, options: &StoreOptions) {
        /// From here on room is made, and down to here, as thousandths of the limit: so that what a source brings at
        /// once finds room, and not every collection has to make it.
        const NEAR: usize = 975;
        const ROOM: usize = 950;
        if self.bytes() <= options.most_bytes / 1000 * NEAR {
            return;
        }
        let target = options.most_bytes / 1000 * ROOM;
        let mut sealed = false;
        while self.bytes() > target {
            // Whole minutes at once: the chunks of one collection's series end at nearly the same time.
            let oldest = self.series.values().filter_map(SeriesState::oldest_chunk_end).min();
            if let Some(until) = oldest.map(|oldest| oldest.saturating_add(60_000)) {
                self.totals.dropped_by_size += self.drop_until(until);
            } else if std::mem::replace(&mut sealed, true) {
                break;
            } else {
                self.seal_all();
            }
        }
    }

    /// Ends the chunks that are being filled, where nothing older is left to drop.
    fn seal_all(&mut self) {
        for state in self.series.values_mut() {
            self.bytes = self.bytes.saturating_add_signed(state.seal());
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
        self.forget(|state| state.newest().is_none_or(|newest| newest <= horizon));
    }

    /// Where series without their samples take nearly as much memory as they may, those that ended longest ago are
    /// forgotten before their time, so that there is room for those that come.
    fn drop_ended_series(&mut self, now: i64, options: &StoreOptions) {
        /// From here on and down to here, in parts of what series may take without their samples.
        const NEAR: f64 = 0.95;
        const ROOM: f64 = 0.85;
        /// After an hour of silence a series counts as ended: whoever pushes does not always say when one has.
        const SILENCE: i64 = 3_600_000;
        let may = (options.most_bytes / 4 * 3) as f64;
        let taken = self.fixed_bytes + self.index.bytes();
        if (taken as f64) < may * NEAR {
            return;
        }
        let silent = now.saturating_sub(SILENCE);
        let has_ended =
            |state: &SeriesState| state.has_ended() || state.newest().is_none_or(|newest| newest <= silent);
        let mut ended: Vec<(i64, usize)> = self
            .series
            .values()
            .filter(|state| has_ended(state))
            .filter_map(|state| Some((state.newest()?, state.fixed_size())))
            .collect();
        ended.sort_unstable();
        let mut to_free = taken.saturating_sub((may * ROOM) as usize);
        let enough = ended.iter().find(|(_, size)| {
            to_free = to_free.saturating_sub(*size);
            to_free == 0
        });
        let Some(&(until, _)) = enough.or(ended.last()) else { return };
        let forgotten =
            self.forget(|state| has_ended(state) && state.newest().is_none_or(|newest| newest <= until));
        self.totals.dropped_by_size += forgotten;
    }

    /// Forgets series, name and all; answers how many samples they had.
    fn forget(&mut self, is_gone: impl Fn(&SeriesState) -> bool) -> u64 {
        let mut samples = 0;
        let gone: HashMap<SeriesId, LabelSet, FixedState> = self
            .series
            .extract_if(|_, state| is_gone(state))
            .map(|(id, state)| {
                samples += state.count();
                self.bytes = self.bytes.saturating_sub(state.size());
                self.fixed_bytes = self.fixed_bytes.saturating_sub(state.fixed_size());
                self.by_labels.remove(&state.labels);
                (id, state.labels)
            })
            .collect();
        if !gone.is_empty() {
            self.index.remove_all(&gone);
            self.said.forget(&self.index);
            shrink(&mut self.series);
            shrink(&mut self.by_labels);
        }
        samples
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
