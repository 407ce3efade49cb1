//! What a value of a template is to Go, where crate gotmpl knows only maps.

use gotmpl::Value;

use super::printf::show;
use super::sample::parts;
use super::time::Time;

/// The fields of an alert in Go's order (Prometheus, `template/template.go`, `AlertTemplateData`).
pub const SCENE: [&str; 4] = ["Labels", "ExternalLabels", "ExternalURL", "Value"];

/// What a value is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A point or a span of time.
    Time(Time),
    /// A sample that `query` gave.
    Sample,
    /// An alert: what a text begins with.
    Scene,
    /// What it looks like.
    Plain,
}

impl Kind {
    pub fn of(value: &Value) -> Self {
        let Value::Map(map) = value else { return Self::Plain };
        if let Some(time) = Time::of(value) {
            Self::Time(time)
        } else if parts(value).is_some() {
            Self::Sample
        } else if map.len() == SCENE.len() && SCENE.iter().all(|name| map.contains_key(*name)) {
            Self::Scene
        } else {
            Self::Plain
        }
    }

    /// What Go calls the type, where it is none of Go's own.
    fn type_name(self) -> Option<&'static str> {
        match self {
            Self::Time(time) => Some(time.type_name()),
            Self::Sample => Some("*template.sample"),
            Self::Scene => Some("struct"),
            Self::Plain => None,
        }
    }

    /// What Go writes of it, where it is none of Go's own: structures as their fields.
    pub fn show(self, value: &Value) -> Option<String> {
        let fields = |names: &[&str]| {
            let shown: Vec<String> = names.iter().filter_map(|name| value.field(name)).map(show).collect();
            Some(format!("{{{}}}", shown.join(" ")))
        };
        match self {
            Self::Time(time) => Some(time.show()),
            Self::Sample => fields(&["Labels", "Value"]),
            Self::Scene => fields(&SCENE),
            Self::Plain => None,
        }
    }
}

/// What Go calls the type of a value.
pub fn type_name(value: &Value) -> &'static str {
    if let Some(name) = Kind::of(value).type_name() {
        return name;
    }
    match value {
        Value::Nil => "<nil>",
        Value::Bool(_) => "bool",
        Value::Int(_) => "int",
        Value::Uint(_) => "uint",
        Value::Float(_) => "float64",
        Value::String(_) => "string",
        Value::List(_) => "template.queryResult",
        Value::Map(_) => "map[string]string",
        Value::Function(_) => "func",
    }
}
