//! Expressions as the tree that Prometheus' console shows (Prometheus, `web/api/v1/translate_ast.go`).

use std::time::{Duration, UNIX_EPOCH};

use larum_core::label::METRIC_NAME;
use promql_parser::parser::value::ValueType;
use promql_parser::parser::{
    AggregateExpr, AtModifier, BinaryExpr, Call, Expr, LabelModifier, Offset, SubqueryExpr,
    VectorMatchCardinality, VectorSelector, token,
};
use serde_json::{Value, json};

use super::formula::Formulas;
use super::modifier;
use super::print::match_word;
use crate::expr::Edges;
use crate::formula::{Formula, Term};
use crate::number;

/// Draws the trees of the expressions of a text with the computed durations in it.
pub(super) struct Drawing<'a>(pub &'a Formulas);

impl Drawing<'_> {
    /// The tree of an expression.
    pub fn tree(&self, expr: &Expr) -> Value {
        match expr {
            Expr::Aggregate(aggregate) => self.aggregation(aggregate),
            Expr::Binary(binary) => self.operation(binary),
            Expr::Call(call) => self.function_call(call),
            Expr::Paren(paren) => json!({ "type": "parenExpr", "expr": self.tree(&paren.expr) }),
            Expr::Unary(unary) => json!({ "type": "unaryExpr", "op": "-", "expr": self.tree(&unary.expr) }),
            Expr::Subquery(subquery) => self.subquery_tree(subquery),
            Expr::VectorSelector(vector) => self.selector("vectorSelector", vector),
            Expr::MatrixSelector(range) => {
                let mut shown = self.selector("matrixSelector", &range.vs);
                (shown["range"], shown["rangeExpr"]) = self.duration(Some(range.range));
                shown
            }
            Expr::NumberLiteral(literal) => {
                json!({ "type": "numberLiteral", "val": number::plain(literal.val) })
            }
            Expr::StringLiteral(text) => json!({ "type": "stringLiteral", "val": text.val }),
            Expr::Extension(_) => Value::Null,
        }
    }

    fn aggregation(&self, aggregate: &AggregateExpr) -> Value {
        let (grouping, without) = match &aggregate.modifier {
            Some(LabelModifier::Include(labels)) => (labels.labels.as_slice(), false),
            Some(LabelModifier::Exclude(labels)) => (labels.labels.as_slice(), true),
            None => ([].as_slice(), false),
        };
        json!({
            "type": "aggregation",
            "op": aggregate.op.to_string(),
            "expr": self.tree(&aggregate.expr),
            "param": aggregate.param.as_ref().map(|parameter| self.tree(parameter)),
            "grouping": grouping,
            "without": without,
        })
    }

    fn operation(&self, binary: &BinaryExpr) -> Value {
        let vectors =
            [&binary.lhs, &binary.rhs].into_iter().all(|side| side.value_type() == ValueType::Vector);
        json!({
            "type": "binaryExpr",
            "op": binary.op.to_string(),
            "lhs": self.tree(&binary.lhs),
            "rhs": self.tree(&binary.rhs),
            "matching": vectors.then(|| matching(binary)),
            "bool": binary.return_bool(),
        })
    }

    fn function_call(&self, call: &Call) -> Value {
        let function = json!({
            "name": call.func.name,
            "argTypes": call.func.arg_types.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "variadic": call.func.variadic,
            "returnType": call.func.return_type.to_string(),
        });
        let arguments: Vec<Value> = call.args.args.iter().map(|argument| self.tree(argument)).collect();
        json!({ "type": "call", "func": function, "args": arguments })
    }

    fn subquery_tree(&self, subquery: &SubqueryExpr) -> Value {
        let (timestamp, start_or_end) = anchor(subquery.at.as_ref());
        let (range, range_formula) = self.duration(Some(subquery.range));
        let (step, step_formula) = self.duration(subquery.step);
        let (offset, offset_formula) = self.shift(subquery.offset.as_ref());
        json!({
            "type": "subquery",
            "expr": self.tree(&subquery.expr),
            "range": range,
            "rangeExpr": range_formula,
            "offset": offset,
            "offsetExpr": offset_formula,
            "step": step,
            "stepExpr": step_formula,
            "timestamp": timestamp,
            "startOrEnd": start_or_end,
        })
    }

    fn selector(&self, kind: &str, selector: &VectorSelector) -> Value {
        let shown = modifier::matchers(selector).map(
            |matcher| json!({ "name": matcher.name, "value": matcher.value, "type": match_word(&matcher.op) }),
        );
        let named = modifier::name(selector)
            .into_iter()
            .map(|name| json!({ "name": METRIC_NAME, "value": name, "type": "=" }));
        let matchers: Vec<Value> = shown.chain(named).collect();
        let (timestamp, start_or_end) = anchor(selector.at.as_ref());
        let (offset, offset_formula) = self.shift(selector.offset.as_ref());
        json!({
            "type": kind,
            "name": modifier::name(selector).unwrap_or_default(),
            "offset": offset,
            "offsetExpr": offset_formula,
            "matchers": matchers,
            "timestamp": timestamp,
            "startOrEnd": start_or_end,
            "anchored": modifier::edges(selector) == Edges::Anchored,
            "smoothed": modifier::edges(selector) == Edges::Smoothed,
        })
    }

    fn shift(&self, offset: Option<&Offset>) -> (Value, Value) {
        match offset {
            None => self.duration(None),
            Some(Offset::Pos(by)) => self.duration(Some(*by)),
            Some(Offset::Neg(by)) => (Value::from(-millis(*by)), Value::Null),
        }
    }

    /// A duration in milliseconds, and the tree of it if it is computed.
    fn duration(&self, span: Option<Duration>) -> (Value, Value) {
        let Some(span) = span else { return (0.into(), Value::Null) };
        match self.0.of(span) {
            Some(of) => (0.into(), formula(of)),
            None => (millis(span).into(), Value::Null),
        }
    }
}

