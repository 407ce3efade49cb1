//! What sources say about metrics.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::FixedState;
use smol_str::SmolStr;

use super::index::Index;
use crate::exposition::MetricType;

/// What a source says about a metric.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct MetricMetadata {
    /// Its type.
    pub metric_type: MetricType,
    /// What it means, in the source's words; at most 4 KiB are kept.
    pub help: String,
    /// Its unit, if told.
    pub unit: String,
}

/// How many different things are kept about one metric, when sources disagree.
const MOST_OPINIONS: usize = 8;
/// How much of a metric's help is kept, in bytes.
const MOST_HELP: usize = 4 << 10;
/// The part of the store's memory that may go to metadata, as one in so many.
const PART: usize = 16;
/// What a metric's name and one thing that is said about it take besides their text, in bytes.
const ENTRY_BYTES: usize = 160;

/// What the series of a metric family may be called after its name (OpenMetrics 1.0, section "Suffixes").
const SUFFIXES: [&str; 7] = ["", "_total", "_bucket", "_count", "_sum", "_info", "_created"];

/// What is said about each metric.
#[derive(Debug, Default)]
pub(super) struct Said {
    by_metric: HashMap<SmolStr, Vec<MetricMetadata>, FixedState>,
    bytes: usize,
}

impl Said {
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Keeps what is new; at the limit of memory nothing more.
    pub(super) fn note(&mut self, metric: &str, said: &MetricMetadata, most_bytes: usize) {
        let known = self.by_metric.get(metric);
        if known.is_some_and(|known| known.contains(said) || known.len() >= MOST_OPINIONS) {
            return;
        }
        let mut said = said.clone();
        said.help.truncate(said.help.floor_char_boundary(MOST_HELP));
        let grown = size(metric, &said);
        if self.bytes + grown > most_bytes / PART || known.is_some_and(|known| known.contains(&said)) {
            return;
        }
        self.bytes += grown;
        self.by_metric.entry(metric.into()).or_default().push(said);
    }

    /// Forgets metrics without series.
    pub(super) fn forget(&mut self, index: &Index) {
        let bytes = &mut self.bytes;
        let mut name = String::new();
        self.by_metric.retain(|metric, said| {
            let lives = SUFFIXES.iter().any(|suffix| {
                name.clear();
                name.extend([metric.as_str(), suffix]);
                index.has(larum_core::label::METRIC_NAME, &name)
            });
            if !lives {
                *bytes = bytes.saturating_sub(said.iter().map(|said| size(metric, said)).sum());
            }
            lives
        });
    }

    pub(super) fn all(&self) -> BTreeMap<SmolStr, Vec<MetricMetadata>> {
        self.by_metric.iter().map(|(metric, said)| (metric.clone(), said.clone())).collect()
    }
}

fn size(metric: &str, said: &MetricMetadata) -> usize {
    ENTRY_BYTES + metric.len() + said.help.len() + said.unit.len()
}
