//! Prometheus' templates as a language: what their values are to Go, where crate gotmpl knows only maps.

use larum_template::{Language, Limits, Time, Value, show};

use super::function::OURS;
use super::sample::{is_numbered, parts};
use super::{MAX_ROUNDS, MAX_TEMPLATES, MAX_TEXT};

/// The fields of an alert in Go's order (Prometheus, `template/template.go`, `AlertTemplateData`).
pub const SCENE: [&str; 4] = ["Labels", "ExternalLabels", "ExternalURL", "Value"];

/// What Prometheus adds to Go's templates.
#[derive(Debug)]
pub struct Prometheus;

/// What a value is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// A sample that `query` gave.
    Sample,
    /// An alert: what a text begins with.
    Scene,
    /// What it looks like.
    Plain,
}

impl Kind {
    fn of(value: &Value) -> Self {
        let Value::Map(map) = value else { return Self::Plain };
        if parts(value).is_some() {
            Self::Sample
        } else if map.len() == SCENE.len() && SCENE.iter().all(|name| map.contains_key(*name)) {
            Self::Scene
        } else {
            Self::Plain
        }
    }
}

impl Language for Prometheus {
    fn limits(&self) -> Limits {
        Limits { longest: MAX_TEXT, rounds: MAX_ROUNDS, templates: MAX_TEMPLATES }
    }

    fn has_function(&self, name: &str) -> bool {
        OURS.contains(&name)
    }

    fn type_name(&self, value: &Value) -> Option<&'static str> {
        match (Kind::of(value), Time::of(value)) {
            (_, Some(Time::Point(_))) => Some("*time.Time"),
            (_, Some(Time::Span(_))) => Some("*time.Duration"),
            (_, Some(Time::Named(..))) => None,
            (Kind::Sample, _) => Some("*template.sample"),
            (Kind::Scene, _) => Some("struct"),
            (Kind::Plain, _) => match value {
                Value::List(_) => Some("template.queryResult"),
                Value::Map(_) => Some("map[string]string"),
                _ => None,
            },
        }
    }

    /// Structures as their fields.
    fn show(&self, value: &Value) -> Option<String> {
        let fields = |names: &[&str]| {
            let fields = names.iter().filter_map(|name| value.field(name));
            let shown: Vec<String> = fields.map(|field| show(self, field)).collect();
            Some(format!("{{{}}}", shown.join(" ")))
        };
        match Kind::of(value) {
            Kind::Sample => fields(&["Labels", "Value"]),
            Kind::Scene => fields(&SCENE),
            Kind::Plain => None,
        }
    }

    fn is_pointer(&self, value: &Value) -> bool {
        Kind::of(value) == Kind::Sample
    }

    /// A label that is not there is the empty text, as Prometheus has it (`missingkey=zero` on a map of texts).
    fn member(&self, value: &Value, name: &str, args: &[Value]) -> Option<Result<Value, String>> {
        let Value::Map(map) = value else { return None };
        match map.get(name) {
            _ if !args.is_empty() => None,
            Some(inner) => Some(Ok(inner.clone())),
            None if Kind::of(value) != Kind::Plain => None,
            None if name.starts_with("arg") && is_numbered(map) => Some(Ok(Value::Nil)),
            None => Some(Ok(Value::String("".into()))),
        }
    }
}
