//! How much an exposition may hold.

use larum_core::label::LabelSet;
use thiserror::Error;

use super::error::excerpt;

/// The longest line that is ever read, in bytes, whatever the limits say: a label set counts in 32 bits.
const LONGEST_LINE_BYTES: usize = 256 << 20;

/// Limits on what one scrape may bring, as Prometheus has them (Prometheus, "Configuration", section
/// `scrape_config`); `usize::MAX` is no limit. Here they hold for what the target says. Prometheus' own hold after
/// relabelling: ask [`ExpositionLimits::check`] again there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpositionLimits {
    /// Bytes of one line.
    pub line_bytes: usize,
    /// Samples of one scrape: `sample_limit`.
    pub samples: usize,
    /// Lines of one scrape that say something about a metric. Prometheus has no limit for them.
    pub metadata: usize,
    /// Labels of one series, the metric name among them: `label_limit`.
    pub labels: usize,
    /// Bytes of a label's name: `label_name_length_limit`. `__name__` has 8.
    pub label_name_bytes: usize,
    /// Bytes of a label's value, that of `__name__` too: `label_value_length_limit`.
    pub label_value_bytes: usize,
}

impl Default for ExpositionLimits {
    /// Far above what any exporter writes: 1 MiB a line, 1,000,000 samples, 200,000 lines of metadata, 128 labels,
    /// names of 1 KiB, values of 64 KiB.
    fn default() -> Self {
        Self {
            line_bytes: 1 << 20,
            samples: 1_000_000,
            metadata: 200_000,
            labels: 128,
            label_name_bytes: 1 << 10,
            label_value_bytes: 64 << 10,
        }
    }
}

/// Which limit was reached, and what it is.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LimitReached {
    /// [`ExpositionLimits::line_bytes`]
    #[error("the line has {found} bytes, the limit is {limit}")]
    LineBytes {
        /// How many there are.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// [`ExpositionLimits::samples`]
    #[error("there are more samples than the limit of {limit}")]
    Samples {
        /// How many there may be.
        limit: usize,
    },
    /// [`ExpositionLimits::metadata`]
    #[error("there are more lines of metadata than the limit of {limit}")]
    Metadata {
        /// How many there may be.
        limit: usize,
    },
    /// [`ExpositionLimits::labels`]
    #[error("the series has {found} labels, the limit is {limit}")]
    Labels {
        /// How many there are.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// [`ExpositionLimits::label_name_bytes`]
    #[error("the label name {name:?} has {found} bytes, the limit is {limit}")]
    LabelNameBytes {
        /// The beginning of the name.
        name: String,
        /// How many there are.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// [`ExpositionLimits::label_value_bytes`]
    #[error("the value of the label {name:?} has {found} bytes, the limit is {limit}")]
    LabelValueBytes {
        /// The label's name.
        name: String,
        /// How many there are.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
}

impl ExpositionLimits {
    /// Whether a series with these labels is within the limits of labels.
    ///
    /// # Errors
    /// The first limit that is not kept.
    pub fn check(&self, labels: &LabelSet) -> Result<(), LimitReached> {
        if labels.len() > self.labels {
            return Err(LimitReached::Labels { found: labels.len(), limit: self.labels });
        }
        for (name, value) in labels.iter() {
            if name.len() > self.label_name_bytes {
                let limit = self.label_name_bytes;
                let (name, found) = (excerpt(name.as_bytes()), name.len());
                return Err(LimitReached::LabelNameBytes { name, found, limit });
            }
            if value.len() > self.label_value_bytes {
                let (limit, found) = (self.label_value_bytes, value.len());
                return Err(LimitReached::LabelValueBytes { name: excerpt(name.as_bytes()), found, limit });
            }
        }
        Ok(())
    }

    pub(super) fn line(&self, found: usize) -> Result<(), LimitReached> {
        let limit = self.line_bytes.min(LONGEST_LINE_BYTES);
        if found > limit { Err(LimitReached::LineBytes { found, limit }) } else { Ok(()) }
    }

    pub(super) fn samples(&self, found: usize) -> Result<(), LimitReached> {
        let limit = self.samples;
        if found > limit { Err(LimitReached::Samples { limit }) } else { Ok(()) }
    }

    pub(super) fn metadata(&self, found: usize) -> Result<(), LimitReached> {
        let limit = self.metadata;
        if found > limit { Err(LimitReached::Metadata { limit }) } else { Ok(()) }
    }
}
