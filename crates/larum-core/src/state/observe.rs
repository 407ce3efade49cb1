//! Taking in what was observed, and noticing what was not.

use std::sync::Arc;

use super::State;
use crate::alert::{AlertId, Change, EndReason, Observation, Phase, Says};
use crate::time::Now;
use crate::transition::{Stage, Transition};
use crate::verdict::Hushed;

/// Why an observation was not taken in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refused {
    /// There are as many alerts as there may be.
    #[error("Larum holds {limit} alerts, which is its limit; resolve some at their source")]
    TooManyAlerts {
        /// How many there may be.
        limit: usize,
    },
    /// Its text is more than there is room for.
    #[error(
        "Larum holds {limit} bytes of labels and annotations, which is its limit; shorten or resolve some at their source"
    )]
    TooMuchText {
        /// How many there may be.
        limit: usize,
    },
    /// As many of its name fire as may.
    #[error("{limit} alerts of this name fire, which is the limit of --alerts.per-alertname-limit")]
    TooManyOfName {
        /// How many may.
        limit: usize,
    },
    /// It would begin a group, and there are as many as there may be.
    #[error("Larum holds {limit} groups of alerts, which is its limit; group by fewer labels")]
    TooManyGroups {
        /// How many there may be.
        limit: usize,
    },
}

impl State {
    /// Takes in one observation.
    ///
    /// # Errors
    /// [`Refused`] if there is no room for it.
    pub fn observe(&mut self, seen: &Observation, now: Now) -> Result<(), Refused> {
        let key = seen.key();
        let Some(id) = self.known_by(&key) else { return self.begin(seen, now) };
        let Some(held) = self.alerts.get_mut(&id) else { return self.begin(seen, now) };
        if !held.alert.is_firing() && held.groups.is_empty() {
            // Its end is told: whatever fires now is another episode.
            return self.begin(seen, now);
        }
        let before = held.alert.text_bytes();
        let (limit, text) = (self.config.limits.text, self.text);
        room_for_text(text, seen.text_bytes().saturating_sub(before), limit)?;
        let over = (Stage::Resolved, held.alert.ended_at());
        let change = Arc::make_mut(&mut held.alert).observe(seen, now);
        self.text = text - before + held.alert.text_bytes();
        self.await_expiry(id);
        match change {
            Change::Refreshed => {}
            Change::Edited => {
                self.dirty.alerts.insert(id);
            }
            Change::Ended => self.ended(id, now),
            Change::Reopened => {
                self.dirty.alerts.insert(id);
                self.joins_crowd(&seen.labels);
                // The episode forgets that it was over.
                let fires = Transition::new(seen.labels.clone(), over, Stage::Firing, now.wall);
                self.note(Transition { policy: seen.key().policy, alert: Some(id), ..fires });
                self.inhibits(id);
                self.join_groups(id, now);
                self.leave_unsaid(id);
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
        self.room_in_crowd(&seen.labels)?;
        room_for_text(self.text, seen.text_bytes(), self.config.limits.text)?;
        self.room_for_groups(|state| state.begins_groups(&seen.labels))?;
        let id = AlertId(self.draw_id());
        let before = seen.continues.as_ref().map(|labels| {
            let mut key = seen.key();
            key.labels = labels.clone();
            key
        });
        let continues = before.and_then(|key| self.known_by(&key));
        let earlier = self.hold(Arc::new(seen.begin(id, continues, now)));
        self.dirty.alerts.insert(id);
        self.inhibits(id);
        if let Some(earlier) = earlier {
            self.succeed(id, earlier);
        }
        self.join_groups(id, now);
        Ok(())
    }

    /// Whether there is room for the groups that something would begin; counting them is for those who come near it.
    pub(super) fn room_for_groups(&self, begins: impl FnOnce(&Self) -> usize) -> Result<(), Refused> {
        let limit = self.config.limits.groups;
        let near = self.groups.len().saturating_add(self.config.most_destinations()) > limit;
        if near && self.groups.len().saturating_add(begins(self)) > limit {
            return Err(Refused::TooManyGroups { limit });
        }
        Ok(())
    }

    /// An alert is over: groups that told it will tell its end, the others have nothing to tell.
    fn ended(&mut self, id: AlertId, now: Now) {
        self.dirty.alerts.insert(id);
        self.leaves_crowd(id);
        self.inhibits_no_more(id);
        let groups = self.alerts.get(&id).map(|held| held.groups.to_vec()).unwrap_or_default();
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
            held.looked_at = None;
            match held.alert.phase {
                Phase::Firing { ends_at, expires, .. } if expires <= now.steady => {
                    let alert = Arc::make_mut(&mut held.alert);
                    alert.phase = Phase::Ended { at: ends_at, reason: EndReason::Expired };
                    alert.updated_at = now.wall;
                    self.ended(id, now);
                }
                _ => self.await_expiry(id),
            }
        }
        true
    }
}

fn room_for_text(held: usize, more: usize, limit: usize) -> Result<(), Refused> {
    if more > 0 && held.saturating_add(more) > limit { Err(Refused::TooMuchText { limit }) } else { Ok(()) }
}
