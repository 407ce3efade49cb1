//! A parsed query and the ways to evaluate it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use foldhash::fast::FixedState;
use larum_core::label::LabelSet;
use larum_core::matcher::Matcher;
use larum_core::time::Timestamp;

use crate::error::{EvalError, ParseError};
use crate::eval::{Evaluator, fits_range_query};
use crate::expr::{Expr, Kind};
use crate::formula::Course;
use crate::limits::Options;
use crate::parse::{self, Lowered};
use crate::pin;
use crate::querier::Querier;
use crate::resolve::{self, Open};
use crate::value::{Element, Evaluation, Sample, Series, Value};

/// A parsed and checked expression, ready to be evaluated any number of times, by several threads at once.
pub struct Query {
    text: String,
    expr: Expr,
    places: usize,
    selectors: Vec<Selector>,
    open: Vec<Open>,
}

/// A selector of a query.
#[derive(Clone, Debug)]
pub struct Selector {
    /// The selector as a person would write it, with its range, without `offset` and `@`.
    pub text: String,
    /// What it lets through.
    pub matchers: Vec<Matcher>,
    /// Whether it is normal that it finds something: it stands outside `absent()` and `absent_over_time()`, on
    /// no side of `or`, and not to the right of `unless`.
    pub required: bool,
    pub(crate) place: usize,
}

/// The times of a range query.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// The first time of evaluation.
    pub start: Timestamp,
    /// The end; the last evaluation is the last step not after it.
    pub end: Timestamp,
    /// From one evaluation to the next; at least a millisecond.
    pub step: Duration,
}

