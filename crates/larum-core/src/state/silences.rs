//! Silences: somebody adds, edits or ends one. Groups ask at their turn what is silenced then, so nothing else has to
//! happen when one begins or is over.

use std::sync::Arc;
use std::time::Duration;

use super::State;
use crate::silence::{Change, NoSuchSilence, Refused, SilenceDraft, SilenceId};
use crate::time::Now;

impl State {
    /// Adds a silence, or edits the one known by `edited`; `fresh` is what a new one is known by. Answers with the
    /// silence that holds from now on (Alertmanager, silence, `Set`).
    ///
    /// # Errors
    /// [`Refused`] in words; then nothing has changed.
    pub fn put_silence(
        &mut self,
        edited: Option<SilenceId>,
        draft: SilenceDraft,
        fresh: SilenceId,
        now: Now,
    ) -> Result<SilenceId, Refused> {
        let Some(edited) = edited else {
            let id = Arc::make_mut(&mut self.silences).add(draft, fresh, now.wall)?;
            self.dirty.silences.insert(id);
            return Ok(id);
        };
        let change = Arc::make_mut(&mut self.silences).edit(edited, draft, fresh, now.wall)?;
        if let Change::Replaced { ended: Some(ended), .. } = &change {
            self.dirty.silences.insert(ended.id);
        }
        self.dirty.silences.insert(change.silence().id);
        Ok(change.silence().id)
    }

    /// Ends a silence now. One that is over already stays as it is.
    ///
    /// # Errors
    /// [`NoSuchSilence`] if it does not exist.
    pub fn expire_silence(&mut self, id: SilenceId, now: Now) -> Result<(), NoSuchSilence> {
        if Arc::make_mut(&mut self.silences).expire(id, now.wall)?.is_some() {
            self.dirty.silences.insert(id);
        }
        Ok(())
    }

    /// Forgets silences that have been over for longer than `retention`, and asks those no more that are over, at most
    /// `most` of each. Answers whether there may be more.
    pub fn tidy_silences(&mut self, retention: Duration, now: Now, most: usize) -> bool {
        if !self.silences.is_stale(retention, now.wall) {
            return false;
        }
        let silences = Arc::make_mut(&mut self.silences);
        let forgotten = silences.forget(now.wall, retention, most);
        let more = silences.settle(now.wall, most) || forgotten.len() == most;
        self.dirty.silences.retain(|id| !forgotten.contains(id));
        self.dirty.forgotten_silences.extend(forgotten);
        more
    }
}
