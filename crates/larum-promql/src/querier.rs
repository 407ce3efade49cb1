//! Where series come from: a trait of which one method has to be written, and a list in memory that implements it.

use larum_core::matcher::Matcher;
use larum_core::time::Timestamp;

use crate::value::Series;

/// A source of series. It does its own IO beforehand or not at all: evaluation is pure.
pub trait Querier {
    /// The series that all `matchers` let through, each with its samples in the left-open range
    /// `(from, to]` in order of time, staleness markers included. Series without a sample in the range may be
    /// left out. No two series have the same labels; their order is the order of results that no function sorts.
    ///
    /// # Errors
    /// [`SelectError`] when the source cannot answer.
    fn select(
        &self,
        matchers: &[Matcher],
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Series>, SelectError>;

    /// The same series, of each only the newest sample in the range: all that an instant vector selector needs, and
    /// what most sources have at hand.
    ///
    /// # Errors
    /// [`SelectError`] when the source cannot answer.
    fn select_newest(
        &self,
        matchers: &[Matcher],
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Series>, SelectError> {
        let mut found = self.select(matchers, from, to)?;
        for series in &mut found {
            if let [_, .., newest] = *series.samples {
                series.samples = [newest].into();
            }
        }
        Ok(found)
    }

    /// How many samples [`Querier::select`] would answer with at the least, as far as that is known without reading them:
    /// what is too much for an evaluation is not even read.
    fn at_least(&self, _matchers: &[Matcher], _from: Timestamp, _to: Timestamp) -> u64 {
        0
    }

    /// Whether there is time left for the evaluation; it asks now and then, and fails with
    /// [`EvalError::TimedOut`](crate::EvalError::TimedOut) when there is none. See [`Until`].
    fn has_time(&self) -> bool {
        true
    }
}

/// A source that is asked only as long as there is time: what limits how long an evaluation takes, which itself knows
/// no clock.
///
/// ```
/// # use larum_core::time::Timestamp;
/// # use larum_promql::{EvalError, Options, Query, SeriesList, Until};
/// let query = Query::parse("sum_over_time(vector(1)[1d:1ms])").unwrap();
/// let source = SeriesList(Vec::new());
/// let too_late = Until::new(&source, || false);
/// let outcome = query.instant(&too_late, Timestamp::from_millis(0), &Options::default());
/// assert_eq!(outcome.unwrap_err(), EvalError::TimedOut);
/// ```
pub struct Until<'a, F> {
    source: &'a dyn Querier,
    has_time: F,
}

impl<'a, F: Fn() -> bool> Until<'a, F> {
    /// `source`, as long as `has_time` says so.
    pub fn new(source: &'a dyn Querier, has_time: F) -> Self {
        Self { source, has_time }
    }
}

impl<F: Fn() -> bool> Querier for Until<'_, F> {
    fn select(
        &self,
        matchers: &[Matcher],
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Series>, SelectError> {
        self.source.select(matchers, from, to)
    }

    fn select_newest(
        &self,
        matchers: &[Matcher],
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Series>, SelectError> {
        self.source.select_newest(matchers, from, to)
    }

    fn at_least(&self, matchers: &[Matcher], from: Timestamp, to: Timestamp) -> u64 {
        self.source.at_least(matchers, from, to)
    }

    fn has_time(&self) -> bool {
        (self.has_time)() && self.source.has_time()
    }
}

/// Why a source could not answer, in words for the one who wrote the expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SelectError(pub String);

/// Series in a plain list: for tests of rules and for data that was fetched before.
#[derive(Clone, Debug, Default)]
pub struct SeriesList(pub Vec<Series>);

impl Querier for SeriesList {
    fn select(
        &self,
        matchers: &[Matcher],
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Series>, SelectError> {
        let matching =
            self.0.iter().filter(|series| matchers.iter().all(|matcher| matcher.matches(&series.labels)));
        Ok(matching
            .filter_map(|series| {
                let start = series.samples.partition_point(|sample| sample.at <= from);
                let end = series.samples.partition_point(|sample| sample.at <= to);
                (start < end).then(|| Series {
                    labels: series.labels.clone(),
                    samples: series.samples[start..end].into(),
                })
            })
            .collect())
    }
}
