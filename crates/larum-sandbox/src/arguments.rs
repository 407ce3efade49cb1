//! Arguments of a call: from query, form, multipart or JSON to one map of values.

use serde_json::{Map, Value};

use crate::answer::Refusal;

/// How the body of a call was encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// No body, or one without arguments.
    None,
    Json,
    Form,
    Multipart,
    Text,
}

impl Encoding {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Json => "json",
            Self::Form => "form",
            Self::Multipart => "multipart",
            Self::Text => "text",
        }
    }
}

/// What the `Content-Type` header said.
#[derive(Clone, Copy)]
pub(crate) struct ContentType {
    pub(crate) encoding: Encoding,
    /// The warning about its charset, if any.
    pub(crate) warning: Option<&'static str>,
}

/// Reads a `Content-Type`; `empty` says that there is no body, which needs none.
///
/// Slack's "Using the Web API" names the accepted types and their errors; the charset warnings were seen
/// live: JSON must name its charset, a form must not.
pub(crate) fn content_type(header: Option<&str>, empty: bool) -> Result<ContentType, Refusal> {
    let Some(header) = header.map(str::trim).filter(|header| !header.is_empty()) else {
        return if empty {
            Ok(ContentType { encoding: Encoding::None, warning: None })
        } else {
            Err(Refusal::of("missing_post_type"))
        };
    };
    let mut parts = header.split(';').map(str::trim);
    let encoding = match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "application/json" => Encoding::Json,
        "application/x-www-form-urlencoded" => Encoding::Form,
        "multipart/form-data" => Encoding::Multipart,
        "text/plain" => Encoding::Text,
        _ => return Err(Refusal::of("invalid_post_type")),
    };
    let charset = parts
        .filter_map(|part| part.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .map(|(_, value)| value.trim().trim_matches('"').to_ascii_lowercase());
    let warning = match (encoding, charset.as_deref()) {
        (_, Some(other)) if !["utf-8", "utf8", "iso-8859-1"].contains(&other) => {
            return Err(Refusal::of("invalid_charset"));
        }
        (Encoding::Json, None) => Some("missing_charset"),
        (Encoding::Form, Some(_)) => Some("superfluous_charset"),
        _ => None,
    };
    Ok(ContentType { encoding, warning })
}

/// The arguments of a call, by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arguments(Map<String, Value>);

impl Arguments {
    /// Adds the pairs of a query string or of a form body. Later pairs win.
    pub(crate) fn add_pairs(&mut self, encoded: &[u8]) -> Result<(), Refusal> {
        if std::str::from_utf8(encoded).is_err() {
            return Err(Refusal::of("invalid_form_data"));
        }
        for (name, value) in form_urlencoded::parse(encoded) {
            self.add(name.into_owned(), value.into_owned());
        }
        Ok(())
    }

    /// Adds one form field.
    pub(crate) fn add(&mut self, name: String, value: String) {
        self.0.insert(name, Value::String(value));
    }

    /// Adds the members of a JSON object. An empty body is no arguments: Slack's Python SDK sends such.
    pub(crate) fn add_json(&mut self, body: &[u8]) -> Result<(), Refusal> {
        if body.is_empty() {
            return Ok(());
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => {
                self.0.extend(members);
                Ok(())
            }
            Ok(_) => Err(Refusal::of("json_not_object")),
            Err(_) => Err(Refusal::of("invalid_json")),
        }
    }

    /// An argument as it came.
    pub(crate) fn raw(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// An argument as text. JSON null and the empty text count as not given.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        match self.0.get(name)? {
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(yes) => Some(yes.to_string()),
            _ => None,
        }
    }

    /// A flag: `true`, `"true"`, `1` and `"1"` are yes (the SDKs differ).
    pub(crate) fn flag(&self, name: &str) -> bool {
        matches!(self.text(name).as_deref(), Some("true" | "1"))
    }

    /// A structured argument: native JSON, or JSON text inside a field, which is accepted in both encodings.
    /// `Err` when the text is not JSON.
    pub(crate) fn structured(&self, name: &str) -> Result<Option<Value>, ()> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
            Some(Value::String(text)) => serde_json::from_str(text).map(Some).map_err(|_| ()),
            Some(value) => Ok(Some(value.clone())),
        }
    }

    /// All arguments but the token, for `api.test`.
    pub(crate) fn echo(&self) -> Map<String, Value> {
        self.0
            .iter()
            .filter(|(name, _)| *name != "token")
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }
}
