//! What counts at the edges of ranges and at instants, beyond the samples within.

use super::Evaluator;
use super::place::{Held, slice};
use crate::error::EvalError;
use crate::expr::{Edges, Select};
use crate::value::{Element, Sample, is_stale};

/// The samples of a series without staleness markers that make up its window `(from, to]`: the first may lie before it
/// and the last behind. None if nothing but what was before is known (Prometheus, `extendedRate` and
/// `pickFirstSampleIndex`).
pub(super) fn window(samples: &[Sample], from: i64, to: i64, edges: Edges, lookback: i64) -> &[Sample] {
    let (before, behind) = edges.beyond(lookback);
    let known = slice(samples, from.saturating_sub(before), to.saturating_add(behind));
    let [.., newest] = known else { return &[] };
    if edges == Edges::Plain {
        return known;
    }
    let first = known.partition_point(|sample| sample.millis() <= from).saturating_sub(1);
    let end = known.partition_point(|sample| sample.millis() < to) + 1;
    let end = if edges == Edges::Smoothed { end.min(known.len()) } else { known.len() };
    if newest.millis() <= from { &[] } else { known.get(first..end).unwrap_or(&[]) }
}

/// The height at `at` of the straight line from one sample to the next; a counter that fell began at zero when the
/// first was measured (Prometheus, `interpolate`).
pub(crate) fn between(before: &Sample, behind: &Sample, at: i64, counter: bool) -> f64 {
    let start = if counter && behind.value < before.value { 0.0 } else { before.value };
    let (passed, whole) =
        (at.saturating_sub(before.millis()), behind.millis().saturating_sub(before.millis()));
    start + (behind.value - start) * passed as f64 / whole as f64
}

impl Evaluator<'_> {
    /// What a smoothed selector finds at `at`: between two samples a value of its own, behind the last one the last;
    /// staleness markers are no end (Prometheus, `smoothSeries`).
    pub(super) fn smoothed(&self, select: &Select, at: i64) -> Result<Vec<Element>, EvalError> {
        let held = self.selected(select)?;
        let at = self.shifted(at, select.shift);
        self.touch(held.len())?;
        let value = |series: &Held| smooth(&series.samples, at, self.lookback());
        Ok(held
            .iter()
            .filter_map(|series| Some(Element::new(series.labels.clone(), value(series)?)))
            .collect())
    }
}

fn smooth(samples: &[Sample], at: i64, lookback: i64) -> Option<f64> {
    let fresh = |sample: &&Sample| !is_stale(sample.value);
    let before = slice(samples, at.saturating_sub(lookback), at).iter().rev().find(fresh)?;
    let behind = slice(samples, at, at.saturating_add(lookback)).iter().find(fresh);
    Some(match behind {
        Some(behind) if before.millis() < at => between(before, behind, at, false),
        _ => before.value,
    })
}