/// The tree of a computed duration.
fn formula(of: &Formula) -> Value {
    let (word, left, right) = match &of.term {
        Term::Seconds { value, with_units } => {
            let value = number::plain(*value);
            return json!({ "type": "numberLiteral", "val": value, "duration": with_units });
        }
        Term::Step => ("step", Value::Null, Value::Null),
        Term::Range => ("range", Value::Null, Value::Null),
        Term::Negated(inner) => ("-", Value::Null, formula(inner)),
        Term::Pair(pairing, sides) => (pairing.word(), formula(&sides[0]), formula(&sides[1])),
    };
    json!({ "type": "durationExpr", "op": word, "lhs": left, "rhs": right, "wrapped": of.wrapped })
}

fn matching(binary: &BinaryExpr) -> Value {
    let modifier = binary.modifier.as_ref();
    let (on, labels) = match modifier.and_then(|modifier| modifier.matching.as_ref()) {
        Some(LabelModifier::Include(labels)) => (true, labels.labels.as_slice()),
        Some(LabelModifier::Exclude(labels)) => (false, labels.labels.as_slice()),
        None => (false, [].as_slice()),
    };
    let sets = matches!(binary.op.id(), token::T_LAND | token::T_LOR | token::T_LUNLESS);
    let (card, include) = match modifier.map(|modifier| &modifier.card) {
        Some(VectorMatchCardinality::ManyToOne(labels)) => ("many-to-one", labels.labels.as_slice()),
        Some(VectorMatchCardinality::OneToMany(labels)) => ("one-to-many", labels.labels.as_slice()),
        _ if sets => ("many-to-many", [].as_slice()),
        _ => ("one-to-one", [].as_slice()),
    };
    let fill = json!({ "lhs": null, "rhs": null });
    json!({ "card": card, "labels": labels, "on": on, "include": include, "fillValues": fill })
}

/// What `@` names: a time, or one of the ends.
fn anchor(at: Option<&AtModifier>) -> (Option<i64>, Option<&'static str>) {
    match at {
        None => (None, None),
        Some(AtModifier::Start) => (None, Some("start")),
        Some(AtModifier::End) => (None, Some("end")),
        Some(AtModifier::At(time)) => {
            let at = match time.duration_since(UNIX_EPOCH) {
                Ok(after) => millis(after),
                Err(before) => -millis(before.duration()),
            };
            (Some(at), None)
        }
    }
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}
