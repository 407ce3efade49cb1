#![doc = include_str!("../README.md")]

mod value;
mod querier;
mod limits;
mod error;
mod number;
mod function;
mod expr;
mod formula;
mod resolve;
mod pin;
mod parse;
mod eval;
mod query;

pub use self::error::{EvalError, ParseError};
pub use self::limits::{Limits, NameRemoval, Options};
pub use self::parse::scan::{MAX_BYTES, MAX_DEPTH, MAX_PARTS};
pub use self::parse::{
    Comparison, comparison, format_expression, parse_selector, print_expression, syntax_tree,
};
pub use self::querier::{Querier, SelectError, SeriesList, Until};
pub use self::query::{Query, Selector, Span};
pub use self::value::{
    Annotation, Element, Evaluation, Level, Place, STALE, STALE_BITS, Sample, Series, Value, is_stale,
};
