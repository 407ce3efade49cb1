//! The lines that a preview draws, and when each would have fired.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::time::Duration;

use larum_core::label::LabelSet;
use larum_core::time::Timestamp;
use larum_promql::{Series, Span};
use larum_rules::{FiringPeriod, firing_periods, time_firing};

use super::preview::show_labels;
use crate::wire::preview::{Rehearsal, RehearsedPeriod, RehearsedSeries};

/// The most series that are drawn.
const MAX_DRAWN: usize = 20;

/// Series over the steps of a time.
pub struct Lines(Vec<Line>);

/// One series: at each step its value, and whether the condition holds for it.
struct Line {
    labels: LabelSet,
    steps: Vec<Option<(f64, bool)>>,
}

impl Lines {
    /// Series whose values say whether the condition holds.
    pub fn compared(measured: Vec<Series>, span: Span, holds: impl Fn(f64) -> bool) -> Self {
        let line = |series: Series| {
            let mut steps = vec![None; count(span)];
            for sample in series.samples.iter() {
                if let Some(step) = steps.get_mut(index(span, sample.at)) {
                    *step = Some((sample.value, holds(sample.value)));
                }
            }
            Line { labels: series.labels, steps }
        };
        Self(measured.into_iter().map(line).collect())
    }

    /// Series for which the condition holds where another answer has them.
    pub fn held(measured: Vec<Series>, holding: &[Series], span: Span) -> Self {
        let mut lines = Self::compared(measured, span, |_| false);
        let places: HashMap<LabelSet, usize> =
            lines.0.iter().enumerate().map(|(place, line)| (line.labels.clone(), place)).collect();
        for series in holding {
            let Some(line) = places.get(&series.labels).and_then(|place| lines.0.get_mut(*place)) else {
                continue;
            };
            for sample in series.samples.iter() {
                if let Some(Some((_, holds))) = line.steps.get_mut(index(span, sample.at)) {
                    *holds = true;
                }
            }
        }
        lines
    }
}

/// How many steps a time has.
fn count(span: Span) -> usize {
    index(span, span.end) + 1
}

fn index(span: Span, at: Timestamp) -> usize {
    let steps = at.since(span.start).as_millis() / span.step.as_millis().max(1);
    usize::try_from(steps).unwrap_or(usize::MAX)
}

fn at(span: Span, index: usize) -> Timestamp {
    span.start.plus(span.step * u32::try_from(index).unwrap_or(u32::MAX))
}

/// What a policy would have done that has to hold for `hold`.
pub fn show_rehearsal(lines: Lines, span: Span, hold: Duration, keep_firing: Duration) -> Rehearsal {
    let end = at(span, count(span) - 1);
    let rehearsed = lines.0.into_iter().map(|line| {
        let held = line.steps.iter().enumerate();
        let held = held.map(|(index, step)| (at(span, index), step.is_some_and(|(_, holds)| holds)));
        let periods = firing_periods(hold, keep_firing, held);
        (line, periods)
    });
    let mut rehearsed: Vec<(Line, Vec<FiringPeriod>)> = rehearsed.collect();
    let all = || rehearsed.iter().flat_map(|(_, periods)| periods.iter().copied());
    let (fired, firing) = (all().count(), time_firing(all(), end));
    rehearsed.sort_by_cached_key(|(line, periods)| {
        (Reverse(time_firing(periods.iter().copied(), end)), Reverse(periods.len()), line.labels.clone())
    });
    let more = rehearsed.len().saturating_sub(MAX_DRAWN);
    rehearsed.truncate(MAX_DRAWN);
    Rehearsal {
        start: span.start.into(),
        end: end.into(),
        step_seconds: span.step.as_secs_f64(),
        fired,
        firing_seconds: firing.as_secs_f64(),
        series: rehearsed.into_iter().map(show_line).collect(),
        more,
    }
}

fn show_line((line, periods): (Line, Vec<FiringPeriod>)) -> RehearsedSeries {
    let value = |step: &Option<(f64, bool)>| step.map(|(value, _)| value).filter(|value| value.is_finite());
    let period =
        |period: FiringPeriod| RehearsedPeriod { from: period.from.into(), to: period.to.map(Into::into) };
    RehearsedSeries {
        labels: show_labels(&line.labels),
        values: line.steps.iter().map(value).collect(),
        firing: periods.into_iter().map(period).collect(),
    }
}
