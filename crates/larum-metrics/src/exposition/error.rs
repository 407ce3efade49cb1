//! Where and why an exposition could not be read.

use std::fmt;

use thiserror::Error;

use super::limits::LimitReached;

/// The most characters of a target's text that an error repeats.
const EXCERPT_CHARACTERS: usize = 40;

/// The first thing wrong with an exposition.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}, column {column}: {reason}")]
pub struct ExpositionError {
    /// The line, from 1.
    pub line: usize,
    /// The byte of the line, from 1.
    pub column: usize,
    /// What is wrong there.
    pub reason: Reason,
}

/// What is wrong with an exposition. The texts of the target in it are short excerpts.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Reason {
    /// Something else stands there.
    #[error("{expected} was expected, not {}", Found(found))]
    Unexpected {
        /// What should be there.
        expected: Expected,
        /// What is there; empty at the end of the line.
        found: String,
    },
    /// A second metric name in one series.
    #[error("the series already has a metric name")]
    SecondMetricName,
    /// A name in quotes without a character.
    #[error("a name cannot be empty")]
    EmptyName,
    /// Two labels of one name in one series.
    #[error("the label {0:?} is given more than once")]
    DuplicateLabel(String),
    /// A string that goes on beyond its line.
    #[error("the string has no closing quote on its line")]
    OpenString,
    /// A text in another encoding.
    #[error("the text is not valid UTF-8")]
    NotUtf8,
    /// A word after `# TYPE` that is no type of this format.
    #[error("{0:?} is not a type of this format")]
    MetricType(String),
    /// A unit that is not the end of the metric's name.
    #[error("the unit {0:?} is not the last word of the metric's name")]
    Unit(String),
    /// OpenMetrics ends with a `# EOF` line: without it the answer may be cut.
    #[error("the text does not end with # EOF")]
    NoEof,
    /// Something follows `# EOF`.
    #[error("something follows # EOF")]
    AfterEof,
    /// More than is allowed.
    #[error(transparent)]
    Limit(#[from] LimitReached),
}

/// What can be expected at a place of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A metric name.
    MetricName,
    /// A label name.
    LabelName,
    /// The sign between a label's name and its value.
    Equals,
    /// A string in double quotes.
    LabelValue,
    /// What separates or ends labels.
    CommaOrBrace,
    /// The one space of OpenMetrics, or the blanks of the text format.
    Space,
    /// A number.
    Value,
    /// Milliseconds since the Unix epoch as an integer; in OpenMetrics seconds as a number.
    Timestamp,
    /// The braces of an exemplar.
    Exemplar,
    /// `HELP`, `TYPE`, `UNIT` or `EOF`, as OpenMetrics has no other comments.
    Keyword,
    /// Nothing more.
    LineEnd,
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MetricName => "a metric name",
            Self::LabelName => "a label name",
            Self::Equals => "`=`",
            Self::LabelValue => "a label value in double quotes",
            Self::CommaOrBrace => "`,` or `}`",
            Self::Space => "a space",
            Self::Value => "a value",
            Self::Timestamp => "a timestamp",
            Self::Exemplar => "`{` of an exemplar",
            Self::Keyword => "HELP, TYPE, UNIT or EOF",
            Self::LineEnd => "the end of the line",
        })
    }
}

struct Found<'a>(&'a str);

impl fmt::Display for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { f.write_str("the end of the line") } else { write!(f, "{:?}", self.0) }
    }
}

/// An error whose line is not known yet.
#[derive(Debug)]
pub(super) struct Fault {
    at: usize,
    reason: Reason,
}

impl Fault {
    /// `at` is the byte of the line, from 0.
    pub(super) fn new(at: usize, reason: impl Into<Reason>) -> Self {
        Self { at, reason: reason.into() }
    }

    pub(super) fn on_line(self, line: usize) -> ExpositionError {
        ExpositionError { line, column: self.at.saturating_add(1), reason: self.reason }
    }
}

/// The beginning of a target's text, to be shown.
pub(super) fn excerpt(text: &[u8]) -> String {
    let bytes = &text[..text.len().min(EXCERPT_CHARACTERS * 4)];
    let text = String::from_utf8_lossy(bytes);
    match text.char_indices().nth(EXCERPT_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into_owned(),
    }
}
