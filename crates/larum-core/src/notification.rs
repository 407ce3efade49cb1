//! What is to be told: one group's turn, as plain values. The voice that puts it into words lives elsewhere.

use std::sync::Arc;

use crate::alert::Alert;
use crate::label::LabelSet;
use crate::severity::Severity;
use crate::time::Timestamp;

/// Why a group speaks now (Alertmanager, notify/dedup_stage, `NotifyReason`, and two of our own).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum NotifyReason {
    /// Nothing of the group is told as firing yet.
    FirstNotification,
    /// Alerts fire that were not told before.
    NewAlerts,
    /// All that was told as firing is over.
    AllResolved,
    /// Some of what was told as firing is over.
    SomeResolved,
    /// A policy was edited and its alert fires on with another severity.
    SeverityChanged,
    /// Nothing changed for the whole repeat interval, and it still fires.
    RepeatInterval,
}

impl NotifyReason {
    /// Every reason.
    pub const ALL: [Self; 6] = [
        Self::FirstNotification,
        Self::NewAlerts,
        Self::AllResolved,
        Self::SomeResolved,
        Self::SeverityChanged,
        Self::RepeatInterval,
    ];

    /// The word under which it is stored and counted.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FirstNotification => "first_notification",
            Self::NewAlerts => "new_alerts",
            Self::AllResolved => "all_resolved",
            Self::SomeResolved => "some_resolved",
            Self::SeverityChanged => "severity_changed",
            Self::RepeatInterval => "repeat_interval",
        }
    }

    /// The same in words for people.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::FirstNotification => "first notification",
            Self::NewAlerts => "new alerts",
            Self::AllResolved => "all alerts resolved",
            Self::SomeResolved => "some alerts resolved",
            Self::SeverityChanged => "severity changed",
            Self::RepeatInterval => "still firing, repeated",
        }
    }

    /// The reason stored under this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}

/// How a notification speaks of one alert.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Voice {
    /// It fires.
    Firing,
    /// It fires on, but its policy now gives it another severity than the one told before.
    SeverityChanged {
        /// The severity told before.
        from: Severity,
    },
    /// It was told as firing and is over.
    Resolved,
    /// It fired and ended while this channel could not be reached: the channel hears both at once.
    FiredAndResolved,
}

impl Voice {
    /// Whether it says that the alert is over.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Resolved | Self::FiredAndResolved)
    }
}

/// One alert within a notification.
#[derive(Clone, Debug)]
pub struct ToldAlert {
    /// The alert as it was when the notification was planned.
    pub alert: Arc<Alert>,
    /// What is said of it.
    pub voice: Voice,
}

/// Earlier messages that this one takes the place of, because the channel could not be reached in time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Replaced {
    /// How many.
    pub messages: u32,
    /// Which turn of its group the oldest of them told.
    pub first_turn: u32,
    /// When the oldest of them was due.
    pub since: Timestamp,
    /// How many alerts that fired and ended meanwhile are counted and not named.
    pub unnamed: u32,
}

/// One turn of one group for one receiver, before it is put into words. Several channels may share it.
#[derive(Clone, Debug)]
pub struct Notification {
    /// The receiver's name.
    pub receiver: Arc<str>,
    /// The labels that all its alerts share because the group was made by them.
    pub group_labels: LabelSet,
    /// Why the group speaks.
    pub reason: NotifyReason,
    /// When it was decided.
    pub planned_at: Timestamp,
    /// What it speaks of; never empty, in no particular order.
    pub alerts: Vec<ToldAlert>,
    /// What it takes the place of, if anything.
    pub replaced: Option<Replaced>,
}

impl Notification {
    /// The worst severity of what fires; of what is over, if nothing fires.
    pub fn severity(&self) -> Severity {
        let worst = |firing: bool| {
            let told = self.alerts.iter().filter(|told| told.alert.is_firing() == firing);
            told.map(|told| told.alert.severity()).min()
        };
        worst(true).or_else(|| worst(false)).unwrap_or(Severity::Other)
    }

    /// How many of its alerts fire.
    pub fn firing(&self) -> usize {
        self.alerts.iter().filter(|told| !told.voice.is_over()).count()
    }

    /// How many of its alerts are over.
    pub fn resolved(&self) -> usize {
        self.alerts.len() - self.firing()
    }
}
