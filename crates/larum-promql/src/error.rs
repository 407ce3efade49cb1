//! What can go wrong, in words for whoever wrote the expression.

use crate::querier::SelectError;

/// Why a text is not an expression that can be evaluated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// The text is not PromQL, or its types do not fit.
    #[error("parse error: {0}")]
    Syntax(String),
    /// The text is PromQL only up to a place; columns count characters, and both begin with 1.
    #[error("{line}:{column}: parse error: unexpected {what}")]
    Unexpected {
        /// The line of the place.
        line: usize,
        /// The column of the place.
        column: usize,
        /// What stands there: a token in quotes, or the end.
        what: String,
    },
    /// What stands at a place of the text cannot be meant; columns count characters, and both begin with 1.
    #[error("{line}:{column}: parse error: {what}")]
    Fault {
        /// The line of the place.
        line: usize,
        /// The column of the place.
        column: usize,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The text is PromQL, but an argument has a value that the function cannot take; Prometheus finds that only when
    /// it evaluates.
    #[error("{0}")]
    Argument(String),
    /// A computed duration comes to nothing that can be meant.
    #[error("{0}")]
    Duration(String),
    /// The text is PromQL, but asks for something Larum does not evaluate.
    #[error("{what} is not supported: {why}")]
    Unsupported {
        /// What was asked for, by its name in the expression.
        what: String,
        /// Why it is refused.
        why: &'static str,
    },
    /// The expression is larger than [`MAX_BYTES`](crate::MAX_BYTES), [`MAX_DEPTH`](crate::MAX_DEPTH) or
    /// [`MAX_PARTS`](crate::MAX_PARTS) allow.
    #[error("the expression is too large: more than {limit} {unit}")]
    TooLarge {
        /// The limit that was passed.
        limit: usize,
        /// What it counts.
        unit: &'static str,
    },
}

/// Why an expression could not be evaluated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvalError {
    /// The source of series failed.
    #[error("cannot read series: {0}")]
    Select(#[from] SelectError),
    /// One of [`Limits`](crate::Limits) was reached.
    #[error("the query needs more than {limit} {unit}")]
    Limit {
        /// The limit that was reached.
        limit: u64,
        /// What it counts.
        unit: &'static str,
    },
    /// The time for the evaluation is over ([`Querier::has_time`](crate::Querier::has_time)).
    #[error("query timed out in expression evaluation")]
    TimedOut,
    /// Both sides of an operator have several series for one group of matching labels.
    #[error(
        "found duplicate series for the match group {group} on the {side} hand-side of the operation: [{first}, \
         {second}];many-to-many matching not allowed: matching labels must be unique on one side"
    )]
    ManyToMany {
        /// The labels that match.
        group: String,
        /// `left` or `right`.
        side: &'static str,
        /// One series.
        first: String,
        /// Another with the same matching labels.
        second: String,
    },
    /// Several series of one side match one of the other without `group_left` or `group_right`.
    #[error("multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)")]
    ManyToOne,
    /// The labels of the result would not tell its elements apart.
    #[error("multiple matches for labels: grouping labels must ensure unique matches")]
    NotUnique,
    /// Two elements of one result have the same labels.
    #[error("vector cannot contain metrics with the same labelset")]
    SameLabels,
    /// An argument has a value that the function cannot take.
    #[error("{0}")]
    Argument(String),
    /// A computed duration comes to nothing that can be meant with the steps and the range of this query.
    #[error("{0}")]
    Duration(String),
    /// The range of a range query is empty, or its step is not positive.
    #[error("{0}")]
    Range(&'static str),
}
