//! Reading one matcher as Alertmanager does unless told otherwise.

use larum_core::matcher::{self, Matcher, MatcherSyntax};

/// Reads one matcher: `name="value"`, `!=`, `=~` or `!~`.
///
/// # Errors
/// In Alertmanager's words.
pub fn parse_matcher(text: &str) -> Result<Matcher, String> {
    parse_matcher_as(text, MatcherSyntax::Fallback)
}

/// Reads one matcher by these rules.
///
/// # Errors
/// In Alertmanager's words.
pub fn parse_matcher_as(text: &str, syntax: MatcherSyntax) -> Result<Matcher, String> {
    let parsed = matcher::parse_matcher(text, syntax);
    parsed.map(|parsed| parsed.value).map_err(|error| error.to_string())
}
