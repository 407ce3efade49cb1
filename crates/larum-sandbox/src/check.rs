//! Whether Slack would take the content of a message.
//!
//! The limits are transcribed from Slack's documentation ("Block Kit", reference pages of blocks, elements
//! and composition objects; `chat.postMessage`; "Truncating really long messages") for this crate alone.
//! They must never be shared with a client: a mistake in both would hide itself.

mod attachments;
mod blocks;
mod elements;
mod text;

use serde_json::Value;

use crate::answer::complaint;

pub(crate) use attachments::{check_attachments, shows_something};
pub(crate) use blocks::check_blocks;

/// Lines about what is wrong, each with a JSON pointer, and the characters of text seen so far.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) lines: Vec<String>,
    /// Characters in all text objects of all blocks.
    pub(crate) text_characters: usize,
    /// Characters in all markdown blocks.
    pub(crate) markdown_characters: usize,
}

/// How long a text is. Slack's documentation speaks of characters and does not say which; here they are UTF-16 units,
/// never fewer than code points, so that what passes here passes there.
pub(crate) fn characters(text: &str) -> usize {
    text.encode_utf16().count()
}

impl Findings {
    fn add(&mut self, words: impl AsRef<str>, pointer: &str) {
        self.lines.push(complaint(words.as_ref(), pointer));
    }

    /// A member that must be there; its absence is noted at its object.
    fn required<'a>(&mut self, object: &'a Value, name: &str, pointer: &str) -> Option<&'a Value> {
        let member = object.get(name).filter(|member| !member.is_null());
        if member.is_none() {
            self.add(format!("missing required field: {name}"), pointer);
        }
        member
    }

    /// Nothing but the members that an object of this kind has: Slack refuses others ("invalid additional property",
    /// seen by grafana/oncall, pull request 702).
    fn only(&mut self, object: &Value, known: &[&str], pointer: &str) {
        for name in object.as_object().into_iter().flat_map(|members| members.keys()) {
            if !known.contains(&name.as_str()) {
                self.add(format!("invalid additional property: {name}"), pointer);
            }
        }
    }

    /// An array with `least` to `most` items.
    fn items<'a>(&mut self, value: &'a Value, least: usize, most: usize, pointer: &str) -> &'a [Value] {
        let Some(items) = value.as_array() else {
            self.add("must be an array", pointer);
            return &[];
        };
        if items.len() < least {
            self.add(format!("must have at least {least} items"), pointer);
        }
        self.at_most(items, most, pointer);
        items
    }

    fn at_most(&mut self, items: &[Value], most: usize, pointer: &str) {
        if items.len() > most {
            self.add(format!("no more than {most} items allowed"), pointer);
        }
    }

    /// A text of `least` to `most` [`characters`].
    fn characters(&mut self, value: &Value, least: usize, most: usize, pointer: &str) {
        let Some(text) = value.as_str() else {
            self.add("must be a string", pointer);
            return;
        };
        let length = characters(text);
        if length < least {
            self.add(format!("must be more than {} characters", least - 1), pointer);
        }
        if length > most {
            self.add(format!("must be less than {} characters", most + 1), pointer);
        }
    }

    /// An optional text of at most `most` characters at `object.name`.
    fn optional_text(&mut self, object: &Value, name: &str, most: usize, pointer: &str) {
        if let Some(value) = object.get(name).filter(|value| !value.is_null()) {
            self.characters(value, 0, most, &format!("{pointer}/{name}"));
        }
    }

    /// A required `http` or `https` address of at most 3,000 characters at `object.name`.
    fn address(&mut self, value: &Value, pointer: &str) {
        self.characters(value, 1, 3000, pointer);
        let is_address = value.as_str().is_some_and(|text| {
            let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
            rest.is_some_and(|rest| !rest.is_empty()) && !text.contains(char::is_whitespace)
        });
        if !is_address {
            self.add("must be a valid URL", pointer);
        }
    }
}
