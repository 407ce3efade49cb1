//! Taking in what was observed, and noticing what was not.

use std::sync::Arc;

use super::State;
use crate::alert::{AlertId, Change, EndReason, Observation, Phase, Says};
use crate::time::Now;
use crate::verdict::Hushed;

/// Why an observation was not taken in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refused {
    /// There are as many alerts as there may be.
    #[error(
        "Larum holds {limit} alerts, which is its limit; resolve or silence some at their source, or raise it"
    )]
    TooManyAlerts {
        /// How many there may be.
        limit: usize,
    },
}

impl State {
    /// Takes in one observation.
    ///
    /// # Errors
    /// [`Refused`] if it begins an alert and there is no room for one more.
    pub fn observe(&mut self, seen: &Observation, now: Now) -> Result<(), Refused> {
        let key = seen.key();
        let Some(id) = self.keys.get(&key).copied() else { return self.begin(seen, now) };
        let Some(held) = self.alerts.get_mut(&id) else { return self.begin(seen, now) };
        match Arc::make_mut(&mut held.alert).observe(seen, now) {
            Change::Refreshed => {}
            Change::Edited => {
                self.dirty.alerts.insert(id);
            }
            Change::Ended => self.ended(id, now),
            Change::Reopened => {
                self.dirty.alerts.insert(id);
                self.await_expiry(id);
                self.join_groups(id, now);
            }
            Change::Another => return self.begin(seen, now),
        }
        Ok(())
    }

    fn begin(&mut self, seen: &Observation, now: Now) -> Result<(), Refused> {
        if let Says::Ended { .. } = seen.says {
            return Ok(());
        }
        if self.alerts.len() >= self.config.limits.alerts {
            return Err(Refused::TooManyAlerts { limit: self.config.limits.alerts });
        }
        let id = AlertId(self.draw_id());
        let before = seen.continues.as_ref().map(|labels| {
            let mut key = seen.key();
            key.labels = labels.clone();
            key
        });
        let continues = before.and_then(|key| self.keys.get(&key).copied());
        self.hold(Arc::new(seen.begin(id, continues, now)));
        self.dirty.alerts.insert(id);
        self.join_groups(id, now);
        Ok(())
    }

    /// An alert is over: groups that told it will tell its end, the others have nothing to tell.
    fn ended(&mut self, id: AlertId, now: Now) {
        self.dirty.alerts.insert(id);
        let groups = self.alerts.get(&id).map(|held| held.groups.clone()).unwrap_or_default();
        for group in groups {
            self.leave_group(id, group, Hushed::ResolvedBeforeFirstTurn, now);
        }
        self.release(id);
    }

    /// Ends the alerts whose senders have been silent for too long, at most `most` of them. Answers whether more wait.
    pub fn expire(&mut self, now: Now, most: usize) -> bool {
        for _ in 0..most {
            let Some((due, id)) = self.expiries.first().copied().filter(|(due, _)| *due <= now.steady) else {
                return false;
            };
            self.expiries.remove(&(due, id));
            let Some(held) = self.alerts.get_mut(&id) else { continue };
            match held.alert.phase {
                Phase::Firing { expires, .. } if expires > now.steady => {
                    self.expiries.insert((expires, id));
                }
                Phase::Firing { ends_at, .. } => {
                    let alert = Arc::make_mut(&mut held.alert);
                    alert.phase = Phase::Ended { at: ends_at, reason: EndReason::Expired };
                    alert.updated_at = now.wall;
                    self.ended(id, now);
                }
                Phase::Ended { .. } => {}
            }
        }
        true
    }

    fn await_expiry(&mut self, id: AlertId) {
        if let Some(Phase::Firing { expires, .. }) = self.alert(id).map(|alert| alert.phase) {
            self.expiries.insert((expires, id));
        }
    }
}
