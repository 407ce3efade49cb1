//! Evaluation: one walk of the tree for each time at which a value is wanted.

mod aggregate;
mod binary;
mod call;
pub(crate) mod edges;
mod names;
mod place;
mod relabel;
mod signature;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;

use self::names::Renaming;
use self::place::{Bounds, Held};
use crate::error::EvalError;
use crate::expr::{Anchor, Edges, Expr, Kind, Math, Operator, Shift};
use crate::limits::{NameRemoval, Options};
use crate::querier::Querier;
use crate::value::{Annotation, Element, Level, Place, Series};

/// Evaluates one expression at times between `start` and `end`.
pub(crate) struct Evaluator<'a> {
    options: &'a Options,
    querier: &'a dyn Querier,
    start: i64,
    end: i64,
    bounds: Vec<Bounds>,
    places: Vec<OnceCell<Vec<Held>>>,
    touched: Cell<u64>,
    walked: Cell<u64>,
    /// What there is to say, each with where in the text of the query it was last found.
    notes: RefCell<BTreeMap<(Level, String), usize>>,
}

impl<'a> Evaluator<'a> {
    /// An evaluator for times from `start` to `end`, both in milliseconds since the epoch.
    pub(crate) fn new(
        expr: &Expr,
        places: usize,
        querier: &'a dyn Querier,
        options: &'a Options,
        (start, end): (i64, i64),
    ) -> Self {
        let mut evaluator = Self {
            options,
            querier,
            start,
            end,
            bounds: vec![Bounds::default(); places],
            places: (0..places).map(|_| OnceCell::new()).collect(),
            touched: Cell::new(0),
            walked: Cell::new(0),
            notes: RefCell::default(),
        };
        evaluator.plan(expr, Bounds { first: start, last: end });
        evaluator
    }

    /// Samples looked at so far.
    pub(crate) fn touched(&self) -> u64 {
        self.touched.get()
    }

    /// What there is to say about the evaluation of the query with this text.
    pub(crate) fn into_notes(self, query: &str) -> Vec<Annotation> {
        let notes = self.notes.into_inner().into_iter();
        notes.map(|((level, text), at)| Annotation::new(level, &text, Place::of(query, at))).collect()
    }

    /// Remarks on what begins at `at` in the text of the query.
    fn note(&self, level: Level, at: usize, text: impl FnOnce() -> String) {
        /// Remarks that one evaluation keeps; more would say nothing new.
        const MOST: usize = 50;
        if self.notes.borrow().len() < MOST {
            self.notes.borrow_mut().insert((level, text()), at);
        }
    }

    fn touch(&self, samples: usize) -> Result<(), EvalError> {
        self.has_room(samples as u64)?;
        self.touched.set(self.touched.get() + samples as u64);
        Ok(())
    }

    /// Whether so many samples more can be looked at.
    fn has_room(&self, samples: u64) -> Result<(), EvalError> {
        let limit = self.options.limits.samples;
        if self.touched.get().saturating_add(samples) > limit {
            Err(EvalError::Limit { limit, unit: "samples" })
        } else {
            Ok(())
        }
    }

    /// Adds to the text of the labels that a vector is given, which may hold but so much.
    fn add_text(&self, text: &mut usize, bytes: usize) -> Result<(), EvalError> {
        *text = text.saturating_add(bytes);
        let limit = self.options.limits.label_bytes;
        if *text > limit {
            Err(EvalError::Limit { limit: limit as u64, unit: "bytes of labels" })
        } else {
            Ok(())
        }
    }

    /// Fails when the time is over; asks for one in so many expressions, as clocks cost more than most of them.
    fn check_time(&self) -> Result<(), EvalError> {
        const EVERY: u64 = 32;
        let walked = self.walked.get();
        self.walked.set(walked.wrapping_add(1));
        if walked.is_multiple_of(EVERY) && !self.querier.has_time() {
            Err(EvalError::TimedOut)
        } else {
            Ok(())
        }
    }

