//! The first look at a text, before the foreign parser sees it.
//!
//! The parser of crate `promql-parser` 0.11 is complete, but some inputs it takes wrongly or not at all. All of
//! that is put right here and in [`super::lower`], and nowhere else:
//! * raw strings in backquotes: it takes the backslash for an escape, so `` `\d` `` fails (here: requoted);
//! * numbers as durations beyond its range make it panic, parts of durations beyond 32 bits count as zero (here:
//!   refused);
//! * `0s` it refuses, also as a number and behind `offset` (here: written as 0);
//! * underscores between digits, and octal numbers, it does not know (here: written plainly);
//! * it has no bounds, and its tree is walked by recursion (here: length, nesting and parts are bounded);
//! * `\xff` becomes U+00FF where Go means a byte that is not UTF-8 (here: a private character, which no label has);
//! * `anchored` and `smoothed` it reserves and takes nowhere (here: taken out, see [`super::modifier`]);
//! * durations that are computed it does not know (here: a mark for each, see [`super::formula`]);
//! * what is newer or experimental in Prometheus and not known to it is a mere syntax error (here: remembered by name).

use std::borrow::Cow;
use std::ops::{Range, RangeInclusive};

use super::EXPERIMENTAL;
use super::formula::{self, Formulas, Spot};
use super::modifier::{self, Token};
use crate::error::ParseError;

/// The longest expression, in bytes.
pub const MAX_BYTES: usize = 64 * 1024;
/// The deepest nesting, in levels of the expression's tree.
pub const MAX_DEPTH: usize = 256;
/// The most operators, parentheses, brackets and braces of one expression.
pub const MAX_PARTS: usize = 2_000;
/// The longest duration, in seconds: what 64 bits of nanoseconds hold (Go, `time.Duration`).
const MAX_SECONDS: f64 = 9_223_372_036.0;

/// The private character that stands for byte 0 of a text that is not UTF-8; those of the other bytes follow.
const FOREIGN: u32 = 0x10_fe00;

/// The private characters that prepared texts are marked with: those of [`modifier`], and the bytes that are not UTF-8.
const PRIVATE: RangeInclusive<u32> = 0x10_fd00..=0x10_feff;

/// The byte that is not UTF-8 for which a character of a prepared text stands.
pub(super) fn foreign_byte(c: char) -> Option<u8> {
    u32::from(c).checked_sub(FOREIGN).and_then(|byte| u8::try_from(byte).ok())
}

/// A text in the form that the parser takes as Prometheus would.
pub(super) struct Prepared {
    pub text: String,
    /// The computed durations, for which marks stand in the text.
    pub formulas: Formulas,
    /// What the text seems to use that the parser does not know; it says why the parser fails, if it does.
    pub unknown: Option<Unknown>,
}

/// What the parser does not know, by its name, and why Larum refuses it.
#[derive(Clone, Copy)]
pub(super) struct Unknown {
    pub what: &'static str,
    pub why: &'static str,
}

/// Checks the text and prepares it.
pub(super) fn prepare(text: &str) -> Result<Prepared, ParseError> {
    if text.len() > MAX_BYTES {
        return Err(ParseError::TooLarge { limit: MAX_BYTES, unit: "bytes" });
    }
    let mut tokens = Vec::new();
    let has_modifiers = modifier::may_be_in(text);
    let scan = scanned(text, |token, made| {
        if has_modifiers && !is_space(&text[token.clone()]) {
            tokens.push(Token { at: token.start, made });
        }
    })?;
    if has_private(text) || has_private_label(&scan.out) {
        let words =
            "the characters U+10FD00 to U+10FEFF cannot be used here: Larum marks expressions with them";
        return Err(ParseError::Syntax(words.to_owned()));
    }
    let prepared = if has_modifiers { modifier::taken_out(text, &scan.out, &tokens)? } else { scan.out };
    Ok(Prepared { text: prepared, formulas: scan.formulas, unknown: scan.hint })
}

/// Whether a text as it was written has one of the private characters, itself or as an escape.
fn has_private(text: &str) -> bool {
    let escape = |(at, _): (usize, &str)| {
        let digits = text[at..].get(2..10).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        digits.is_some_and(|code| PRIVATE.contains(&code))
    };
    text.chars().any(|c| PRIVATE.contains(&u32::from(c))) || text.match_indices("\\U").any(escape)
}

/// Whether a prepared text has a private label, which somebody wrote byte by byte.
fn has_private_label(prepared: &str) -> bool {
    prepared.chars().any(|c| (*PRIVATE.start()..FOREIGN).contains(&u32::from(c)))
}

