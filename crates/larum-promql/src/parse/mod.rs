//! From text to a checked expression. The parser comes from a crate, and its shapes stop here.

pub(crate) mod scan;
mod lower;
mod operator;

use std::panic::catch_unwind;

pub(crate) use self::lower::Lowered;
use crate::error::ParseError;

/// Parses, checks and resolves `text`.
pub(crate) fn parse(text: &str) -> Result<Lowered, ParseError> {
    let scan::Prepared { text: prepared, experimental } = scan::prepare(text)?;
    // The known causes of a panic are refused before; an unknown one must not take the process down.
    let parsed = catch_unwind(|| promql_parser::parser::parse(&prepared))
        .map_err(|_| ParseError::Syntax("the parser failed on this expression".to_owned()))?;
    let tree = parsed.map_err(|reason| match experimental {
        Some(what) => ParseError::Unsupported { what: what.to_owned(), why: EXPERIMENTAL },
        None => ParseError::Syntax(reason),
    });
    lower::lower(&tree?)
}

/// Why most of what is refused is refused.
pub(crate) const EXPERIMENTAL: &str = "it is experimental in Prometheus";
