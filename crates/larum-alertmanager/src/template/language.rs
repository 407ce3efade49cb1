//! Alertmanager's templates as a language.

use larum_template::{Language, Limits, Value, joined, show};

use super::MAX_TEXT;
use super::function::OURS;
use super::mark::{is_mark, marked};
use super::shape::{Shape, of_list, of_map, written};

/// What Alertmanager adds to Go's templates.
#[derive(Debug)]
pub struct Alertmanager;

/// A notification may hold thousands of alerts with dozens of labels; what comes of them is bounded by its length.
const LIMITS: Limits = Limits { longest: MAX_TEXT, rounds: 100_000, templates: 10_000 };

impl Language for Alertmanager {
    fn limits(&self) -> Limits {
        LIMITS
    }

    fn has_function(&self, name: &str) -> bool {
        OURS.contains(&name)
    }

    fn type_name(&self, value: &Value) -> Option<&'static str> {
        let is_text = |value: &Value| matches!(value, Value::String(_));
        match (Shape::of(value)?, value) {
            (Shape::Data, _) => Some("*template.Data"),
            (Shape::Alert, _) => Some("template.Alert"),
            (Shape::Pair, _) => Some("template.Pair"),
            (Shape::Kv, _) => Some("template.KV"),
            (Shape::Pairs, _) => Some("template.Pairs"),
            (Shape::Alerts, _) => Some("template.Alerts"),
            (Shape::List, Value::List(list)) if !list.is_empty() && list.iter().all(is_text) => {
                Some("[]string")
            }
            (Shape::List | Shape::Map, _) => None,
        }
    }

    fn show(&self, value: &Value) -> Option<String> {
        let shape = Shape::of(value)?;
        if let Some(names) = shape.fields() {
            let fields = names.iter().filter_map(|name| value.field(name));
            return Some(format!("{{{}}}", joined(self, " ", fields.map(|field| show(self, field)))));
        }
        matches!(shape, Shape::Kv | Shape::Pairs).then(|| written(value))
    }

    /// A method, a field, or what a map has under this name.
    fn member(&self, value: &Value, name: &str, args: &[Value]) -> Option<Result<Value, String>> {
        let shape = Shape::of(value)?;
        match value {
            Value::List(list) if args.is_empty() => of_list(shape, list, name).map(Ok),
            Value::Map(_) if shape.fields().is_some() && args.is_empty() => {
                value.field(name).cloned().map(Ok)
            }
            Value::Map(map) => {
                let method = if shape == Shape::Kv { of_map(map, name, args) } else { None };
                let key = || args.is_empty().then(|| value.field(name).cloned());
                method.or_else(|| key().map(|found| Ok(found.unwrap_or_else(|| self.absent(value, name)))))
            }
            _ => None,
        }
    }

    /// A name may hold letters that are marked in what comes from an alert. Labels that are not there are the empty
    /// text (`missingkey=zero` on a map of texts).
    fn absent(&self, map: &Value, key: &str) -> Value {
        let none = || match Shape::of(map) {
            Some(Shape::Kv) => Value::String("".into()),
            _ => Value::Nil,
        };
        map.field(&marked(key)).cloned().unwrap_or_else(none)
    }

    fn stands_for_another(&self, character: char) -> bool {
        is_mark(character)
    }
}