    /// Where a selector looks from when it is evaluated at `at`.
    fn shifted(&self, at: i64, shift: Shift) -> i64 {
        let from = match shift.anchor {
            None => at,
            Some(Anchor::Millis(millis)) => millis,
            Some(Anchor::Start) => self.start,
            Some(Anchor::End) => self.end,
        };
        from.saturating_sub(shift.offset)
    }

    /// The value of a scalar expression.
    pub(crate) fn scalar(&self, expr: &Expr, at: i64) -> Result<f64, EvalError> {
        match expr {
            Expr::Number(number) => Ok(*number),
            Expr::Negate(inner) => Ok(-self.scalar(inner, at)?),
            Expr::Call(call) => self.scalar_call(call, at),
            Expr::Binary(binary) => {
                let (left, right) = (self.scalar(&binary.left, at)?, self.scalar(&binary.right, at)?);
                Ok(match binary.operator {
                    Operator::Math(math) => math.apply(left, right),
                    Operator::Compare(compare) => f64::from(u8::from(compare.holds(left, right))),
                    Operator::And | Operator::Or | Operator::Unless => f64::NAN,
                })
            }
            _ => Err(EvalError::Range("a scalar was expected")),
        }
    }

    /// The value of an instant vector expression.
    pub(crate) fn vector(&self, expr: &Expr, at: i64) -> Result<Vec<Element>, EvalError> {
        self.check_time()?;
        match expr {
            Expr::Select(select) if select.edges == Edges::Smoothed => self.smoothed(select, at),
            Expr::Select(select) => self.instant(select, at, |sample| sample.value),
            Expr::Call(call) => self.vector_call(call, at),
            Expr::Relabel(relabel) => self.relabel(relabel, at),
            Expr::Aggregate(aggregate) => self.aggregate(aggregate, at),
            Expr::Binary(binary) => self.binary(binary, at),
            Expr::Negate(inner) => self.map(inner, at, |value| -value),
            _ => Err(EvalError::Range("an instant vector was expected")),
        }
    }

    /// Each value of a vector by itself; the metric loses its name.
    fn map(&self, inner: &Expr, at: i64, each: impl Fn(f64) -> f64) -> Result<Vec<Element>, EvalError> {
        let mut elements = self.vector(inner, at)?;
        let mut renaming = Renaming::new(self.options.name_removal);
        for element in &mut elements {
            element.value = each(element.value);
            renaming.unname(element);
        }
        renaming.finish(elements)
    }

    /// The series of a range vector expression.
    pub(crate) fn matrix(&self, expr: &Expr, at: i64) -> Result<Vec<Series>, EvalError> {
        let mut series = Vec::new();
        self.windows(expr, at, |held, window| {
            let labels = if held.drop_name { names::nameless(&held.labels) } else { held.labels.clone() };
            series.push(Series { labels, samples: window.shown().into() });
            Ok(())
        })?;
        Ok(series)
    }

    /// Drops the names that were to go at the end.
    pub(crate) fn settle(&self, mut elements: Vec<Element>) -> Result<Vec<Element>, EvalError> {
        if self.options.name_removal == NameRemoval::AtTheEnd {
            for element in elements.iter_mut().filter(|element| element.drop_name) {
                element.labels = names::nameless(&element.labels);
                element.drop_name = false;
            }
            names::check_unique(&elements)?;
        }
        Ok(elements)
    }
}

impl Math {
    fn apply(self, left: f64, right: f64) -> f64 {
        match self {
            Self::Add => left + right,
            Self::Subtract => left - right,
            Self::Multiply => left * right,
            Self::Divide => left / right,
            Self::Modulo => left % right,
            Self::Power => left.powf(right),
            Self::Atan2 => left.atan2(right),
        }
    }
}

/// Whether an expression of this type can be evaluated over a range of times.
pub(crate) fn fits_range_query(kind: Kind) -> bool {
    matches!(kind, Kind::Scalar | Kind::Vector)
}
