//! Fixing an expression to one time, as `@` behind every selector would.

use crate::expr::{Anchor, Call, Expr, Shift};
use crate::function::Work;

/// The expression with `@` for every selector and subquery that has none; what a subquery holds is fixed by it. None
/// if the outcome depends on the time of evaluation all the same (Prometheus, `AtModifierUnsafeFunctions`).
pub(crate) fn pinned(expr: &Expr, at: i64) -> Option<Expr> {
    let mut expr = expr.clone();
    pin(&mut expr, at).then_some(expr)
}

/// Whether it comes to the same at every time of a range query: `@` stands behind all its selectors and subqueries
/// (Prometheus, `preprocessExprHelper`).
pub(crate) fn is_fixed(expr: &Expr) -> bool {
    match expr {
        Expr::Number(_) | Expr::Text(_) => true,
        Expr::Select(select) => select.shift.anchor.is_some(),
        Expr::Range(range) => range.shift.anchor.is_some(),
        Expr::Call(call) => is_fixed_call(call),
        Expr::Relabel(relabel) => is_fixed(&relabel.inner),
        Expr::Aggregate(aggregate) => {
            aggregate.reduce.parameter().is_none_or(is_fixed) && is_fixed(&aggregate.inner)
        }
        Expr::Binary(binary) => is_fixed(&binary.left) && is_fixed(&binary.right),
        Expr::Negate(inner) => is_fixed(inner),
    }
}

/// [`is_fixed`] of a call.
pub(crate) fn is_fixed_call(call: &Call) -> bool {
    !depends_on_time(call) && call.arguments.iter().all(is_fixed)
}

/// Whether the function's outcome depends on the time of evaluation, whatever its arguments.
fn depends_on_time(call: &Call) -> bool {
    matches!(call.function.work, Work::Time | Work::Timestamp | Work::Date(_))
        || call.function.name == "predict_linear"
}

/// Answers whether that fixes it.
fn pin(expr: &mut Expr, at: i64) -> bool {
    match expr {
        Expr::Number(_) | Expr::Text(_) => true,
        Expr::Select(select) => fix(&mut select.shift, at),
        Expr::Range(range) => fix(&mut range.shift, at),
        Expr::Call(call) => {
            !depends_on_time(call) && call.arguments.iter_mut().all(|argument| pin(argument, at))
        }
        Expr::Relabel(relabel) => pin(&mut relabel.inner, at),
        Expr::Aggregate(aggregate) => {
            let parameter = aggregate.reduce.parameter_mut().is_none_or(|parameter| pin(parameter, at));
            parameter && pin(&mut aggregate.inner, at)
        }
        Expr::Binary(binary) => pin(&mut binary.left, at) && pin(&mut binary.right, at),
        Expr::Negate(inner) => pin(inner, at),
    }
}

fn fix(shift: &mut Shift, at: i64) -> bool {
    shift.anchor.get_or_insert(Anchor::Millis(at));
    true
}