/// Where the tokens of a text stand in it, without spaces and comments.
pub(super) fn tokens(text: &str) -> Result<Vec<Range<usize>>, ParseError> {
    let mut tokens: Vec<Range<usize>> = Vec::new();
    scanned(text, |token, _| match (&text[token.clone()], tokens.last_mut()) {
        ("=" | "~", Some(last))
            if last.end == token.start && text[last.clone()].ends_with(['=', '!', '<', '>']) =>
        {
            last.end = token.end;
        }
        (space, _) if is_space(space) => {}
        _ => tokens.push(token),
    })?;
    Ok(tokens)
}

fn is_space(token: &str) -> bool {
    token.starts_with(|c: char| c.is_whitespace() || c == '#')
}

/// Goes through a text and shows `token` where each of its tokens stands, and where in the prepared one.
fn scanned(text: &str, mut token: impl FnMut(Range<usize>, Range<usize>)) -> Result<Scan<'_>, ParseError> {
    let mut scan = Scan {
        text,
        rest: text,
        out: String::with_capacity(text.len() + 16),
        open: Vec::new(),
        parts: 0,
        due: None,
        formulas: Formulas::default(),
        hint: None,
    };
    let mut after_offset = false;
    while let Some(first) = scan.rest.chars().next() {
        let (start, made) = (text.len() - scan.rest.len(), scan.out.len());
        let word = scan.next(first, after_offset)?;
        token(start..text.len() - scan.rest.len(), made..scan.out.len());
        let sign_or_space = first.is_whitespace() || first == '-' || first == '+' || first == '#';
        after_offset =
            word.is_some_and(|word| word.eq_ignore_ascii_case("offset")) || (after_offset && sign_or_space);
    }
    Ok(scan)
}

struct Scan<'a> {
    text: &'a str,
    rest: &'a str,
    out: String,
    open: Vec<char>,
    parts: usize,
    /// Where a duration comes next, if it does.
    due: Option<Spot>,
    formulas: Formulas,
    hint: Option<Unknown>,
}

/// `info(x, {data=~".*"})`.
const INFO: Unknown = Unknown { what: "info()", why: EXPERIMENTAL };
/// `x </ 2` and `x >/ 2`.
const TRIMMING: Unknown =
    Unknown { what: "trimming native histograms", why: "Larum does not evaluate native histograms" };

