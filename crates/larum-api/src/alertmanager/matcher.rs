//! Reading one matcher as Alertmanager does unless told otherwise.

use larum_core::matcher::{self, Matcher, MatcherSyntax};

/// Reads one matcher: `name="value"`, `!=`, `=~` or `!~`.
///
/// # Errors
/// In Alertmanager's words.
pub fn parse_matcher(text: &str) -> Result<Matcher, String> {
    let parsed = matcher::parse_matcher(text, MatcherSyntax::Fallback);
    parsed.map(|parsed| parsed.value).map_err(|error| error.to_string())
}
