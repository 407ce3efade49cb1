//! Functions of texts (Prometheus, "Template reference", Strings; Alertmanager, "Notification template reference").

use std::ops::Range;

use larum_re2::{Expression, Replacement};

/// A regular expression as Go reads it.
///
/// # Errors
/// What is wrong with it, in one line.
pub fn expression(pattern: &str) -> Result<Expression, String> {
    Expression::found(pattern).map_err(|error| error.to_string())
}

/// Replaces every match in a text, and stops as soon as what comes of it is longer than `longest` bytes. What is found,
/// and what is kept, is taken from `shown`: the same text, or one of the same length in which some letters are marked.
///
/// # Errors
/// Says that it would become too long.
pub fn replace_all(
    pattern: &Expression,
    with: &str,
    text: &str,
    shown: &str,
    longest: usize,
) -> Result<String, String> {
    let (mut out, mut from, with) = (String::new(), 0, Replacement::new(with));
    let kept = |range: Range<usize>| shown.get(range).unwrap_or_default();
    for found in pattern.captures_iter(text) {
        let whole = found.get_match();
        out.push_str(kept(from..whole.start()));
        with.write(&mut out, longest, |name| pattern.group(&found, name).map(kept));
        from = whole.end();
        if out.len() > longest {
            return Err(format!("more than {longest} bytes"));
        }
    }
    out.push_str(kept(from..shown.len()));
    Ok(out)
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
    fn replacements_are_bounded() {
        let pattern = expression("(a)b").unwrap();
        assert_eq!(replace_all(&pattern, "x$1", "ab ab", "AB AB", 99).unwrap(), "xA xA");
        let every = expression("").unwrap();
        assert!(replace_all(&every, &"x".repeat(1000), &"y".repeat(100), &"y".repeat(100), 10_000).is_err());
        let (whole, text) = (expression("(?s).+").unwrap(), "y".repeat(10_000));
        assert!(replace_all(&whole, &"$0".repeat(5_000), &text, &text, 10_000).is_err());
    }
}
