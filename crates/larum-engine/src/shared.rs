//! What the writer shows to everybody else.

use std::sync::Arc;

use larum_core::state::State;
use larum_core::time::Timestamp;
use larum_store::{Store, StoreError};
use parking_lot::RwLock;
use tokio::sync::{Notify, broadcast};

use crate::clock::Clock;
use crate::desk::Desk;
use crate::evaluate::RuleGroup;
use crate::meters::Meters;
use crate::route_file::RouteFile;
use crate::rule_files::RuleFiles;
use crate::topic::Topic;

/// Whether the disk takes what has to be written down.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Storage {
    /// It does.
    #[default]
    Fine,
    /// It is full; what is kept back for that case lets Larum say so. Nothing new is accepted.
    Tight {
        /// Since when.
        since: Timestamp,
    },
    /// Nothing can be written down: nothing is accepted and nothing is sent.
    Refuses {
        /// Since when.
        since: Timestamp,
        /// Why.
        why: Unwritable,
    },
}

/// Why nothing can be written down.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unwritable {
    /// There is no room.
    #[error("the disk that holds Larum's data is full or cannot be written: free some space")]
    Full,
    /// The database fails in another way, which the log tells.
    #[error("Larum's database fails, and its log says why; it is tried again every second")]
    Failed,
}

impl From<&StoreError> for Unwritable {
    fn from(error: &StoreError) -> Self {
        if let StoreError::Full = error { Self::Full } else { Self::Failed }
    }
}

/// How many changes a watcher may fall behind before it is told to read everything again.
const WATCHED: usize = 256;

/// Everything that is known, for those who only read.
#[derive(Debug)]
pub(crate) struct Shared {
    pub state: RwLock<State>,
    pub desk: RwLock<Arc<Desk>>,
    pub storage: RwLock<Storage>,
    pub store: Arc<Store>,
    pub clock: Clock,
    pub meters: Meters,
    /// Told when a policy was saved, which is then evaluated at once.
    pub policy_saved: Notify,
    /// Told when other rule files are in force.
    pub rules_changed: Notify,
    /// The rule files in force.
    pub rule_files: RwLock<Arc<RuleFiles>>,
    /// Their groups, as people see them.
    pub rule_groups: RwLock<Arc<[Arc<RuleGroup>]>>,
    /// Told when a receiver was saved, of whose token Slack may have to be asked.
    pub receiver_saved: Notify,
    /// The file of routes in force, if there is one.
    pub route_file: RwLock<Option<Arc<RouteFile>>>,
    topics: broadcast::Sender<Topic>,
}

impl Shared {
    pub fn new(state: State, desk: Desk, store: Arc<Store>, clock: Clock, storage: Storage) -> Self {
        let meters = Meters::default();
        meters.storage_full.set(i64::from(storage != Storage::Fine));
        Self {
            state: RwLock::new(state),
            desk: RwLock::new(Arc::new(desk)),
            storage: RwLock::new(storage),
            store,
            clock,
            meters,
            policy_saved: Notify::new(),
            rules_changed: Notify::new(),
            rule_files: RwLock::default(),
            rule_groups: RwLock::new(Arc::new([])),
            receiver_saved: Notify::new(),
            route_file: RwLock::default(),
            topics: broadcast::Sender::new(WATCHED),
        }
    }

    pub fn publish(&self, topic: Topic) {
        // Nobody watching is fine.
        let _ = self.topics.send(topic);
    }

    pub fn watch(&self) -> broadcast::Receiver<Topic> {
        self.topics.subscribe()
    }
}
