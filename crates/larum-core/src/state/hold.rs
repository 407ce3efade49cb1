//! Which alerts are held in memory: those that fire, whose end is to be told, or of which a waiting delivery speaks.

use std::sync::Arc;

use super::{Held, State};
use crate::alert::{Alert, AlertId, Phase};
use crate::outbox::Delivery;
use crate::receiver::ReceiverId;
use crate::time::Now;
use crate::verdict::{Hushed, Verdict};

impl State {
    /// Holds an alert from now on. Answers which earlier episode of it is held as well.
    pub(super) fn hold(&mut self, alert: Arc<Alert>) -> Option<AlertId> {
        let id = alert.id;
        let earlier = self.keys.insert(alert.key(), id);
        self.alerts.insert(id, Held { alert, groups: Vec::new(), owed: 0, looked_at: None });
        self.await_expiry(id);
        earlier
    }

    /// Sees to it that an alert is looked at when silence would end it, and not at all once it is over.
    pub(super) fn await_expiry(&mut self, id: AlertId) {
        let Some(held) = self.alerts.get_mut(&id) else { return };
        let ends = match held.alert.phase {
            Phase::Firing { expires, .. } => Some(expires),
            Phase::Ended { .. } => None,
        };
        let early_enough = held.looked_at.zip(ends).is_some_and(|(looked_at, ends)| looked_at <= ends);
        if early_enough || held.looked_at == ends {
            return;
        }
        if let Some(before) = std::mem::replace(&mut held.looked_at, ends) {
            self.expiries.remove(&(before, id));
        }
        if let Some(ends) = ends {
            self.expiries.insert((ends, id));
        }
    }

    /// Lets an alert go that is over and that nobody needs any more. What it was is in the journal.
    pub(super) fn release(&mut self, id: AlertId) {
        let Some(held) = self.alerts.get(&id) else { return };
        if held.alert.is_firing() || !held.groups.is_empty() || held.owed > 0 {
            return;
        }
        let Some(held) = self.alerts.remove(&id) else { return };
        let key = held.alert.key();
        if self.keys.get(&key) == Some(&id) {
            self.keys.remove(&key);
        }
        if self.dirty.alerts.remove(&id) {
            self.dirty.ended.push(held.alert);
        }
    }

    pub(super) fn hush(&mut self, alert: AlertId, receiver: Option<ReceiverId>, reason: Hushed, now: Now) {
        self.dirty.verdicts.push(Verdict { alert, receiver, reason, at: now.wall });
    }

    pub(super) fn owe(&mut self, delivery: &Delivery) {
        for (id, _) in delivery.alerts.iter() {
            if let Some(held) = self.alerts.get_mut(id) {
                held.owed += 1;
            }
        }
    }

    pub(super) fn owe_no_more(&mut self, delivery: &Delivery) {
        for (id, _) in delivery.alerts.iter() {
            if let Some(held) = self.alerts.get_mut(id) {
                held.owed = held.owed.saturating_sub(1);
            }
            self.release(*id);
        }
    }
}