impl Query {
    /// Parses and checks `text`.
    ///
    /// # Errors
    /// [`ParseError`] when it is no PromQL, its types do not fit, or it asks for what Larum does not evaluate.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let Lowered { expr, places, selectors, open } = parse::parse(text)?;
        Ok(Self { text: text.to_owned(), expr, places, selectors, open })
    }

    /// The text it was parsed from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The type that it evaluates to: `scalar`, `string`, `instant vector` or `range vector`.
    pub fn type_name(&self) -> &'static str {
        self.expr.kind().name()
    }

    /// Its selectors, in the order of the text.
    pub fn selectors(&self) -> &[Selector] {
        &self.selectors
    }

    /// The longest way back from the time of evaluation that any selector reaches, with ranges, lookback, offsets
    /// and the subqueries around it; `@` with a fixed time counts for nothing, and computed durations are what they are
    /// in an instant query.
    pub fn longest_window(&self, options: &Options) -> Duration {
        let lookback = i64::try_from(options.lookback.as_millis()).unwrap_or(i64::MAX);
        let expr = self.resolved(Course::default());
        let reach = expr.as_deref().unwrap_or(&self.expr).reach(lookback).unwrap_or(0);
        Duration::from_millis(u64::try_from(reach).unwrap_or(0))
    }

    /// The same query with every selector that has no `@` fixed to `at`, so that it comes to the same whenever it
    /// is evaluated; none if it calls a function whose outcome depends on that time all the same, as `time()`.
    pub fn pinned(&self, at: Timestamp) -> Option<Self> {
        let expr = pin::pinned(&self.expr, at.as_millis())?;
        let Self { text, selectors, open, .. } = self;
        let (text, selectors, open) = (text.clone(), selectors.clone(), open.clone());
        Some(Self { text, expr, places: self.places, selectors, open })
    }

    /// The expression with all its durations.
    fn resolved(&self, course: Course) -> Result<Cow<'_, Expr>, EvalError> {
        if self.open.is_empty() {
            return Ok(Cow::Borrowed(&self.expr));
        }
        resolve::resolved(&self.expr, &self.open, course).map(Cow::Owned).map_err(EvalError::Duration)
    }

    /// Evaluates at one time.
    ///
    /// # Errors
    /// [`EvalError`] when the source fails, a limit is reached, or the expression does not fit the data.
    pub fn instant(
        &self,
        source: &dyn Querier,
        at: Timestamp,
        options: &Options,
    ) -> Result<Evaluation, EvalError> {
        let millis = at.as_millis();
        let expr = &*self.resolved(Course::default())?;
        let evaluator = Evaluator::new(expr, self.places, source, options, (millis, millis));
        let value = match expr.kind() {
            Kind::Scalar => Value::Scalar(evaluator.scalar(expr, millis)?),
            Kind::Vector => Value::Vector(evaluator.settle(evaluator.vector(expr, millis)?)?),
            Kind::Matrix => Value::Matrix(evaluator.matrix(expr, millis)?),
            Kind::Text => match expr {
                Expr::Text(text) => Value::Text(text.clone()),
                _ => Value::Text(String::new()),
            },
        };
        self.evaluation(evaluator, expr, value)
    }

    /// Evaluates at each step of a span; the result is a matrix in order of labels.
    ///
    /// # Errors
    /// [`EvalError`] as for [`Query::instant`], and when the span has no steps, too many, or the expression is
    /// neither a scalar nor an instant vector.
    pub fn range(
        &self,
        source: &dyn Querier,
        span: &Span,
        options: &Options,
    ) -> Result<Evaluation, EvalError> {
        if !fits_range_query(self.expr.kind()) {
            return Err(EvalError::Range("a range query needs a scalar or an instant vector"));
        }
        let (start, end) = (span.start.as_millis(), span.end.as_millis());
        let step = i64::try_from(span.step.as_millis()).unwrap_or(i64::MAX);
        if step < 1 {
            return Err(EvalError::Range("the step of a range query must be positive"));
        }
        if end < start {
            return Err(EvalError::Range("the end of a range query must not be before its start"));
        }
        let steps = end.abs_diff(start) / step.unsigned_abs();
        if steps >= options.limits.steps {
            return Err(EvalError::Limit { limit: options.limits.steps, unit: "steps" });
        }
        let expr = &*self.resolved(Course { step, range: end.saturating_sub(start) })?;
        let evaluator = Evaluator::new(expr, self.places, source, options, (start, end));
        let mut matrix = Matrix::default();
        for index in 0..=steps.cast_signed() {
            // No step is behind the end, so that the time fits where the product may not.
            let at = start.wrapping_add(index.wrapping_mul(step));
            let elements = match expr.kind() {
                Kind::Scalar => vec![Element::new(LabelSet::empty(), evaluator.scalar(expr, at)?)],
                _ => evaluator.settle(evaluator.vector(expr, at)?)?,
            };
            matrix.add(at, elements);
        }
        self.evaluation(evaluator, expr, Value::Matrix(matrix.into_series()))
    }

    fn evaluation(
        &self,
        evaluator: Evaluator<'_>,
        expr: &Expr,
        value: Value,
    ) -> Result<Evaluation, EvalError> {
        let mut empty_selectors = Vec::new();
        for selector in self.selectors.iter().filter(|selector| selector.required) {
            if !evaluator.finds_something(expr, selector.place)? && !empty_selectors.contains(&selector.text)
            {
                empty_selectors.push(selector.text.clone());
            }
        }
        let samples_touched = evaluator.touched();
        Ok(Evaluation {
            value,
            empty_selectors,
            annotations: evaluator.into_notes(&self.text),
            samples_touched,
        })
    }
}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Query").field(&self.text).finish()
    }
}

/// The values of a range query, collected by labels.
#[derive(Default)]
struct Matrix {
    index: HashMap<LabelSet, usize, FixedState>,
    series: Vec<(LabelSet, Vec<Sample>)>,
}

impl Matrix {
    fn add(&mut self, at: i64, elements: Vec<Element>) {
        for element in elements {
            let found = *self.index.entry(element.labels).or_insert_with_key(|labels| {
                self.series.push((labels.clone(), Vec::new()));
                self.series.len() - 1
            });
            self.series[found].1.push(Sample::new(at, element.value));
        }
    }

    fn into_series(mut self) -> Vec<Series> {
        self.series.sort_by(|a, b| a.0.cmp(&b.0));
        self.series.into_iter().map(|(labels, samples)| Series { labels, samples: samples.into() }).collect()
    }
}
