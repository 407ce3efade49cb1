//! Series in memory, compressed, for some hours; readers and the writer hardly ever wait for each other.

mod bits;
mod chunk;
mod head;
mod index;
mod lookup;
mod metadata;
mod series;
pub(crate) mod snapshot;
mod spans;
mod written;

use std::time::Duration;

use larum_core::label::LabelSet;
use larum_core::matcher::Matcher;
use larum_core::time::Timestamp;
use larum_promql::{Querier, Sample, SelectError, Series};
use parking_lot::RwLock;

use self::head::Head;
pub use self::metadata::MetricMetadata;
use self::series::{Part, SeriesState};
pub use self::written::{Outcome, Writer, Written, WrittenSeries};

/// How much a store keeps.
#[derive(Clone, Copy, Debug)]
pub struct StoreOptions {
    /// How long samples are kept. Whole chunks go, so some are kept for up to 240 intervals of their series longer.
    pub retention: Duration,
    /// The most memory all series may take with their labels and their index, in bytes. Near the limit the oldest
    /// chunks go first. Series without their samples may take three quarters of it: near that those that ended longest
    /// ago, or have had no sample for an hour, are forgotten; at it new ones are refused and counted.
    pub most_bytes: usize,
    /// How far two collections may lie apart before what lies between them counts as missed.
    pub longest_pause: Duration,
}

impl Default for StoreOptions {
    /// Six hours, 256 MiB, and half a minute.
    fn default() -> Self {
        Self {
            retention: Duration::from_secs(6 * 3600),
            most_bytes: 256 << 20,
            longest_pause: Duration::from_secs(30),
        }
    }
}

/// How full a store is, and what happened to samples since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoreStatus {
    /// Series now.
    pub series: usize,
    /// Bytes now.
    pub bytes: usize,
    /// The most bytes there may be.
    pub most_bytes: usize,
    /// What became of all samples, by reason.
    pub written: Written,
    /// Samples dropped when they were older than the retention.
    pub dropped_by_age: u64,
    /// Samples dropped before that, because memory was full.
    pub dropped_by_size: u64,
}

/// Series in memory.
#[derive(Debug, Default)]
pub struct Store {
    head: RwLock<Head>,
    options: StoreOptions,
}

impl Store {
    /// An empty store.
    pub fn new(options: StoreOptions) -> Self {
        Self { head: RwLock::default(), options }
    }

    /// How long samples are kept.
    pub fn retention(&self) -> Duration {
        self.options.retention
    }

    /// Drops what is older than the retention at `now`, also while nothing is appended.
    pub fn retain(&self, now: Timestamp) {
        self.head.write().tidy(now.as_millis(), &self.options);
    }

    /// Takes back all samples later than `now`, for when the wall clock has jumped back: they lie in a future that
    /// has not come, and nothing earlier could be appended behind them. Answers how many they were.
    pub fn rewind(&self, now: Timestamp) -> u64 {
        self.head.write().rewind(now.as_millis())
    }

    /// How much of the `window` before `now` was missed: it lies before the first collection, or between two that are
    /// further apart than a pause, as when nobody collected. What is longer ago than the retention is not asked for.
    pub fn missed(&self, window: Duration, now: Timestamp) -> Duration {
        let from = now.minus(window.min(self.options.retention));
        Duration::from_millis(self.head.read().spans().missed(from.as_millis(), now.as_millis()))
    }

    /// The newest time that a whole collection was appended at; what a [`Writer`] writes does not count.
    pub fn newest(&self) -> Option<Timestamp> {
        self.head.read().newest().map(Timestamp::from_millis)
    }

    /// How full it is.
    pub fn status(&self) -> StoreStatus {
        let head = self.head.read();
        StoreStatus {
            series: head.len(),
            bytes: head.bytes(),
            most_bytes: self.options.most_bytes,
            written: head.totals.written,
            dropped_by_age: head.totals.dropped_by_age,
            dropped_by_size: head.totals.dropped_by_size,
        }
    }
}

impl StoreOptions {
    fn retention_millis(&self) -> i64 {
        i64::try_from(self.retention.as_millis()).unwrap_or(i64::MAX)
    }

    fn longest_pause_millis(&self) -> i64 {
        i64::try_from(self.longest_pause.as_millis()).unwrap_or(i64::MAX)
    }
}

impl Store {
    /// What `read` makes of each matching series under the lock, which it must not hold for long.
    fn matching<T>(&self, matchers: &[Matcher], read: impl Fn(&SeriesState) -> T) -> Vec<T> {
        self.head.read().matching(matchers).into_iter().map(read).collect()
    }
}

impl Querier for Store {
    /// Takes references under the lock and decodes outside it.
    fn select(
        &self,
        matchers: &[Matcher],
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Series>, SelectError> {
        let (from, to) = (from.as_millis(), to.as_millis());
        let found = self.matching(matchers, |state| (state.labels.clone(), state.parts(from, to)));
        let decoded = found.into_iter().map(|(labels, parts)| (labels, series::decode(&parts, from, to)));
        let decoded = decoded.filter(|(_, samples)| !samples.is_empty());
        Ok(decoded.map(|(labels, samples)| Series { labels, samples: samples.into() }).collect())
    }

    /// Counts the samples of whole chunks.
    fn at_least(&self, matchers: &[Matcher], from: Timestamp, to: Timestamp) -> u64 {
        let (from, to) = (from.as_millis(), to.as_millis());
        self.matching(matchers, |state| state.count_within(from, to)).into_iter().sum()
    }

    /// Decodes only where the newest sample of all is too new.
    fn select_newest(
        &self,
        matchers: &[Matcher],
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Series>, SelectError> {
        let found = self.matching(matchers, |state| match state.newest_sample() {
            Some(newest) if newest.at <= to => (state.labels.clone(), Some(newest), Vec::new()),
            _ => (state.labels.clone(), None, state.parts(from.as_millis(), to.as_millis())),
        });
        let newest = |(labels, newest, parts): (LabelSet, Option<Sample>, Vec<Part>)| {
            let newest = newest.or_else(|| series::decode(&parts, from.as_millis(), to.as_millis()).pop())?;
            (newest.at > from).then(|| Series { labels, samples: [newest].into() })
        };
        Ok(found.into_iter().filter_map(newest).collect())
    }
}
