//! Policies in the state: what their evaluations say becomes observations like any others.

use std::sync::Arc;
use std::time::Duration;

use super::{State, Watched};
use crate::alert::{EndReason, PolicyId};
use crate::policy::{Advanced, Outcome, Policy, PolicyState};
use crate::time::Now;

impl State {
    /// Takes in what an evaluation of a policy found. One that was made of an earlier version, or of a policy that
    /// is gone or switched off by now, says nothing.
    pub fn evaluated(&mut self, id: PolicyId, version: u64, outcome: Outcome, took: Duration, now: Now) {
        let Some(watched) = self.policies.get_mut(&id) else { return };
        if self.alerting_off || watched.policy.version != version || !watched.policy.enabled {
            return;
        }
        let advanced = watched.state.advance(&watched.policy, outcome, took, now);
        self.take_in(id, &advanced, now);
    }

    /// Puts a new or changed policy into force; it is to be evaluated at once.
    pub fn put_policy(&mut self, policy: Policy, now: Now) {
        let (id, enabled) = (policy.id, policy.enabled);
        let policy = Arc::new(policy);
        let fresh = || Watched { policy: Arc::clone(&policy), state: PolicyState::default() };
        let watched = self.policies.entry(id).or_insert_with(fresh);
        watched.policy = policy;
        if !enabled {
            let advanced = watched.state.end(id, EndReason::PolicyDisabled, now);
            self.take_in(id, &advanced, now);
        }
    }

    /// Takes a policy away for good; its alerts end.
    pub fn remove_policy(&mut self, id: PolicyId, now: Now) {
        let Some(mut watched) = self.policies.remove(&id) else { return };
        let advanced = watched.state.end(id, EndReason::PolicyDeleted, now);
        self.take_in(id, &advanced, now);
    }

    /// Switches alerting as a whole on or off. Off, what the policies said ends and they say nothing more; alerts from
    /// elsewhere come and go as ever.
    pub fn put_alerting(&mut self, on: bool, now: Now) {
        self.alerting_off = !on;
        let policies: Vec<PolicyId> = if on { Vec::new() } else { self.policies.keys().copied().collect() };
        for id in policies {
            let Some(watched) = self.policies.get_mut(&id) else { continue };
            let advanced = watched.state.end(id, EndReason::AlertingOff, now);
            self.take_in(id, &advanced, now);
        }
    }

    /// Whether policies speak.
    pub const fn alerting(&self) -> bool {
        !self.alerting_off
    }

    /// The policies, in order of their numbers, each with what is known of it.
    pub fn policies(&self) -> impl ExactSizeIterator<Item = (&Arc<Policy>, &PolicyState)> {
        self.policies.values().map(|watched| (&watched.policy, &watched.state))
    }

    /// One policy with what is known of it.
    pub fn policy(&self, id: PolicyId) -> Option<(&Arc<Policy>, &PolicyState)> {
        self.policies.get(&id).map(|watched| (&watched.policy, &watched.state))
    }

    fn take_in(&mut self, id: PolicyId, advanced: &Advanced, now: Now) {
        if advanced.persist {
            self.dirty.policies.insert(id);
        }
        for seen in &advanced.observations {
            // At the limit of alerts the next evaluation says it again: a policy repeats what fires.
            let _ = self.observe(seen, now);
        }
    }
}
