//! Functions of a window: what the samples of one series over a range of time come to.

use super::quantile;
use super::summation::{Mean, Sum, Variance};
use crate::eval::edges::between;
use crate::expr::Edges;
use crate::value::Sample;

/// The samples of one series in the left-open range `(from, to]`; at least one, none stale. With other edges than plain
/// ones the first may lie before the range, and the last behind it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window<'a> {
    pub samples: &'a [Sample],
    /// Milliseconds since the epoch, not part of the window.
    pub from: i64,
    /// Milliseconds since the epoch, part of the window.
    pub to: i64,
    /// The time of the evaluation, which `offset` and `@` move the window away from.
    pub at: i64,
    pub edges: Edges,
}

impl Window<'_> {
    fn values(&self) -> impl Iterator<Item = f64> {
        self.samples.iter().map(|sample| sample.value)
    }

    fn pairs(&self) -> impl Iterator<Item = (f64, f64)> {
        self.samples.windows(2).map(|pair| (pair[0].value, pair[1].value))
    }

    /// The values at both edges, which are the first and the last of all unless there is a sample beyond an edge to
    /// smooth with (Prometheus, `pickOrInterpolateLeft` and `pickOrInterpolateRight`).
    pub(super) fn at_edges(&self, counter: bool) -> Option<(f64, f64)> {
        let smooth = |before, behind, at| between(before, behind, at, counter);
        let left = match self.samples {
            [first, second, ..] if self.is_smoothed() && first.millis() < self.from => {
                smooth(first, second, self.from)
            }
            [first, ..] => first.value,
            [] => return None,
        };
        let right = match self.samples {
            [.., before, last] if self.is_smoothed() && last.millis() > self.to => {
                smooth(before, last, self.to)
            }
            [.., last] => last.value,
            [] => return None,
        };
        Some((left, right))
    }

    /// The samples between the edges and on neither.
    pub(super) fn inside(&self) -> &[Sample] {
        let start = self.samples.partition_point(|sample| sample.millis() <= self.from);
        let end = self.samples.partition_point(|sample| sample.millis() < self.to);
        self.samples.get(start..end).unwrap_or(&[])
    }

    fn is_smoothed(&self) -> bool {
        self.edges == Edges::Smoothed
    }

    /// The samples as a range vector by itself has them: where there are other edges, one on each (Prometheus,
    /// `extendFloats`).
    pub(crate) fn shown(&self) -> Vec<Sample> {
        match self.at_edges(false) {
            Some((left, right)) if self.edges != Edges::Plain => {
                let mut shown = vec![Sample::new(self.from, left)];
                shown.extend_from_slice(self.inside());
                shown.push(Sample::new(self.to, right));
                shown
            }
            _ => self.samples.to_vec(),
        }
    }
}

pub(super) fn average(window: &Window<'_>) -> Option<f64> {
    let mut mean = Mean::default();
    window.values().for_each(|value| mean.add(value));
    Some(mean.value())
}

pub(super) fn sum(window: &Window<'_>) -> Option<f64> {
    let mut sum = Sum::default();
    window.values().for_each(|value| sum.add(value));
    Some(sum.value())
}

pub(super) fn count(window: &Window<'_>) -> Option<f64> {
    Some(window.samples.len() as f64)
}

pub(super) fn first(window: &Window<'_>) -> Option<f64> {
    window.samples.first().map(|sample| sample.value)
}

pub(super) fn last(window: &Window<'_>) -> Option<f64> {
    window.samples.last().map(|sample| sample.value)
}

/// The largest value; NaN only if all are.
pub(super) fn maximum(window: &Window<'_>) -> Option<f64> {
    window.values().reduce(|best, value| if value > best || best.is_nan() { value } else { best })
}

/// The smallest value; NaN only if all are.
pub(super) fn minimum(window: &Window<'_>) -> Option<f64> {
    window.values().reduce(|best, value| if value < best || best.is_nan() { value } else { best })
}

pub(super) fn variance(window: &Window<'_>) -> Option<f64> {
    let mut variance = Variance::default();
    window.values().for_each(|value| variance.add(value));
    Some(variance.value())
}

pub(super) fn deviation(window: &Window<'_>) -> Option<f64> {
    variance(window).map(f64::sqrt)
}

pub(super) fn quantile(window: &Window<'_>, quantile: f64) -> Option<f64> {
    Some(quantile::of_values(quantile, window.values().collect()))
}

/// How often the value differs from the one before; NaN does not differ from NaN.
pub(super) fn changes(window: &Window<'_>) -> Option<f64> {
    let differ = |&(a, b): &(f64, f64)| a != b && !(a.is_nan() && b.is_nan());
    Some(window.pairs().filter(differ).count() as f64)
}

/// How often the value is less than the one before.
pub(super) fn resets(window: &Window<'_>) -> Option<f64> {
    Some(window.pairs().filter(|(before, after)| after < before).count() as f64)
}
