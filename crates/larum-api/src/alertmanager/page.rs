//! Writing alerts out as Alertmanager does: each goes straight from the shared value into the text, and the text into the
//! socket while the next is being written.

use std::convert::Infallible;
use std::io::Write;
use std::sync::Arc;

use axum::body::Bytes;
use larum_core::alert::Phase;
use larum_core::label::LabelSet;
use larum_core::time::Timestamp;

use super::list::{Found, Told};
use crate::wire::time::Time;

/// How much is written before it is handed to the socket, in bytes.
const CHUNK: usize = 64 * 1024;

/// A list, written piece by piece.
pub struct Pages<I, W> {
    items: I,
    write: W,
    state: Written,
}

/// Writes alerts.
pub struct AlertWriter {
    told: Told,
    times: [TimeText; 3],
}

/// How far the list is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Written {
    Nothing,
    Some,
    All,
}

/// A time as it was last written: many alerts have the same, one after the other.
#[derive(Default)]
struct TimeText {
    at: Timestamp,
    text: String,
}

impl AlertWriter {
    /// Writes alerts of which these are told.
    pub fn new(told: Told) -> Self {
        Self { told, times: Default::default() }
    }

    /// One alert (Alertmanager, `api/v2/openapi.yaml`, `gettableAlert`), in a group that these time intervals mute.
    pub fn write(&mut self, text: &mut Vec<u8>, found: &Found, muted_by: &[Arc<str>]) {
        let Found { fingerprint, alert, inhibited_by, silenced_by } = found;
        let ends_at = match alert.phase {
            Phase::Firing { ends_at, .. } => ends_at,
            Phase::Ended { at, .. } => at,
        };
        let [starts, ends, updates] = &mut self.times;
        text.extend_from_slice(b"{\"annotations\":");
        write_labels(text, &alert.annotations);
        ends.write(text, ",\"endsAt\":\"", ends_at);
        write_display(text, ",\"fingerprint\":\"", fingerprint);
        text.extend_from_slice(b",\"receivers\":[");
        for (index, name) in self.told.names(alert).iter().enumerate() {
            text.extend_from_slice(if index == 0 { b"{\"name\":" } else { b",{\"name\":" });
            write_text(text, name);
            text.push(b'}');
        }
        starts.write(text, "],\"startsAt\":\"", alert.starts_at);
        text.extend_from_slice(b",\"status\":{\"inhibitedBy\":[");
        if let Some(by) = inhibited_by {
            write_display(text, "\"", by);
        }
        text.extend_from_slice(b"],\"mutedBy\":[");
        for (index, by) in muted_by.iter().enumerate() {
            text.extend_from_slice(if index == 0 { b"" } else { b"," });
            write_text(text, by);
        }
        text.extend_from_slice(b"],\"silencedBy\":[");
        for (index, by) in silenced_by.iter().enumerate() {
            write_display(text, if index == 0 { "\"" } else { ",\"" }, by);
        }
        let is_hidden = inhibited_by.is_some() || !silenced_by.is_empty() || !muted_by.is_empty();
        write_display(text, "],\"state\":\"", if is_hidden { "suppressed" } else { "active" });
        text.push(b'}');
        updates.write(text, ",\"updatedAt\":\"", alert.updated_at);
        if !alert.generator_url.is_empty() {
            text.extend_from_slice(b",\"generatorURL\":");
            write_text(text, &alert.generator_url);
        }
        text.extend_from_slice(b",\"labels\":");
        write_labels(text, &alert.labels);
        text.push(b'}');
    }
}

impl<I, W> Pages<I, W> {
    /// The list of these items, each as `write` writes it.
    pub fn of(items: I, write: W) -> Self {
        Self { items, write, state: Written::Nothing }
    }
}

impl<I: Iterator, W: FnMut(&mut Vec<u8>, I::Item)> Iterator for Pages<I, W> {
    type Item = Result<Bytes, Infallible>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.state == Written::All {
            return None;
        }
        let mut text = Vec::with_capacity(CHUNK + CHUNK / 8);
        while text.len() < CHUNK {
            text.push(if self.state == Written::Nothing { b'[' } else { b',' });
            let Some(item) = self.items.next() else {
                if self.state == Written::Some {
                    text.pop();
                }
                text.extend_from_slice(b"]\n");
                self.state = Written::All;
                break;
            };
            self.state = Written::Some;
            (self.write)(&mut text, item);
        }
        Some(Ok(text.into()))
    }
}

impl TimeText {
    fn write(&mut self, text: &mut Vec<u8>, before: &str, at: Timestamp) {
        if self.text.is_empty() || self.at != at {
            *self = Self { at, text: Time(at).to_string() };
        }
        text.extend_from_slice(before.as_bytes());
        text.extend_from_slice(self.text.as_bytes());
        text.push(b'"');
    }
}

pub fn write_labels(text: &mut Vec<u8>, labels: &LabelSet) {
    text.push(b'{');
    for (index, (name, value)) in labels.iter().enumerate() {
        if index > 0 {
            text.push(b',');
        }
        write_text(text, name);
        text.push(b':');
        write_text(text, value);
    }
    text.push(b'}');
}

/// Something whose text needs no escaping, and the quote after it.
fn write_display(text: &mut Vec<u8>, before: &str, value: impl std::fmt::Display) {
    text.extend_from_slice(before.as_bytes());
    write!(text, "{value}\"").expect("memory takes what is written to it");
}

/// A JSON string. Hardly any has something to escape, which is found out many bytes at a time.
pub fn write_text(text: &mut Vec<u8>, value: &str) {
    let escape = |byte: u8| (byte < b' ') | (byte == b'"') | (byte == b'\\');
    if value.bytes().fold(false, |found, byte| found | escape(byte)) {
        return serde_json::to_writer(text, value).expect("memory takes what is written to it");
    }
    text.push(b'"');
    text.extend_from_slice(value.as_bytes());
    text.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_written_as_json_whatever_is_in_them() {
        for value in ["", "plain", "a\"b", "a\\b", "a\nb\u{1f}\u{7f}", "\u{202e}café <&>", &"x\t".repeat(99)]
        {
            let mut text = Vec::new();
            write_text(&mut text, value);
            assert_eq!(text, serde_json::to_vec(value).unwrap(), "{value:?}");
        }
    }

    #[test]
    fn a_time_is_remembered_only_for_itself() {
        let mut times = TimeText::default();
        let mut text = Vec::new();
        for millis in [0, 0, 1_795_332_600_123, 0] {
            times.write(&mut text, "\"", Timestamp::from_millis(millis));
        }
        let (zero, other) = ("\"1970-01-01T00:00:00.000Z\"", "\"2026-11-22T07:30:00.123Z\"");
        assert_eq!(String::from_utf8(text).unwrap(), format!("{zero}{zero}{other}{zero}"));
    }
}
