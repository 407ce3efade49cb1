//! The places of an expression that hold data: which times each is looked at, and what it holds.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::FixedState;
use larum_core::label::LabelSet;
use larum_core::matcher::Matcher;
use larum_core::time::Timestamp;

use super::{Evaluator, edges};
use crate::error::EvalError;
use crate::expr::{Call, Edges, Expr, Range, RangeOf, Select};
use crate::function::Work;
use crate::function::window::Window;
use crate::limits::NameRemoval;
use crate::pin;
use crate::value::{Element, Level, Sample, Series, is_stale};

/// The first and the last time at which a place is looked at, after its offset; milliseconds since the epoch.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bounds {
    pub first: i64,
    pub last: i64,
}

/// One series that a place holds.
pub(super) struct Held {
    pub labels: LabelSet,
    /// The labels without the metric name, once somebody needed them.
    pub nameless: OnceCell<LabelSet>,
    pub drop_name: bool,
    pub samples: Arc<[Sample]>,
}

/// What is asked of a source.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// One sample of each series, for one instant.
    Newest,
    /// Samples for several instants.
    Instants,
    /// Samples of ranges.
    Ranges,
}

impl Evaluator<'_> {
    /// Finds out at which times each place is looked at when `expr` is evaluated within `bounds`.
    pub(super) fn plan(&mut self, expr: &Expr, bounds: Bounds) {
        match expr {
            Expr::Number(_) | Expr::Text(_) => {}
            Expr::Select(select) => {
                self.bounds[select.id] = self.shifted_bounds(bounds, select.shift);
            }
            Expr::Range(range) => {
                let bounds = self.shifted_bounds(bounds, range.shift);
                self.bounds[range.id] = bounds;
                if let RangeOf::Subquery { inner, step } = &range.of {
                    let (first, last) = self.steps(bounds, range.window, *step);
                    self.plan(inner, Bounds { first, last });
                }
            }
            Expr::Call(call) => {
                self.check_order(call, bounds);
                call.arguments.iter().for_each(|argument| self.plan(argument, bounds));
            }
            Expr::Relabel(relabel) => self.plan(&relabel.inner, bounds),
            Expr::Aggregate(aggregate) => {
                if let Some(parameter) = aggregate.reduce.parameter() {
                    self.plan(parameter, bounds);
                }
                self.plan(&aggregate.inner, bounds);
            }
            Expr::Binary(binary) => {
                self.plan(&binary.left, bounds);
                self.plan(&binary.right, bounds);
            }
            Expr::Negate(inner) => self.plan(inner, bounds),
        }
    }

    /// Says so if a call sorts at several times what ends up in the order of labels.
    fn check_order(&self, call: &Call, bounds: Bounds) {
        if matches!(call.function.work, Work::Sort | Work::SortDescending)
            && bounds.first != bounds.last
            && !pin::is_fixed_call(call)
        {
            self.note(Level::Warning, call.written.at, || {
                "sort is ineffective for range queries since results are always ordered by labels".to_owned()
            });
        }
    }

    fn shifted_bounds(&self, bounds: Bounds, shift: crate::expr::Shift) -> Bounds {
        Bounds { first: self.shifted(bounds.first, shift), last: self.shifted(bounds.last, shift) }
    }

    fn step(&self, step: Option<i64>) -> i64 {
        step.unwrap_or_else(|| i64::try_from(self.options.subquery_step.as_millis()).unwrap_or(i64::MAX))
            .max(1)
    }

    /// The first and last multiple of the step within the windows of a subquery.
    fn steps(&self, bounds: Bounds, window: i64, step: Option<i64>) -> (i64, i64) {
        let step = self.step(step);
        let after = bounds.first.saturating_sub(window);
        (
            after.div_euclid(step).saturating_add(1).saturating_mul(step),
            bounds.last.div_euclid(step).saturating_mul(step),
        )
    }

    /// What a selector finds at `at`, with `value` made of the newest sample of each series.
    pub(super) fn instant(
        &self,
        select: &Select,
        at: i64,
        value: impl Fn(&Sample) -> f64,
    ) -> Result<Vec<Element>, EvalError> {
        let held = self.selected(select)?;
        let at = self.shifted(at, select.shift);
        self.touch(held.len())?;
        let mut elements = Vec::with_capacity(held.len());
        for series in held {
            if let Some(sample) = newest(&series.samples, at, self.lookback()) {
                elements.push(Element::new(series.labels.clone(), value(sample)));
            }
        }
        Ok(elements)
    }

    /// Shows `each` the window of every series of a range vector at `at` that has samples in it.
    pub(super) fn windows(
        &self,
        expr: &Expr,
        at: i64,
        mut each: impl FnMut(&Held, Window<'_>) -> Result<(), EvalError>,
    ) -> Result<(), EvalError> {
        let Expr::Range(range) = expr else { return Err(EvalError::Range("a range vector was expected")) };
        let held = self.ranged(range)?;
        let to = self.shifted(at, range.shift);
        let from = to.saturating_sub(range.window);
        for series in held {
            let samples = edges::window(&series.samples, from, to, range.edges, self.lookback());
            if !samples.is_empty() {
                self.touch(samples.len())?;
                each(series, Window { samples, from, to, at, edges: range.edges })?;
            }
        }
        Ok(())
    }

    pub(super) fn lookback(&self) -> i64 {
        i64::try_from(self.options.lookback.as_millis()).unwrap_or(i64::MAX)
    }

    pub(super) fn selected(&self, select: &Select) -> Result<&[Held], EvalError> {
        self.held(select.id, || {
            let Bounds { first, last } = self.bounds[select.id];
            let from = first.saturating_sub(self.lookback());
            if select.edges == Edges::Smoothed {
                let to = last.saturating_add(self.lookback());
                return self.fetch(&select.matchers, from, to, Wanted::Instants);
            }
            let wanted = if first == last { Wanted::Newest } else { Wanted::Instants };
            self.fetch(&select.matchers, from, last, wanted)
        })
    }

    fn ranged(&self, range: &Range) -> Result<&[Held], EvalError> {
        self.held(range.id, || {
            let bounds = self.bounds[range.id];
            match &range.of {
                RangeOf::Samples(matchers) => {
                    let (before, behind) = range.edges.beyond(self.lookback());
                    let from = bounds.first.saturating_sub(range.window).saturating_sub(before);
                    self.fetch(matchers, from, bounds.last.saturating_add(behind), Wanted::Ranges)
                }
                RangeOf::Subquery { inner, step } => self.subquery(inner, range.window, *step, bounds),
            }
        })
    }

    fn held(
        &self,
        id: usize,
        load: impl FnOnce() -> Result<Vec<Held>, EvalError>,
    ) -> Result<&[Held], EvalError> {
        let place = &self.places[id];
        if place.get().is_none() {
            let loaded = load()?;
            let _ = place.set(loaded);
        }
        Ok(place.get().map_or(&[], Vec::as_slice))
    }

    /// Asks the source; a range has no use for staleness markers.
    fn fetch(
        &self,
        matchers: &[Matcher],
        from: i64,
        to: i64,
        wanted: Wanted,
    ) -> Result<Vec<Held>, EvalError> {
        let (from, to) = (Timestamp::from_millis(from), Timestamp::from_millis(to));
        let series = match wanted {
            Wanted::Newest => self.querier.select_newest(matchers, from, to)?,
            Wanted::Instants | Wanted::Ranges => {
                self.has_room(self.querier.at_least(matchers, from, to))?;
                self.querier.select(matchers, from, to)?
            }
        };
        let limit = self.options.limits.series;
        if series.len() > limit {
            return Err(EvalError::Limit { limit: limit as u64, unit: "series" });
        }
        self.touch(series.iter().map(|series| series.samples.len()).sum())?;
        let hold = |series: Series| {
            let stale =
                wanted == Wanted::Ranges && series.samples.iter().any(|sample| is_stale(sample.value));
            let samples = if stale {
                series.samples.iter().filter(|sample| !is_stale(sample.value)).copied().collect()
            } else {
                series.samples
            };
            Held { labels: series.labels, nameless: OnceCell::new(), drop_name: false, samples }
        };
        Ok(series.into_iter().map(hold).collect())
    }

    /// Evaluates a subquery's inner expression at every step that any of its windows reaches.
    fn subquery(
        &self,
        inner: &Expr,
        window: i64,
        step: Option<i64>,
        bounds: Bounds,
    ) -> Result<Vec<Held>, EvalError> {
        let (mut at, last) = self.steps(bounds, window, step);
        let step = self.step(step);
        let mut index: HashMap<LabelSet, usize, FixedState> = HashMap::default();
        let mut series: Vec<(LabelSet, bool, Vec<Sample>)> = Vec::new();
        while at <= last {
            self.touch(1)?;
            for element in self.vector(inner, at)? {
                let found = *index.entry(element.labels).or_insert_with_key(|labels| {
                    series.push((labels.clone(), element.drop_name, Vec::new()));
                    series.len() - 1
                });
                series[found].2.push(Sample::new(at, element.value));
            }
            let Some(next) = at.checked_add(step) else { break };
            at = next;
        }
        let hold = |(labels, drop_name, samples): (LabelSet, bool, Vec<Sample>)| {
            let drop_name = drop_name && self.options.name_removal == NameRemoval::AtTheEnd;
            Held { labels, nameless: OnceCell::new(), drop_name, samples: samples.into() }
        };
        Ok(series.into_iter().map(hold).collect())
    }

    /// Whether the selector at place `id` finds anything at any time at which it is looked at.
    pub(crate) fn finds_something(&self, expr: &Expr, id: usize) -> Result<bool, EvalError> {
        let found = match find_place(expr, id) {
            Some(Expr::Select(select)) => {
                let Bounds { first, last } = self.bounds[id];
                let oldest = first.saturating_sub(self.lookback());
                self.selected(select)?.iter().any(|series| {
                    match first == last && select.edges != Edges::Smoothed {
                        true => newest(&series.samples, last, self.lookback()).is_some(),
                        false => {
                            slice(&series.samples, oldest, last).iter().any(|sample| !is_stale(sample.value))
                        }
                    }
                })
            }
            Some(Expr::Range(range)) => {
                let Bounds { first, last } = self.bounds[id];
                let from = first.saturating_sub(range.window);
                let within = |samples| edges::window(samples, from, last, range.edges, self.lookback());
                self.ranged(range)?.iter().any(|held| !within(&held.samples).is_empty())
            }
            _ => true,
        };
        Ok(found)
    }
}

