//! The classic rules: a name of ASCII letters, digits, `_` and `:`; quotes around the value may be left out; `\n`, `\"`
//! and `\\` stand for what they stand for everywhere, and before anything else a backslash is itself.

use super::{Parts, operator};

/// Matchers between commas that stand in no quotes; the last may be followed by one.
pub(super) fn matchers(text: &str) -> Result<Vec<Parts>, String> {
    let text = text.strip_prefix('{').unwrap_or(text);
    let text = text.strip_suffix('}').unwrap_or(text);
    let (mut quoted, mut escaped, mut start) = (false, false, 0);
    let mut pieces = Vec::new();
    for (index, letter) in text.char_indices() {
        match letter {
            ',' if !quoted => {
                pieces.push(&text[start..index]);
                start = index + 1;
            }
            '"' if !escaped => quoted = !quoted,
            _ => {}
        }
        escaped = letter == '\\' && !escaped;
    }
    if !text[start..].trim().is_empty() {
        pieces.push(text[start..].trim());
    }
    pieces.into_iter().map(matcher).collect()
}

pub(super) fn matcher(text: &str) -> Result<Parts, String> {
    let bad = || format!("bad matcher format: {text}");
    let trimmed = text.trim_matches(is_blank);
    let end = trimmed.find(|c: char| !c.is_ascii_alphanumeric() && !"_:".contains(c)).ok_or_else(bad)?;
    let (name, rest) = trimmed.split_at(end);
    if !name.starts_with(|c: char| !c.is_ascii_digit()) {
        return Err(bad());
    }
    let (op, given) = operator(rest.trim_start_matches(is_blank)).ok_or_else(bad)?;
    let given = given.trim_start_matches(is_blank);
    let value =
        unescaped(given).ok_or_else(|| format!("matcher value contains unescaped double quote: {given}"))?;
    Ok((name.to_owned(), op, value))
}

fn unescaped(given: &str) -> Option<String> {
    let (text, mut closes) = given.strip_prefix('"').map_or((given, false), |text| (text, true));
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if closes && letters.as_str().is_empty() => closes = false,
            '"' => return None,
            '\\' => match letters.next() {
                Some('n') => plain.push('\n'),
                Some(other @ ('"' | '\\')) => plain.push(other),
                other => plain.extend(['\\'].into_iter().chain(other)),
            },
            other => plain.push(other),
        }
    }
    (!closes).then_some(plain)
}

/// What Go's regular expressions take for a blank (RE2, "Syntax", `\s`).
fn is_blank(letter: char) -> bool {
    "\t\n\x0C\r ".contains(letter)
}
