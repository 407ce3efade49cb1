//! Which alert is known by a key, without a second copy of what it is known by.

use std::collections::HashMap;
use std::hash::BuildHasher;

use foldhash::quality::RandomState;
use hashbrown::HashTable;

use super::{Held, State};
use crate::alert::{AlertId, AlertKey};

/// The latest episode of each alert, found by what it is known by. The keys themselves stand in the alerts, which must be
/// held for as long as they are found.
#[derive(Debug, Default)]
pub(crate) struct AlertKeys {
    hasher: RandomState,
    ids: HashTable<Known>,
}

/// An alert, and the hash of its key, so that the table can grow without asking the alerts.
#[derive(Debug)]
struct Known {
    hash: u64,
    id: AlertId,
}

impl State {
    /// The latest episode of the alert that is known by this key.
    pub(crate) fn known_by(&self, key: &AlertKey) -> Option<AlertId> {
        let hash = self.keys.hash(key);
        let found = self.keys.ids.find(hash, |known| known.is(hash, key, &self.alerts));
        found.map(|known| known.id)
    }

    /// Every alert that is found by its key.
    pub(crate) fn known(&self) -> impl Iterator<Item = AlertId> {
        self.keys.ids.iter().map(|known| known.id)
    }

    /// Finds this alert by its key from now on. Answers which one was found by it before.
    pub(super) fn know(&mut self, id: AlertId, key: &AlertKey) -> Option<AlertId> {
        let hash = self.keys.hash(key);
        let earlier = self.know_no_more_at(hash, key);
        self.keys.ids.insert_unique(hash, Known { hash, id }, |known| known.hash);
        earlier
    }

    /// Finds nothing by this key from now on. Answers what was found by it.
    pub(super) fn know_no_more(&mut self, key: &AlertKey) -> Option<AlertId> {
        self.know_no_more_at(self.keys.hash(key), key)
    }

    fn know_no_more_at(&mut self, hash: u64, key: &AlertKey) -> Option<AlertId> {
        let alerts = &self.alerts;
        let found = self.keys.ids.find_entry(hash, |known| known.is(hash, key, alerts)).ok()?;
        Some(found.remove().0.id)
    }
}

impl Known {
    fn is(&self, hash: u64, key: &AlertKey, alerts: &HashMap<AlertId, Held, RandomState>) -> bool {
        self.hash == hash && alerts.get(&self.id).is_some_and(|held| held.alert.is_known_by(key))
    }
}

impl AlertKeys {
    fn hash(&self, key: &AlertKey) -> u64 {
        self.hasher.hash_one(key)
    }
}