impl<'a> Scan<'a> {
    /// Moves one token from the rest to the output; answers the word if it was one.
    fn next(&mut self, first: char, after_offset: bool) -> Result<Option<&'a str>, ParseError> {
        if first.is_whitespace() || first == '#' {
            self.copy_while(|c| if first == '#' { c != '\n' && c != '\r' } else { c.is_whitespace() });
            return Ok(None);
        }
        if let Some(spot) = self.due.take()
            && self.formula(spot)?
        {
            return Ok(None);
        }
        match first {
            ':' if self.open.last() == Some(&'[') => {
                self.copy(1);
                self.due = Some(Spot::Brackets);
            }
            '"' | '\'' => self.quoted(first)?,
            '`' => self.raw()?,
            '0'..='9' => self.number(after_offset)?,
            '.' if self.rest[1..].starts_with(|c: char| c.is_ascii_digit()) => self.number(after_offset)?,
            c if c.is_alphanumeric() || c == '_' || c == ':' => return self.word(),
            _ => self.symbol(first)?,
        }
        Ok(None)
    }

    /// Puts a mark in the place of the computed duration that comes next; answers whether one does.
    fn formula(&mut self, spot: Spot) -> Result<bool, ParseError> {
        let start = self.text.len() - self.rest.len();
        let Some((formula, end)) = formula::read(self.text, start, spot)? else { return Ok(false) };
        self.part()?;
        self.rest = &self.text[end..];
        match formula.literal() {
            Some(seconds) => self.out.push_str(&seconds.to_string()),
            None => {
                let mark = self.formulas.add(formula);
                self.out.push_str(&mark);
            }
        }
        Ok(true)
    }

    fn copy(&mut self, bytes: usize) -> &'a str {
        let (token, rest) = self.rest.split_at(bytes);
        self.out.push_str(token);
        self.rest = rest;
        token
    }

    fn copy_while(&mut self, goes_on: impl Fn(char) -> bool) {
        let end = self.rest.find(|c| !goes_on(c)).unwrap_or(self.rest.len());
        self.copy(end);
    }

    fn part(&mut self) -> Result<(), ParseError> {
        self.parts += 1;
        if self.parts > MAX_PARTS {
            return Err(ParseError::TooLarge { limit: MAX_PARTS, unit: "operators and parentheses" });
        }
        Ok(())
    }

    fn word(&mut self) -> Result<Option<&'a str>, ParseError> {
        let end = self
            .rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
            .unwrap_or(self.rest.len());
        let word = self.copy(if end == 0 { self.rest.chars().next().map_or(0, char::len_utf8) } else { end });
        if ["and", "or", "unless", "atan2"].iter().any(|operator| word.eq_ignore_ascii_case(operator)) {
            self.part()?;
        }
        match word.to_ascii_lowercase().as_str() {
            "offset" => self.due = Some(Spot::Offset),
            // Its second argument may let everything through, which no other selector may.
            "info" if self.rest.trim_start().starts_with('(') => self.hint = Some(INFO),
            _ => {}
        }
        Ok(Some(word))
    }

    fn symbol(&mut self, symbol: char) -> Result<(), ParseError> {
        if self.rest.starts_with("</") || self.rest.starts_with(">/") {
            self.hint = Some(TRIMMING);
        }
        match symbol {
            '(' | '[' | '{' => {
                self.part()?;
                self.open.push(symbol);
                self.due = (symbol == '[').then_some(Spot::Brackets);
                if self.open.len() > MAX_DEPTH {
                    return Err(ParseError::TooLarge { limit: MAX_DEPTH, unit: "levels of nesting" });
                }
            }
            ')' | ']' | '}' => {
                self.open.pop();
            }
            '+' | '-' | '*' | '/' | '%' | '^' | '<' | '>' | '!' | '=' => self.part()?,
            _ => {}
        }
        self.copy(symbol.len_utf8());
        Ok(())
    }

    fn quoted(&mut self, quote: char) -> Result<(), ParseError> {
        self.copy(1);
        while let Some(c) = self.rest.chars().next() {
            if byte_escape(self.rest).is_some() {
                self.byte_escapes();
            } else if c == '\\' {
                let escaped = self.rest[1..].chars().next().map_or(0, char::len_utf8);
                self.copy(1 + escaped);
            } else {
                self.copy(c.len_utf8());
                if c == quote {
                    return Ok(());
                }
            }
        }
        Err(ParseError::Syntax("unterminated quoted string".to_owned()))
    }

    /// Puts what `\xc3\xa9` and its like mean in their place: the characters they make up, and private ones for
    /// bytes that make up none.
    fn byte_escapes(&mut self) {
        let mut bytes = Vec::new();
        while let Some(byte) = byte_escape(self.rest) {
            bytes.push(byte);
            self.rest = &self.rest[4..];
        }
        for chunk in bytes.utf8_chunks() {
            self.out.push_str(chunk.valid());
            let foreign = |byte: &u8| char::from_u32(FOREIGN + u32::from(*byte));
            self.out.extend(chunk.invalid().iter().filter_map(foreign));
        }
    }

    fn raw(&mut self) -> Result<(), ParseError> {
        let Some((text, rest)) = self.rest[1..].split_once('`') else {
            return Err(ParseError::Syntax("unterminated raw string".to_owned()));
        };
        self.rest = rest;
        self.out.push('"');
        for c in text.chars() {
            match c {
                '\\' => self.out.push_str("\\\\"),
                '"' => self.out.push_str("\\\""),
                '\n' => self.out.push_str("\\n"),
                c => self.out.push(c),
            }
        }
        self.out.push('"');
        Ok(())
    }

    /// A number or a duration; in brackets and behind `offset` a number is a duration in seconds.
    fn number(&mut self, after_offset: bool) -> Result<(), ParseError> {
        let (token, rest) = self.rest.split_at(number_end(self.rest));
        let hex = is_hex(token);
        let token = &plain_number(token)?;
        let as_duration = after_offset || self.open.last() == Some(&'[');
        let written = match token.parse::<f64>() {
            Ok(seconds) if as_duration && !(0.0..MAX_SECONDS).contains(&seconds) => {
                return Err(out_of_range(token));
            }
            Ok(_) => token,
            Err(_) if hex => match u64::from_str_radix(&token[2..], 16) {
                Ok(seconds) if as_duration && seconds as f64 >= MAX_SECONDS => {
                    return Err(out_of_range(token));
                }
                _ => token,
            },
            Err(_) if seconds_of(token)? == Some(0.0) => "0",
            Err(_) => token,
        };
        self.out.push_str(written);
        self.rest = rest;
        Ok(())
    }
}

fn is_hex(token: &str) -> bool {
    token.starts_with("0x") || token.starts_with("0X")
}

