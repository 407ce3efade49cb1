//! Durations that depend on the query around an expression, and the expression once that query is known.

use crate::expr::{Expr, RangeOf};
use crate::formula::{Course, Formula};

/// A duration of a place that is known only with the query.
#[derive(Clone, Debug)]
pub(crate) struct Open {
    /// The place: the `id` of a selector or a subquery.
    pub place: usize,
    pub part: Part,
    pub formula: Formula,
}

/// Which duration of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Window,
    Step,
    Offset,
}

/// The expression with all its durations; the error says what is wrong with one of them.
pub(crate) fn resolved(expr: &Expr, open: &[Open], course: Course) -> Result<Expr, String> {
    let mut expr = expr.clone();
    for Open { place, part, formula } in open {
        let millis = match part {
            Part::Offset => formula.millis(course)?,
            Part::Window | Part::Step => formula.positive_millis(course)?,
        };
        set(&mut expr, *place, *part, millis);
    }
    Ok(expr)
}

/// A step of less than a millisecond is none at all.
pub(crate) fn step(millis: i64) -> Option<i64> {
    (millis != 0).then_some(millis)
}

/// Sets a duration of a place; answers whether the place is in the expression.
fn set(expr: &mut Expr, place: usize, part: Part, millis: i64) -> bool {
    match expr {
        Expr::Number(_) | Expr::Text(_) => false,
        Expr::Select(select) if select.id == place => {
            select.shift.offset = millis;
            true
        }
        Expr::Select(_) => false,
        Expr::Range(range) if range.id == place => {
            match (part, &mut range.of) {
                (Part::Window, _) => range.window = millis,
                (Part::Offset, _) => range.shift.offset = millis,
                (Part::Step, RangeOf::Subquery { step: of_subquery, .. }) => *of_subquery = step(millis),
                (Part::Step, RangeOf::Samples(_)) => {}
            }
            true
        }
        Expr::Range(range) => match &mut range.of {
            RangeOf::Samples(_) => false,
            RangeOf::Subquery { inner, .. } => set(inner, place, part, millis),
        },
        Expr::Call(call) => call.arguments.iter_mut().any(|argument| set(argument, place, part, millis)),
        Expr::Relabel(relabel) => set(&mut relabel.inner, place, part, millis),
        Expr::Aggregate(aggregate) => {
            let parameter = aggregate.reduce.parameter_mut();
            parameter.is_some_and(|parameter| set(parameter, place, part, millis))
                || set(&mut aggregate.inner, place, part, millis)
        }
        Expr::Binary(binary) => {
            set(&mut binary.left, place, part, millis) || set(&mut binary.right, place, part, millis)
        }
        Expr::Negate(inner) => set(inner, place, part, millis),
    }
}
