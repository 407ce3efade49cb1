//! The lines that a preview draws, and when each would have fired.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::time::Duration;

use larum_core::label::LabelSet;
use larum_core::time::Timestamp;
use larum_promql::{Sample, Series, Span};
use larum_rules::{FiringPeriod, firing_periods, time_firing};

use crate::view::labels::show_labels;
use crate::wire::preview::{Rehearsal, RehearsedPeriod, RehearsedSeries};

/// The most series that are drawn.
const MAX_DRAWN: usize = 20;

/// Series over the steps of a time.
pub struct Lines(Vec<Line>);

/// One series. Of a hundred thousand most may be there for a moment only, so what is not there takes no room.
struct Line {
    labels: LabelSet,
    /// In order of their steps, of which each has one at most.
    points: Vec<Point>,
}

/// What a series is at a step.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Point {
    step: usize,
    value: f64,
    /// Whether the condition holds.
    holds: bool,
}

impl Lines {
    /// Series whose values say whether the condition holds.
    pub fn compared(measured: Vec<Series>, span: Span, holds: impl Fn(f64) -> bool) -> Self {
        let line = |series: Series| {
            let point = |sample: &Sample| {
                let (step, value) = (step_of(span, sample.at)?, sample.value);
                Some(Point { step, value, holds: holds(value) })
            };
            let mut points: Vec<Point> = series.samples.iter().filter_map(point).collect();
            points.sort_by_key(|point| point.step);
            points.dedup_by_key(|point| point.step);
            Line { labels: series.labels, points }
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
            for step in series.samples.iter().filter_map(|sample| step_of(span, sample.at)) {
                if let Ok(found) = line.points.binary_search_by_key(&step, |point| point.step) {
                    line.points[found].holds = true;
                }
            }
        }
        lines
    }
}

impl Line {
    /// What it is at each of so many steps.
    fn steps(&self, count: usize) -> impl Iterator<Item = Option<Point>> {
        let mut points = self.points.iter().peekable();
        (0..count).map(move |step| points.next_if(|point| point.step == step).copied())
    }

    fn firing_periods(&self, span: Span, hold: Duration, keep_firing: Duration) -> Vec<FiringPeriod> {
        if !self.points.iter().any(|point| point.holds) {
            return Vec::new();
        }
        let steps = self.steps(count(span)).enumerate();
        let held = steps.map(|(step, point)| (at(span, step), point.is_some_and(|point| point.holds)));
        firing_periods(hold, keep_firing, held)
    }
}

/// How many steps a time has.
fn count(span: Span) -> usize {
    step_of(span, span.end).map_or(0, |last| last + 1)
}

/// The step that a time belongs to; none outside of the span.
fn step_of(span: Span, at: Timestamp) -> Option<usize> {
    if at < span.start || at > span.end {
        return None;
    }
    let step = at.since(span.start).as_millis() / span.step.as_millis().max(1);
    usize::try_from(step).ok()
}

fn at(span: Span, step: usize) -> Timestamp {
    span.start.plus(span.step.saturating_mul(u32::try_from(step).unwrap_or(u32::MAX)))
}

/// What a policy would have done that has to hold for `hold`.
pub fn show_rehearsal(lines: Lines, span: Span, hold: Duration, keep_firing: Duration) -> Rehearsal {
    let end = at(span, count(span).saturating_sub(1));
    let rehearsed = lines.0.into_iter().map(|line| {
        let periods = line.firing_periods(span, hold, keep_firing);
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
        series: rehearsed.into_iter().map(|(line, periods)| show_line(&line, periods, span)).collect(),
        more,
    }
}

fn show_line(line: &Line, periods: Vec<FiringPeriod>, span: Span) -> RehearsedSeries {
    let value = |point: Option<Point>| point.map(|point| point.value).filter(|value| value.is_finite());
    let period =
        |period: FiringPeriod| RehearsedPeriod { from: period.from.into(), to: period.to.map(Into::into) };
    RehearsedSeries {
        labels: show_labels(&line.labels),
        values: line.steps(count(span)).map(value).collect(),
        firing: periods.into_iter().map(period).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_millis(second * 1000)
    }

    #[test]
    fn what_a_server_says_of_other_times_or_twice_is_left_out() {
        let span = Span { start: second(60), end: second(150), step: Duration::from_secs(30) };
        let samples = [(150, 4.0), (0, 1.0), (90, 2.0), (90, 3.0), (180, 5.0)];
        let samples = samples.map(|(at, value)| Sample { at: second(at), value });
        let series = Series { labels: LabelSet::empty(), samples: samples.into() };
        let lines = Lines::compared(vec![series], span, |value| value > 1.0);
        let shown = show_rehearsal(lines, span, Duration::ZERO, Duration::ZERO);
        assert_eq!(shown.series[0].values, [None, Some(2.0), None, Some(4.0)]);
        assert_eq!((shown.fired, shown.firing_seconds), (2, 30.0));
    }
}