/// The newest sample that is not older than `lookback` at `at`, unless the series has ended.
fn newest(samples: &[Sample], at: i64, lookback: i64) -> Option<&Sample> {
    let sample = samples[..samples.partition_point(|sample| sample.millis() <= at)].last()?;
    (sample.millis() > at.saturating_sub(lookback) && !is_stale(sample.value)).then_some(sample)
}

/// The samples in the left-open range `(from, to]`.
pub(super) fn slice(samples: &[Sample], from: i64, to: i64) -> &[Sample] {
    let start = samples.partition_point(|sample| sample.millis() <= from);
    let end = samples.partition_point(|sample| sample.millis() <= to);
    samples.get(start..end).unwrap_or(&[])
}

/// The expression at place `id`.
fn find_place(expr: &Expr, id: usize) -> Option<&Expr> {
    match expr {
        Expr::Number(_) | Expr::Text(_) => None,
        Expr::Select(select) => (select.id == id).then_some(expr),
        Expr::Range(range) if range.id == id => Some(expr),
        Expr::Range(range) => match &range.of {
            RangeOf::Samples(_) => None,
            RangeOf::Subquery { inner, .. } => find_place(inner, id),
        },
        Expr::Call(call) => call.arguments.iter().find_map(|argument| find_place(argument, id)),
        Expr::Relabel(relabel) => find_place(&relabel.inner, id),
        Expr::Aggregate(aggregate) => aggregate
            .reduce
            .parameter()
            .and_then(|parameter| find_place(parameter, id))
            .or_else(|| find_place(&aggregate.inner, id)),
        Expr::Binary(binary) => find_place(&binary.left, id).or_else(|| find_place(&binary.right, id)),
        Expr::Negate(inner) => find_place(inner, id),
    }
}
