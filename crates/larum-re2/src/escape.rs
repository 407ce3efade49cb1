//! What stands behind a backslash, and how one letter is written so that it is nothing but itself.

use crate::error::{PatternError, Reason};

/// A letter that an escape means, and what is left behind it (Go, package `regexp/syntax`, `parseEscape`). It is a
/// number, for some that can be written are none of Unicode's letters. `text` begins with the backslash.
pub(crate) fn escaped(text: &str) -> Result<(u32, &str), PatternError> {
    let mut rest = Letters(&text[1..]);
    let Some(letter) = rest.next() else {
        return Err(PatternError::new(Reason::TrailingBackslash, ""));
    };
    let found = match letter {
        _ if letter.is_ascii() && !letter.is_ascii_alphanumeric() => Some(u32::from(letter)),
        // A digit alone would be a back reference, but for zero.
        '1'..='7' if !rest.0.starts_with(|c: char| c.is_digit(8)) => None,
        '0'..='7' => Some(octal(letter, &mut rest)),
        'x' => hexadecimal(&mut rest),
        'a' => Some(7),
        'f' => Some(12),
        'n' => Some(10),
        'r' => Some(13),
        't' => Some(9),
        'v' => Some(11),
        _ => None,
    };
    let read = &text[..text.len() - rest.0.len()];
    found.map(|letter| (letter, rest.0)).ok_or_else(|| PatternError::new(Reason::Escape, read))
}

/// What is left of a text, letter by letter.
struct Letters<'t>(&'t str);

impl Letters<'_> {
    fn next(&mut self) -> Option<char> {
        let letter = self.0.chars().next()?;
        self.0 = &self.0[letter.len_utf8()..];
        Some(letter)
    }
}

/// Up to three digits.
fn octal(first: char, rest: &mut Letters<'_>) -> u32 {
    let mut number = first.to_digit(8).unwrap_or_default();
    for _ in 0..2 {
        let Some(digit) = rest.0.chars().next().and_then(|letter| letter.to_digit(8)) else { break };
        number = number * 8 + digit;
        rest.next();
    }
    number
}

/// Two digits, or as many as there are in braces.
fn hexadecimal(rest: &mut Letters<'_>) -> Option<u32> {
    let first = rest.next()?;
    if first != '{' {
        let high = first.to_digit(16);
        let low = rest.next()?.to_digit(16);
        return Some(high? * 16 + low?);
    }
    let (mut number, mut digits) = (0, 0);
    loop {
        match rest.next()? {
            '}' if digits > 0 => return Some(number),
            letter => number = number * 16 + letter.to_digit(16)?,
        }
        digits += 1;
        if number > u32::from(char::MAX) {
            return None;
        }
    }
}

/// Writes a letter that means itself wherever it stands, in a class too.
pub(crate) fn write_letter(out: &mut String, letter: u32) {
    match char::from_u32(letter) {
        Some(letter) if letter.is_ascii_alphanumeric() || !letter.is_ascii() => out.push(letter),
        _ => out.push_str(&format!("\\x{{{letter:X}}}")),
    }
}

/// Whether there is another letter that differs in its case alone, as far as that is known without looking it up.
pub(crate) fn may_have_cases(letter: u32) -> bool {
    char::from_u32(letter).is_some_and(|letter| letter.is_ascii_alphabetic() || !letter.is_ascii())
}
