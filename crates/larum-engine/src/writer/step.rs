//! What one step gathers: what is to be written beside the state's changes, and who is to be answered after it.

use std::collections::HashSet;

use larum_core::outbox::{DeliveryId, Outcome};
use larum_store::SettingsWrite;

use crate::command::Reply;
use crate::shared::Unwritable;
use crate::topic::Topic;

/// What is done once the commit is on disk, or is known to have failed.
type Deferred = Box<dyn FnOnce(Result<(), Unwritable>) + Send>;

/// What one step gathers before its commit.
#[derive(Default)]
pub(super) struct Step {
    /// What somebody changed in the settings.
    pub settings: Vec<SettingsWrite>,
    deferred: Vec<Deferred>,
    /// What watchers are told of beside what the state's changes say.
    pub topics: HashSet<Topic>,
    /// What became of messages, in case that nothing of this step gets on disk.
    pub answers: Vec<(DeliveryId, Outcome)>,
    /// Whether more is due at once.
    pub more: bool,
}

impl Step {
    /// Answers once it is on disk, or says that it is not.
    pub fn after<T: Send + 'static, E: From<Unwritable> + Send + 'static>(
        &mut self,
        reply: Reply<T, E>,
        answer: Result<T, E>,
    ) {
        self.deferred.push(Box::new(move |committed| {
            let answer = committed.map_err(E::from).and(answer);
            // Whoever asked may have gone away.
            let _ = reply.send(answer);
        }));
    }

    /// Answers all callers: it is on disk, or it is not.
    pub fn answer(&mut self, committed: Result<(), Unwritable>) {
        self.deferred.drain(..).for_each(|then| then(committed));
    }
}
