//! Texts written as YAML, so that every reader of YAML finds the same text again (YAML 1.2.2, chapter 7; words that
//! YAML 1.1 takes for something else are quoted too).

/// Words that some readers of YAML take for no text.
const WORDS: [&str; 13] =
    ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf", "none", "undefined"];

/// A text as it can stand behind `name: `. Lines of a text of several stand below, `indent` columns from the left.
pub(crate) fn scalar(text: &str, indent: usize) -> String {
    if is_block(text) { block(text, indent) } else { key(text) }
}

/// A text as it can stand before a colon, or behind one.
pub(crate) fn key(text: &str) -> String {
    if is_plain(text) {
        text.to_owned()
    } else if text.chars().all(is_printable) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        double_quoted(text)
    }
}

/// Letters and digits with little else between them, and nothing that could mean more.
fn is_plain(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '(' | ')' | ' ');
    let word = text.to_ascii_lowercase();
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(fits)
        && !text.ends_with(' ')
        && !WORDS.contains(&word.as_str())
}

/// Several lines, each of which shows where it begins and ends.
fn is_block(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    let line_fits = |line: &str| line.is_empty() || !line.trim().is_empty();
    body.contains('\n')
        && !body.ends_with('\n')
        && !body.starts_with([' ', '\t', '\n'])
        && body.chars().all(|c| c == '\n' || is_printable(c))
        && body.split('\n').all(line_fits)
}

fn block(text: &str, indent: usize) -> String {
    let (body, head) = match text.strip_suffix('\n') {
        Some(body) => (body, "|"),
        None => (text, "|-"),
    };
    let mut out = head.to_owned();
    for line in body.split('\n') {
        let fill = if line.is_empty() { 0 } else { indent };
        out.push_str(&format!("\n{:fill$}{line}", ""));
    }
    out
}

/// What can stand in a quoted text as it is, on one line.
fn is_printable(c: char) -> bool {
    let is_separator = matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}');
    !c.is_control() && !is_separator
}

fn double_quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_printable(c) => out.push(c),
            c => out.push_str(&format!("\\u{:04x}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::scalar;

    fn read_back(text: &str) -> String {
        let written = scalar(text, 4);
        let yaml = format!("a:\n  b: {written}\n  c: d\n");
        let read: BTreeMap<String, BTreeMap<String, String>> =
            crate::yaml::read(&yaml).unwrap_or_else(|error| panic!("{error}\n{yaml}"));
        assert_eq!(read["a"]["c"], "d", "{yaml}");
        read["a"]["b"].clone()
    }

    #[test]
    fn a_text_is_written_as_plainly_as_it_can_be() {
        let texts = [
            ("High load", "High load"),
            ("5m", "'5m'"),
            ("yes", "'yes'"),
            ("it's {{ $value }}", "'it''s {{ $value }}'"),
            ("", "''"),
            ("a: b", "'a: b'"),
            ("a # b", "'a # b'"),
            ("a\nb", "|-\n    a\n    b"),
            ("sum(\n  x\n\n)\n", "|\n    sum(\n      x\n\n    )"),
            (" a\nb", "\" a\\nb\""),
            ("a\r\n\u{7}", "\"a\\r\\n\\u0007\""),
        ];
        for (text, written) in texts {
            assert_eq!(scalar(text, 4), written);
            assert_eq!(read_back(text), text);
        }
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in prop_oneof![
            any::<String>(),
            "[ \\t\\n\\r:#'\"|>{}\\[\\],&*!%@`~a0=?-]{0,12}",
            "[a-zA-Z0-9.+_-]{0,6}",
        ]) {
            prop_assert_eq!(read_back(&text), text);
        }
    }
}
