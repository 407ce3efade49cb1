//! `toJson`: what Go writes of the values that templates can have.

use larum_template::{Time, Value, format_time};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::shape::Shape;
use crate::json;

/// How Go writes a point in time in JSON (Go, package `time`, `RFC3339Nano`).
const POINT: &str = "2006-01-02T15:04:05.999999999Z07:00";

/// A value as JSON; nothing if that would be longer than `longest` bytes.
pub fn to_json(value: &Value, longest: usize) -> Option<String> {
    json::to_string_within(&Json(value), longest)
}

struct Json<'a>(&'a Value);

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match (self.0, Time::of(self.0)) {
            (_, Some(Time::Point(time))) => to.serialize_str(&format_time(&time, POINT)),
            (_, Some(Time::Span(number) | Time::Named(number, _))) => to.serialize_i64(number),
            (Value::Nil | Value::Function(_), _) => to.serialize_unit(),
            (Value::Bool(value), _) => to.serialize_bool(*value),
            (Value::Int(number), _) => to.serialize_i64(*number),
            (Value::Uint(number), _) => to.serialize_u64(*number),
            (Value::Float(number), _) => to.serialize_f64(*number),
            (Value::String(text), _) => to.serialize_str(text),
            (Value::List(values), _) => {
                let mut list = to.serialize_seq(Some(values.len()))?;
                values.iter().try_for_each(|value| list.serialize_element(&Json(value)))?;
                list.end()
            }
            (Value::Map(map), _) => {
                let mut entries = to.serialize_map(None)?;
                let shape = Shape::of(self.0);
                let fields = shape.and_then(Shape::fields);
                for name in fields.unwrap_or_default() {
                    let shown = if shape == Some(Shape::Pair) { (*name).to_owned() } else { field(name) };
                    let value = self.0.field(name).unwrap_or(&Value::Nil);
                    entries.serialize_entry(&shown, &Json(value))?;
                }
                if fields.is_none() {
                    map.iter()
                        .try_for_each(|(name, value)| entries.serialize_entry(&**name, &Json(value)))?;
                }
                entries.end()
            }
        }
    }
}

/// What a field is called in JSON.
fn field(name: &str) -> String {
    match name {
        "NotificationReason" => "notification_reason".to_owned(),
        _ => {
            let (first, rest) = name.split_at(1);
            first.to_lowercase() + rest
        }
    }
}
