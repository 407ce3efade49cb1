//! An alert, and how one observation changes it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use smol_str::SmolStr;

use crate::label::{ALERT_NAME, Fingerprint, LabelSet};
use crate::severity::Severity;
use crate::time::{Now, Steady, Timestamp};

/// One episode of an alert: from when it began to fire until it ended. Fires it again later, that is a new one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct AlertId(pub u64);

/// A policy, known by this number and never by a label.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PolicyId(pub u64);

impl fmt::Display for AlertId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Display for PolicyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Through which door an alert came.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Origin {
    /// One of Larum's own policies.
    Policy(PolicyId),
    /// Alertmanager's API v2, as Prometheus posts it: sent again every minute while it fires.
    Prometheus,
    /// An Alertmanager's webhook: told once, and once more when it ends.
    Alertmanager,
}

/// What makes two observations speak of the same alert: its labels, and for a policy also which policy.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct AlertKey {
    /// The policy, if one of Larum's own says it.
    pub policy: Option<PolicyId>,
    /// All labels.
    pub labels: LabelSet,
}

/// Why an alert is over.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum EndReason {
    /// Its sender said so, or its policy's condition no longer holds.
    Resolved,
    /// Its sender did not say again in time that it fires.
    Expired,
    /// Its policy was edited and no longer says it.
    PolicyChanged,
    /// Its policy was disabled.
    PolicyDisabled,
    /// Its policy was deleted.
    PolicyDeleted,
    /// Its policy has had no data for too long.
    NoData,
    /// Alerting as a whole was switched off.
    AlertingOff,
}

impl EndReason {
    /// Every reason.
    pub const ALL: [Self; 7] = [
        Self::Resolved,
        Self::Expired,
        Self::PolicyChanged,
        Self::PolicyDisabled,
        Self::PolicyDeleted,
        Self::NoData,
        Self::AlertingOff,
    ];

    /// The word under which it is stored and shown in metrics and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Resolved => "resolved",
            Self::Expired => "expired",
            Self::PolicyChanged => "policy_changed",
            Self::PolicyDisabled => "policy_disabled",
            Self::PolicyDeleted => "policy_deleted",
            Self::NoData => "no_data",
            Self::AlertingOff => "alerting_off",
        }
    }

    /// The same in words for people.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Resolved => "resolved",
            Self::Expired => "not sent again by its source",
            Self::PolicyChanged => "policy changed",
            Self::PolicyDisabled => "policy disabled",
            Self::PolicyDeleted => "policy deleted",
            Self::NoData => "no data",
            Self::AlertingOff => "alerting off",
        }
    }

    /// The reason stored under this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}

/// Whether an alert still fires.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// It fires until somebody says otherwise, or until `expires` if nobody says anything.
    Firing {
        /// The end that its sender gave, or that follows from `resolve_timeout`.
        ends_at: Timestamp,
        /// The same on the steady clock: when silence counts as the end.
        expires: Steady,
        /// Whether `ends_at` follows from a timeout, the sender having given none.
        timeout: bool,
    },
    /// It is over.
    Ended {
        /// When.
        at: Timestamp,
        /// Why.
        reason: EndReason,
    },
}

/// What a policy measured when it last said this alert.
#[derive(Clone, PartialEq, Debug)]
pub struct Measured {
    /// The expression's value.
    pub value: f64,
    /// The value with its unit and what it is compared with, for people: `93.2 % (> 90 %)`.
    pub text: SmolStr,
}

/// An alert as it is known now. Shared and never changed in place while a reader holds it.
#[derive(Clone, Debug)]
pub struct Alert {
    /// Which episode this is.
    pub id: AlertId,
    /// Who says it.
    pub origin: Origin,
    /// What it is known by.
    pub labels: LabelSet,
    /// What it says to people.
    pub annotations: LabelSet,
    /// Where it was made, as a link; empty if unknown. Untrusted.
    pub generator_url: Arc<str>,
    /// Since when it fires, as its sender has it.
    pub starts_at: Timestamp,
    /// When Larum last heard of it.
    pub updated_at: Timestamp,
    /// Whether it still fires.
    pub phase: Phase,
    /// What was measured, where Larum itself did the measuring.
    pub measured: Option<Arc<Measured>>,
    /// The episode that this one continues under other labels, after its policy was edited.
    pub continues: Option<AlertId>,
}

