//! Matchers as people write them (Alertmanager, "Configuration", "Label matchers"): the classic syntax, the one for
//! UTF-8, and what is done where the two differ.

mod classic;
mod utf8;

use super::{LIST_SIZE_LIMIT, MatchOp, Matcher};

/// How matchers are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum MatcherSyntax {
    /// As Alertmanager does unless told otherwise: by both, and where both know what is said and differ, or only the
    /// classic one knows it, as the classic one means it.
    #[default]
    Fallback,
    /// By the classic rules alone (`--enable-feature=classic-mode`).
    Classic,
    /// By the rules for UTF-8 alone (`--enable-feature=utf8-strict-mode`).
    Utf8,
}

impl MatcherSyntax {
    /// Whether a label can have this name: any text but the empty one, or in the classic syntax ASCII letters, digits
    /// and `_`, and no digit first.
    pub fn is_label_name(self, name: &str) -> bool {
        let is_classic = || {
            name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
                && !name.starts_with(|c: char| c.is_ascii_digit())
        };
        !name.is_empty() && (self != Self::Classic || is_classic())
    }
}

/// What was read, and whether it is wise to write it otherwise.
#[derive(Clone, PartialEq, Debug)]
pub struct Parsed<T> {
    /// What was read.
    pub value: T,
    /// That it will not always be read so, in words for whoever wrote it.
    pub warning: Option<String>,
}

/// Why a text is no matcher, in Alertmanager's words.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct SyntaxError(String);

/// A matcher, before its expression is looked at.
type Parts = (String, MatchOp, String);

/// Reads one matcher: `name="value"`, `!=`, `=~` or `!~`.
///
/// # Errors
/// [`SyntaxError`], also for a regular expression that does not compile.
pub fn parse_matcher(text: &str, syntax: MatcherSyntax) -> Result<Parsed<Matcher>, SyntaxError> {
    if syntax != MatcherSyntax::Classic && (text.starts_with('{') || text.ends_with('}')) {
        return Err(SyntaxError(format!("unexpected open or close brace: {text}")));
    }
    let one = |text: &str| {
        let mut parts = utf8::matchers(text)?;
        match (parts.pop(), parts.len()) {
            (Some(one), 0) => Ok(one),
            (None, _) => Err("no matchers".to_owned()),
            (Some(_), others) => Err(format!("expected 1 matcher, found {}", others + 1)),
        }
    };
    let parsed = choose(text, syntax, |text| made(classic::matcher(text)?), |text| made(one(text)?));
    parsed.map_err(SyntaxError)
}

/// Reads any number of matchers: `{a="b", c=~"d"}`, with the braces or without.
///
/// # Errors
/// [`SyntaxError`], also for a regular expression that does not compile.
pub fn parse_matchers(text: &str, syntax: MatcherSyntax) -> Result<Parsed<Vec<Matcher>>, SyntaxError> {
    let parsed = choose(
        text,
        syntax,
        |text| made_all(classic::matchers(text)?),
        |text| made_all(utf8::matchers(text)?),
    );
    parsed.map_err(SyntaxError)
}

fn made((name, op, value): Parts) -> Result<Matcher, String> {
    Matcher::new(name, op, value).map_err(|error| error.to_string())
}

fn made_all(all: Vec<Parts>) -> Result<Vec<Matcher>, String> {
    let mut matchers = Vec::with_capacity(all.len());
    let mut compiled = 0;
    for parts in all {
        let matcher = made(parts)?;
        compiled += matcher.compiled_bytes();
        if compiled > LIST_SIZE_LIMIT {
            return Err(format!(
                "these regular expressions take more than {LIST_SIZE_LIMIT} bytes once compiled"
            ));
        }
        matchers.push(matcher);
    }
    Ok(matchers)
}

fn choose<T: PartialEq>(
    text: &str,
    syntax: MatcherSyntax,
    classic: impl Fn(&str) -> Result<T, String>,
    utf8: impl Fn(&str) -> Result<T, String>,
) -> Result<Parsed<T>, String> {
    let plain = |value| Parsed { value, warning: None };
    let (old, new) = match syntax {
        MatcherSyntax::Classic => return classic(text).map(plain),
        MatcherSyntax::Utf8 => return utf8(text).map(plain),
        MatcherSyntax::Fallback => (classic(text), utf8(text)),
    };
    match (old, new) {
        (Err(_), Ok(value)) => Ok(plain(value)),
        (Err(words), Err(_)) => Err(words),
        (Ok(old), Ok(new)) if old == new => Ok(plain(old)),
        (Ok(value), new) => {
            let why = match new {
                Ok(_) => "means something else".to_owned(),
                Err(words) => format!("is none ({words})"),
            };
            let warning = format!(
                "{text:?} is read by the classic rules for matchers; by those for UTF-8 it {why}: put the value in \
                 quotes and write each backslash in it twice"
            );
            Ok(Parsed { value, warning: Some(warning) })
        }
    }
}

/// The operator that stands first, and what follows it.
fn operator(text: &str) -> Option<(MatchOp, &str)> {
    let signs = [
        ("=~", MatchOp::Regexp),
        ("!~", MatchOp::NotRegexp),
        ("!=", MatchOp::NotEqual),
        ("=", MatchOp::Equal),
    ];
    signs.into_iter().find_map(|(sign, op)| Some((op, text.strip_prefix(sign)?)))
}

#[cfg(test)]
mod tests;
