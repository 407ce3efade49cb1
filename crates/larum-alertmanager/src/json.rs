//! JSON as Go writes it (Go, package `encoding/json`, `Marshal`): with what could end a script in HTML escaped.

use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// A value as Go's JSON.
pub fn to_string(value: &impl Serialize) -> String {
    let mut out = Vec::new();
    let written = value.serialize(&mut Serializer::with_formatter(&mut out, LikeGo));
    debug_assert!(written.is_ok(), "all that is written here has texts as keys");
    String::from_utf8(out).unwrap_or_default()
}

/// The same; nothing if that would be longer than `longest` bytes.
pub fn to_string_within(value: &impl Serialize, longest: usize) -> Option<String> {
    let mut page = Page { bytes: Vec::new(), longest };
    value.serialize(&mut Serializer::with_formatter(&mut page, LikeGo)).ok()?;
    String::from_utf8(page.bytes).ok()
}

/// A piece of paper of bounded length.
struct Page {
    bytes: Vec<u8>,
    longest: usize,
}

impl io::Write for Page {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        if more.len() > self.longest - self.bytes.len() {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct LikeGo;

impl Formatter for LikeGo {
    fn write_string_fragment<W: io::Write + ?Sized>(&mut self, writer: &mut W, text: &str) -> io::Result<()> {
        let mut from = 0;
        for (at, c) in text.char_indices() {
            if matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}') {
                writer.write_all(&text.as_bytes()[from..at])?;
                write!(writer, "\\u{:04x}", u32::from(c))?;
                from = at + c.len_utf8();
            }
        }
        writer.write_all(&text.as_bytes()[from..])
    }
}

#[cfg(test)]
mod tests {
    use super::{to_string, to_string_within};

    #[test]
    fn go_writes_the_same() {
        let text = "<a> & \"é\"\n\t\u{8}\u{1}\u{2028}\\";
        let written = r#""\u003ca\u003e \u0026 \"é\"\n\t\b\u0001\u2028\\""#;
        assert_eq!(to_string(&text), written);
        assert_eq!(to_string_within(&text, written.len()).as_deref(), Some(written));
        assert_eq!(to_string_within(&text, written.len() - 1), None);
    }
}
