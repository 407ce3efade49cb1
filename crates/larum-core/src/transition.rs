//! What changed from one stage to another, kept as history. When an alert began to fire and when it ended is known
//! from the alert itself; here is everything else.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::alert::{AlertId, EndReason, PolicyId};
use crate::label::LabelSet;
use crate::time::Timestamp;

/// Where an alert, a series of a policy, or a policy as a whole stands for a while.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Stage {
    /// There is nothing to tell of: all is well.
    #[default]
    Inactive,
    /// A series is in the answer, not for long enough yet.
    Pending,
    /// It fires.
    Firing,
    /// A series is in the answer no more and fires all the same, as the policy's `keep_firing_for` asks.
    Kept,
    /// An alert is over.
    Resolved,
    /// The policy has nothing to measure.
    NoData,
    /// The evaluation of the policy fails.
    Error,
    /// The policy is switched off.
    Disabled,
    /// Alerting as a whole is switched off.
    AlertingOff,
}

impl Stage {
    /// Every stage.
    pub const ALL: [Self; 9] = [
        Self::Inactive,
        Self::Pending,
        Self::Firing,
        Self::Kept,
        Self::Resolved,
        Self::NoData,
        Self::Error,
        Self::Disabled,
        Self::AlertingOff,
    ];

    /// The word under which it is stored and shown in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inactive => "inactive",
            Self::Pending => "pending",
            Self::Firing => "firing",
            Self::Kept => "kept",
            Self::Resolved => "resolved",
            Self::NoData => "no_data",
            Self::Error => "error",
            Self::Disabled => "disabled",
            Self::AlertingOff => "alerting_off",
        }
    }

    /// The stage stored under this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == word)
    }

    /// Whether a policy as a whole stands there, and not one of its series.
    pub const fn is_of_policy(self) -> bool {
        matches!(self, Self::NoData | Self::Error | Self::Disabled | Self::AlertingOff)
    }
}

/// The most letters of [`Transition::detail`].
pub const MAX_DETAIL: usize = 500;

/// One change from a stage to another. It says since when the first one lasted, so that a span that is over is known
/// from one row, whatever was forgotten before it.
#[derive(Clone, PartialEq, Debug)]
pub struct Transition {
    /// The policy; none where it concerns all of them, or an alert from outside.
    pub policy: Option<PolicyId>,
    /// The alert, where an alert that was over fires again.
    pub alert: Option<AlertId>,
    /// Those of the series or the alert; of a policy as a whole its name and severity.
    pub labels: LabelSet,
    /// What it was before.
    pub from: Stage,
    /// Since when it was that; none where nobody took notice.
    pub since: Option<Timestamp>,
    /// What it is now.
    pub to: Stage,
    /// Since now.
    pub at: Timestamp,
    /// Why, where an alert that fired would have ended for that.
    pub reason: Option<EndReason>,
    /// More about it, such as why the evaluation fails: at most [`MAX_DETAIL`] letters, may be empty.
    pub detail: Arc<str>,
    /// What was measured, with its unit; may be empty.
    pub value: SmolStr,
}

impl Transition {
    /// A change without further words.
    pub fn new(
        labels: LabelSet,
        (from, since): (Stage, Option<Timestamp>),
        to: Stage,
        at: Timestamp,
    ) -> Self {
        let (detail, value) = (Arc::default(), SmolStr::default());
        Self { policy: None, alert: None, labels, from, since, to, at, reason: None, detail, value }
    }
}

/// As much of a text as is kept.
pub(crate) fn detail(text: &str) -> Arc<str> {
    match text.char_indices().nth(MAX_DETAIL) {
        Some((end, _)) => text[..end].into(),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stage_is_found_by_its_word() {
        for stage in Stage::ALL {
            assert_eq!(Stage::from_word(stage.as_str()), Some(stage));
        }
    }

    #[test]
    fn a_long_text_is_cut_between_letters() {
        assert_eq!(detail(&"é".repeat(MAX_DETAIL + 1)).chars().count(), MAX_DETAIL);
        assert_eq!(&*detail("short"), "short");
    }
}
