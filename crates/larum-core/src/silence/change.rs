//! What becomes of a silence that somebody adds, edits or ends.

use std::sync::Arc;

use super::{Invalid, Silence, SilenceDraft, SilenceId, SilenceState, Silences};
use crate::matcher::Matcher;
use crate::time::Timestamp;

/// What was done, to be written down.
#[derive(Clone, PartialEq, Debug)]
pub enum Change {
    /// It is new.
    Added(Arc<Silence>),
    /// It has other times or words, and hides the same alerts while it lasts.
    Edited(Arc<Silence>),
    /// A new one stands in its place, so that it can be seen what was hidden until now.
    Replaced {
        /// The one that is over now; `None` if it was over before.
        ended: Option<Arc<Silence>>,
        /// The new one.
        by: Arc<Silence>,
    },
}

impl Change {
    /// The silence that was asked for.
    pub fn silence(&self) -> &Arc<Silence> {
        match self {
            Self::Added(silence) | Self::Edited(silence) | Self::Replaced { by: silence, .. } => silence,
        }
    }
}

/// There is no silence known by this.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("silence not found")]
pub struct NoSuchSilence;

/// Why a silence was not taken.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refused {
    /// It is wrong in itself.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The one to be edited does not exist.
    #[error(transparent)]
    NotFound(#[from] NoSuchSilence),
    /// There are as many as there may be.
    #[error("exceeded maximum number of silences: {held} (limit: {limit})")]
    TooMany {
        /// How many there are.
        held: usize,
        /// How many there may be.
        limit: usize,
    },
    /// The regular expressions of all of them would take too much memory.
    #[error(
        "exceeded maximum size of the regular expressions of all silences: {bytes} bytes once compiled (limit: {limit} bytes)"
    )]
    CompiledTooLarge {
        /// How much they would take, in bytes.
        bytes: usize,
        /// How much they may, in bytes.
        limit: usize,
    },
    /// The id that was drawn for it is another's.
    #[error("the id {0} is taken")]
    IdTaken(SilenceId),
}

impl Silences {
    /// Adds a silence, which `fresh` is drawn for.
    ///
    /// # Errors
    /// [`Refused`] in words; then nothing has changed.
    pub fn add(
        &mut self,
        draft: SilenceDraft,
        fresh: SilenceId,
        now: Timestamp,
    ) -> Result<SilenceId, Refused> {
        draft.check(&self.limits, now)?;
        Ok(self.begin(draft, fresh, now)?.id)
    }

    /// Edits the silence `id`: in place if its matchers stay as they are and nothing that was hidden or told until now
    /// would look different; otherwise it ends and another begins, which `fresh` is drawn for (Alertmanager, silence,
    /// `Set` and `canUpdate`).
    ///
    /// # Errors
    /// [`Refused`] in words; then nothing has changed.
    pub fn edit(
        &mut self,
        id: SilenceId,
        draft: SilenceDraft,
        fresh: SilenceId,
        now: Timestamp,
    ) -> Result<Change, Refused> {
        draft.check(&self.limits, now)?;
        let before = self.get(id).cloned().ok_or(NoSuchSilence)?;
        if keeps_history(&before, &draft, now) {
            let silence = Arc::new(draft.into_silence(id, now));
            self.store(Arc::clone(&silence), now);
            return Ok(Change::Edited(silence));
        }
        let by = self.begin(draft, fresh, now)?;
        let ended = self.expire(id, now)?;
        Ok(Change::Replaced { ended, by })
    }

    /// Ends a silence now; one that has not begun begins and ends now. Answers with what it is then, or nothing if it
    /// was over already.
    ///
    /// # Errors
    /// [`NoSuchSilence`] if it does not exist.
    pub fn expire(&mut self, id: SilenceId, now: Timestamp) -> Result<Option<Arc<Silence>>, NoSuchSilence> {
        let before = self.get(id).ok_or(NoSuchSilence)?;
        if before.state(now) == SilenceState::Expired {
            return Ok(None);
        }
        let starts_at = before.starts_at.min(now);
        let ended = Arc::new(Silence { starts_at, ends_at: now, updated_at: now, ..(**before).clone() });
        self.store(Arc::clone(&ended), now);
        Ok(Some(ended))
    }

    fn begin(
        &mut self,
        draft: SilenceDraft,
        fresh: SilenceId,
        now: Timestamp,
    ) -> Result<Arc<Silence>, Refused> {
        let (held, limit) = (self.len(), self.limits.silences);
        if held >= limit {
            return Err(Refused::TooMany { held, limit });
        }
        if self.get(fresh).is_some() {
            return Err(Refused::IdTaken(fresh));
        }
        let compiled: usize = draft.matchers.iter().map(Matcher::compiled_bytes).sum();
        let (bytes, limit) = (self.compiled_bytes.saturating_add(compiled), self.limits.all_compiled_bytes);
        if compiled > 0 && bytes > limit {
            return Err(Refused::CompiledTooLarge { bytes, limit });
        }
        let mut silence = draft.into_silence(fresh, now);
        silence.starts_at = silence.starts_at.max(now);
        let silence = Arc::new(silence);
        self.store(Arc::clone(&silence), now);
        Ok(silence)
    }
}

impl SilenceDraft {
    fn into_silence(self, id: SilenceId, now: Timestamp) -> Silence {
        Silence {
            id,
            matchers: self.matchers.into(),
            starts_at: self.starts_at.unwrap_or(now),
            ends_at: self.ends_at,
            updated_at: now,
            created_by: self.created_by,
            comment: self.comment,
            annotations: self.annotations,
        }
    }
}

/// Whether the edit leaves the past as it was. Beginnings are compared by the second, for clients send no more.
fn keeps_history(before: &Silence, draft: &SilenceDraft, now: Timestamp) -> bool {
    let starts_at = draft.starts_at.unwrap_or(now);
    before.matchers[..] == draft.matchers[..]
        && match before.state(now) {
            SilenceState::Active => starts_at.as_secs() == before.starts_at.as_secs() && draft.ends_at >= now,
            SilenceState::Pending => starts_at >= now,
            SilenceState::Expired => false,
        }
}
