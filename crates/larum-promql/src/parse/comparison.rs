//! What an expression measures before it compares with a number.

use larum_core::policy::Comparator;
use promql_parser::parser::{BinaryExpr, Expr, token};

use super::print::Printer;
use super::{foreign, lower};

/// An expression that compares with a number, taken apart: `rate(errors[5m]) > 3`.
#[derive(Clone, PartialEq, Debug)]
pub struct Comparison {
    /// What is compared, as PromQL: it gives a value also where the comparison does not hold.
    pub measured: String,
    /// How it is compared.
    pub comparator: Comparator,
    /// The number that it is compared with.
    pub limit: f64,
    /// Whether this is all that the expression asks; if not, the comparison stands to the left of `and` or `unless`.
    pub whole: bool,
}

/// What an expression measures, and the number that it is compared with; none if it compares with no number, or
/// elsewhere than as the last thing it does before `and` and `unless`, or if the text is no PromQL.
pub fn comparison(text: &str) -> Option<Comparison> {
    let foreign = foreign(text).ok()?;
    lower::lower(&foreign).ok()?;
    let (printer, mut expr, mut whole) = (Printer(&foreign.formulas), bare(&foreign.tree), true);
    loop {
        let Expr::Binary(binary) = expr else { return None };
        match binary.op.id() {
            token::T_LAND | token::T_LUNLESS => (expr, whole) = (bare(&binary.lhs), false),
            _ => return compared(&printer, binary, whole),
        }
    }
}

fn compared(printer: &Printer<'_>, binary: &BinaryExpr, whole: bool) -> Option<Comparison> {
    let sign = Comparator::from_sign(&binary.op.to_string())?;
    if binary.modifier.as_ref().is_some_and(|modifier| modifier.return_bool) {
        return None;
    }
    let (measured, comparator, limit) = match (number(&binary.lhs), number(&binary.rhs)) {
        (None, Some(limit)) => (&binary.lhs, sign, limit),
        (Some(limit), None) => (&binary.rhs, turned(sign), limit),
        _ => return None,
    };
    Some(Comparison { measured: printer.line(bare(measured)), comparator, limit, whole })
}

/// The expression without the parentheses around it.
fn bare(mut expr: &Expr) -> &Expr {
    while let Expr::Paren(paren) = expr {
        expr = &paren.expr;
    }
    expr
}

/// The number that an expression of numbers alone comes to.
fn number(expr: &Expr) -> Option<f64> {
    match bare(expr) {
        Expr::NumberLiteral(number) => Some(number.val),
        Expr::Unary(unary) => number(&unary.expr).map(|value| -value),
        Expr::Binary(binary) => {
            let (left, right) = (number(&binary.lhs)?, number(&binary.rhs)?);
            match binary.op.id() {
                token::T_ADD => Some(left + right),
                token::T_SUB => Some(left - right),
                token::T_MUL => Some(left * right),
                token::T_DIV => Some(left / right),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The comparator when both sides change places.
const fn turned(comparator: Comparator) -> Comparator {
    match comparator {
        Comparator::Greater => Comparator::Less,
        Comparator::GreaterOrEqual => Comparator::LessOrEqual,
        Comparator::Less => Comparator::Greater,
        Comparator::LessOrEqual => Comparator::GreaterOrEqual,
        Comparator::Equal | Comparator::NotEqual => comparator,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken_apart(text: &str) -> Option<(String, String, bool)> {
        let Comparison { measured, comparator, limit, whole } = comparison(text)?;
        Some((measured, format!("{comparator} {limit}"), whole))
    }

    #[test]
    fn what_is_compared_with_a_number_is_taken_apart() {
        for (text, measured, limit, whole) in [
            ("rate(errors[5m]) > 3", "rate(errors[5m])", "> 3", true),
            ("(up == 0) # gone", "up", "== 0", true),
            ("sum by (node) (a) / b >= 1e3", "sum by (node) (a) / b", ">= 1000", true),
            ("0.1 > a", "a", "< 0.1", true),
            ("a < -5", "a", "< -5", true),
            ("a != 3 * 1024", "a", "!= 3072", true),
            ("a > 1 and b > 2", "a", "> 1", false),
            ("(a > 1 unless b) and on (x) c", "a", "> 1", false),
            ("a > 1 > 2", "a > 1", "> 2", true),
            ("rate(a[1m+step()]) > 1", "rate(a[1m + step()])", "> 1", true),
        ] {
            assert_eq!(taken_apart(text), Some((measured.to_owned(), limit.to_owned(), whole)), "{text}");
        }
    }

    #[test]
    fn what_compares_with_no_number_stays_whole() {
        for text in
            ["up", "a > b", "a > bool 5", "a > 1 or b > 2", "absent(a)", "1 > bool 2", "a >", "vector(1) + 3"]
        {
            assert_eq!(taken_apart(text), None, "{text}");
        }
    }
}
