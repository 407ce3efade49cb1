//! Functions of texts (Prometheus, "Template reference", Strings; Alertmanager, "Notification template reference").

use std::ops::Range;

use regex::{Captures, Regex, RegexBuilder};

/// The most memory one compiled expression may take, in bytes.
const REGEX_SIZE_LIMIT: usize = 1 << 20;

/// A regular expression of RE2's kind, which crate regex reads nearly all of.
///
/// # Errors
/// What is wrong with it, in one line.
pub fn expression(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern).size_limit(REGEX_SIZE_LIMIT).build().map_err(|error| {
        let said = error.to_string();
        let last = said.lines().last().unwrap_or_default();
        let reason = last.strip_prefix("error: ").unwrap_or(last);
        format!("error parsing regexp: {reason}: `{pattern}`")
    })
}

/// Replaces every match in a text, and stops as soon as what comes of it is longer than `longest` bytes. What is found,
/// and what is kept, is taken from `shown`: the same text, or one of the same length in which some letters are marked.
///
/// # Errors
/// Says that it would become too long.
pub fn replace_all(
    pattern: &Regex,
    with: &str,
    text: &str,
    shown: &str,
    longest: usize,
) -> Result<String, String> {
    let (mut out, mut from) = (String::new(), 0);
    let kept = |range: Range<usize>| shown.get(range).unwrap_or_default();
    for found in pattern.captures_iter(text) {
        let whole = found.get_match();
        out.push_str(kept(from..whole.start()));
        expand(&found, with, kept, longest, &mut out);
        from = whole.end();
        if out.len() > longest {
            return Err(format!("more than {longest} bytes"));
        }
    }
    out.push_str(kept(from..shown.len()));
    Ok(out)
}

/// Writes `with`, in which `$1` and `${name}` are what was found (Go, package `regexp`, `Expand`), until there is more
/// than there may be.
fn expand<'s>(
    found: &Captures<'_>,
    with: &str,
    kept: impl Fn(Range<usize>) -> &'s str,
    longest: usize,
    out: &mut String,
) {
    let mut rest = with;
    while out.len() <= longest
        && let Some((before, behind)) = rest.split_once('$')
    {
        out.push_str(before);
        if let Some(after) = behind.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some((name, after)) = group_name(behind) {
            out.push_str(group(found, name).map_or("", &kept));
            rest = after;
        } else {
            out.push('$');
            rest = behind;
        }
    }
    out.push_str(rest);
}

/// The name that stands behind a `$`, and what follows it: letters, digits and underscores, as many as there are, or
/// any in braces.
fn group_name(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('{');
    let begin = inner.unwrap_or(text);
    let length = begin.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(begin.len());
    let (name, after) = begin.split_at(length);
    let after = if inner.is_some() { after.strip_prefix('}')? } else { after };
    (!name.is_empty()).then_some((name, after))
}

/// Where a group found something. A number that begins with 0 is a name to Go.
fn group(found: &Captures<'_>, name: &str) -> Option<Range<usize>> {
    let is_number = name == "0" || !name.starts_with('0') && name.bytes().all(|byte| byte.is_ascii_digit());
    let group = match name.parse() {
        Ok(index) if is_number => found.get(index),
        _ => found.name(name),
    };
    group.map(|group| group.range())
}

/// The text in upper case, letter by letter as Go has it: one that would become two stays.
pub fn upper(text: &str) -> String {
    text.chars().map(|c| only(c.to_uppercase()).unwrap_or(c)).collect()
}

/// The same in lower case.
pub fn lower(text: &str) -> String {
    text.chars().map(|c| if c == 'İ' { 'i' } else { only(c.to_lowercase()).unwrap_or(c) }).collect()
}

fn only(mut letters: impl ExactSizeIterator<Item = char>) -> Option<char> {
    if letters.len() == 1 { letters.next() } else { None }
}

/// What becomes of the letters of a word behind its first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rest {
    /// They stay as they are, as Prometheus 3 has it.
    Kept,
    /// They become small, as Alertmanager has it.
    Lower,
}

/// The first letter of every word in upper case: a word ends where Unicode says so (Go, package `cases`, `Title`, with
/// or without `NoLower`). Prometheus 2 took every letter behind a sign for a first one.
pub fn title(text: &str, rest: Rest) -> String {
    let (mut out, mut within, mut was_joint) = (String::with_capacity(text.len()), false, false);
    for c in text.chars() {
        let is_joint = matches!(c, '\'' | '.' | ':' | '·' | '’' | '‘' | '․' | '‧');
        within &= !(was_joint && is_joint);
        if c.is_uppercase() || c.is_lowercase() {
            match (within, rest) {
                (true, Rest::Kept) => out.push(c),
                (true, Rest::Lower) => out.extend(c.to_lowercase()),
                (false, _) => out.extend(c.to_uppercase()),
            }
            within = true;
        } else {
            out.push(c);
            within &= c.is_alphanumeric() || c == '_' || is_joint;
        }
        was_joint = is_joint;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_begin_with_capitals_where_go_has_them() {
        assert_eq!(title("hello wORLD foo-bar a_b über", Rest::Kept), "Hello WORLD Foo-Bar A_b Über");
        assert_eq!(title("don't a.b:c d..e 1st 日本x", Rest::Kept), "Don't A.b:c D..E 1St 日本X");
        assert_eq!(title("hELLO wORLD", Rest::Lower), "Hello World");
    }

    #[test]
    fn letters_change_one_by_one() {
        assert_eq!((upper("straße ŉ ǆ ﬁ é"), lower("İ ΑΣ É")), ("STRAßE ŉ Ǆ ﬁ É".into(), "i ασ é".into()));
    }

    #[test]
    fn what_was_found_is_put_in_as_go_puts_it_in() {
        let pattern = Regex::new("(a)(?P<word>b)?").unwrap();
        let put = [
            ("$1x", ""),
            ("${1}x", "ax"),
            ("$$1 $- ${ ${} ${ 1} $", "$1 $- ${ ${} ${ 1} $"),
            ("$01 $9", " "),
            ("$word|${word}|$0", "b|b|ab"),
        ];
        for (with, expected) in put {
            assert_eq!(replace_all(&pattern, with, "ab", "ab", 99).unwrap(), expected, "{with}");
        }
    }

    #[test]
    fn replacements_are_bounded() {
        let pattern = Regex::new("(a)b").unwrap();
        assert_eq!(replace_all(&pattern, "x$1", "ab ab", "AB AB", 99).unwrap(), "xA xA");
        let every = Regex::new("").unwrap();
        assert!(replace_all(&every, &"x".repeat(1000), &"y".repeat(100), &"y".repeat(100), 10_000).is_err());
        let (whole, text) = (Regex::new("(?s).+").unwrap(), "y".repeat(10_000));
        let mut out = String::new();
        expand(&whole.captures(&text).unwrap(), &"$0".repeat(5_000), |found| &text[found], 10_000, &mut out);
        assert!(out.len() < 40_000, "{}", out.len());
    }
}
