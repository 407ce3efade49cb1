//! Expressions as the tree that Prometheus' console shows (Prometheus, `web/api/v1/translate_ast.go`).

use std::time::{Duration, UNIX_EPOCH};

use larum_core::label::METRIC_NAME;
use promql_parser::parser::value::ValueType;
use promql_parser::parser::{
    AggregateExpr, AtModifier, BinaryExpr, Call, Expr, LabelModifier, Offset, SubqueryExpr,
    VectorMatchCardinality, VectorSelector, token,
};
use serde_json::{Value, json};

use super::print::match_word;
use crate::number;

/// The tree of an expression.
pub(super) fn tree(expr: &Expr) -> Value {
    match expr {
        Expr::Aggregate(aggregate) => aggregation(aggregate),
        Expr::Binary(binary) => operation(binary),
        Expr::Call(call) => function_call(call),
        Expr::Paren(paren) => json!({ "type": "parenExpr", "expr": tree(&paren.expr) }),
        Expr::Unary(unary) => json!({ "type": "unaryExpr", "op": "-", "expr": tree(&unary.expr) }),
        Expr::Subquery(subquery) => subquery_tree(subquery),
        Expr::VectorSelector(vector) => selector("vectorSelector", vector),
        Expr::MatrixSelector(range) => {
            let mut shown = selector("matrixSelector", &range.vs);
            shown["range"] = millis(range.range).into();
            shown
        }
        Expr::NumberLiteral(literal) => {
            json!({ "type": "numberLiteral", "val": number::plain(literal.val) })
        }
        Expr::StringLiteral(text) => json!({ "type": "stringLiteral", "val": text.val }),
        Expr::Extension(_) => Value::Null,
    }
}

fn aggregation(aggregate: &AggregateExpr) -> Value {
    let (grouping, without) = match &aggregate.modifier {
        Some(LabelModifier::Include(labels)) => (labels.labels.as_slice(), false),
        Some(LabelModifier::Exclude(labels)) => (labels.labels.as_slice(), true),
        None => ([].as_slice(), false),
    };
    json!({
        "type": "aggregation",
        "op": aggregate.op.to_string(),
        "expr": tree(&aggregate.expr),
        "param": aggregate.param.as_ref().map(|parameter| tree(parameter)),
        "grouping": grouping,
        "without": without,
    })
}

fn operation(binary: &BinaryExpr) -> Value {
    let vectors = [&binary.lhs, &binary.rhs].into_iter().all(|side| side.value_type() == ValueType::Vector);
    json!({
        "type": "binaryExpr",
        "op": binary.op.to_string(),
        "lhs": tree(&binary.lhs),
        "rhs": tree(&binary.rhs),
        "matching": vectors.then(|| matching(binary)),
        "bool": binary.return_bool(),
    })
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

fn function_call(call: &Call) -> Value {
    let function = json!({
        "name": call.func.name,
        "argTypes": call.func.arg_types.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "variadic": call.func.variadic,
        "returnType": call.func.return_type.to_string(),
    });
    let arguments: Vec<Value> = call.args.args.iter().map(|argument| tree(argument)).collect();
    json!({ "type": "call", "func": function, "args": arguments })
}

fn subquery_tree(subquery: &SubqueryExpr) -> Value {
    let (timestamp, start_or_end) = anchor(subquery.at.as_ref());
    json!({
        "type": "subquery",
        "expr": tree(&subquery.expr),
        "range": millis(subquery.range),
        "offset": shift(subquery.offset.as_ref()),
        "step": subquery.step.map_or(0, millis),
        "timestamp": timestamp,
        "startOrEnd": start_or_end,
    })
}

fn selector(kind: &str, selector: &VectorSelector) -> Value {
    let shown = selector.matchers.matchers.iter().map(
        |matcher| json!({ "name": matcher.name, "value": matcher.value, "type": match_word(&matcher.op) }),
    );
    let named = selector.name.iter().map(|name| json!({ "name": METRIC_NAME, "value": name, "type": "=" }));
    let matchers: Vec<Value> = shown.chain(named).collect();
    let (timestamp, start_or_end) = anchor(selector.at.as_ref());
    json!({
        "type": kind,
        "name": selector.name.as_deref().unwrap_or_default(),
        "offset": shift(selector.offset.as_ref()),
        "matchers": matchers,
        "timestamp": timestamp,
        "startOrEnd": start_or_end,
        "anchored": false,
        "smoothed": false,
    })
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

fn shift(offset: Option<&Offset>) -> i64 {
    match offset {
        None => 0,
        Some(Offset::Pos(by)) => millis(*by),
        Some(Offset::Neg(by)) => -millis(*by),
    }
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}
