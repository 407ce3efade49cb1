//! Which alerts are held in memory: those that fire, whose end is to be told, or of which a waiting delivery speaks.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::few::Few;
use super::{Held, State};
use crate::alert::{Alert, AlertId, Phase};
use crate::outbox::Delivery;
use crate::receiver::ReceiverId;
use crate::routing::Destination;
use crate::time::Now;
use crate::verdict::{GroupPlace, Hushed, Verdict};

/// How many waiting deliveries speak of an alert, by whom they tell.
#[derive(Debug, Default)]
pub(crate) struct Owed(Few<(ReceiverId, u32)>);

impl Owed {
    /// How many tell this receiver.
    pub fn to(&self, receiver: ReceiverId) -> u32 {
        self.0.iter().find(|(known, _)| *known == receiver).map_or(0, |(_, count)| *count)
    }

    /// The receivers that are told.
    pub fn receivers(&self) -> impl Iterator<Item = ReceiverId> {
        self.0.iter().map(|(receiver, _)| *receiver)
    }

    /// Whether none does.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn add(&mut self, receiver: ReceiverId) {
        let count = self.to(receiver);
        self.0.retain(|(known, _)| *known != receiver);
        self.0.push((receiver, count + 1));
    }

    fn remove(&mut self, receiver: ReceiverId) {
        let count = self.to(receiver);
        self.0.retain(|(known, _)| *known != receiver);
        if count > 1 {
            self.0.push((receiver, count - 1));
        }
    }
}

impl State {
    /// Holds an alert from now on. Answers which earlier episode of it is held as well.
    pub(super) fn hold(&mut self, alert: Arc<Alert>) -> Option<AlertId> {
        let id = alert.id;
        let earlier = self.know(id, &alert.key());
        if alert.is_firing() {
            self.joins_crowd(&alert.labels);
        }
        self.text += alert.text_bytes();
        self.index.insert(id, &alert.labels);
        self.alerts.insert(id, Held { alert, groups: Few::None, looked_at: None });
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
        if held.alert.is_firing() || !held.groups.is_empty() || self.owed.contains_key(&id) {
            return;
        }
        let key = held.alert.key();
        if self.known_by(&key) == Some(id) {
            self.know_no_more(&key);
        }
        let Some(held) = self.alerts.remove(&id) else { return };
        self.text -= held.alert.text_bytes();
        self.index.remove(id, &held.alert.labels);
        if self.dirty.alerts.remove(&id) {
            self.dirty.ended.push(held.alert);
        }
    }

    /// Writes down why a receiver, or everybody, is not told of an alert that stands in no group of theirs.
    pub(super) fn hush(&mut self, alert: AlertId, receiver: Option<ReceiverId>, reason: Hushed, now: Now) {
        let (number, name) = (self.draw_id(), receiver.and_then(|id| self.config.name_of(id)).cloned());
        self.dirty.verdicts.push(Verdict {
            number,
            alert,
            receiver,
            name,
            group: None,
            reason,
            at: now.wall,
        });
    }

    /// Writes down why the group at this place does not tell its receiver of an alert.
    pub(super) fn hush_in(&mut self, place: &Destination, alert: AlertId, reason: Hushed, now: Now) {
        let (number, receiver) = (self.draw_id(), Some(place.receiver));
        let name = self.config.name_of(place.receiver).cloned();
        let group = Some(GroupPlace { way: place.way.clone(), labels: place.labels.clone() });
        self.dirty.verdicts.push(Verdict { number, alert, receiver, name, group, reason, at: now.wall });
    }

    pub(super) fn owe(&mut self, delivery: &Delivery) {
        for (id, _) in delivery.alerts.iter() {
            if self.alerts.contains_key(id) {
                self.owed.entry(*id).or_default().add(delivery.receiver);
            }
        }
    }

    pub(super) fn owe_no_more(&mut self, delivery: &Delivery) {
        for (id, _) in delivery.alerts.iter() {
            if let Entry::Occupied(mut owed) = self.owed.entry(*id) {
                owed.get_mut().remove(delivery.receiver);
                if owed.get().is_empty() {
                    owed.remove();
                }
            }
            self.release(*id);
        }
    }
}
