//! Policies in the state: what their evaluations say becomes observations like any others.

use std::sync::Arc;
use std::time::Duration;

use super::{State, Watched};
use crate::alert::{EndReason, PolicyId};
use crate::label::LabelSet;
use crate::policy::{Advanced, Outcome, Policy, PolicyState};
use crate::time::{Now, Timestamp};
use crate::transition::{Stage, Transition};

impl State {
    /// Takes in what an evaluation of a policy found. One that was made of an earlier version, or of a policy that
    /// is gone or switched off by now, says nothing.
    pub fn evaluated(&mut self, id: PolicyId, version: u64, outcome: Outcome, took: Duration, now: Now) {
        let Some(watched) = self.policies.get_mut(&id) else { return };
        if self.alerting_off.is_some() || watched.policy.version != version || !watched.policy.enabled {
            return;
        }
        let advanced = watched.state.advance(&watched.policy, outcome, took, now);
        self.take_in(id, advanced, now);
    }

    /// Puts a new or changed policy into force; it is to be evaluated at once.
    pub fn put_policy(&mut self, policy: Policy, now: Now) {
        let (id, enabled, known) = (policy.id, policy.enabled, self.policies.contains_key(&policy.id));
        let policy = Arc::new(policy);
        let fresh = || Watched { policy: Arc::clone(&policy), state: PolicyState::default() };
        let watched = self.policies.entry(id).or_insert_with(fresh);
        watched.policy = policy;
        let mut advanced = if enabled {
            watched.state.enable(&watched.policy, now)
        } else {
            watched.state.end(&watched.policy, EndReason::PolicyDisabled, now)
        };
        if !known {
            // What begins switched off was never anything else.
            advanced.transitions.clear();
        }
        self.take_in(id, advanced, now);
    }

    /// Takes a policy away for good; its alerts end.
    pub fn remove_policy(&mut self, id: PolicyId, now: Now) {
        let Some(mut watched) = self.policies.remove(&id) else { return };
        let advanced = watched.state.end(&watched.policy, EndReason::PolicyDeleted, now);
        self.take_in(id, advanced, now);
    }

    /// Switches alerting as a whole on or off. Off, what the policies said ends and they say nothing more; alerts from
    /// elsewhere come and go as ever.
    pub fn put_alerting(&mut self, on: bool, now: Now) {
        self.note_switch(on, now);
        let policies: Vec<PolicyId> = if on { Vec::new() } else { self.policies.keys().copied().collect() };
        for id in policies {
            let Some(watched) = self.policies.get_mut(&id) else { continue };
            let advanced = watched.state.end(&watched.policy, EndReason::AlertingOff, now);
            self.take_in(id, advanced, now);
        }
    }

    /// Takes note of the switch, if it moved.
    fn note_switch(&mut self, on: bool, now: Now) {
        let (off, active) = (Stage::AlertingOff, Stage::Inactive);
        let (from, to) = match (self.alerting_off, on) {
            (Some(since), true) => ((off, Some(since)), active),
            (None, false) => ((active, None), off),
            _ => return,
        };
        self.alerting_off = (!on).then_some(now.wall);
        self.note(Transition::new(LabelSet::empty(), from, to, now.wall));
    }

    /// Since when alerting as a whole is switched off, if it is.
    pub const fn alerting_off_since(&self) -> Option<Timestamp> {
        self.alerting_off
    }

    /// Whether policies speak.
    pub const fn alerting(&self) -> bool {
        self.alerting_off.is_none()
    }

    /// The policies, in order of their numbers, each with what is known of it.
    pub fn policies(&self) -> impl ExactSizeIterator<Item = (&Arc<Policy>, &PolicyState)> {
        self.policies.values().map(|watched| (&watched.policy, &watched.state))
    }

    /// One policy with what is known of it.
    pub fn policy(&self, id: PolicyId) -> Option<(&Arc<Policy>, &PolicyState)> {
        self.policies.get(&id).map(|watched| (&watched.policy, &watched.state))
    }

    fn take_in(&mut self, id: PolicyId, advanced: Advanced, now: Now) {
        if advanced.persist {
            self.dirty.policies.insert(id);
        }
        advanced.transitions.into_iter().for_each(|transition| self.note(transition));
        let mut refused = None;
        for seen in &advanced.observations {
            refused = self.observe(seen, now).err().or(refused);
        }
        if let (Some(refused), Some(watched)) = (refused, self.policies.get_mut(&id)) {
            // The next evaluation says it again: a policy repeats what fires.
            watched.state.warn(format!("Not all of its alerts could be taken in: {refused}."));
        }
    }
}
