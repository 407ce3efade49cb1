//! `eq` and its relatives (Go, package `text/template`, "Functions"), for values without marks.

use std::cmp::Ordering;

use larum_template::{Functions, Time, Value, type_name, wrong_count};

use super::language::Alertmanager;

/// Adds all of them.
pub fn add_comparisons(all: &mut Functions) {
    all.add("eq", |args| match args {
        [first, others @ ..] if !others.is_empty() => {
            for other in others {
                if equal(first, other)? {
                    return Ok(Value::Bool(true));
                }
            }
            Ok(Value::Bool(false))
        }
        _ => Err("missing argument for comparison".to_owned()),
    });
    all.add("ne", |args| match args {
        [one, other] => equal(one, other).map(|equal| Value::Bool(!equal)),
        _ => Err(wrong_count(2, args.len())),
    });
    add_order(all, "lt", |order| order == Ordering::Less);
    add_order(all, "le", |order| order != Ordering::Greater);
    add_order(all, "gt", |order| order == Ordering::Greater);
    add_order(all, "ge", |order| order != Ordering::Less);
}

fn add_order(all: &mut Functions, name: &'static str, is: fn(Ordering) -> bool) {
    all.add(name, move |args| {
        let [one, other] = args else { return Err(wrong_count(2, args.len())) };
        Ok(Value::Bool(match (one, other) {
            // What is no number is in no order.
            (Value::Float(a), Value::Float(b)) => a.partial_cmp(b).is_some_and(is),
            _ => is(order(one, other)?),
        }))
    });
}

fn order(one: &Value, other: &Value) -> Result<Ordering, String> {
    match (one, other) {
        (Value::String(a), Value::String(b)) => Ok(a.cmp(b)),
        (Value::Map(_), _) if whole(one).is_none() => Err("invalid type for comparison".to_owned()),
        (Value::Bool(_) | Value::Nil | Value::List(_), _) => Err("invalid type for comparison".to_owned()),
        _ => whole(one).zip(whole(other)).map(|(a, b)| a.cmp(&b)).ok_or_else(|| differ(one, other)),
    }
}

fn equal(one: &Value, other: &Value) -> Result<bool, String> {
    match (one, other) {
        (Value::Nil, other) | (other, Value::Nil) => Ok(matches!(other, Value::Nil)),
        (Value::String(a), Value::String(b)) => Ok(a == b),
        (Value::Bool(a), Value::Bool(b)) => Ok(a == b),
        (Value::Float(a), Value::Float(b)) => Ok(a == b),
        (Value::List(_) | Value::Map(_), _) | (_, Value::List(_) | Value::Map(_))
            if whole(one).or(whole(other)).is_none() =>
        {
            Err(format!("non-comparable type {}: {}", shown(one), shown(other)))
        }
        _ => whole(one).zip(whole(other)).map(|(a, b)| a == b).ok_or_else(|| differ(one, other)),
    }
}

fn whole(value: &Value) -> Option<i128> {
    match value {
        Value::Int(number) => Some((*number).into()),
        Value::Uint(number) => Some((*number).into()),
        _ => match Time::of(value) {
            Some(Time::Span(number) | Time::Named(number, _)) => Some(number.into()),
            _ => None,
        },
    }
}

fn differ(one: &Value, other: &Value) -> String {
    format!("incompatible types for comparison: {} and {}", shown(one), shown(other))
}

fn shown(value: &Value) -> &'static str {
    type_name(&Alertmanager, value)
}
