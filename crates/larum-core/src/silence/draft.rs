//! A silence as somebody asks for it, and when that is refused.

use std::sync::Arc;

use super::SilenceLimits;
use crate::label::LabelSet;
use crate::matcher::{MatchOp, Matcher};
use crate::time::Timestamp;

/// A silence as somebody asks for it.
#[derive(Clone, Debug)]
pub struct SilenceDraft {
    /// What it is to hide.
    pub matchers: Vec<Matcher>,
    /// From when on; `None` is now, and so is what lies in the past.
    pub starts_at: Option<Timestamp>,
    /// Until when.
    pub ends_at: Timestamp,
    /// Who asks.
    pub created_by: Arc<str>,
    /// Why.
    pub comment: Arc<str>,
    /// What other programs note on it.
    pub annotations: LabelSet,
}

/// What is wrong with a silence, in Alertmanager's own words where it has some (Alertmanager, silence, `validateSilence`,
/// and api/v2, `postSilencesHandler`).
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Invalid {
    /// It has no matcher.
    #[error("invalid silence: at least one matcher required")]
    NoMatcher,
    /// A matcher looks at no label.
    #[error("invalid silence: invalid label matcher {0} in set 0: invalid label name \"\"")]
    NoName(usize),
    /// Every matcher matches a label that is not there: it would hide everything that lacks them.
    #[error("invalid silence: matcher set 0: at least one matcher must not match the empty string")]
    MatchesNothing,
    /// It ends when it begins, or before.
    #[error("Failed to create silence: start time must be before end time")]
    EndsBeforeStart,
    /// It would be over already.
    #[error("Failed to create silence: end time can't be in the past")]
    Over,
    /// It has more matchers than the limit.
    #[error("silence has too many matchers: {matchers} (limit: {limit})")]
    TooManyMatchers {
        /// How many.
        matchers: usize,
        /// How many there may be.
        limit: usize,
    },
    /// Its text is longer than the limit.
    #[error("silence exceeded maximum size: {bytes} bytes (limit: {limit} bytes)")]
    TooLarge {
        /// How long, in bytes.
        bytes: usize,
        /// How long it may be, in bytes.
        limit: usize,
    },
    /// Its regular expressions take more than the limit.
    #[error("silence has too large regular expressions: {bytes} bytes once compiled (limit: {limit} bytes)")]
    CompiledTooLarge {
        /// How much they take, in bytes.
        bytes: usize,
        /// How much they may, in bytes.
        limit: usize,
    },
}

impl SilenceLimits {
    /// Whether a silence may have so many matchers, and so many bytes of text: to be asked before its expressions are
    /// compiled.
    ///
    /// # Errors
    /// [`Invalid::TooManyMatchers`] and [`Invalid::TooLarge`].
    pub fn check_text(&self, matchers: usize, bytes: usize) -> Result<(), Invalid> {
        if matchers > self.matchers {
            return Err(Invalid::TooManyMatchers { matchers, limit: self.matchers });
        }
        if bytes > self.bytes {
            return Err(Invalid::TooLarge { bytes, limit: self.bytes });
        }
        Ok(())
    }

    /// Whether the regular expressions of a silence may take so many bytes once compiled: to be asked after each of them.
    ///
    /// # Errors
    /// [`Invalid::CompiledTooLarge`].
    pub fn check_compiled(&self, bytes: usize) -> Result<(), Invalid> {
        let limit = self.compiled_bytes;
        if bytes > limit { Err(Invalid::CompiledTooLarge { bytes, limit }) } else { Ok(()) }
    }
}

impl SilenceDraft {
    /// Whether it may be a silence from `now` on.
    ///
    /// # Errors
    /// [`Invalid`] says what is wrong first.
    pub fn check(&self, limits: &SilenceLimits, now: Timestamp) -> Result<(), Invalid> {
        if self.starts_at.unwrap_or(now) >= self.ends_at {
            return Err(Invalid::EndsBeforeStart);
        }
        if self.ends_at < now {
            return Err(Invalid::Over);
        }
        if self.matchers.is_empty() {
            return Err(Invalid::NoMatcher);
        }
        if let Some(place) = self.matchers.iter().position(|matcher| matcher.name().is_empty()) {
            return Err(Invalid::NoName(place));
        }
        if self.matchers.iter().all(is_satisfied_by_nothing) {
            return Err(Invalid::MatchesNothing);
        }
        limits.check_text(self.matchers.len(), self.bytes())?;
        limits.check_compiled(self.matchers.iter().map(Matcher::compiled_bytes).sum())
    }

    fn bytes(&self) -> usize {
        let matchers = self.matchers.iter().map(|matcher| matcher.name().len() + matcher.value().len());
        matchers.sum::<usize>() + self.created_by.len() + self.comment.len() + self.annotations.text_bytes()
    }
}

/// As Alertmanager counts it: a negative matcher says enough, also where it matches a label that is not there.
fn is_satisfied_by_nothing(matcher: &Matcher) -> bool {
    matches!(matcher.op(), MatchOp::Equal | MatchOp::Regexp) && matcher.matches_value("")
}
