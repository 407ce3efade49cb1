//! Silences, as doors ask for them.

use larum_core::silence::{NoSuchSilence, Refused, SilenceDraft, SilenceId};

use crate::clock::Clock;
use crate::command::Change;
use crate::handle::Handle;
use crate::shared::Unwritable;

/// Why a silence was not added, edited or ended.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SilenceError {
    /// It is wrong, or there is no room for it, or the one to be edited does not exist.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// It could not be written down.
    #[error("{0}")]
    Storage(#[from] Unwritable),
    /// Larum is stopping.
    #[error("Larum is stopping")]
    Stopping,
}

impl From<NoSuchSilence> for SilenceError {
    fn from(error: NoSuchSilence) -> Self {
        Self::Refused(error.into())
    }
}

impl Handle {
    /// Adds a silence, or edits the one known by `edited`. Answers by what the silence that holds now is known: a new
    /// one stands in the place of one whose past an edit would change.
    ///
    /// # Errors
    /// [`SilenceError`] in words.
    pub async fn put_silence(
        &self,
        edited: Option<SilenceId>,
        draft: SilenceDraft,
        actor: &str,
    ) -> Result<SilenceId, SilenceError> {
        let change = |reply| Change::PutSilence { edited, draft: Box::new(draft), reply };
        self.ask(actor, change, || SilenceError::Stopping).await
    }

    /// Ends a silence now. One that is over already stays as it is.
    ///
    /// # Errors
    /// [`SilenceError`] in words.
    pub async fn expire_silence(&self, id: SilenceId, actor: &str) -> Result<(), SilenceError> {
        self.ask(actor, |reply| Change::ExpireSilence { id, reply }, || SilenceError::Stopping).await
    }
}

/// What a new silence is known by: a UUID drawn at random (RFC 9562, section 5.4).
pub(crate) fn fresh_id(clock: &Clock) -> SilenceId {
    let random = u128::from_be_bytes(clock.random_bytes());
    let version = 0x4 << 76;
    let variant = 0x2 << 62;
    SilenceId(random & !(0xf << 76) & !(0x3 << 62) | version | variant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_id_is_a_random_uuid() {
        let clock = Clock::start();
        let text = fresh_id(&clock).to_string();
        assert_eq!(&text[14..15], "4", "{text}");
        assert!("89ab".contains(&text[19..20]), "{text}");
        assert_ne!(fresh_id(&clock), fresh_id(&clock));
    }
}