/// How long the number or duration is with which a text begins, in bytes.
pub(super) fn number_end(text: &str) -> usize {
    let hex = is_hex(text);
    let mut previous = ' ';
    let end = text.find(|c: char| {
        let exponent = !hex && (previous == 'e' || previous == 'E') && (c == '+' || c == '-');
        previous = c;
        !(c.is_ascii_alphanumeric() || c == '.' || c == '_' || exponent)
    });
    end.unwrap_or(text.len())
}

/// How many seconds a number or duration is, and whether it is written with units; none if it is neither.
pub(super) fn seconds(token: &str) -> Result<Option<(f64, bool)>, ParseError> {
    let plain = plain_number(token)?;
    let number = match is_hex(&plain) {
        true => u64::from_str_radix(&plain[2..], 16).ok().map(|number| number as f64),
        false => plain.parse().ok(),
    };
    match number {
        Some(seconds) if seconds >= MAX_SECONDS => Err(out_of_range(token)),
        Some(seconds) => Ok(Some((seconds, false))),
        None => Ok(seconds_of(&plain)?.map(|seconds| (seconds, true))),
    }
}

/// The line and the column of a place in a text; both begin with 1, and columns count characters.
pub(super) fn place(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..at];
    let line = before.matches('\n').count() + 1;
    (line, before.rsplit('\n').next().unwrap_or_default().chars().count() + 1)
}

/// The error for what is wrong at a place of a text.
pub(super) fn fault(text: &str, at: usize, what: &'static str) -> ParseError {
    let (line, column) = place(text, at);
    ParseError::Fault { line, column, what }
}

/// A number without underscores, which must stand between digits, and not octal: with a zero in front all digits
/// below eight are (Go, `strconv.ParseInt` with base 0).
fn plain_number(token: &str) -> Result<Cow<'_, str>, ParseError> {
    let bytes = token.as_bytes();
    let hex = matches!(bytes, [b'0', b'x' | b'X', ..]);
    let digit = |byte: &u8| if hex { byte.is_ascii_hexdigit() } else { byte.is_ascii_digit() };
    let between = |(at, _): (usize, &str)| {
        let before = (hex && at == 2) || at.checked_sub(1).and_then(|at| bytes.get(at)).is_some_and(digit);
        before && bytes.get(at + 1).is_some_and(digit)
    };
    if !token.match_indices('_').all(between) {
        return Err(ParseError::Syntax(format!("bad number or duration syntax: {token:?}")));
    }
    let plain = if token.contains('_') { Cow::Owned(token.replace('_', "")) } else { Cow::Borrowed(token) };
    let octal =
        plain.len() > 1 && plain.starts_with('0') && plain.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
    match u64::from_str_radix(&plain, 8) {
        Ok(value) if octal => Ok(Cow::Owned(value.to_string())),
        _ => Ok(plain),
    }
}

fn out_of_range(token: &str) -> ParseError {
    ParseError::Syntax(format!("duration out of range: {token}"))
}

/// How long a duration is, none if it is no duration: its syntax is the parser's business. One of which a part or the
/// whole is beyond the range is refused.
fn seconds_of(token: &str) -> Result<Option<f64>, ParseError> {
    let (mut total, mut larger) = (0.0, f64::INFINITY);
    let mut rest = token;
    while let Some(digits) = rest.find(|c: char| !c.is_ascii_digit()) {
        let unit_end =
            rest[digits..].find(|c: char| c.is_ascii_digit()).map_or(rest.len(), |end| digits + end);
        let unit = match &rest[digits..unit_end] {
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            "d" => 86_400.0,
            "w" => 604_800.0,
            "y" => 31_536_000.0,
            _ => return Ok(None),
        };
        let count: u32 = rest[..digits].parse().map_err(|_| out_of_range(token))?;
        if unit >= larger {
            return Ok(None);
        }
        larger = unit;
        total += f64::from(count) * unit;
        rest = &rest[unit_end..];
    }
    match total < MAX_SECONDS {
        true if rest.is_empty() => Ok(Some(total)),
        true => Ok(None),
        false => Err(out_of_range(token)),
    }
}

/// The byte that `\x80` to `\xff` or `\200` to `\377` at the start of a text stands for.
fn byte_escape(text: &str) -> Option<u8> {
    let byte = match text.as_bytes() {
        [b'\\', b'x', ..] => u8::from_str_radix(text.get(2..4)?, 16).ok(),
        [b'\\', b'0'..=b'7', ..] => u8::from_str_radix(text.get(1..4)?, 8).ok(),
        _ => None,
    };
    byte.filter(|byte| *byte > 0x7f)
}
