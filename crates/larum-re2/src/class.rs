//! Classes: `[a-z]`, `\d`, `\pL`, `[[:alpha:]]` (Go, package `regexp/syntax`, `parseClass` and its tables).

use crate::error::{PatternError, Reason};
use crate::escape::{escaped, write_letter};

/// What no letter is in.
const NOTHING: &str = r"[^\x{0}-\x{10FFFF}]";
/// The last of all letters.
const LAST: u32 = char::MAX as u32;

/// Perl's classes, which are of ASCII alone.
const PERL: [(char, &str); 3] = [('d', "0-9"), ('s', r"\t\n\x{C}\r\x{20}"), ('w', "0-9A-Za-z_")];

/// POSIX' classes.
const POSIX: [(&str, &str); 14] = [
    ("alnum", "0-9A-Za-z"),
    ("alpha", "A-Za-z"),
    ("ascii", r"\x{0}-\x{7F}"),
    ("blank", r"\t\x{20}"),
    ("cntrl", r"\x{0}-\x{1F}\x{7F}"),
    ("digit", "0-9"),
    ("graph", r"\x{21}-\x{7E}"),
    ("lower", "a-z"),
    ("print", r"\x{20}-\x{7E}"),
    ("punct", r"\x{21}-\x{2F}\x{3A}-\x{40}\x{5B}-\x{60}\x{7B}-\x{7E}"),
    ("space", r"\t\n\x{B}\x{C}\r\x{20}"),
    ("upper", "A-Z"),
    ("word", "0-9A-Za-z_"),
    ("xdigit", "0-9A-Fa-f"),
];

/// A class that was read, written for crate regex, and what is left behind it.
pub(crate) type Read<'p> = (String, &'p str);

/// Reads what begins with `[`.
pub(crate) fn bracketed(text: &str) -> Result<Read<'_>, PatternError> {
    let mut rest = &text[1..];
    let is_negated = rest.starts_with('^');
    if is_negated {
        rest = &rest[1..];
    }
    let (mut items, mut is_first) = (String::new(), true);
    while is_first || !rest.starts_with(']') {
        is_first = false;
        let known = match named(rest)? {
            Some(known) => Some(known),
            None => of_unicode(rest)?.or_else(|| of_perl(rest)),
        };
        rest = match known {
            Some((item, rest)) => {
                items.push_str(&item);
                rest
            }
            None => range(rest, text, &mut items)?,
        };
    }
    if items.is_empty() {
        items.push_str(NOTHING);
    }
    let not = if is_negated { "^" } else { "" };
    Ok((format!("[{not}{items}]"), &rest[1..]))
}

/// A letter, or one to another.
fn range<'p>(text: &'p str, class: &str, items: &mut String) -> Result<&'p str, PatternError> {
    let (low, mut rest) = letter(text, class)?;
    let mut high = low;
    // A hyphen before the end is itself.
    if let Some(behind) = rest.strip_prefix('-')
        && !behind.is_empty()
        && !behind.starts_with(']')
    {
        (high, rest) = letter(behind, class)?;
        if high < low {
            let read = &text[..text.len() - rest.len()];
            return Err(PatternError::new(Reason::CharRange, read));
        }
    }
    // Halves of letters are in no text.
    let low = if is_half(low) { 0xE000 } else { low };
    let high = if is_half(high) { 0xD7FF } else { high };
    if low <= high {
        write_letter(items, low);
        items.push('-');
        write_letter(items, high);
    }
    Ok(rest)
}

fn is_half(letter: u32) -> bool {
    (0xD800..0xE000).contains(&letter)
}

fn letter<'p>(text: &'p str, class: &str) -> Result<(u32, &'p str), PatternError> {
    match text.chars().next() {
        None => Err(PatternError::new(Reason::MissingBracket, class)),
        Some('\\') => escaped(text),
        Some(letter) => Ok((u32::from(letter), &text[letter.len_utf8()..])),
    }
}

/// `[:alpha:]`, if that is what stands here.
fn named(text: &str) -> Result<Option<Read<'_>>, PatternError> {
    let Some(inner) = text.strip_prefix("[:") else { return Ok(None) };
    let Some(end) = inner.find(":]") else { return Ok(None) };
    let (given, rest) = (&inner[..end], &inner[end + 2..]);
    let (not, name) = match given.strip_prefix('^') {
        Some(name) => ("^", name),
        None => ("", given),
    };
    match POSIX.iter().find(|(known, _)| *known == name) {
        Some((_, letters)) => Ok(Some((format!("[{not}{letters}]"), rest))),
        None => Err(PatternError::new(Reason::CharRange, &text[..end + 4])),
    }
}

/// `\d` and its kind, if that is what stands here.
pub(crate) fn of_perl(text: &str) -> Option<Read<'_>> {
    let kind = text.strip_prefix('\\')?.chars().next()?;
    let (_, letters) = PERL.iter().find(|(known, _)| *known == kind.to_ascii_lowercase())?;
    let not = if kind.is_ascii_uppercase() { "^" } else { "" };
    Some((format!("[{not}{letters}]"), &text[2..]))
}

/// `\pL`, `\P{Greek}`, `\p{^Greek}`, if that is what stands here.
pub(crate) fn of_unicode(text: &str) -> Result<Option<Read<'_>>, PatternError> {
    let (mut is_negated, behind) = match (text.strip_prefix(r"\p"), text.strip_prefix(r"\P")) {
        (Some(behind), _) => (false, behind),
        (None, Some(behind)) => (true, behind),
        (None, None) => return Ok(None),
    };
    let (name, rest) = match behind.strip_prefix('{') {
        Some(inner) => match inner.find('}') {
            Some(end) => (&inner[..end], &inner[end + 1..]),
            None => return Err(PatternError::new(Reason::CharRange, text)),
        },
        None => behind.split_at(behind.chars().next().map_or(0, char::len_utf8)),
    };
    let read = &text[..text.len() - rest.len()];
    let bare = name.strip_prefix('^').unwrap_or(name);
    is_negated ^= bare.len() < name.len();
    let letters = table(bare).ok_or_else(|| PatternError::new(Reason::CharRange, read))?;
    let not = if is_negated { "^" } else { "" };
    Ok(Some((format!("[{not}{letters}]"), rest)))
}

/// A category or a script of Unicode's, written for crate regex. Names are as loose as they are in Go since 1.25.
fn table(name: &str) -> Option<String> {
    let plain: String =
        name.chars().filter(|c| !" _-".contains(*c)).map(|c| c.to_ascii_lowercase()).collect();
    if plain.is_empty() || !plain.chars().all(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    match plain.as_str() {
        "any" => return Some(format!(r"\x{{0}}-\x{{{LAST:X}}}")),
        // Halves of letters.
        "cs" | "surrogate" => return Some(NOTHING.to_owned()),
        _ => {}
    }
    let written = ["gc", "sc"].map(|kind| format!(r"\p{{{kind}={plain}}}"));
    written.into_iter().find(|class| regex_syntax::parse(class).is_ok())
}
