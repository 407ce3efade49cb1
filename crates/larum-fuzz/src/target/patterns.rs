//! Regular expressions: what is accepted finds what lies in the text, and a replacement is bounded.

use larum_re2::{Expression, Replacement};

pub const WORDS: [&str; 24] = [
    "(",
    ")",
    "(?:",
    "(?i)",
    "(?P<a>",
    "[",
    "]",
    "[^",
    "[:alpha:]",
    "\\d",
    "\\pL",
    "\\p{Greek}",
    "\\Q",
    "\\E",
    "\\b",
    "\\x{10FFFF}",
    "{2,3}",
    "{1000}",
    "*",
    "+?",
    "|",
    "^",
    "$",
    ".",
];

/// The longest that a replacement may become here, in bytes.
const LONGEST: usize = 10_000;

pub fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let (pattern, text) = text.split_once('\0').unwrap_or((&text, "aé 1\n_ſ"));
    let Ok(expression) = Expression::found(pattern) else { return };
    for found in expression.captures_iter(text).take(100) {
        assert!(text.get(found.get_match().range()).is_some(), "{pattern} cuts a letter");
        let mut out = String::new();
        let with = Replacement::new(pattern);
        with.write(&mut out, LONGEST, |name| expression.group(&found, name).map(|at| &text[at]));
        assert!(out.len() <= LONGEST + text.len() + pattern.len());
    }
    // What is looked for between anchors is in the text as well.
    if Expression::whole_line(pattern).is_ok_and(|whole| whole.is_match(text)) {
        assert!(expression.is_match(text), "{pattern}");
    }
}
