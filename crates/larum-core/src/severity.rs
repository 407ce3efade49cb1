//! How bad it is.

use std::fmt;

use crate::label::{LabelSet, SEVERITY};

/// What the label `severity` says, worst first, so that sorting puts the worst in front.
/// Labels with other words are [`Severity::Other`]; the word itself stays in the label.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Someone has to act now.
    Critical,
    /// Something is broken.
    Error,
    /// Something will break, or is worse than it should be.
    Warning,
    /// No word, or one that Larum does not know.
    Other,
    /// Good to know.
    Info,
    /// Never told: a heartbeat that shows the pipeline alive.
    None,
}

impl Severity {
    /// The severities that a policy can have.
    pub const ALL: [Self; 5] = [Self::Critical, Self::Error, Self::Warning, Self::Info, Self::None];

    /// What the word means; unknown words and the empty one are [`Severity::Other`].
    pub fn from_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|severity| severity.as_str() == word).unwrap_or(Self::Other)
    }

    /// What the label `severity` of these labels says.
    pub fn of(labels: &LabelSet) -> Self {
        Self::from_word(labels.value(SEVERITY))
    }

    /// The label's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Other => "other",
            Self::Info => "info",
            Self::None => "none",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
