//! Matchers as people type them: what was read is read the same from how it is shown.

use larum_core::matcher::{MatcherSyntax, parse_matcher, parse_matchers};

pub const WORDS: [&str; 18] = [
    "=", "!=", "=~", "!~", "{", "}", ",", "\"", "'", "`", "\\n", "\\\"", "\\xff", "\\u00e9", "a", "é b", "(",
    ".*",
];

pub fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    for syntax in [MatcherSyntax::Classic, MatcherSyntax::Utf8, MatcherSyntax::Fallback] {
        let Ok(parsed) = parse_matchers(&text, syntax) else { continue };
        for matcher in parsed.value {
            let shown = matcher.to_string();
            let again = parse_matcher(&shown, MatcherSyntax::Fallback);
            let again = again.unwrap_or_else(|error| panic!("{shown} cannot be read again: {error}"));
            assert_eq!(again.value, matcher, "{shown}");
            assert_eq!(again.value.to_string(), shown);
        }
    }
}
