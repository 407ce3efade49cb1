//! Why a pattern is refused, in Go's words.

use std::fmt;

/// What is wrong with a pattern (Go, package `regexp/syntax`, `ErrorCode`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Reason {
    /// A range whose end is before its beginning, or a class that there is not.
    CharRange,
    /// A backslash before what it means nothing with.
    Escape,
    /// A group whose name is none, or is there twice.
    NamedCapture,
    /// `(?` and what nobody knows.
    PerlOperator,
    /// `**` and the like.
    RepeatOperator,
    /// A repetition of more than 1000, or backwards.
    RepeatSize,
    /// A `[` without its `]`.
    MissingBracket,
    /// A `(` without its `)`.
    MissingParenthesis,
    /// A repetition of nothing.
    MissingArgument,
    /// A backslash at the end.
    TrailingBackslash,
    /// A `)` without its `(`.
    UnexpectedParenthesis,
    /// Groups in groups, too many of them.
    Depth,
    /// Once compiled it takes more memory than it may.
    Large,
}

impl Reason {
    /// Go's words.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::CharRange => "invalid character class range",
            Self::Escape => "invalid escape sequence",
            Self::NamedCapture => "invalid named capture",
            Self::PerlOperator => "invalid or unsupported Perl syntax",
            Self::RepeatOperator => "invalid nested repetition operator",
            Self::RepeatSize => "invalid repeat count",
            Self::MissingBracket => "missing closing ]",
            Self::MissingParenthesis => "missing closing )",
            Self::MissingArgument => "missing argument to repetition operator",
            Self::TrailingBackslash => "trailing backslash at end of expression",
            Self::UnexpectedParenthesis => "unexpected )",
            Self::Depth => "expression nests too deeply",
            Self::Large => "expression too large",
        }
    }
}

/// A pattern that is refused, and which part of it is wrong.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub struct PatternError {
    /// What is wrong.
    pub reason: Reason,
    /// The part that is, as it stands in the pattern; cut where it is long.
    pub part: String,
}

/// The most of a pattern that is given back, in characters.
const MOST_SHOWN: usize = 300;

impl PatternError {
    pub(crate) fn new(reason: Reason, part: &str) -> Self {
        let mut shown: String = part.chars().take(MOST_SHOWN).collect();
        if shown.len() < part.len() {
            shown.push('…');
        }
        Self { reason, part: shown }
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error parsing regexp: {}: `{}`", self.reason.in_words(), self.part)
    }
}
