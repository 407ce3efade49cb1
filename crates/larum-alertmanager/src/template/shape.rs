//! What templates see of a notification, as values (Alertmanager, `template/template.go`): structures with fields, and
//! lists and maps with methods of their own.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use larum_core::label::{ALERT_NAME, LabelSet};
use larum_template::{Time, Value, joined, record};

use super::language::Alertmanager;
use super::mark::{clean, marked};
use crate::data::{Data, DataAlert};

/// Marks a map as a structure; its value is a number, which nothing from outside can be.
const STRUCTURE: &str = "\u{1}structure";

/// The fields of each structure in Go's order.
const DATA: [&str; 8] = [
    "Receiver",
    "Status",
    "Alerts",
    "NotificationReason",
    "GroupLabels",
    "CommonLabels",
    "CommonAnnotations",
    "ExternalURL",
];
const ALERT: [&str; 7] =
    ["Status", "Labels", "Annotations", "StartsAt", "EndsAt", "GeneratorURL", "Fingerprint"];
const PAIR: [&str; 2] = ["Name", "Value"];

/// No pairs at all: a list that is known to be one of pairs by where it lies, for Go writes it as the empty text.
static NO_PAIRS: LazyLock<Arc<[Value]>> = LazyLock::new(|| Arc::from([]));

/// What a list or a map is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// What a template begins with.
    Data,
    /// One alert.
    Alert,
    /// A name and a value.
    Pair,
    /// Names and values: labels or annotations. A map of texts that a template made itself is taken for one too.
    Kv,
    /// A list of pairs.
    Pairs,
    /// A list of alerts.
    Alerts,
    /// Some other list.
    List,
    /// Some other map.
    Map,
}

impl Shape {
    /// What a value is, if it is a list or a map, and no time.
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::List(list) if Arc::ptr_eq(list, &NO_PAIRS) => Some(Self::Pairs),
            Value::List(list) => Some(match list.first().and_then(Self::of) {
                Some(Self::Pair) => Self::Pairs,
                Some(Self::Alert) => Self::Alerts,
                _ => Self::List,
            }),
            Value::Map(map) => match map.get(STRUCTURE) {
                Some(Value::Int(0)) => Some(Self::Data),
                Some(Value::Int(1)) => Some(Self::Alert),
                Some(Value::Int(2)) => Some(Self::Pair),
                _ if Time::of(value).is_some() => None,
                _ if map.values().all(|value| matches!(value, Value::String(_))) => Some(Self::Kv),
                _ => Some(Self::Map),
            },
            _ => None,
        }
    }

    /// The fields of a structure, in Go's order.
    pub fn fields(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Data => Some(&DATA),
            Self::Alert => Some(&ALERT),
            Self::Pair => Some(&PAIR),
            _ => None,
        }
    }
}

fn text(text: &str) -> Value {
    Value::String(text.into())
}

fn foreign(text: &str) -> Value {
    Value::String(marked(text).into())
}

fn kv(labels: &LabelSet) -> Value {
    let entries = labels.iter().map(|(name, value)| (marked(name).into(), foreign(value)));
    Value::Map(Arc::new(entries.collect()))
}

/// The whole of it.
pub fn data(data: &Data) -> Value {
    record([
        (STRUCTURE, Value::Int(0)),
        ("Receiver", text(&data.receiver)),
        ("Status", text(data.status())),
        ("Alerts", Value::List(data.alerts.iter().map(alert).collect())),
        ("NotificationReason", text(data.notification_reason)),
        ("GroupLabels", kv(&data.group_labels)),
        ("CommonLabels", kv(&data.common_labels)),
        ("CommonAnnotations", kv(&data.common_annotations)),
        ("ExternalURL", text(&data.external_url)),
    ])
}

