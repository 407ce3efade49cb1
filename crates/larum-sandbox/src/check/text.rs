//! Text objects: `plain_text` and `mrkdwn`.

use serde_json::Value;

use super::{Findings, characters};

/// Which types a text object may have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    PlainOnly,
    Any,
}

impl Findings {
    /// A text object of 1 to `most` characters. A fault inside is preceded by a line about the object, as
    /// Slack answers it.
    pub(super) fn text_object(&mut self, object: &Value, kind: Kind, most: usize, pointer: &str) {
        let before = self.lines.len();
        self.text_members(object, kind, most, pointer);
        if self.lines.len() > before {
            let line = crate::answer::complaint("failed to match all allowed schemas", pointer);
            self.lines.insert(before, line);
        }
    }

    fn text_members(&mut self, object: &Value, kind: Kind, most: usize, pointer: &str) {
        if !object.is_object() {
            self.add("must be an object", pointer);
            return;
        }
        let own = if object["type"] == "mrkdwn" { "verbatim" } else { "emoji" };
        self.only(object, &["type", "text", own], pointer);
        if let Some(of) = self.required(object, "type", pointer) {
            let allowed = match of.as_str() {
                Some("plain_text") => true,
                Some("mrkdwn") => kind == Kind::Any,
                _ => false,
            };
            if !allowed {
                self.add(format!("unsupported type: {of}"), &format!("{pointer}/type"));
            }
        }
        if let Some(text) = self.required(object, "text", pointer) {
            self.text_characters += text.as_str().map_or(0, characters);
            self.characters(text, 1, most, &format!("{pointer}/text"));
        }
    }

    /// An optional text object at `object.name`.
    pub(super) fn optional_text_object(&mut self, object: &Value, name: &str, most: usize, pointer: &str) {
        if let Some(value) = object.get(name).filter(|value| !value.is_null()) {
            self.text_object(value, Kind::PlainOnly, most, &format!("{pointer}/{name}"));
        }
    }
}
