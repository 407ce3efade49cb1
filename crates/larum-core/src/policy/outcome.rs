//! What an evaluation of a policy's expression came to.

use std::sync::Arc;
use std::time::Duration;

use smol_str::SmolStr;

use crate::alert::Measured;
use crate::label::LabelSet;
use crate::time::Timestamp;

/// One series of the answer: something that the policy says is so right now.
#[derive(Clone, PartialEq, Debug)]
pub struct SeriesValue {
    /// The labels of the series; a metric name among them is left out of the alert.
    pub labels: LabelSet,
    /// The labels that the policy sets, filled in for this series.
    pub set_labels: Vec<(SmolStr, String)>,
    /// The policy's texts, filled in for this series.
    pub annotations: LabelSet,
    /// Where the expression can be looked at; empty if that is unknown.
    pub generator_url: Arc<str>,
    /// What was measured.
    pub measured: Measured,
}

/// What one evaluation came to.
#[derive(Clone, PartialEq, Debug)]
pub enum Outcome {
    /// There is an answer: these series, perhaps none.
    Series {
        /// The series.
        series: Vec<SeriesValue>,
        /// Whether the source knows all of the time that the expression looks back on. While it does not, as for
        /// some time after a start, a series that is missing proves nothing.
        complete: bool,
        /// What is wrong without making the answer wrong, such as a text that could not be filled in.
        warnings: Vec<String>,
    },
    /// Nothing came out because a whole selector is empty: nothing is measured at all.
    NoData {
        /// The selectors that found nothing.
        selectors: Vec<String>,
        /// As in [`Outcome::Series`].
        complete: bool,
    },
    /// It could not be evaluated, for this reason: the source is down, too slow, or a limit was reached.
    Failed(String),
}

/// How the last evaluation went.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Health {
    /// There was an answer.
    Ok,
    /// There was nothing to answer from.
    NoData {
        /// Since when.
        since: Timestamp,
        /// The selectors that found nothing.
        selectors: Vec<String>,
    },
    /// It failed.
    Error {
        /// Why, in words for the one who wrote the policy.
        message: String,
    },
}

/// The last evaluation, as people see it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LastEvaluation {
    /// When.
    pub at: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// How it went.
    pub health: Health,
    /// What is wrong without making the answer wrong.
    pub warnings: Vec<String>,
}
