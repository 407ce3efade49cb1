//! Where a policy as a whole stands, whatever its series do.

use crate::alert::EndReason;
use crate::policy::outcome::Health;
use crate::policy::step::Step;
use crate::time::Timestamp;
use crate::transition::Stage;

/// Whether a policy has data, is evaluated, and is on; and since when.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PolicyStage {
    stage: Stage,
    since: Option<Timestamp>,
}

impl PolicyStage {
    pub(super) const fn restore((stage, since): (Stage, Option<Timestamp>)) -> Self {
        Self { stage, since }
    }

    pub(super) const fn stands(&self) -> (Stage, Option<Timestamp>) {
        (self.stage, self.since)
    }

    /// Takes in how an evaluation went.
    pub(super) fn take_in(&mut self, step: &mut Step<'_>, health: &Health) {
        match health {
            Health::Ok => self.go(step, Stage::Inactive, None, ""),
            Health::NoData { selectors, .. } => self.go(step, Stage::NoData, None, &selectors.join(", ")),
            Health::Error { message } => self.go(step, Stage::Error, None, message),
        }
    }

    /// It is evaluated no more, for this reason. What is switched off stays so when all are.
    pub(super) fn end(&mut self, step: &mut Step<'_>, reason: EndReason) {
        let stage = match reason {
            EndReason::PolicyDisabled => Stage::Disabled,
            EndReason::AlertingOff if self.stage == Stage::Disabled => Stage::Disabled,
            _ => Stage::Inactive,
        };
        self.go(step, stage, Some(reason), "");
    }

    pub(super) fn enable(&mut self, step: &mut Step<'_>) {
        if self.stage == Stage::Disabled {
            self.go(step, Stage::Inactive, None, "");
        }
    }

    fn go(&mut self, step: &mut Step<'_>, stage: Stage, reason: Option<EndReason>, detail: &str) {
        if self.stage == stage {
            self.since.get_or_insert(step.now.wall);
            return;
        }
        // What comes with Larum for others' clusters and has never had data here is no news.
        let news = !(stage == Stage::NoData && self.since.is_none() && step.is_builtin());
        if news {
            step.note_policy(self.stands(), stage, reason, detail);
        }
        step.advanced.persist = true;
        *self = Self { stage, since: Some(step.now.wall) };
    }
}
