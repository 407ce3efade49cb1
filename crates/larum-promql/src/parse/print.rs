//! Expressions as Prometheus lays them out (Prometheus, `promql/parser`, `printer.go` and `prettier.go`).

use std::time::{Duration, UNIX_EPOCH};

use larum_core::label::METRIC_NAME;
use promql_parser::label::{MatchOp, Matcher};
use promql_parser::parser::{
    AggregateExpr, AtModifier, BinaryExpr, Call, Expr, LabelModifier, Offset, SubqueryExpr,
    VectorMatchCardinality, VectorSelector,
};

use super::scan::foreign_byte;
use crate::number;

/// What is longer goes on several lines, in bytes.
const LONGEST_LINE: usize = 100;

/// Lays an expression out, with long parts on lines of their own.
pub(super) fn lay_out(expr: &Expr, level: usize) -> String {
    let (line, indent) = (line(expr), "  ".repeat(level));
    if line.len() <= LONGEST_LINE {
        return indent + &line;
    }
    let inner = |expr: &Expr| lay_out(expr, level + 1);
    match expr {
        Expr::Aggregate(aggregate) => {
            let parameter =
                aggregate.param.as_ref().map(|parameter| inner(parameter) + ",\n").unwrap_or_default();
            let head = aggregation(aggregate);
            format!("{indent}{head}(\n{parameter}{}\n{indent})", inner(&aggregate.expr))
        }
        Expr::Binary(binary) => {
            format!("{}\n{indent}{}\n{}", inner(&binary.lhs), operator(binary), inner(&binary.rhs))
        }
        Expr::Call(call) => {
            let arguments: Vec<String> = call.args.args.iter().map(|argument| inner(argument)).collect();
            format!("{indent}{}(\n{}\n{indent})", call.func.name, arguments.join(",\n"))
        }
        Expr::Paren(paren) => format!("{indent}(\n{}\n{indent})", inner(&paren.expr)),
        Expr::Subquery(subquery) => lay_out(&subquery.expr, level) + &subquery_suffix(subquery),
        Expr::Unary(unary) => format!("{indent}-{}", lay_out(&unary.expr, level).trim()),
        _ => indent + &line,
    }
}

/// An expression on one line.
pub(super) fn line(expr: &Expr) -> String {
    match expr {
        Expr::Aggregate(aggregate) => {
            let parameter =
                aggregate.param.as_ref().map(|parameter| line(parameter) + ", ").unwrap_or_default();
            format!("{}({parameter}{})", aggregation(aggregate), line(&aggregate.expr))
        }
        Expr::Binary(binary) => {
            format!("{} {} {}", line(&binary.lhs), operator(binary), line(&binary.rhs))
        }
        Expr::Call(Call { func, args }) => {
            let arguments: Vec<String> = args.args.iter().map(|argument| line(argument)).collect();
            format!("{}({})", func.name, arguments.join(", "))
        }
        Expr::Paren(paren) => format!("({})", line(&paren.expr)),
        Expr::Unary(unary) => format!("-{}", line(&unary.expr)),
        Expr::Subquery(subquery) => line(&subquery.expr) + &subquery_suffix(subquery),
        Expr::MatrixSelector(range) => {
            let shift = shift(range.vs.at.as_ref(), range.vs.offset.as_ref());
            format!("{}[{}]{shift}", selector(&range.vs), span(range.range))
        }
        Expr::VectorSelector(vector) => selector(vector) + &shift(vector.at.as_ref(), vector.offset.as_ref()),
        Expr::NumberLiteral(literal) => number::plain(literal.val),
        Expr::StringLiteral(text) => quoted(&text.val),
        Expr::Extension(_) => String::new(),
    }
}

fn aggregation(aggregate: &AggregateExpr) -> String {
    match &aggregate.modifier {
        Some(LabelModifier::Exclude(labels)) => {
            format!("{} without ({}) ", aggregate.op, names(&labels.labels))
        }
        Some(LabelModifier::Include(labels)) if !labels.labels.is_empty() => {
            format!("{} by ({}) ", aggregate.op, names(&labels.labels))
        }
        _ => aggregate.op.to_string(),
    }
}

