//! One step of one policy: when it is taken, and what it brings about.

use crate::alert::{EndReason, Says};
use crate::label::{ALERT_NAME, LabelSet, SEVERITY};
use crate::policy::state::{Advanced, FAR_END};
use crate::policy::track::Tracked;
use crate::policy::{Policy, PolicyKind};
use crate::time::{Now, Timestamp};
use crate::transition::{Stage, Transition};

/// One step of one policy.
pub(super) struct Step<'a> {
    policy: &'a Policy,
    pub(super) now: Now,
    pub(super) advanced: Advanced,
}

impl<'a> Step<'a> {
    pub(super) fn new(policy: &'a Policy, now: Now) -> Self {
        Self { policy, now, advanced: Advanced::default() }
    }

    /// Whether the policy comes with Larum.
    pub(super) fn is_builtin(&self) -> bool {
        matches!(self.policy.kind, PolicyKind::Builtin { .. })
    }

    /// Says that a series ended, if it was ever said to fire.
    pub(super) fn say_ended(&mut self, tracked: &Tracked, reason: EndReason) {
        let stands = tracked.stands();
        if stands.0 != Stage::Firing {
            self.note(tracked, stands, Stage::Inactive, Some(reason));
        }
        self.advanced.persist = true;
        if tracked.state.fired_at.is_some() {
            let says = Says::Ended { at: self.now.wall, reason };
            self.advanced.observations.push(tracked.observation(self.policy.id, says, None));
        }
    }

    /// Says that a series fires, if it does.
    pub(super) fn say_firing(&mut self, tracked: &Tracked, continues: Option<LabelSet>) {
        if tracked.state.fired_at.is_some() {
            let says = Says::Firing { ends_at: self.now.wall.plus(FAR_END), timeout: true };
            self.advanced.observations.push(tracked.observation(self.policy.id, says, continues));
        }
    }

    /// Takes note that a series stands elsewhere now.
    pub(super) fn note(
        &mut self,
        tracked: &Tracked,
        from: (Stage, Option<Timestamp>),
        to: Stage,
        reason: Option<EndReason>,
    ) {
        self.advanced.persist = true;
        let plain = Transition::new(tracked.state.labels.clone(), from, to, self.now.wall);
        let value = tracked.state.measured.text.clone();
        let policy = Some(self.policy.id);
        self.advanced.transitions.push(Transition { policy, reason, value, ..plain });
    }

    /// Takes note that the policy as a whole stands elsewhere now.
    pub(super) fn note_policy(
        &mut self,
        from: (Stage, Option<Timestamp>),
        to: Stage,
        reason: Option<EndReason>,
        detail: &str,
    ) {
        self.advanced.persist = true;
        let labels = [(ALERT_NAME, &*self.policy.name), (SEVERITY, self.policy.severity.as_str())];
        let plain = Transition::new(LabelSet::from_pairs(labels), from, to, self.now.wall);
        let (policy, detail) = (Some(self.policy.id), crate::transition::detail(detail));
        self.advanced.transitions.push(Transition { policy, reason, detail, ..plain });
    }
}
