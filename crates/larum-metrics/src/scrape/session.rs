//! What is remembered of a target from one scrape to the next: its series, so that each is read and found once, and so
//! that those that are gone end.
//!
//! Source: Prometheus, "Jobs and instances", section "Automatically generated labels and time series"; "Querying",
//! section "Staleness".

use std::collections::HashMap;
use std::time::Duration;

use foldhash::fast::FixedState;
use larum_core::label::METRIC_NAME;
use larum_core::time::Timestamp;

use super::answer::Answer;
use super::config::JobConfig;
use super::error::ScrapeError;
use super::labels::kept_labels;
use super::said::Said;
use super::target::Target;
use crate::exposition::{Exposition, Metadata, MetricType, SeriesText, Step};
use crate::store::{Store, Writer, Written, WrittenSeries};

/// The series that tell about a scrape, in the order in which [`values`] has their samples.
const REPORT: [&str; 5] = [
    "up",
    "scrape_duration_seconds",
    "scrape_samples_scraped",
    "scrape_samples_post_metric_relabeling",
    "scrape_series_added",
];

/// What is remembered of a target.
#[derive(Debug, Default)]
pub struct Session {
    /// The places of the series among `entries` by the text that the target writes them with.
    texts: HashMap<Box<[u8]>, usize, FixedState>,
    entries: Vec<Entry>,
    /// How many scrapes there were.
    scrapes: u64,
    report: Vec<WrittenSeries>,
    said: Said,
}

#[derive(Debug)]
struct Entry {
    bounds: MetricType,
    /// None if relabelling drops it.
    series: Option<WrittenSeries>,
    /// The last scrape that had it.
    seen: u64,
    /// Whether it ends when it is gone.
    tracked: bool,
}

/// What one scrape comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Why it failed, if it did.
    pub error: Option<ScrapeError>,
    /// Samples that the target gave.
    pub scraped: u64,
    /// Samples that were left after relabelling.
    pub kept: u64,
    /// Series that the scrape before did not have.
    pub added: u64,
    /// What became of the samples in the store.
    pub written: Written,
}

/// A sample that waits to be written.
struct Pending {
    entry: usize,
    at: Option<Timestamp>,
    value: f64,
}

#[derive(Default)]
struct Read<'a> {
    metadata: Vec<Metadata<'a>>,
    pending: Vec<Pending>,
    scraped: u64,
    kept: u64,
    added: u64,
}

impl Session {
    /// Takes in what a target answered at `at` after `took`, or why it did not, all of it or nothing.
    pub fn take(
        &mut self,
        store: &Store,
        (target, job): (&Target, &JobConfig),
        (at, took): (Timestamp, Duration),
        answer: Result<&Answer, ScrapeError>,
    ) -> Report {
        self.scrapes += 1;
        let before = self.entries.len();
        let mut read = Read::default();
        let outcome = answer.and_then(|answer| self.read(answer, target, job, &mut read));
        if outcome.is_err() {
            // As if the target had given nothing: what was read so far counts as not seen.
            self.scrapes += 1;
            read.pending.clear();
            self.entries.truncate(before);
            self.texts.retain(|_, entry| *entry < before);
        }
        let mut writer = store.writer(at);
        self.write(&mut writer, &read.pending, job, at);
        self.end_unseen(&mut writer, at);
        if outcome.is_ok() {
            self.said.tell(&mut writer, &read.metadata, at);
        }
        let counts = [read.scraped, read.kept, read.added];
        self.tell(&mut writer, target, at, values(outcome.is_ok(), took, counts));
        let written = writer.written();
        drop(writer);
        if outcome.is_ok() {
            self.forget_unseen();
        }
        let Read { scraped, kept, added, .. } = read;
        Report { error: outcome.err(), scraped, kept, added, written }
    }

    /// Ends all series of the target at `at`, the report's too: it is not scraped any more.
    pub fn end(&mut self, store: &Store, at: Timestamp) {
        let mut writer = store.writer(at);
        self.scrapes += 1;
        self.end_unseen(&mut writer, at);
        for series in &self.report {
            writer.end(series, at);
        }
    }

    /// Reads every series anew at the next scrape, for when what is done to its labels has changed. Those that come out
    /// otherwise end then.
    pub fn forget_texts(&mut self) {
        self.texts.clear();
        self.report.clear();
    }

