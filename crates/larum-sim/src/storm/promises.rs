//! What is asked whenever everything is at rest.

use std::time::Duration;

use larum_core::alert::AlertKey;
use larum_core::invariant::violations;
use larum_core::outbox::DeliveryId;
use larum_core::state::State;
use larum_core::time::Now;

use super::{Listeners, Storm};
use crate::memory::Memory;

/// How long an alert is waited for after everything was read back, whenever it was to end (Alertmanager,
/// `resolve_timeout`).
const RESOLVE_TIMEOUT: Duration = Duration::from_secs(300);

impl Storm {
    /// Asks everything that can be asked between two steps.
    pub(super) fn look(&mut self) {
        let now = self.now();
        self.note_failures(now);
        let (wrong, memory, listeners) =
            self.read(|state| (violations(state), Memory::of(state), listeners(state)));
        assert!(wrong.is_empty(), "{wrong:#?}");
        let life = self.life.as_ref().expect("one process lives");
        life.read(|state| self.ledger.look(state, now));
        let lives = life.settle();
        let written = life.written();
        assert!(lives && written.is_empty(), "changed by nothing: {written:#?}");
        self.nothing_accepted_is_forgotten(now);
        for (id, group) in
            memory.groups.iter().filter(|(id, group)| self.memory.groups.get(id) != Some(group))
        {
            let (turn, due) = (group.turn, group.due.as_millis());
            self.note(|| {
                format!("  {id:?} turn {turn} due {due} fires {:?} told {:?}", group.firing, group.told)
            });
        }
        self.who_listens(listeners, DeliveryId(self.newest.0 + 1));
        (self.memory, self.commits, self.rested) = (memory, 0, !self.life().refuses());
        // What the new arrangement made of everything is written down.
        self.rearranged = false;
        self.newest = self.ledger.newest();
    }

    /// Some may listen no more: what was said before `next` concerns them no longer.
    pub(super) fn who_listens(&mut self, listeners: Listeners, next: DeliveryId) {
        for ((receiver, channel), workspace) in &self.listeners {
            if listeners.get(&(*receiver, channel.clone())) != Some(workspace) {
                self.ears.leave(*receiver, channel, next.0);
            }
        }
        self.listeners = listeners;
    }

    /// A commit that failed has not happened: what is known is what was known before.
    fn note_failures(&mut self, now: Now) {
        let failed = self.life().scribe().take_failed();
        self.ledger.tally.failures += failed;
        if failed == 0 {
            return;
        }
        self.went_back(now);
        if self.commits == 0 && self.life().refuses() && !self.jumped {
            let memory = self.read(Memory::of);
            self.memory.is_kept_by(&memory, self.ears.regrouped, now);
        }
    }

    /// Everything was read back from the disk: times that were written by another wall clock are others by now, and
    /// alerts fire for as long as it takes their senders to speak again.
    pub(super) fn went_back(&mut self, now: Now) {
        if self.jumped {
            self.ledger.forget_times();
            self.accepted.clear();
        }
        let latest = now.steady.plus(RESOLVE_TIMEOUT);
        self.accepted.values_mut().for_each(|until| *until = latest.min(*until));
    }

    fn nothing_accepted_is_forgotten(&mut self, now: Now) {
        self.accepted.retain(|_, until| *until > now.steady);
        let life = self.life.as_ref().expect("one process lives");
        life.read(|state| {
            for labels in self.accepted.keys() {
                let key = AlertKey { policy: None, labels: labels.clone() };
                let fires = state.alert_by_key(&key).is_some_and(|alert| alert.is_firing());
                assert!(fires, "{labels} was accepted and is forgotten");
            }
        });
    }
}

pub(super) fn listeners(state: &State) -> Listeners {
    let config = &state.config;
    let named = config.routing.iter().flat_map(|routing| routing.integrations());
    let all = config.receivers.iter().chain(named).filter(|receiver| receiver.enabled);
    let channels = all.flat_map(|receiver| {
        receiver.channels.iter().map(|channel| ((receiver.id, channel.clone()), receiver.workspace.clone()))
    });
    channels.collect()
}
