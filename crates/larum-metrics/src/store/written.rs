//! Samples with times of their own, from sources that know their series.

use larum_core::label::LabelSet;
use larum_core::time::Timestamp;
use larum_promql::STALE;
use parking_lot::RwLockWriteGuard;

use super::head::Head;
use super::index::SeriesId;
use super::metadata::MetricMetadata;
use super::series::Refused;
use super::{Store, StoreOptions};
use crate::reading::Reading;

/// How far ahead of now a sample may lie, in milliseconds: ten minutes, as Prometheus has it for scrapes and for remote
/// write (Prometheus, `scrape/scrape.go` and `storage/remote/write_handler.go`, the limit of ten minutes in both).
const MOST_AHEAD: i64 = 600_000;

/// A series that a source writes again and again. From the second time on it is found by its number in the store, so
/// that its labels are neither hashed nor compared.
#[derive(Clone, Debug)]
pub struct WrittenSeries {
    labels: LabelSet,
    id: Option<SeriesId>,
    /// The turn in which this source last wrote it.
    turn: u64,
}

impl WrittenSeries {
    /// The series with these labels, the metric name among them.
    pub fn new(labels: LabelSet) -> Self {
        Self { labels, id: None, turn: 0 }
    }

    /// What it is known by.
    pub fn labels(&self) -> &LabelSet {
        &self.labels
    }

    /// Whether it has a place in the store, which it gets with its first sample unless there is no memory for it.
    pub fn is_placed(&self) -> bool {
        self.id.is_some()
    }
}

/// What became of one sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is in the store.
    Taken,
    /// It was in the store before, the last of its series.
    Repeated,
    /// Its series has a later one.
    OutOfOrder,
    /// Its series has one of this time with another value.
    Duplicate,
    /// It is older than the retention.
    TooOld,
    /// It lies more than ten minutes ahead of now.
    TooNew,
    /// There is no memory for it or for its series.
    Full,
}

/// What became of many samples, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Taken, staleness markers among them.
    pub appended: u64,
    /// In the store before: no news, and no fault.
    pub repeated: u64,
    /// Refused, for their series has a later one.
    pub out_of_order: u64,
    /// Refused, for their series has one of the same time with another value.
    pub duplicates: u64,
    /// Refused, for they are older than the retention.
    pub too_old: u64,
    /// Refused, for they lie more than ten minutes ahead of now.
    pub too_new: u64,
    /// Refused for want of memory.
    pub refused_full: u64,
    /// Series that ended.
    pub ended: u64,
}

impl Written {
    /// Adds what became of others.
    pub fn add(&mut self, other: &Self) {
        self.appended += other.appended;
        self.repeated += other.repeated;
        self.out_of_order += other.out_of_order;
        self.duplicates += other.duplicates;
        self.too_old += other.too_old;
        self.too_new += other.too_new;
        self.refused_full += other.refused_full;
        self.ended += other.ended;
    }

    fn count(&mut self, outcome: Outcome) {
        let counter = match outcome {
            Outcome::Taken => &mut self.appended,
            Outcome::Repeated => &mut self.repeated,
            Outcome::OutOfOrder => &mut self.out_of_order,
            Outcome::Duplicate => &mut self.duplicates,
            Outcome::TooOld => &mut self.too_old,
            Outcome::TooNew => &mut self.too_new,
            Outcome::Full => &mut self.refused_full,
        };
        *counter += 1;
    }
}

/// Writes to the store while nobody else does: readers see all of it or nothing. Drop it soon.
pub struct Writer<'s> {
    head: RwLockWriteGuard<'s, Head>,
    options: StoreOptions,
    now: i64,
    turn: u64,
    written: Written,
}

impl Store {
    /// Begins to write what a source has at `now`. It may write samples of other times.
    pub fn writer(&self, now: Timestamp) -> Writer<'_> {
        let mut head = self.head.write();
        let now = now.as_millis();
        let turn = head.begin_turn(now, &self.options);
        Writer { head, options: self.options, now, turn, written: Written::default() }
    }

    /// Takes in one whole collection of `source` at `at`. Series that its last collection had and this one has not end
    /// now: they get a staleness marker (Prometheus, "Staleness").
    pub fn append(&self, source: &str, at: Timestamp, readings: &[Reading]) -> Written {
        let mut writer = self.writer(at);
        let before = writer.head.take_members(source);
        let mut members = Vec::with_capacity(readings.len());
        for reading in readings {
            let mut series = WrittenSeries::new(reading.labels.clone());
            writer.sample(&mut series, at, reading.value);
            members.push(series);
        }
        for series in &before {
            writer.end(series, at);
        }
        writer.head.collected(source, members, at.as_millis());
        writer.written()
    }
}

impl Writer<'_> {
    /// Writes one sample, bit for bit.
    pub fn sample(&mut self, series: &mut WrittenSeries, at: Timestamp, value: f64) -> Outcome {
        let outcome = self.put(series, at.as_millis(), value);
        self.written.count(outcome);
        outcome
    }

    /// Ends a series at `at` with a staleness marker, unless it has ended, another source has written it since, or it
    /// has a later sample (Prometheus, "Staleness"). Answers whether it did.
    pub fn end(&mut self, series: &WrittenSeries, at: Timestamp) -> bool {
        let Some(id) = series.id else { return false };
        let own = self.head.state(id).is_some_and(|state| state.seen == series.turn && !state.has_ended());
        let ended = own && self.head.push(id, at.as_millis(), STALE).is_ok_and(|taken| taken);
        self.written.appended += u64::from(ended);
        self.written.ended += u64::from(ended);
        ended
    }

    /// Keeps what a source says about a metric.
    pub fn metadata(&mut self, metric: &str, said: &MetricMetadata) {
        self.head.note(metric, said, &self.options);
    }

    /// What became of the samples so far.
    pub fn written(&self) -> Written {
        self.written
    }

    fn put(&mut self, series: &mut WrittenSeries, at: i64, value: f64) -> Outcome {
        if at > self.now.saturating_add(MOST_AHEAD) {
            return Outcome::TooNew;
        }
        if at < self.now.saturating_sub(self.options.retention_millis()) {
            return Outcome::TooOld;
        }
        if self.head.is_full(&self.options) {
            return Outcome::Full;
        }
        let known = series.id.filter(|&id| self.head.state(id).is_some());
        let Some(id) = known.or_else(|| self.head.series_of(&series.labels, &self.options)) else {
            series.id = None;
            return Outcome::Full;
        };
        series.id = Some(id);
        series.turn = self.turn;
        self.head.mark(id, self.turn);
        match self.head.push(id, at, value) {
            Ok(true) => Outcome::Taken,
            Ok(false) => Outcome::Repeated,
            Err(Refused::OutOfOrder) => Outcome::OutOfOrder,
            Err(Refused::Duplicate) => Outcome::Duplicate,
        }
    }
}

impl Drop for Writer<'_> {
    fn drop(&mut self) {
        self.head.totals.written.add(&self.written);
    }
}
