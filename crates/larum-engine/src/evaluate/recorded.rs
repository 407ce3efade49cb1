//! What a rule writes into the series in memory.

use std::collections::HashMap;

use larum_core::label::LabelSet;
use larum_core::time::Timestamp;
use larum_metrics::{Store, WrittenSeries};

/// The series that one rule wrote last.
#[derive(Debug, Default)]
pub(super) struct Recorded(HashMap<LabelSet, WrittenSeries>);

impl Recorded {
    /// Whether there are any.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Writes these samples, all of the time `at`; the series that it wrote last and that are not among them end.
    pub fn write(&mut self, store: &Store, samples: Vec<(LabelSet, f64)>, at: Timestamp, now: Timestamp) {
        let mut before = std::mem::take(&mut self.0);
        let mut writer = store.writer(now);
        for (labels, value) in samples {
            let mut series = before.remove(&labels).unwrap_or_else(|| WrittenSeries::new(labels.clone()));
            writer.sample(&mut series, at, value);
            self.0.insert(labels, series);
        }
        for gone in before.values() {
            writer.end(gone, at);
        }
    }
}
