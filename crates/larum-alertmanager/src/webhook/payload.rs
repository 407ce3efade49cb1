//! `payload` of a `webhook_config`: what is posted instead of the usual body (Alertmanager 0.32, `webhook_config`).

use larum_core::time::Timestamp;

use crate::data::Data;
use crate::json;
use crate::template::{Escape, FieldError, Scene, Templates, Texts};
use crate::yaml::{Typed, read};

/// The longest body that may come of it, in bytes.
pub const MAX_PAYLOAD: usize = 1 << 20;

/// A payload whose texts are templates, read once.
#[derive(Debug)]
pub struct Payload {
    shape: Typed,
    texts: Texts,
}

impl Payload {
    /// Reads its texts. One that is no template is an error when it is filled in.
    pub fn new(shape: &Typed, templates: &Templates) -> Self {
        let mut fields = Vec::new();
        collect("payload", shape, &mut fields);
        let texts = templates.texts(fields.iter().map(|(path, text)| (path.clone(), text.as_str())));
        Self { shape: shape.clone(), texts }
    }

    /// The body of the request, JSON. A text that reads as another kind of value once it is filled in is that: `{{ len
    /// .Alerts }}` becomes a number, and `{{ toJson .Alerts }}` a list.
    ///
    /// # Errors
    /// [`FieldError`] for the first text that cannot be filled in, and for `payload` as a whole where JSON cannot say it
    /// or it is longer than [`MAX_PAYLOAD`].
    pub fn body(&self, data: &Data, now: Timestamp) -> Result<String, FieldError> {
        let filled = self.filled("payload", &self.shape, &Scene::new(data, now))?;
        let body = json::to_string_within(&filled, MAX_PAYLOAD);
        let wrong = || {
            let reason = format!("it is no JSON, or more than {MAX_PAYLOAD} bytes");
            FieldError { field: "payload".to_owned(), reason }
        };
        body.map(|body| body + "\n").ok_or_else(wrong)
    }

    fn filled(&self, path: &str, value: &Typed, scene: &Scene) -> Result<Typed, FieldError> {
        let fill = |path: &str| self.texts.fill(path, scene, Escape::Nothing);
        Ok(match value {
            Typed::Text(_) => inferred(fill(path)?),
            Typed::List(items) => {
                let items = items.iter().enumerate();
                let items = items.map(|(index, item)| self.filled(&item_path(path, index), item, scene));
                Typed::List(items.collect::<Result<_, _>>()?)
            }
            Typed::Map(fields) => {
                let mut filled: Vec<(String, Typed)> = Vec::with_capacity(fields.len());
                for (name, value) in fields {
                    let (key, value) =
                        (fill(&key_path(path, name))?, self.filled(&field_path(path, name), value, scene)?);
                    // Two names can become one.
                    filled.retain(|(known, _)| *known != key);
                    filled.push((key, value));
                }
                Typed::Map(filled)
            }
            other => other.clone(),
        })
    }
}

/// What a text reads as. What comes from an alert is no template here, whatever it looks like; Alertmanager would fill it
/// in once more.
fn inferred(text: String) -> Typed {
    match read(&text).map(|node| Typed::of(&node)) {
        Err(_) | Ok(Typed::Text(_)) => Typed::Text(text),
        Ok(value) => inner(value),
    }
}

fn inner(value: Typed) -> Typed {
    match value {
        Typed::Text(text) => inferred(text),
        Typed::List(items) => Typed::List(items.into_iter().map(inner).collect()),
        Typed::Map(fields) => {
            Typed::Map(fields.into_iter().map(|(name, value)| (name, inner(value))).collect())
        }
        other => other,
    }
}

/// All texts of a value, with their paths.
fn collect(path: &str, value: &Typed, fields: &mut Vec<(String, String)>) {
    match value {
        Typed::Text(text) => fields.push((path.to_owned(), text.clone())),
        Typed::List(items) => {
            items.iter().enumerate().for_each(|(index, item)| collect(&item_path(path, index), item, fields));
        }
        Typed::Map(named) => {
            for (name, value) in named {
                fields.push((key_path(path, name), name.clone()));
                collect(&field_path(path, name), value, fields);
            }
        }
        Typed::Null | Typed::Boolean(_) | Typed::Number(_) => {}
    }
}

fn item_path(path: &str, index: usize) -> String {
    format!("{path}[{index}]")
}

fn field_path(path: &str, name: &str) -> String {
    format!("{path}.{name}")
}

fn key_path(path: &str, name: &str) -> String {
    format!("{path}: {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Alertmanager 0.33.1 posted for `payload: { it: <this text> }`.
    #[test]
    fn a_text_is_what_it_reads_as_in_yaml() {
        for (text, json) in [
            ("firing", r#""firing""#),
            (" {\"a\":1} ", r#"{"a":1}"#),
            ("[1,2", r#""[1,2""#),
            (r#""quoted""#, r#""\"quoted\"""#),
            ("12 ", "12"),
            ("", "null"),
            ("~", "null"),
            ("# c", "null"),
            ("a: b", r#"{"a":"b"}"#),
            ("a: b: c", r#""a: b: c""#),
            ("A [FIRING:1] A (5 1 \"q\" <b>)", r#""A [FIRING:1] A (5 1 \"q\" \u003cb\u003e)""#),
            ("yes", "true"),
            ("0123", "83"),
            ("0o17", "15"),
            ("0x10", "16"),
            ("1:20", r#""1:20""#),
            ("1e3", "1000"),
            ("1.", "1"),
            (".5", "0.5"),
            ("+5", "5"),
            ("-0", "0"),
            ("1_000", "1000"),
            ("123456789012345678901234567890", "1.2345678901234568e+29"),
            ("12345678901234567890", "12345678901234567890"),
            ("2026-01-01T00:00:00Z", r#""2026-01-01T00:00:00Z""#),
            ("- a", r#"["a"]"#),
            ("*a", r#""*a""#),
            ("&a b", r#""\u0026a b""#),
            ("%x", r#""%x""#),
            ("@x", r#""@x""#),
            ("a\nb", r#""a\nb""#),
            ("--- a", r#""--- a""#),
            ("'a b'", r#""'a b'""#),
            (r#"{a: "1", b: '{"c": "2"}'}"#, r#"{"a":1,"b":{"c":2}}"#),
            ("{1: a, true: b, x: {2: q}}", r#"{"x":{}}"#),
            ("\t x", r#""\t x""#),
            ("\u{2028}é", "\"\\u2028é\""),
        ] {
            assert_eq!(json::to_string(&inferred(text.to_owned())), json, "{text:?}");
        }
        assert!(json::to_string_within(&inferred(".inf".to_owned()), 99).is_none());
    }
}
