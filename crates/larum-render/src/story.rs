//! What a notification tells, sorted out before any of it is put into words.

use std::cmp::Reverse;
use std::time::Duration;

use larum_core::alert::{Alert, EndReason, Phase};
use larum_core::label::{LabelSet, SEVERITY};
use larum_core::notification::{Notification, NotifyReason, ToldAlert, Voice};
use larum_core::severity::Severity;
use larum_core::time::Timestamp;

/// The state that the headline names and the colour shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Something fires that was not told before.
    Firing,
    /// The same fires on.
    StillFiring,
    /// It fires on with another severity.
    SeverityChanged,
    /// Some fires on, some is over.
    PartlyResolved,
    /// All is over.
    Resolved,
    /// All of it came and went while the channel could not be reached.
    FiredAndResolved,
}

/// A notification, sorted: the worst first, then the newest.
pub struct Story<'a> {
    /// The notification itself.
    pub told: &'a Notification,
    /// Its state.
    pub state: State,
    /// What fires.
    pub firing: Vec<&'a ToldAlert>,
    /// What is over.
    pub resolved: Vec<&'a ToldAlert>,
    /// The labels that all its alerts have in common.
    pub common: LabelSet,
}

impl<'a> Story<'a> {
    /// Sorts a notification out.
    pub fn of(told: &'a Notification) -> Self {
        let mut sorted: Vec<&ToldAlert> = told.alerts.iter().collect();
        // The labels come last so that equals stand in the same order however they came.
        sorted.sort_by_cached_key(|told| {
            let alert = &told.alert;
            (alert.severity(), Reverse(alert.starts_at), alert.labels.clone())
        });
        let (firing, resolved): (Vec<_>, Vec<_>) = sorted.into_iter().partition(|told| is_firing(told.voice));
        let state = state(told, &firing, &resolved);
        Self { told, state, common: common_labels(told), firing, resolved }
    }

    /// The one alert, if it is only one.
    pub fn only(&self) -> Option<&'a ToldAlert> {
        match (self.firing.as_slice(), self.resolved.as_slice()) {
            ([one], []) | ([], [one]) => Some(one),
            _ => None,
        }
    }

    /// What fires and then what is over.
    pub fn all(&self) -> impl Iterator<Item = &'a ToldAlert> {
        self.firing.iter().chain(&self.resolved).copied()
    }

    /// The worst of what fires; of what is over, if nothing does. Follows what is said, not what has happened since.
    pub fn severity(&self) -> Severity {
        let worst = self.firing.first().or(self.resolved.first());
        worst.map_or(Severity::Other, |told| told.alert.severity())
    }

    /// The severity's word as its label has it, if all have the same; else the worst.
    pub fn severity_word(&self) -> &str {
        match self.common.get(SEVERITY) {
            Some(word) => word,
            None if self.severity() == Severity::Other => "",
            None => self.severity().as_str(),
        }
    }

    /// What all the alerts have to say in an annotation, if it is the same.
    pub fn annotation(&self, names: &[&str]) -> Option<&'a str> {
        let mut all = self.all().map(|told| annotation(&told.alert, names));
        let first = all.next()??;
        all.all(|other| other == Some(first)).then_some(first)
    }

    /// Since when the first of them fires or fired, where that is known.
    pub fn since(&self) -> Option<Timestamp> {
        self.all().map(|told| told.alert.starts_at).filter(|at| at.as_secs() > 0).min()
    }

    /// How long the longest of what is over lasted, where that is known.
    pub fn lasted(&self) -> Option<Duration> {
        self.resolved.iter().filter_map(|told| lasted(&told.alert)).max()
    }

    /// Why all that is over ended, if there is one reason and it is worth a word.
    pub fn end_reason(&self) -> Option<EndReason> {
        let mut reasons = self.resolved.iter().map(|told| end_reason(&told.alert));
        let first = reasons.next()??;
        reasons.all(|other| other == Some(first)).then_some(first)
    }

    /// The severity told before, if all that changed had the same.
    pub fn severity_before(&self) -> Option<Severity> {
        let mut before = self.firing.iter().filter_map(|told| match told.voice {
            Voice::SeverityChanged { from } => Some(from),
            _ => None,
        });
        let first = before.next()?;
        before.all(|other| other == first).then_some(first)
    }

    /// How late this is told because the channel could not be reached.
    pub fn delay(&self) -> Option<Duration> {
        self.told.replaced.map(|replaced| self.told.planned_at.since(replaced.since))
    }
}

/// The first of these annotations that is there.
pub fn annotation<'a>(alert: &'a Alert, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| alert.annotations.get(name)).filter(|value| !value.trim().is_empty())
}

/// How long an alert that is over lasted, where both times are known.
pub fn lasted(alert: &Alert) -> Option<Duration> {
    let end = alert.ended_at()?;
    (alert.starts_at.as_secs() > 0).then(|| end.since(alert.starts_at))
}

/// Why it ended, if that is worth a word.
pub fn end_reason(alert: &Alert) -> Option<EndReason> {
    match alert.phase {
        Phase::Ended { reason: EndReason::Resolved, .. } | Phase::Firing { .. } => None,
        Phase::Ended { reason, .. } => Some(reason),
    }
}

fn is_firing(voice: Voice) -> bool {
    matches!(voice, Voice::Firing | Voice::SeverityChanged { .. })
}

fn state(told: &Notification, firing: &[&ToldAlert], resolved: &[&ToldAlert]) -> State {
    if firing.is_empty() {
        let unheard = |told: &&ToldAlert| told.voice == Voice::FiredAndResolved;
        return if resolved.iter().all(unheard) { State::FiredAndResolved } else { State::Resolved };
    }
    match told.reason {
        _ if !resolved.is_empty() => State::PartlyResolved,
        NotifyReason::RepeatInterval => State::StillFiring,
        NotifyReason::SeverityChanged => State::SeverityChanged,
        _ => State::Firing,
    }
}

fn common_labels(told: &Notification) -> LabelSet {
    let mut alerts = told.alerts.iter().map(|told| &told.alert.labels);
    let Some(first) = alerts.next() else { return told.group_labels.clone() };
    alerts.fold(first.clone(), |common, labels| {
        let differs = common.iter().any(|(name, value)| labels.get(name) != Some(value));
        if differs {
            LabelSet::from_pairs(common.iter().filter(|(name, value)| labels.get(name) == Some(*value)))
        } else {
            common
        }
    })
}