impl Alert {
    /// What it is known by.
    pub fn key(&self) -> AlertKey {
        AlertKey { policy: self.policy(), labels: self.labels.clone() }
    }

    /// Whether it is known by this key.
    pub fn is_known_by(&self, key: &AlertKey) -> bool {
        self.policy() == key.policy && self.labels == key.labels
    }

    /// The policy that says it, if one of Larum's own does.
    pub fn policy(&self) -> Option<PolicyId> {
        match self.origin {
            Origin::Policy(id) => Some(id),
            Origin::Prometheus | Origin::Alertmanager => None,
        }
    }

    /// Whether it fires.
    pub fn is_firing(&self) -> bool {
        matches!(self.phase, Phase::Firing { .. })
    }

    /// When it ended, if it has.
    pub fn ended_at(&self) -> Option<Timestamp> {
        match self.phase {
            Phase::Firing { .. } => None,
            Phase::Ended { at, .. } => Some(at),
        }
    }

    /// When it ends unless it is said again: nothing for what a policy says, which only the policy ends, and for what
    /// has ended.
    pub fn expires_at(&self) -> Option<Timestamp> {
        match (self.origin, self.phase) {
            (Origin::Prometheus | Origin::Alertmanager, Phase::Firing { ends_at, .. }) => Some(ends_at),
            (Origin::Policy(_), _) | (_, Phase::Ended { .. }) => None,
        }
    }

    /// As it was before it fired again: over, since then at the latest.
    pub fn over_at(&self, at: Timestamp) -> Arc<Self> {
        Self { phase: Phase::Ended { at, reason: EndReason::Resolved }, ..self.clone() }.into()
    }

    /// The label `alertname`, or the empty string.
    pub fn name(&self) -> &str {
        self.labels.value(ALERT_NAME)
    }

    /// What the label `severity` says.
    pub fn severity(&self) -> Severity {
        Severity::of(&self.labels)
    }

    /// Bytes of text in its labels, its annotations and its link.
    pub fn text_bytes(&self) -> usize {
        self.labels.text_bytes() + self.annotations.text_bytes() + self.generator_url.len()
    }

    /// What the API shows it under.
    pub fn fingerprint(&self) -> Fingerprint {
        self.labels.fingerprint()
    }

    /// Whether it only shows that the pipeline lives, and is told only where a route leads to: severity `none`, or
    /// Prometheus' customary `Watchdog` where no severity says that it matters.
    pub fn is_heartbeat(&self) -> bool {
        is_heartbeat(&self.labels)
    }
}

/// Whether an alert with these labels only shows that the pipeline lives ([`Alert::is_heartbeat`]).
pub fn is_heartbeat(labels: &LabelSet) -> bool {
    match Severity::of(labels) {
        Severity::None => true,
        Severity::Other => labels.value("alertname") == "Watchdog",
        Severity::Critical | Severity::Error | Severity::Warning | Severity::Info => false,
    }
}

/// Something said about an alert, whatever the door it came through.
#[derive(Clone, Debug)]
pub struct Observation {
    /// Who says it.
    pub origin: Origin,
    /// What it is known by; never empty.
    pub labels: LabelSet,
    /// What it says to people.
    pub annotations: LabelSet,
    /// Where it was made, as a link; may be empty. Untrusted.
    pub generator_url: Arc<str>,
    /// Since when it fires.
    pub starts_at: Timestamp,
    /// What it says.
    pub says: Says,
    /// What was measured, where Larum itself did the measuring.
    pub measured: Option<Arc<Measured>>,
    /// The labels under which the same policy said it before an edit.
    pub continues: Option<LabelSet>,
}

/// What an observation says of its alert.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Says {
    /// It fires, until `ends_at` unless said again.
    Firing {
        /// When silence means that it is over.
        ends_at: Timestamp,
        /// Whether `ends_at` follows from a timeout, the sender having given none.
        timeout: bool,
    },
    /// It ended.
    Ended {
        /// When.
        at: Timestamp,
        /// Why.
        reason: EndReason,
    },
}

impl Observation {
    /// What makes it speak of the same alert as another.
    pub fn key(&self) -> AlertKey {
        let policy = match self.origin {
            Origin::Policy(id) => Some(id),
            Origin::Prometheus | Origin::Alertmanager => None,
        };
        AlertKey { policy, labels: self.labels.clone() }
    }

