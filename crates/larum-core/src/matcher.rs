//! Matchers: `name = value`, `!=`, `=~`, `!~`, as Prometheus and Alertmanager mean them.

mod parse;

use std::fmt;

use larum_re2::{Expression, PatternError};
use smol_str::SmolStr;

use crate::label::LabelSet;
use crate::quote::go_string;
pub use parse::{MatcherSyntax, Parsed, SyntaxError, parse_matcher, parse_matchers};

/// How a matcher compares (Prometheus, "Time series selectors").
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum MatchOp {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `=~`, anchored at both ends
    Regexp,
    /// `!~`, anchored at both ends
    NotRegexp,
}

impl MatchOp {
    /// Every operator.
    pub const ALL: [Self; 4] = [Self::Equal, Self::NotEqual, Self::Regexp, Self::NotRegexp];
}

/// One matcher on one label. A label that is not there has the empty value.
#[derive(Clone, Debug)]
pub struct Matcher {
    name: SmolStr,
    op: MatchOp,
    value: SmolStr,
    regex: Option<Expression>,
}

/// Why a matcher could not be made.
#[derive(Debug, thiserror::Error)]
pub enum MatcherError {
    /// The regular expression does not parse or is too large once compiled.
    #[error("{error}")]
    Regex {
        /// The pattern as given.
        pattern: String,
        /// What is wrong with it, in Go's words.
        error: PatternError,
    },
}

/// The most memory the compiled expressions of one list may take that is read from a text, in bytes.
const LIST_SIZE_LIMIT: usize = 16 << 20;

impl Matcher {
    /// Makes a matcher; a regular expression is anchored, and its dot matches no line feed (Alertmanager, pkg/labels,
    /// `NewMatcher`).
    ///
    /// # Errors
    /// [`MatcherError::Regex`] when `op` is a regular expression that does not compile.
    pub fn new(
        name: impl Into<SmolStr>,
        op: MatchOp,
        value: impl Into<SmolStr>,
    ) -> Result<Self, MatcherError> {
        Self::compiled(name.into(), op, value.into(), Expression::whole_line)
    }

    /// The same of a series: the dot matches line feeds too (Prometheus 3, "Migration").
    ///
    /// # Errors
    /// As for [`Self::new`].
    pub fn of_series(
        name: impl Into<SmolStr>,
        op: MatchOp,
        value: impl Into<SmolStr>,
    ) -> Result<Self, MatcherError> {
        Self::compiled(name.into(), op, value.into(), Expression::whole)
    }

    fn compiled(
        name: SmolStr,
        op: MatchOp,
        value: SmolStr,
        compile: fn(&str) -> Result<Expression, PatternError>,
    ) -> Result<Self, MatcherError> {
        let regex = match op {
            MatchOp::Equal | MatchOp::NotEqual => None,
            MatchOp::Regexp | MatchOp::NotRegexp => {
                let wrong = |error| MatcherError::Regex { pattern: value.to_string(), error };
                Some(compile(&value).map_err(wrong)?)
            }
        };
        Ok(Self { name, op, value, regex })
    }

    /// `name="value"`.
    pub fn equal(name: impl Into<SmolStr>, value: impl Into<SmolStr>) -> Self {
        Self { name: name.into(), op: MatchOp::Equal, value: value.into(), regex: None }
    }

    /// The label it looks at.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How it compares.
    pub fn op(&self) -> MatchOp {
        self.op
    }

    /// What it compares with: the value, or the expression as given.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// How much memory its expression takes at most once compiled, in bytes ([`Expression::compiled_bytes`]).
    pub fn compiled_bytes(&self) -> usize {
        self.regex.as_ref().map_or(0, Expression::compiled_bytes)
    }

    /// Whether a label with this value passes.
    pub fn matches_value(&self, value: &str) -> bool {
        match self.op {
            MatchOp::Equal => value == self.value,
            MatchOp::NotEqual => value != self.value,
            MatchOp::Regexp => self.regex.as_ref().is_some_and(|regex| regex.is_match(value)),
            MatchOp::NotRegexp => self.regex.as_ref().is_some_and(|regex| !regex.is_match(value)),
        }
    }

    /// Whether a set of labels passes.
    pub fn matches(&self, labels: &LabelSet) -> bool {
        self.matches_value(labels.value(&self.name))
    }
}

impl PartialEq for Matcher {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, self.op, &self.value) == (&other.name, other.op, &other.value)
    }
}

/// So that it can be read again; a name that could not be otherwise is quoted (Alertmanager, pkg/labels,
/// `Matcher.String`).
impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_reserved = |letter: char| letter.is_whitespace() || "{}!=~,\\\"'`".contains(letter);
        let mut value = String::with_capacity(self.value.len() + 2);
        if self.name.contains(is_reserved) {
            let mut name = String::new();
            go_string(&mut name, &self.name);
            go_string(&mut value, &self.value);
            return write!(f, "{name}{}{value}", self.op);
        }
        for letter in self.value.chars() {
            match letter {
                '\\' => value.push_str(r"\\"),
                '\n' => value.push_str(r"\n"),
                '"' => value.push_str(r#"\""#),
                _ => value.push(letter),
            }
        }
        write!(f, "{}{}\"{value}\"", self.name, self.op)
    }
}

impl fmt::Display for MatchOp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Regexp => "=~",
            Self::NotRegexp => "!~",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_label_has_the_empty_value() {
        let labels = LabelSet::from_pairs([("a", "1")]);
        assert!(Matcher::equal("b", "").matches(&labels));
        assert!(Matcher::new("b", MatchOp::NotRegexp, "x|y").unwrap().matches(&labels));
        assert!(!Matcher::new("b", MatchOp::Regexp, ".+").unwrap().matches(&labels));
    }

    #[test]
    fn an_expression_matches_the_whole_value_and_that_of_a_series_line_feeds_too() {
        let matcher = Matcher::of_series("a", MatchOp::Regexp, "x.*y").unwrap();
        assert!(matcher.matches_value("x\ny"));
        assert!(!matcher.matches_value("x\nyz"));
        let matcher = Matcher::new("a", MatchOp::Regexp, "x.*y").unwrap();
        assert!(!matcher.matches_value("x\ny") && matcher.matches_value("x y"));
        assert!(Matcher::new("a", MatchOp::Regexp, "(").is_err());
    }

    #[test]
    fn what_an_expression_takes_once_compiled_is_counted_and_bounded() {
        let small = Matcher::new("a", MatchOp::Regexp, "Disk.*").unwrap().compiled_bytes();
        let large = Matcher::new("a", MatchOp::Regexp, r"\pL{5}").unwrap().compiled_bytes();
        assert!(0 < small && small < 20_000 && 100_000 < large, "{small} {large}");
        assert_eq!(Matcher::equal("a", "b").compiled_bytes(), 0);
        let error = Matcher::new("a", MatchOp::Regexp, r"\pL{1000}").unwrap_err();
        assert!(error.to_string().contains("expression too large"), "{error}");
        let list = vec![r#"a=~"\\pL{10}""#; 100].join(",");
        let error = parse_matchers(&list, MatcherSyntax::Utf8).unwrap_err();
        assert!(error.to_string().starts_with("these regular expressions take"), "{error}");
    }
}
