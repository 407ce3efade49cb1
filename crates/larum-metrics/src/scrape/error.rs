//! Why a scrape failed.

use std::error::Error;
use std::time::Duration;

use crate::exposition::{ContentTypeError, ExpositionError, LimitReached};
use larum_core::duration::show_duration;

/// Why a scrape failed: nothing of it is kept, `up` is 0, and the series of the target end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScrapeError {
    /// The request could not be made, or its answer broke off.
    #[error("{0}")]
    Connection(String),
    /// The credentials or certificates of the job cannot be read or used.
    #[error("{0}")]
    Credentials(String),
    /// The answer took too long.
    #[error("the target did not answer within {}", show_duration(*.0))]
    Timeout(Duration),
    /// The answer is not 200.
    #[error("the target answered with HTTP status {0}")]
    Status(String),
    /// The answer does not say that it is one of metrics.
    #[error("{0}; a fallback_scrape_protocol would say how to read it")]
    ContentType(#[from] ContentTypeError),
    /// The answer says that it is compressed in a way that was not asked for.
    #[error("the answer is encoded as {0:?}, which was not asked for")]
    Encoding(String),
    /// The compressed answer is broken.
    #[error("the answer is not the gzip that it says it is: {0}")]
    Gzip(String),
    /// The answer is too large.
    #[error("the answer has more bytes than the limit of {0}")]
    BodyBytes(u64),
    /// The answer cannot be read.
    #[error("{0}")]
    Exposition(#[from] ExpositionError),
    /// There are too many samples.
    #[error("{found} samples are left after relabelling, the limit is {limit}")]
    Samples {
        /// How many there are.
        found: u64,
        /// How many there may be.
        limit: u64,
    },
    /// A series has too many or too long labels.
    #[error("{series}: {reason}")]
    Labels {
        /// The name of the metric.
        series: String,
        /// Which limit.
        reason: LimitReached,
    },
    /// Relabelling took a series' name away.
    #[error("relabelling leaves a series without a metric name")]
    NoName,
    /// The job has too many targets.
    #[error("the job has {found} targets, its limit is {limit}")]
    Targets {
        /// How many there are.
        found: usize,
        /// How many there may be.
        limit: u64,
    },
}

impl ScrapeError {
    /// That something which the job names cannot be used.
    pub(super) fn unusable(what: &str, error: &dyn Error) -> Self {
        Self::Credentials(format!("{what} cannot be used: {}", innermost(error)))
    }
}

/// The innermost cause of an error, which is what a person can act on.
pub(super) fn innermost(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
