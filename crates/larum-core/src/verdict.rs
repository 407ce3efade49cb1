//! Why somebody was, or was not, told: the words every room answers in.

use std::sync::Arc;

use crate::alert::AlertId;
use crate::inhibit::Inhibited;
use crate::label::LabelSet;
use crate::mute::{Mute, OffTime, Silenced};
use crate::receiver::ReceiverId;
use crate::route::Way;
use crate::time::Timestamp;

/// Why an alert was not told, or not at once. A told one has its notification instead.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Hushed {
    /// It only shows that the pipeline lives.
    Heartbeat,
    /// No receiver's conditions let it through.
    NoReceiver,
    /// *Receive Notifications* is off.
    SwitchedOff,
    /// It ended before its group's first turn.
    ResolvedBeforeFirstTurn,
    /// The receiver's conditions were changed before the group's turn, and no longer let it through.
    ConditionsChanged,
    /// The receiver was deleted before the group's turn.
    ReceiverDeleted,
    /// Its receiver has no integration: it tells nobody.
    NoIntegration,
    /// Its receiver is told by an integration that Larum does not have.
    UnsupportedReceiver,
    /// Another alert that fires inhibits it.
    Inhibited(Inhibited),
    /// It was inhibited at one turn of its group or more, and told at the first at which nothing muted it.
    InhibitedBefore,
    /// Its route was mute at its group's turn.
    OffTime(OffTime),
    /// Its route was mute at one turn of its group or more, and it was told at the first at which nothing muted it.
    OffTimeBefore,
    /// Somebody silenced it.
    Silenced(Silenced),
    /// It was silenced at one turn of its group or more, and told at the first at which nothing muted it.
    SilencedBefore,
}

impl Hushed {
    /// Those that say everything by themselves.
    const PLAIN: [Self; 11] = [
        Self::Heartbeat,
        Self::NoReceiver,
        Self::SwitchedOff,
        Self::ResolvedBeforeFirstTurn,
        Self::ConditionsChanged,
        Self::ReceiverDeleted,
        Self::NoIntegration,
        Self::UnsupportedReceiver,
        Self::InhibitedBefore,
        Self::OffTimeBefore,
        Self::SilencedBefore,
    ];

    /// The word under which it is stored and counted.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Heartbeat => "heartbeat",
            Self::NoReceiver => "no_receiver",
            Self::SwitchedOff => "switched_off",
            Self::ResolvedBeforeFirstTurn => "resolved_before_first_turn",
            Self::ConditionsChanged => "conditions_changed",
            Self::ReceiverDeleted => "receiver_deleted",
            Self::NoIntegration => "no_integration",
            Self::UnsupportedReceiver => "unsupported_receiver",
            Self::Inhibited(_) => "inhibited",
            Self::InhibitedBefore => "inhibited_before",
            Self::OffTime(OffTime { outside: true, .. }) => "active_time_interval",
            Self::OffTime(OffTime { outside: false, .. }) => "mute_time_interval",
            Self::OffTimeBefore => "time_interval_before",
            Self::Silenced(_) => "silenced",
            Self::SilencedBefore => "silenced_before",
        }
    }

    /// The same in words for people.
    pub const fn in_words(&self) -> &'static str {
        match self {
            Self::Heartbeat => "a heartbeat is shown, never sent",
            Self::NoReceiver => "no receiver's notification conditions let it through",
            Self::SwitchedOff => "Receive Notifications is off",
            Self::ResolvedBeforeFirstTurn => "it was over before its group's first turn",
            Self::ConditionsChanged => "the notification conditions were changed before its turn",
            Self::ReceiverDeleted => "the receiver was deleted before its turn",
            Self::NoIntegration => "its receiver has no integration, so it tells nobody",
            Self::UnsupportedReceiver => "its receiver is told by an integration that Larum does not have",
            Self::Inhibited(_) => "another alert that fired inhibited it",
            Self::InhibitedBefore => "told late, for another alert had inhibited it",
            Self::OffTime(OffTime { outside: true, .. }) => "its route is active at other times only",
            Self::OffTime(OffTime { outside: false, .. }) => "its route was mute at that time",
            Self::OffTimeBefore => "told late, for its route had been mute",
            Self::Silenced(_) => "it was silenced",
            Self::SilencedBefore => "told late, for it had been silenced",
        }
    }

    /// The reason stored under this word, with what muted it if that is stored too.
    pub fn from_word(word: &str, mute: Option<Mute>) -> Option<Self> {
        let mute = mute.map(Self::from);
        mute.into_iter().chain(Self::PLAIN).find(|hushed| hushed.as_str() == word)
    }

    /// What mutes the alert, if that is why.
    pub fn mute(&self) -> Option<Mute> {
        match self {
            Self::Inhibited(inhibited) => Some(Mute::Inhibited(inhibited.clone())),
            Self::OffTime(off_time) => Some(Mute::OffTime(off_time.clone())),
            Self::Silenced(silenced) => Some(Mute::Silenced(silenced.clone())),
            _ => None,
        }
    }

    /// Whether the alert was told after all.
    pub const fn was_told(&self) -> bool {
        matches!(self, Self::InhibitedBefore | Self::OffTimeBefore | Self::SilencedBefore)
    }
}

impl From<Mute> for Hushed {
    fn from(mute: Mute) -> Self {
        match mute {
            Mute::Inhibited(inhibited) => Self::Inhibited(inhibited),
            Mute::OffTime(off_time) => Self::OffTime(off_time),
            Mute::Silenced(silenced) => Self::Silenced(silenced),
        }
    }
}

/// One decision not to tell. Of several about the same alert and receiver the last one holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// Drawn as all numbers are: a later one has a greater number, whatever the clock on the wall did.
    pub number: u64,
    /// The alert.
    pub alert: AlertId,
    /// The receiver that was not told; `None` if it concerns all of them.
    pub receiver: Option<ReceiverId>,
    /// That receiver's name, which may outlive it.
    pub name: Option<Arc<str>>,
    /// The group that kept silent, if the alert stood in one.
    pub group: Option<GroupPlace>,
    /// Why.
    pub reason: Hushed,
    /// When it was decided.
    pub at: Timestamp,
}

/// What is known of a group when it is gone: how alerts came to it, and what they shared.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroupPlace {
    /// By which way.
    pub way: Way,
    /// The labels that the group was made by.
    pub labels: LabelSet,
}
