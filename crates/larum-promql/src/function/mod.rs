//! The functions of the language: one table, and the arithmetic behind it.

pub(crate) mod calendar;
pub(crate) mod elementwise;
pub(crate) mod quantile;
pub(crate) mod rate;
pub(crate) mod regression;
pub(crate) mod summation;
mod table;
pub(crate) mod window;

use crate::error::ParseError;
use crate::expr::{Edges, Kind};
use crate::function::calendar::Date;
use crate::function::window::Window;

/// One function (Prometheus, "Query functions").
#[derive(Debug)]
pub(crate) struct Function {
    pub name: &'static str,
    /// The types of the arguments in order, the optional ones last.
    pub arguments: &'static [Kind],
    /// How many of the arguments may be left out.
    pub optional: usize,
    pub returns: Kind,
    pub work: Work,
}

impl Function {
    /// The type of argument `index`, none if there is no such argument.
    pub(crate) fn kind_of(&self, index: usize) -> Option<Kind> {
        match self.work {
            Work::LabelJoin => Some(*self.arguments.get(index).unwrap_or(&Kind::Text)),
            _ => self.arguments.get(index).copied(),
        }
    }

    /// The functions that know ranges with such edges, in order.
    pub(crate) fn that_know(edges: Edges) -> &'static [&'static str] {
        match edges {
            Edges::Plain => &[],
            Edges::Anchored => &["changes", "delta", "increase", "rate", "resets"],
            Edges::Smoothed => &["delta", "increase", "rate"],
        }
    }

    /// How many arguments there must be.
    pub(crate) fn required(&self) -> usize {
        self.arguments.len() - self.optional
    }
}

/// How a function does its work.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Work {
    /// Each value by itself.
    Map(fn(f64) -> f64),
    /// Each value by itself, with scalars.
    MapWith(fn(f64, &[f64]) -> f64),
    /// A part of the date that each value, in seconds since the epoch, falls on.
    Date(fn(Date) -> f64),
    /// Each window by itself.
    Window(fn(&Window<'_>) -> Option<f64>),
    /// Each window of a counter by itself.
    Counter(fn(&Window<'_>) -> Option<f64>),
    /// Each window by itself; the metric keeps its name.
    WindowNamed(fn(&Window<'_>) -> Option<f64>),
    /// Each window by itself, with a scalar.
    WindowWith(fn(&Window<'_>, f64) -> Option<f64>),
    Absent,
    AbsentOverTime,
    Clamp,
    HistogramFraction,
    HistogramQuantile,
    LabelJoin,
    LabelReplace,
    Pi,
    Scalar,
    Sort,
    SortDescending,
    Time,
    Timestamp,
    Vector,
}

/// The function called `name`. Functions Larum does not evaluate are refused by name, never evaluated wrongly.
pub(crate) fn find(name: &str, experimental: bool) -> Result<&'static Function, ParseError> {
    let refuse = |why| Err(ParseError::Unsupported { what: format!("{name}()"), why });
    match table::FUNCTIONS.iter().find(|function| function.name == name) {
        Some(function) => Ok(function),
        None if experimental => refuse(crate::parse::EXPERIMENTAL),
        None if name.starts_with("histogram_") => refuse("Larum does not evaluate native histograms"),
        None => refuse("Larum does not know this function"),
    }
}
