//! Fixing an expression to one time, as `@` behind every selector would.

use crate::expr::{Anchor, Expr, Shift};
use crate::function::Work;

/// The expression with `@` for every selector and subquery that has none; what a subquery holds is fixed by it. None
/// if the outcome depends on the time of evaluation all the same (Prometheus, `AtModifierUnsafeFunctions`).
pub(crate) fn pinned(expr: &Expr, at: i64) -> Option<Expr> {
    let mut expr = expr.clone();
    pin(&mut expr, at).then_some(expr)
}

/// Answers whether that fixes it.
fn pin(expr: &mut Expr, at: i64) -> bool {
    match expr {
        Expr::Number(_) | Expr::Text(_) => true,
        Expr::Select(select) => fix(&mut select.shift, at),
        Expr::Range(range) => fix(&mut range.shift, at),
        Expr::Call(call) => {
            let depends = matches!(call.function.work, Work::Time | Work::Timestamp | Work::Date(_))
                || call.function.name == "predict_linear";
            !depends && call.arguments.iter_mut().all(|argument| pin(argument, at))
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
