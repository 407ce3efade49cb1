//! What a collector reads: one value of one series, without a time.

use larum_core::label::{LabelSet, METRIC_NAME};

/// One value of one series at the time of the collection.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// What the series is known by, the metric name among them.
    pub labels: LabelSet,
    /// What was read.
    pub value: f64,
}

impl Reading {
    /// The metric's name.
    pub fn name(&self) -> &str {
        self.labels.value(METRIC_NAME)
    }
}