    fn read<'a>(
        &mut self,
        answer: &'a Answer,
        target: &Target,
        job: &JobConfig,
        read: &mut Read<'a>,
    ) -> Result<(), ScrapeError> {
        let mut exposition = Exposition::new(&answer.body, answer.format, job.limits.exposition(false));
        let limit = job.limits.samples.unwrap_or(u64::MAX);
        loop {
            let known = |text: SeriesText<'_>| {
                let entry = *self.texts.get(text.bytes)?;
                (self.entries[entry].bounds == text.bounds).then_some(entry)
            };
            let Some(step) = exposition.next_with(known) else { break };
            let (entry, at, value) = match step? {
                Step::Metadata(metadata) => {
                    read.metadata.push(metadata);
                    continue;
                }
                Step::Known { known, value, at } => (known, at, value),
                Step::Sample { text, sample } => {
                    let labels = kept_labels(&sample.labels, &target.labels, job)?;
                    read.added += u64::from(labels.is_some());
                    (self.add(text, labels.map(WrittenSeries::new)), sample.at, sample.value)
                }
            };
            read.scraped += 1;
            if self.entries[entry].series.is_some() {
                read.kept += 1;
                if read.kept <= limit {
                    read.pending.push(Pending { entry, at, value });
                }
            }
            self.entries[entry].seen = self.scrapes;
        }
        let found = read.kept;
        if found > limit { Err(ScrapeError::Samples { found, limit }) } else { Ok(()) }
    }

    fn add(&mut self, text: Option<SeriesText<'_>>, series: Option<WrittenSeries>) -> usize {
        let place = self.entries.len();
        let bounds = text.map_or(MetricType::Unknown, |text| text.bounds);
        self.entries.push(Entry { bounds, series, seen: 0, tracked: false });
        if let Some(text) = text {
            self.texts.insert(text.bytes.into(), place);
        }
        place
    }

    fn write(&mut self, writer: &mut Writer<'_>, pending: &[Pending], job: &JobConfig, at: Timestamp) {
        for sample in pending {
            let entry = &mut self.entries[sample.entry];
            let Some(series) = &mut entry.series else { continue };
            let own = sample.at.filter(|_| job.honor_timestamps);
            writer.sample(series, own.unwrap_or(at), sample.value);
            entry.tracked = own.is_none() || job.track_timestamps_staleness;
            if !series.is_placed() {
                // There was no room for it: it is to take none here either.
                entry.seen = 0;
            }
        }
    }

    fn end_unseen(&self, writer: &mut Writer<'_>, at: Timestamp) {
        let gone = self.entries.iter().filter(|entry| entry.tracked && entry.seen != self.scrapes);
        for series in gone.filter_map(|entry| entry.series.as_ref()) {
            writer.end(series, at);
        }
    }

    /// Forgets what the last scrape had not.
    fn forget_unseen(&mut self) {
        if self.entries.iter().all(|entry| entry.seen == self.scrapes) {
            return;
        }
        let mut left: Vec<Option<Entry>> = std::mem::take(&mut self.entries).into_iter().map(Some).collect();
        let (entries, scrapes) = (&mut self.entries, self.scrapes);
        self.texts.retain(|_, place| {
            let Some(entry) = left[*place].take_if(|entry| entry.seen == scrapes) else { return false };
            *place = entries.len();
            entries.push(entry);
            true
        });
        self.texts.shrink_to(2 * self.entries.len());
    }

    fn tell(&mut self, writer: &mut Writer<'_>, target: &Target, at: Timestamp, values: [f64; REPORT.len()]) {
        if self.report.is_empty() {
            let series = |name| WrittenSeries::new(target.labels.with(METRIC_NAME, name));
            self.report.extend(REPORT.map(series));
        }
        for (series, value) in self.report.iter_mut().zip(values) {
            writer.sample(series, at, value);
        }
    }
}

fn values(is_up: bool, took: Duration, [scraped, kept, added]: [u64; 3]) -> [f64; REPORT.len()] {
    [f64::from(u8::from(is_up)), took.as_secs_f64(), scraped as f64, kept as f64, added as f64]
}
