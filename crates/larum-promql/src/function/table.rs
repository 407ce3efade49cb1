//! Every function Larum evaluates, by name.

use std::f64::consts::PI;

use super::calendar::Date;
use super::{Function, Work, elementwise, rate, regression, window};
use crate::expr::Kind::{self, Matrix, Scalar, Text, Vector};

const fn function(name: &'static str, arguments: &'static [Kind], returns: Kind, work: Work) -> Function {
    Function { name, arguments, optional: 0, returns, work }
}

const fn map(name: &'static str, each: fn(f64) -> f64) -> Function {
    function(name, &[Vector], Vector, Work::Map(each))
}

const fn date(name: &'static str, part: fn(Date) -> f64) -> Function {
    Function { name, arguments: &[Vector], optional: 1, returns: Vector, work: Work::Date(part) }
}

const fn over(name: &'static str, each: fn(&window::Window<'_>) -> Option<f64>) -> Function {
    function(name, &[Matrix], Vector, Work::Window(each))
}

const TEXTS: &[Kind] = &[Vector, Text, Text, Text, Text];

pub(super) static FUNCTIONS: &[Function] = &[
    map("abs", f64::abs),
    function("absent", &[Vector], Vector, Work::Absent),
    function("absent_over_time", &[Matrix], Vector, Work::AbsentOverTime),
    map("acos", f64::acos),
    map("acosh", f64::acosh),
    map("asin", f64::asin),
    map("asinh", f64::asinh),
    map("atan", f64::atan),
    map("atanh", f64::atanh),
    over("avg_over_time", window::average),
    map("ceil", f64::ceil),
    over("changes", window::changes),
    function("clamp", &[Vector, Scalar, Scalar], Vector, Work::Clamp),
    function("clamp_max", &[Vector, Scalar], Vector, Work::MapWith(elementwise::clamp_max)),
    function("clamp_min", &[Vector, Scalar], Vector, Work::MapWith(elementwise::clamp_min)),
    map("cos", f64::cos),
    map("cosh", f64::cosh),
    over("count_over_time", window::count),
    date("day_of_month", |date| f64::from(date.day)),
    date("day_of_week", |date| f64::from(date.weekday)),
    date("day_of_year", |date| f64::from(date.day_of_year)),
    date("days_in_month", |date| f64::from(date.days_in_month())),
    map("deg", |value| value * 180.0 / PI),
    over("delta", rate::delta),
    over("deriv", regression::derivative),
    map("exp", f64::exp),
    function("first_over_time", &[Matrix], Vector, Work::WindowNamed(window::first)),
    map("floor", f64::floor),
    function("histogram_fraction", &[Scalar, Scalar, Vector], Vector, Work::HistogramFraction),
    function("histogram_quantile", &[Scalar, Vector], Vector, Work::HistogramQuantile),
    date("hour", |date| f64::from(date.hour)),
    over("idelta", rate::last_delta),
    function("increase", &[Matrix], Vector, Work::Counter(rate::increase)),
    over("irate", rate::last_rate),
    Function {
        name: "label_join",
        arguments: &[Vector, Text, Text, Text],
        optional: 1,
        returns: Vector,
        work: Work::LabelJoin,
    },
    function("label_replace", TEXTS, Vector, Work::LabelReplace),
    function("last_over_time", &[Matrix], Vector, Work::WindowNamed(window::last)),
    map("ln", f64::ln),
    map("log10", f64::log10),
    map("log2", f64::log2),
    over("max_over_time", window::maximum),
    over("min_over_time", window::minimum),
    date("minute", |date| f64::from(date.minute)),
    date("month", |date| f64::from(date.month)),
    function("pi", &[], Scalar, Work::Pi),
    function("predict_linear", &[Matrix, Scalar], Vector, Work::WindowWith(regression::predict)),
    over("present_over_time", |_| Some(1.0)),
    function("quantile_over_time", &[Scalar, Matrix], Vector, Work::WindowWith(window::quantile)),
    map("rad", |value| value * PI / 180.0),
    function("rate", &[Matrix], Vector, Work::Counter(rate::rate)),
    over("resets", window::resets),
    Function {
        name: "round",
        arguments: &[Vector, Scalar],
        optional: 1,
        returns: Vector,
        work: Work::MapWith(elementwise::round),
    },
    function("scalar", &[Vector], Scalar, Work::Scalar),
    map("sgn", elementwise::sign),
    map("sin", f64::sin),
    map("sinh", f64::sinh),
    function("sort", &[Vector], Vector, Work::Sort),
    function("sort_desc", &[Vector], Vector, Work::SortDescending),
    map("sqrt", f64::sqrt),
    over("stddev_over_time", window::deviation),
    over("stdvar_over_time", window::variance),
    over("sum_over_time", window::sum),
    map("tan", f64::tan),
    map("tanh", f64::tanh),
    function("time", &[], Scalar, Work::Time),
    function("timestamp", &[Vector], Vector, Work::Timestamp),
    function("vector", &[Scalar], Vector, Work::Vector),
    date("year", |date| date.year as f64),
];