    /// Bytes of text in its labels, its annotations and its link.
    pub fn text_bytes(&self) -> usize {
        self.labels.text_bytes() + self.annotations.text_bytes() + self.generator_url.len()
    }

    /// The alert that begins with this observation.
    pub fn begin(&self, id: AlertId, continues: Option<AlertId>, now: Now) -> Alert {
        Alert {
            id,
            origin: self.origin,
            labels: self.labels.clone(),
            annotations: self.annotations.clone(),
            generator_url: Arc::clone(&self.generator_url),
            starts_at: self.starts_at,
            updated_at: now.wall,
            phase: self.phase(now),
            measured: self.measured.clone(),
            continues,
        }
    }

    fn phase(&self, now: Now) -> Phase {
        match self.says {
            Says::Firing { ends_at, timeout } => {
                Phase::Firing { ends_at, expires: now.steady_at(ends_at), timeout }
            }
            Says::Ended { at, reason } => Phase::Ended { at, reason },
        }
    }
}

/// What an observation did to an alert.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// Nothing that has to be written down: it fires on, at most until another time.
    Refreshed,
    /// Something that people read, and so has to be written down.
    Edited,
    /// It is over.
    Ended,
    /// It was over and fires again, as the same episode.
    Reopened,
    /// The observation is of another time than this episode: a new one begins.
    Another,
}

impl Alert {
    /// Takes an observation of the same alert in, as Alertmanager merges two of them (provider/mem, `Alert.Merge`):
    /// times that overlap are one episode with the earlier start; a later end that is only a timeout gives way to
    /// what the sender says.
    pub fn observe(&mut self, seen: &Observation, now: Now) -> Change {
        if !self.overlaps(seen) {
            return Change::Another;
        }
        let (was_firing, before) = (self.is_firing(), self.phase);
        let edited = self.take_words(seen);
        // Nobody says it again every minute: after a restart its end must be as far away as it is now.
        let moved = |alert: &Self| alert.origin == Origin::Alertmanager && alert.phase != before;
        self.starts_at = self.starts_at.min(seen.starts_at);
        self.updated_at = now.wall;
        match (self.phase, seen.says) {
            (Phase::Ended { at, .. }, Says::Ended { at: said, .. }) if said <= at => {
                return Change::Refreshed;
            }
            (Phase::Firing { ends_at: known, timeout: false, .. }, Says::Firing { ends_at, .. })
                if known >= ends_at => {}
            _ => self.phase = seen.phase(now),
        }
        match (was_firing, self.is_firing()) {
            (true, false) => Change::Ended,
            (false, true) => Change::Reopened,
            _ if edited || moved(self) => Change::Edited,
            _ => Change::Refreshed,
        }
    }

    fn take_words(&mut self, seen: &Observation) -> bool {
        // The link alone is not worth a write: two replicas of a sender have one each, and speak in turn.
        let edited = self.annotations != seen.annotations || self.origin != seen.origin;
        self.annotations = seen.annotations.clone();
        // After a restart a policy may say that an alert is over before it is evaluated, and so without a link.
        if self.policy().is_none() || !seen.generator_url.is_empty() {
            self.generator_url = Arc::clone(&seen.generator_url);
        }
        self.measured.clone_from(&seen.measured);
        self.origin = seen.origin;
        edited && self.policy().is_none()
    }

    fn overlaps(&self, seen: &Observation) -> bool {
        let Some(end) = self.ended_at() else { return true };
        match seen.says {
            Says::Firing { .. } => seen.starts_at < end || seen.starts_at == self.starts_at,
            Says::Ended { .. } => seen.starts_at <= end,
        }
    }
}

/// How long an alert from Prometheus fires on when its sender says no end and falls silent
/// (Alertmanager, configuration, `resolve_timeout`).
pub const RESOLVE_TIMEOUT: Duration = Duration::from_secs(5 * 60);
/// How long an alert from an Alertmanager's webhook fires on when nothing more is heard of it, unless Larum is told
/// otherwise: a day, the longest customary `repeat_interval`, and an hour for it to come late.
pub const WEBHOOK_RESOLVE_TIMEOUT: Duration = Duration::from_secs(25 * 60 * 60);
