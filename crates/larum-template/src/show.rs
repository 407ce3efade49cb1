//! What Go writes of a value, and what it calls its type.

use gotmpl::Value;

use crate::language::Language;
use crate::number::plain;
use crate::time::Time;

/// What Go calls the type of a value.
pub fn type_name(language: &dyn Language, value: &Value) -> &'static str {
    if let Some(name) = language.type_name(value) {
        return name;
    }
    match (value, Time::of(value)) {
        (_, Some(Time::Point(_))) => "time.Time",
        (_, Some(Time::Span(_))) => "time.Duration",
        (_, Some(Time::Named(_, name))) if name.ends_with("day") => "time.Weekday",
        (_, Some(Time::Named(..))) => "time.Month",
        (Value::Nil, _) => "<nil>",
        (Value::Bool(_), _) => "bool",
        (Value::Int(_), _) => "int",
        (Value::Uint(_), _) => "uint",
        (Value::Float(_), _) => "float64",
        (Value::String(_), _) => "string",
        (Value::List(_), _) => "[]interface {}",
        (Value::Map(_), _) => "map[string]interface {}",
        (Value::Function(_), _) => "func",
    }
}

/// What Go writes of a value that has its own way to be written.
pub(crate) fn own_way(language: &dyn Language, value: &Value) -> Option<String> {
    match Time::of(value) {
        Some(time) => Some(time.show()),
        None => language.show(value),
    }
}

/// A value as `%v` writes it.
pub fn show(language: &dyn Language, value: &Value) -> String {
    if let Some(shown) = own_way(language, value) {
        return shown;
    }
    match value {
        Value::Float(number) => plain(*number),
        Value::List(values) => {
            format!("[{}]", joined(language, " ", values.iter().map(|value| argument(language, value))))
        }
        Value::Map(map) => {
            let entries = map.iter().map(|(name, value)| format!("{name}:{}", argument(language, value)));
            format!("map[{}]", joined(language, " ", entries))
        }
        other => other.to_string(),
    }
}

/// Parts in a row, as far as a text can hold them: one that is longer is refused or cut by whoever asked. A map of maps
/// of maps may have more parts than any machine can write.
pub fn joined(language: &dyn Language, separator: &str, parts: impl Iterator<Item = String>) -> String {
    let longest = language.limits().longest;
    let (mut out, mut parts) = (String::new(), parts.enumerate());
    // The next is not even made when there is no room for it.
    while out.len() <= longest
        && let Some((index, part)) = parts.next()
    {
        out.push_str(if index > 0 { separator } else { "" });
        out.push_str(&part);
    }
    out
}

/// The same of a value that a function was given, or that stands within another: there Go shows what is a pointer.
pub fn argument(language: &dyn Language, value: &Value) -> String {
    let sign = if language.is_pointer(value) { "&" } else { "" };
    format!("{sign}{}", show(language, value))
}
