//! The rules for UTF-8: a name and a value are strings of Go in quotes, or have nothing in them that needs any; a comma
//! may follow the last matcher.

use super::{Parts, operator};

/// What cannot stand outside of quotes, beside blanks.
const RESERVED: &str = "{}!=~,\\\"'`";

/// Matchers between commas, in braces or without.
pub(super) fn matchers(text: &str) -> Result<Vec<Parts>, String> {
    let mut left = Left { all: text, rest: text };
    let opened = left.takes('{');
    let mut found = Vec::new();
    while left.starts_with_text() {
        found.push(left.matcher()?);
        if !left.takes(',') {
            break;
        }
    }
    let closed = left.takes('}');
    if !left.blank_off().is_empty() {
        return Err(left.wrong("a comma or the end"));
    }
    match (opened, closed) {
        (true, false) => Err(left.wrong("close brace")),
        (false, true) => Err(format!("0:{}: expected an open brace", text.len())),
        _ => Ok(found),
    }
}

/// What is left of a text.
struct Left<'a> {
    all: &'a str,
    rest: &'a str,
}

impl<'a> Left<'a> {
    fn blank_off(&mut self) -> &'a str {
        self.rest = self.rest.trim_start();
        self.rest
    }

    fn takes(&mut self, sign: char) -> bool {
        let after = self.blank_off().strip_prefix(sign);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn starts_with_text(&mut self) -> bool {
        self.blank_off().starts_with(|c: char| c == '"' || !RESERVED.contains(c))
    }

    /// What should have stood here, and the characters that it is about.
    fn wrong(&self, expected: &str) -> String {
        let end = self.all.chars().count();
        let start = end - self.rest.chars().count();
        let found: String = self.rest.chars().take(20).collect();
        match found.is_empty() {
            true => format!("{end}: unexpected end of input: expected {expected}"),
            false => format!("{start}:{end}: unexpected {found}: expected {expected}"),
        }
    }

    fn matcher(&mut self) -> Result<Parts, String> {
        let name = self.text("label name")?;
        self.blank_off();
        let (op, rest) = operator(self.rest).ok_or_else(|| self.wrong("one of '=', '!=', '=~' or '!~'"))?;
        self.rest = rest;
        let value = self.text("label value")?;
        if name.is_empty() {
            return Err("the label name is empty".to_owned());
        }
        Ok((name, op, value))
    }

    fn text(&mut self, what: &str) -> Result<String, String> {
        let text = self.blank_off();
        if let Some(quoted) = text.strip_prefix('"') {
            let (plain, rest) = unquote(quoted).ok_or_else(|| self.wrong(what))?;
            self.rest = rest;
            return Ok(plain);
        }
        let end = text.find(|c: char| c.is_whitespace() || RESERVED.contains(c)).unwrap_or(text.len());
        if end == 0 {
            return Err(self.wrong(what));
        }
        self.rest = &text[end..];
        Ok(text[..end].to_owned())
    }
}

/// A string of Go whose opening quote has been read (The Go Programming Language Specification, "String literals"), and
/// what follows it. `None` if it is none, or no UTF-8.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    loop {
        let letter = rest.chars().next()?;
        rest = &rest[letter.len_utf8()..];
        match letter {
            '"' => return Some((String::from_utf8(bytes).ok()?, rest)),
            '\n' => return None,
            '\\' => rest = escape(rest, &mut bytes)?,
            letter => bytes.extend(letter.encode_utf8(&mut [0; 4]).bytes()),
        }
    }
}

/// What stands behind a backslash; answers with what follows it.
fn escape<'a>(text: &'a str, bytes: &mut Vec<u8>) -> Option<&'a str> {
    const SIMPLE: [(u8, u8); 9] = [
        (b'a', 0x07),
        (b'b', 0x08),
        (b'f', 0x0C),
        (b'n', b'\n'),
        (b'r', b'\r'),
        (b't', b'\t'),
        (b'v', 0x0B),
        (b'\\', b'\\'),
        (b'"', b'"'),
    ];
    let kind = *text.as_bytes().first()?;
    if let Some((_, byte)) = SIMPLE.iter().find(|(letter, _)| *letter == kind) {
        bytes.push(*byte);
        return text.get(1..);
    }
    let (start, radix, length) = match kind {
        b'x' => (1, 16, 2),
        b'u' => (1, 16, 4),
        b'U' => (1, 16, 8),
        _ => (0, 8, 3),
    };
    let digits =
        text.get(start..start + length).filter(|digits| digits.chars().all(|c| c.is_digit(radix)))?;
    let code = u32::from_str_radix(digits, radix).ok()?;
    match kind {
        b'u' | b'U' => bytes.extend(char::from_u32(code)?.encode_utf8(&mut [0; 4]).bytes()),
        _ => bytes.push(u8::try_from(code).ok()?),
    }
    text.get(start + length..)
}
