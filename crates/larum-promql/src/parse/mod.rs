//! From text to a checked expression. The parser comes from a crate, and its shapes stop here.

pub(crate) mod scan;
mod formula;
mod lower;
mod modifier;
mod operator;
mod print;
mod tree;
mod written;
mod comparison;
mod unexpected;

use std::panic::catch_unwind;

use larum_core::matcher::Matcher;
use promql_parser::parser::Expr as Tree;

pub use self::comparison::{Comparison, comparison};
use self::formula::Formulas;
pub(crate) use self::lower::Lowered;
use self::print::Printer;
use self::tree::Drawing;
use crate::error::ParseError;
use crate::expr::{Edges, Expr, Select};

/// Parses, checks and resolves `text`.
pub(crate) fn parse(text: &str) -> Result<Lowered, ParseError> {
    lower::lower(&foreign(text)?)
}

/// The parser's tree of a text, and what the parser does not know of it.
struct Foreign<'a> {
    text: &'a str,
    tree: Tree,
    formulas: Formulas,
}

fn foreign(text: &str) -> Result<Foreign<'_>, ParseError> {
    let scan::Prepared { text: prepared, formulas, unknown } = scan::prepare(text)?;
    match (parsed(&prepared), unknown) {
        (Ok(tree), _) => Ok(Foreign { text, tree, formulas }),
        (Err(_), Some(scan::Unknown { what, why })) => {
            Err(ParseError::Unsupported { what: what.to_owned(), why })
        }
        (Err(reason), None) => Err(unexpected::explain(text, reason)),
    }
}

/// What the parser makes of a prepared text, or why it does not.
fn parsed(prepared: &str) -> Result<Tree, String> {
    // The known causes of a panic are refused before; an unknown one must not take the process down.
    catch_unwind(|| promql_parser::parser::parse(prepared))
        .unwrap_or_else(|_| Err("the parser failed on this expression".to_owned()))
}

/// A selector of series, as it stands in `match[]` (Prometheus, "HTTP API", `<series_selector>`).
///
/// # Errors
/// [`ParseError`] when it is no PromQL, or more than a selector.
pub fn parse_selector(text: &str) -> Result<Vec<Matcher>, ParseError> {
    let Lowered { expr, open, .. } = parse(text)?;
    match expr {
        Expr::Select(Select { matchers, shift, edges: Edges::Plain, .. })
            if shift.offset == 0 && shift.anchor.is_none() && open.is_empty() =>
        {
            Ok(matchers)
        }
        _ => Err(ParseError::Syntax(format!("{text:?} is not a selector of series"))),
    }
}

/// An expression as Prometheus lays it out: on one line, or with its long parts on lines of their own.
///
/// # Errors
/// [`ParseError`] as for [`Query::parse`](crate::Query::parse).
pub fn format_expression(text: &str) -> Result<String, ParseError> {
    let foreign = foreign(text)?;
    lower::lower(&foreign)?;
    Ok(Printer(&foreign.formulas).lay_out(&foreign.tree, 0))
}

/// An expression as Prometheus prints it, on one line.
///
/// # Errors
/// [`ParseError`] as for [`Query::parse`](crate::Query::parse).
pub fn print_expression(text: &str) -> Result<String, ParseError> {
    let foreign = foreign(text)?;
    lower::lower(&foreign)?;
    Ok(Printer(&foreign.formulas).line(&foreign.tree))
}

/// An expression as the tree that Prometheus' console shows (Prometheus, "HTTP API", "Parsing a PromQL expressions into
/// a abstract syntax tree (AST)").
///
/// # Errors
/// [`ParseError`] as for [`Query::parse`](crate::Query::parse).
pub fn syntax_tree(text: &str) -> Result<serde_json::Value, ParseError> {
    let foreign = foreign(text)?;
    lower::lower(&foreign)?;
    Ok(Drawing(&foreign.formulas).tree(&foreign.tree))
}

/// Why most of what is refused is refused.
pub(crate) const EXPERIMENTAL: &str = "it is experimental in Prometheus";
