//! Where series come from: a trait of one method, and a list in memory that implements it.

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
