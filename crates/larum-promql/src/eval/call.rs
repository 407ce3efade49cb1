//! Function calls.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use larum_core::label::{LabelSet, METRIC_NAME};
use larum_core::matcher::{MatchOp, Matcher};

use super::Evaluator;
use super::names::Renaming;
use super::place::Held;
use crate::error::EvalError;
use crate::expr::{Call, Expr, RangeOf};
use crate::function::calendar::Date;
use crate::function::quantile::{self, Bucket};
use crate::function::window::Window;
use crate::function::{Work, elementwise};
use crate::number;
use crate::value::{Element, Level};

/// The label that holds the upper bound of a classic histogram's bucket.
const BUCKET_BOUND: &str = "le";
/// Where Prometheus explains what it makes of counts that fall from one bucket to the next.
const MONOTONICITY: &str =
    "https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile";
/// How the names of counters end.
const COUNTER_ENDS: [&str; 4] = ["_total", "_sum", "_count", "_bucket"];

impl Evaluator<'_> {
    pub(super) fn scalar_call(&self, call: &Call, at: i64) -> Result<f64, EvalError> {
        match call.function.work {
            Work::Time => Ok(seconds(at)),
            Work::Pi => Ok(std::f64::consts::PI),
            Work::Scalar => match self.vector(&call.arguments[0], at)?.as_slice() {
                [only] => Ok(only.value),
                _ => Ok(f64::NAN),
            },
            _ => Err(EvalError::Argument(format!("{}() is no scalar", call.function.name))),
        }
    }

    pub(super) fn vector_call(&self, call: &Call, at: i64) -> Result<Vec<Element>, EvalError> {
        let arguments = call.arguments.as_slice();
        match call.function.work {
            Work::Map(each) => self.map(&arguments[0], at, each),
            Work::MapWith(each) => {
                let scalars = self.scalars(&arguments[1..], at)?;
                self.map(&arguments[0], at, |value| each(value, &scalars))
            }
            Work::Clamp => {
                let (low, high) = (self.scalar(&arguments[1], at)?, self.scalar(&arguments[2], at)?);
                let elements = self.map(&arguments[0], at, |value| elementwise::clamp(value, low, high))?;
                Ok(if high < low { Vec::new() } else { elements })
            }
            Work::Date(part) => match arguments.first() {
                Some(vector) => self.map(vector, at, |value| part(Date::of_seconds(value))),
                None => Ok(vec![Element::new(
                    LabelSet::empty(),
                    part(Date::of_seconds(at.div_euclid(1000) as f64)),
                )]),
            },
            Work::Window(each) => self.over_windows(&arguments[0], at, false, each),
            Work::Counter(each) => self.of_counters(call, at, each),
            Work::WindowNamed(each) => self.over_windows(&arguments[0], at, true, each),
            Work::WindowWith(each) => self.window_with(call, at, each),
            Work::Absent => {
                let found = !self.vector(&arguments[0], at)?.is_empty();
                Ok(absent(found, &arguments[0]))
            }
            Work::AbsentOverTime => {
                let mut found = false;
                self.windows(&arguments[0], at, |_, _| {
                    found = true;
                    Ok(())
                })?;
                Ok(absent(found, &arguments[0]))
            }
            Work::HistogramQuantile => {
                let wanted = self.scalar(&arguments[0], at)?;
                self.check_quantile(wanted, call.written.argument(0));
                self.of_histograms(call, 1, at, |buckets| quantile::of_buckets(wanted, buckets))
            }
            Work::HistogramFraction => {
                let (low, high) = (self.scalar(&arguments[0], at)?, self.scalar(&arguments[1], at)?);
                self.of_histograms(call, 2, at, |buckets| (quantile::fraction(low, high, buckets), false))
            }
            Work::Sort => self.sorted(&arguments[0], at, false),
            Work::SortDescending => self.sorted(&arguments[0], at, true),
            Work::Timestamp => self.timestamps(&arguments[0], at),
            Work::Vector => Ok(vec![Element::new(LabelSet::empty(), self.scalar(&arguments[0], at)?)]),
            _ => Err(EvalError::Argument(format!("{}() is no vector", call.function.name))),
        }
    }

    fn scalars(&self, arguments: &[Expr], at: i64) -> Result<Vec<f64>, EvalError> {
        arguments.iter().map(|argument| self.scalar(argument, at)).collect()
    }

    /// One value for each window; the metric loses its name unless `keep_name`.
    fn over_windows(
        &self,
        range: &Expr,
        at: i64,
        keep_name: bool,
        each: impl Fn(&Window<'_>) -> Option<f64>,
    ) -> Result<Vec<Element>, EvalError> {
        let mut elements = Vec::new();
        let mut renaming = Renaming::new(self.options.name_removal);
        self.windows(range, at, |held: &Held, window| {
            if let Some(value) = each(&window) {
                elements.push(if keep_name {
                    Element { labels: held.labels.clone(), value, drop_name: held.drop_name }
                } else {
                    renaming.element(&held.labels, &held.nameless, value)
                });
            }
            Ok(())
        })?;
        renaming.finish(elements)
    }

    /// `rate` and `increase`, which say so when a metric does not look like a counter.
    fn of_counters(
        &self,
        call: &Call,
        at: i64,
        each: fn(&Window<'_>) -> Option<f64>,
    ) -> Result<Vec<Element>, EvalError> {
        let mut elements = Vec::new();
        let mut renaming = Renaming::new(self.options.name_removal);
        let mut told = String::new();
        self.windows(&call.arguments[0], at, |held: &Held, window| {
            let Some(value) = each(&window) else { return Ok(()) };
            let name = held.labels.value(METRIC_NAME);
            if !name.is_empty() && name != told && !COUNTER_ENDS.iter().any(|end| name.ends_with(end)) {
                name.clone_into(&mut told);
                self.note(Level::Info, call.written.argument(0), || {
                    format!(
                        "metric might not be a counter, name does not end in _total/_sum/_count/_bucket: {name:?}"
                    )
                });
            }
            elements.push(renaming.element(&held.labels, &held.nameless, value));
            Ok(())
        })?;
        renaming.finish(elements)
    }

    /// `quantile_over_time(scalar, range)` and `predict_linear(range, scalar)`.
    fn window_with(
        &self,
        call: &Call,
        at: i64,
        each: fn(&Window<'_>, f64) -> Option<f64>,
    ) -> Result<Vec<Element>, EvalError> {
        let (range, number) = match call.arguments.as_slice() {
            [range @ Expr::Range(_), number] | [number, range] => (range, number),
            _ => return Err(EvalError::Argument(format!("{}() needs two arguments", call.function.name))),
        };
        let number = self.scalar(number, at)?;
        if call.function.name == "quantile_over_time" {
            self.check_quantile(number, call.written.argument(0));
        }
        self.over_windows(range, at, false, |window| each(window, number))
    }

    /// Remarks on a quantile that is none, which begins at `at` in the text of the query.
    pub(super) fn check_quantile(&self, quantile: f64, at: usize) {
        if !(0.0..=1.0).contains(&quantile) {
            let quantile = number::general(quantile);
            self.note(Level::Warning, at, || {
                format!("quantile value should be between 0 and 1, got {quantile}")
            });
        }
    }

    fn sorted(&self, inner: &Expr, at: i64, descending: bool) -> Result<Vec<Element>, EvalError> {
        let mut elements = self.vector(inner, at)?;
        super::aggregate::sort(&mut elements, descending);
        Ok(elements)
    }

    /// When the samples were measured; for anything but a selector, the time of the evaluation.
    fn timestamps(&self, inner: &Expr, at: i64) -> Result<Vec<Element>, EvalError> {
        let mut elements = match inner {
            Expr::Select(select) => self.instant(select, at, |sample| seconds(sample.millis()))?,
            _ => {
                let mut elements = self.vector(inner, at)?;
                elements.iter_mut().for_each(|element| element.value = seconds(at));
                elements
            }
        };
        let mut renaming = Renaming::new(self.options.name_removal);
        elements.iter_mut().for_each(|element| renaming.unname(element));
        renaming.finish(elements)
    }

    /// One value for each classic histogram of an argument: the elements whose labels differ only in `le`.
    fn of_histograms(
        &self,
        call: &Call,
        argument: usize,
        at: i64,
        each: impl Fn(Vec<Bucket>) -> (f64, bool),
    ) -> Result<Vec<Element>, EvalError> {
        let mut index: HashMap<LabelSet, usize, FixedState> = HashMap::default();
        let mut histograms: Vec<(Element, Vec<Bucket>)> = Vec::new();
        let (inner, begin) = (&call.arguments[argument], call.written.argument(argument));
        for element in self.vector(inner, at)? {
            let bound = element.labels.value(BUCKET_BOUND);
            let Ok(bound) = bound.parse::<f64>() else {
                let of = of_metric(&element.labels);
                self.note(Level::Warning, begin, || {
                    format!("bucket label \"le\" is missing or has a malformed value of {bound:?}{of}")
                });
                continue;
            };
            let bucket = Bucket { bound, count: element.value };
            let labels = element.labels.with(BUCKET_BOUND, "");
            let found = *index.entry(labels).or_insert_with_key(|labels| {
                histograms.push((Element::new(labels.clone(), 0.0), Vec::new()));
                histograms.len() - 1
            });
            histograms[found].1.push(bucket);
        }
        let mut renaming = Renaming::new(self.options.name_removal);
        let mut elements = Vec::with_capacity(histograms.len());
        for (mut element, buckets) in histograms {
            let (value, forced) = each(buckets);
            if forced {
                let of = of_metric(&element.labels);
                self.note(Level::Info, begin, || {
                    format!("input to histogram_quantile needed to be fixed for monotonicity (see {MONOTONICITY}){of}")
                });
            }
            element.value = value;
            renaming.unname(&mut element);
            elements.push(element);
        }
        renaming.finish(elements)
    }
}

fn seconds(millis: i64) -> f64 {
    millis as f64 / 1000.0
}

/// Which metric an element is of, as a part of a sentence.
fn of_metric(labels: &LabelSet) -> String {
    match labels.value(METRIC_NAME) {
        "" => String::new(),
        name => format!(" for metric name {name:?}"),
    }
}

/// 1 with the labels that the selector asks for by `=`, if nothing was found. Of several matchers for one label the
/// first `=` counts if it is the last of all (Prometheus, `createLabelsForAbsentFunction`).
fn absent(found: bool, argument: &Expr) -> Vec<Element> {
    if found {
        return Vec::new();
    }
    let matchers: &[Matcher] = match argument {
        Expr::Select(select) => &select.matchers,
        Expr::Range(crate::expr::Range { of: RangeOf::Samples(matchers), .. }) => matchers,
        _ => &[],
    };
    let mut labels = LabelSet::empty();
    let mut asked_for: Vec<&str> = Vec::new();
    for matcher in matchers.iter().filter(|matcher| matcher.name() != METRIC_NAME) {
        let first = matcher.op() == MatchOp::Equal && !asked_for.contains(&matcher.name());
        labels = labels.with(matcher.name(), if first { matcher.value() } else { "" });
        if first {
            asked_for.push(matcher.name());
        }
    }
    vec![Element::new(labels, 1.0)]
}
