//! A place in one line, and the words both formats share.

use std::borrow::Cow;

use super::Text;
use super::error::{Expected, Fault, Reason, excerpt};

#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    line: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(line: &'a [u8]) -> Self {
        Self { line, at: 0 }
    }

    /// The byte of the line, from 0.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn at_end(&self) -> bool {
        self.at == self.line.len()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.line.get(self.at).copied()
    }

    /// What is left of the line.
    pub(super) fn rest(&self) -> &'a [u8] {
        &self.line[self.at..]
    }

    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    pub(super) fn eat_text(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text.as_bytes());
        self.at += if found { text.len() } else { 0 };
        found
    }

    /// Steps over some bytes of the line.
    pub(super) fn skip(&mut self, bytes: usize) {
        self.at = (self.at + bytes).min(self.line.len());
    }

    /// Steps over spaces and tabs; whether there were any.
    pub(super) fn blanks(&mut self) -> bool {
        !self.run(is_blank).is_empty()
    }

    /// The bytes up to a blank or the end of the line.
    pub(super) fn word(&mut self) -> &'a [u8] {
        self.run(|byte| !is_blank(byte))
    }

    /// A metric name: bare, letters, digits, `_` and `:`, or in quotes (only in metadata).
    pub(super) fn metric_name(&mut self) -> Result<Text<'a>, Fault> {
        let name = self.bare_name(|byte| byte == b':');
        name.map(Cow::Borrowed).ok_or_else(|| self.unexpected(Expected::MetricName))
    }

    /// A label name: bare, letters, digits and `_`.
    pub(super) fn label_name(&mut self) -> Result<Text<'a>, Fault> {
        let name = self.bare_name(|_| false);
        name.map(Cow::Borrowed).ok_or_else(|| self.unexpected(Expected::LabelName))
    }

    /// A name in double quotes, of at least one character.
    pub(super) fn quoted_name(&mut self) -> Result<Text<'a>, Fault> {
        let begin = self.at;
        let name = self.quoted(Expected::MetricName)?;
        if name.is_empty() { Err(Fault::new(begin, Reason::EmptyName)) } else { Ok(name) }
    }

    /// A string in double quotes with `\\`, `\"` and `\n` resolved; other backslashes stay, as in Prometheus.
    pub(super) fn quoted(&mut self, expected: Expected) -> Result<Text<'a>, Fault> {
        let begin = self.at;
        if !self.eat(b'"') {
            return Err(self.unexpected(expected));
        }
        let inside = self.at;
        loop {
            match self.peek() {
                None => return Err(Fault::new(begin, Reason::OpenString)),
                Some(b'"') => break,
                Some(b'\\') => self.at = (self.at + 2).min(self.line.len()),
                Some(_) => self.at += 1,
            }
        }
        let text = self.text(inside, self.at)?;
        self.at += 1;
        Ok(unescape(text, true))
    }

    /// The text between two places.
    pub(super) fn text(&self, from: usize, to: usize) -> Result<&'a str, Fault> {
        std::str::from_utf8(&self.line[from..to])
            .map_err(|error| Fault::new(from + error.valid_up_to(), Reason::NotUtf8))
    }

    /// What is wrong if something else than what stands here was expected.
    pub(super) fn unexpected(&self, expected: Expected) -> Fault {
        let word = self.clone().word();
        let found = if word.is_empty() { excerpt(self.rest()) } else { excerpt(word) };
        Fault::new(self.at, Reason::Unexpected { expected, found })
    }

    fn bare_name(&mut self, also: impl Fn(u8) -> bool) -> Option<&'a str> {
        let letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_' || also(byte);
        if !self.peek().is_some_and(letter) {
            return None;
        }
        // Only ASCII got this far.
        std::str::from_utf8(self.run(|byte| letter(byte) || byte.is_ascii_digit())).ok()
    }

    fn run(&mut self, belongs: impl Fn(u8) -> bool) -> &'a [u8] {
        let rest = self.rest();
        let end = rest.iter().position(|byte| !belongs(*byte)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Resolves `\\` and `\n`, and `\"` where quotes are escaped too. Other backslashes stay.
pub(super) fn unescape(text: &str, quotes: bool) -> Text<'_> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let escaped = match (letter, letters.peek()) {
            ('\\', Some('\\')) => Some('\\'),
            ('\\', Some('n')) => Some('\n'),
            ('\\', Some('"')) if quotes => Some('"'),
            _ => None,
        };
        if escaped.is_some() {
            letters.next();
        }
        plain.push(escaped.unwrap_or(letter));
    }
    Cow::Owned(plain)
}