/// An operator with what says how both sides match.
fn operator(binary: &BinaryExpr) -> String {
    let mut text = binary.op.to_string();
    let Some(modifier) = &binary.modifier else { return text };
    if modifier.return_bool {
        text.push_str(" bool");
    }
    let group = match &modifier.card {
        VectorMatchCardinality::ManyToOne(labels) => format!(" group_left ({})", names(&labels.labels)),
        VectorMatchCardinality::OneToMany(labels) => format!(" group_right ({})", names(&labels.labels)),
        _ => String::new(),
    };
    match &modifier.matching {
        Some(LabelModifier::Include(labels)) => text.push_str(&format!(" on ({})", names(&labels.labels))),
        // A group must not stand without the labels before it, be they none.
        Some(LabelModifier::Exclude(labels)) if !(labels.labels.is_empty() && group.is_empty()) => {
            text.push_str(&format!(" ignoring ({})", names(&labels.labels)));
        }
        _ => {}
    }
    text + &group
}

fn subquery_suffix(subquery: &SubqueryExpr) -> String {
    let step = subquery.step.map(span).unwrap_or_default();
    let shift = shift(subquery.at.as_ref(), subquery.offset.as_ref());
    format!("[{}:{step}]{shift}", span(subquery.range))
}

/// A selector without `@` and `offset`. Its name stands before the braces only if it stood there; one in quotes is a
/// matcher.
fn selector(selector: &VectorSelector) -> String {
    let name = selector.name.as_deref().unwrap_or_default();
    let mut matchers: Vec<String> = selector.matchers.matchers.iter().map(matcher).collect();
    matchers.sort_unstable();
    if matchers.is_empty() { name.to_owned() } else { format!("{name}{{{}}}", matchers.join(",")) }
}

fn matcher(matcher: &Matcher) -> String {
    let name = if matcher.name == METRIC_NAME { METRIC_NAME.to_owned() } else { label(&matcher.name) };
    format!("{name}{}{}", match_word(&matcher.op), quoted(&matcher.value))
}

/// How a matcher compares, as it is written.
pub(super) fn match_word(op: &MatchOp) -> &'static str {
    match op {
        MatchOp::Equal => "=",
        MatchOp::NotEqual => "!=",
        MatchOp::Re(_) => "=~",
        MatchOp::NotRe(_) => "!~",
    }
}

fn shift(at: Option<&AtModifier>, offset: Option<&Offset>) -> String {
    let at = match at {
        None => String::new(),
        Some(AtModifier::Start) => " @ start()".to_owned(),
        Some(AtModifier::End) => " @ end()".to_owned(),
        Some(AtModifier::At(time)) => {
            let seconds = match time.duration_since(UNIX_EPOCH) {
                Ok(after) => after.as_secs_f64(),
                Err(before) => -before.duration().as_secs_f64(),
            };
            format!(" @ {seconds:.3}")
        }
    };
    match offset {
        Some(Offset::Pos(by)) if !by.is_zero() => format!("{at} offset {}", span(*by)),
        Some(Offset::Neg(by)) if !by.is_zero() => format!("{at} offset -{}", span(*by)),
        _ => at,
    }
}

/// A span of time; years, weeks and days only where they come out even (Prometheus, `model/time.go`, `Duration`).
fn span(span: Duration) -> String {
    const UNITS: [(&str, u128, bool); 7] = [
        ("y", 31_536_000_000, true),
        ("w", 604_800_000, true),
        ("d", 86_400_000, true),
        ("h", 3_600_000, false),
        ("m", 60_000, false),
        ("s", 1_000, false),
        ("ms", 1, false),
    ];
    let mut millis = span.as_millis();
    let mut text = String::new();
    for (unit, size, even) in UNITS {
        if millis >= size && (!even || millis.is_multiple_of(size)) {
            text.push_str(&format!("{}{unit}", millis / size));
            millis %= size;
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

fn names(labels: &[String]) -> String {
    labels.iter().map(|name| label(name)).collect::<Vec<_>>().join(", ")
}

/// A label's name, in quotes where it needs them.
fn label(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !name.starts_with(|c: char| c.is_ascii_digit());
    if plain && !name.is_empty() { name.to_owned() } else { quoted(name) }
}

/// A text in quotes (Go, `strconv.Quote`).
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            c if c.is_ascii_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => match foreign_byte(c) {
                Some(byte) => out.push_str(&format!("\\x{byte:02x}")),
                None => out.push(c),
            },
        }
    }
    out.push('"');
    out
}