fn alert(alert: &DataAlert) -> Value {
    let ends_at = alert.ends_at.map_or_else(Time::zero, |at| Time::of_millis(at.as_millis()));
    record([
        (STRUCTURE, Value::Int(1)),
        ("Status", text(alert.status())),
        ("Labels", kv(&alert.labels)),
        ("Annotations", kv(&alert.annotations)),
        ("StartsAt", Time::of_millis(alert.starts_at.as_millis()).value()),
        ("EndsAt", ends_at.value()),
        ("GeneratorURL", foreign(&alert.generator_url)),
        ("Fingerprint", text(&alert.fingerprint)),
    ])
}

type Map = BTreeMap<Arc<str>, Value>;

/// The pairs of a map by name, `alertname` first.
fn sorted(map: &Map) -> impl Iterator<Item = (&Arc<str>, &Value)> {
    let first = map.get_key_value(ALERT_NAME);
    first.into_iter().chain(map.iter().filter(|(name, _)| &***name != ALERT_NAME))
}

/// A map as Go writes it, and a list of pairs as well: `a=b, c=d`.
fn in_a_row<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    joined(&Alertmanager, ", ", pairs.map(|(name, value)| format!("{name}={value}")))
}

fn part<'a>(pair: &'a Value, name: &str) -> &'a str {
    pair.field(name).and_then(Value::as_str).unwrap_or_default()
}

/// What Go writes of names and values.
pub fn written(value: &Value) -> String {
    match value {
        Value::Map(map) => {
            in_a_row(sorted(map).map(|(name, value)| (&**name, value.as_str().unwrap_or_default())))
        }
        Value::List(pairs) => in_a_row(pairs.iter().map(|pair| (part(pair, "Name"), part(pair, "Value")))),
        _ => String::new(),
    }
}

/// What a method of names and values gives; nothing if there is no such method.
pub fn of_map(map: &Map, method: &str, args: &[Value]) -> Option<Result<Value, String>> {
    let pairs = || sorted(map);
    Some(Ok(match (method, args) {
        ("SortedPairs", []) if map.is_empty() => Value::List(Arc::clone(&NO_PAIRS)),
        ("SortedPairs", []) => Value::List(
            pairs()
                .map(|(name, value)| {
                    record([
                        (STRUCTURE, Value::Int(2)),
                        ("Name", Value::String(Arc::clone(name))),
                        ("Value", value.clone()),
                    ])
                })
                .collect(),
        ),
        ("Names", []) => Value::List(pairs().map(|(name, _)| Value::String(Arc::clone(name))).collect()),
        ("Values", []) => Value::List(pairs().map(|(_, value)| value.clone()).collect()),
        ("String", []) => Value::String(written(&Value::Map(Arc::new(map.clone()))).into()),
        ("Remove", [Value::List(names)]) => {
            let names: Vec<_> = names.iter().filter_map(Value::as_str).map(clean).collect();
            let kept = map.iter().filter(|(name, _)| !names.contains(&clean(name)));
            Value::Map(Arc::new(kept.map(|(name, value)| (Arc::clone(name), value.clone())).collect()))
        }
        ("Remove", _) => return Some(Err("wants a list of names".to_owned())),
        _ => return None,
    }))
}

/// What a method of a list gives; nothing if there is no such method. An empty list has those of all lists.
pub fn of_list(shape: Shape, list: &Arc<[Value]>, method: &str) -> Option<Value> {
    let is = |wanted: Shape| shape == wanted || list.is_empty();
    let parts = |name: &str| Value::List(list.iter().filter_map(|pair| pair.field(name)).cloned().collect());
    let in_status = |status: &str| {
        let alerts = list.iter().filter(|alert| part(alert, "Status") == status);
        Value::List(alerts.cloned().collect())
    };
    match method {
        "Firing" if is(Shape::Alerts) => Some(in_status("firing")),
        "Resolved" if is(Shape::Alerts) => Some(in_status("resolved")),
        "Names" if is(Shape::Pairs) => Some(parts("Name")),
        "Values" if is(Shape::Pairs) => Some(parts("Value")),
        "String" if shape == Shape::Pairs => Some(text(&written(&Value::List(Arc::clone(list))))),
        _ => None,
    }
}
