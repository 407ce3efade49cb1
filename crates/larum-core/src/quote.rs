//! Texts in quotes as Go writes them.

use std::fmt::Write as _;

/// A string as Go quotes it (Go, package strconv, `Quote`).
pub(crate) fn go_string(text: &mut String, value: &str) {
    text.push('"');
    for letter in value.chars() {
        match letter {
            '"' => text.push_str(r#"\""#),
            '\\' => text.push_str(r"\\"),
            '\u{7}' => text.push_str(r"\a"),
            '\u{8}' => text.push_str(r"\b"),
            '\u{c}' => text.push_str(r"\f"),
            '\n' => text.push_str(r"\n"),
            '\r' => text.push_str(r"\r"),
            '\t' => text.push_str(r"\t"),
            '\u{b}' => text.push_str(r"\v"),
            _ => go_letter(text, letter),
        }
    }
    text.push('"');
}

fn go_letter(text: &mut String, letter: char) {
    // Writing to a string cannot fail.
    let _ = match u32::from(letter) {
        _ if is_printable(letter) => write!(text, "{letter}"),
        code @ (0..0x20 | 0x7f) => write!(text, r"\x{code:02x}"),
        code @ 0..0x1_0000 => write!(text, r"\u{code:04x}"),
        code => write!(text, r"\U{code:08x}"),
    };
}

/// Letters, marks, numbers, punctuation, symbols and the ASCII space: those that Rust does not escape inside of a text
/// either. A mark alone it would escape, so it stands behind a letter.
fn is_printable(letter: char) -> bool {
    let mut behind = [b'a'; 5];
    let length = letter.encode_utf8(&mut behind[1..]).len();
    let behind = std::str::from_utf8(&behind[..=length]).unwrap_or_default();
    matches!(letter, '\'') || behind.escape_debug().count() == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(value: &str) -> String {
        let mut text = String::new();
        go_string(&mut text, value);
        text
    }

    #[test]
    fn a_string_is_quoted_as_go_does() {
        assert_eq!(quoted("it's a \"b\" \\ c"), r#""it's a \"b\" \\ c""#);
        assert_eq!(quoted("\0\u{1}\u{7}\t\n\u{7f}"), r#""\x00\x01\a\t\n\x7f""#);
        assert_eq!(quoted("é日e\u{301}🦀"), "\"é日e\u{301}🦀\"");
        assert_eq!(quoted("\u{a0}\u{ad}\u{200b}\u{e0001}"), r#""\u00a0\u00ad\u200b\U000e0001""#);
    }
}
