//! Expressions as Prometheus lays them out (Prometheus, `promql/parser`, `printer.go` and `prettier.go`).

use std::time::{Duration, UNIX_EPOCH};

use larum_core::label::METRIC_NAME;
use promql_parser::label::{MatchOp, Matcher};
use promql_parser::parser::{
    AggregateExpr, AtModifier, BinaryExpr, Call, Expr, LabelModifier, Offset, SubqueryExpr,
    VectorMatchCardinality, VectorSelector,
};

use super::formula::Formulas;
use super::modifier;
use super::scan::foreign_byte;
use crate::formula::{Formula, Term};
use crate::number;

/// What is longer goes on several lines, in bytes.
const LONGEST_LINE: usize = 100;

/// Prints the expressions of a text with the computed durations in it.
pub(super) struct Printer<'a>(pub &'a Formulas);

impl Printer<'_> {
    /// Lays an expression out, with long parts on lines of their own.
    pub fn lay_out(&self, expr: &Expr, level: usize) -> String {
        let (line, indent) = (self.line(expr), "  ".repeat(level));
        if line.len() <= LONGEST_LINE {
            return indent + &line;
        }
        let inner = |expr: &Expr| self.lay_out(expr, level + 1);
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
            Expr::Subquery(subquery) => self.lay_out(&subquery.expr, level) + &self.subquery_suffix(subquery),
            Expr::Unary(unary) => format!("{indent}-{}", self.lay_out(&unary.expr, level).trim()),
            _ => indent + &line,
        }
    }

    /// An expression on one line.
    pub fn line(&self, expr: &Expr) -> String {
        match expr {
            Expr::Aggregate(aggregate) => {
                let parameter =
                    aggregate.param.as_ref().map(|parameter| self.line(parameter) + ", ").unwrap_or_default();
                format!("{}({parameter}{})", aggregation(aggregate), self.line(&aggregate.expr))
            }
            Expr::Binary(binary) => {
                format!("{} {} {}", self.line(&binary.lhs), operator(binary), self.line(&binary.rhs))
            }
            Expr::Call(Call { func, args }) => {
                let arguments: Vec<String> = args.args.iter().map(|argument| self.line(argument)).collect();
                format!("{}({})", func.name, arguments.join(", "))
            }
            Expr::Paren(paren) => format!("({})", self.line(&paren.expr)),
            Expr::Unary(unary) => format!("-{}", self.line(&unary.expr)),
            Expr::Subquery(subquery) => self.line(&subquery.expr) + &self.subquery_suffix(subquery),
            Expr::MatrixSelector(range) => {
                let shift = self.shift(range.vs.at.as_ref(), range.vs.offset.as_ref());
                format!("{}[{}]{}{shift}", selector(&range.vs), self.span(range.range), edges(&range.vs))
            }
            Expr::VectorSelector(vector) => {
                let offset = self.offset(vector.offset.as_ref());
                selector(vector) + &anchor(vector.at.as_ref()) + &edges(vector) + &offset
            }
            Expr::NumberLiteral(literal) => number::plain(literal.val),
            Expr::StringLiteral(text) => quoted(&text.val),
            Expr::Extension(_) => String::new(),
        }
    }

    fn subquery_suffix(&self, subquery: &SubqueryExpr) -> String {
        let step = subquery.step.map(|step| self.span(step)).unwrap_or_default();
        let shift = self.shift(subquery.at.as_ref(), subquery.offset.as_ref());
        format!("[{}:{step}]{shift}", self.span(subquery.range))
    }

    fn shift(&self, at: Option<&AtModifier>, offset: Option<&Offset>) -> String {
        anchor(at) + &self.offset(offset)
    }

    fn offset(&self, offset: Option<&Offset>) -> String {
        match offset {
            Some(Offset::Pos(by)) if !by.is_zero() => match self.0.of(*by).filter(|by| ends_early(by)) {
                Some(by) => format!(" offset ({})", formula(by)),
                None => format!(" offset {}", self.span(*by)),
            },
            Some(Offset::Neg(by)) if !by.is_zero() => format!(" offset -{}", self.span(*by)),
            _ => String::new(),
        }
    }

    /// A plain span of time, or a computed one.
    fn span(&self, by: Duration) -> String {
        self.0.of(by).map_or_else(|| span(by), formula)
    }
}

/// Whether only its beginning would be taken for what stands behind `offset`: what a parenthesis begins goes on there, and
/// nothing else does.
fn ends_early(of: &Formula) -> bool {
    let is_operation =
        |of: &Formula| !of.wrapped && matches!(&of.term, Term::Pair(pairing, _) if !pairing.is_function());
    match &of.term {
        Term::Negated(inner) => !of.wrapped && is_operation(inner),
        _ => is_operation(of) && !begins_wrapped(of),
    }
}

fn begins_wrapped(of: &Formula) -> bool {
    match &of.term {
        _ if of.wrapped => true,
        Term::Pair(pairing, sides) if !pairing.is_function() => begins_wrapped(&sides[0]),
        _ => false,
    }
}

/// A computed duration (Prometheus, `printer.go`, `DurationExpr`).
pub(super) fn formula(of: &Formula) -> String {
    let text = match &of.term {
        Term::Seconds { value, with_units: false } => number::plain(*value),
        Term::Seconds { value, with_units: true } => {
            let sign = if *value < 0.0 { "-" } else { "" };
            format!("{sign}{}", span(Duration::from_secs_f64(value.abs())))
        }
        Term::Step => "step()".to_owned(),
        Term::Range => "range()".to_owned(),
        Term::Negated(inner) => format!("-{}", formula(inner)),
        Term::Pair(pairing, sides) => {
            let ([left, right], word) = (sides.each_ref().map(formula), pairing.word());
            match pairing.is_function() {
                true => format!("{word}({left}, {right})"),
                false => format!("{left} {word} {right}"),
            }
        }
    };
    if of.wrapped { format!("({text})") } else { text }
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

/// A selector without `@` and `offset`. Its name stands before the braces only if it stood there; one in quotes is a
/// matcher.
fn selector(selector: &VectorSelector) -> String {
    let name = modifier::name(selector).unwrap_or_default();
    let mut matchers: Vec<String> = modifier::matchers(selector).map(matcher).collect();
    matchers.sort_unstable();
    if matchers.is_empty() { name.to_owned() } else { format!("{name}{{{}}}", matchers.join(",")) }
}

fn anchor(at: Option<&AtModifier>) -> String {
    match at {
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
    }
}

fn edges(selector: &VectorSelector) -> String {
    modifier::edges(selector).word().map_or(String::new(), |word| format!(" {word}"))
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
