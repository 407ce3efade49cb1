//! Why somebody was, or was not, told: the words every room answers in.

use crate::alert::AlertId;
use crate::inhibit::Inhibited;
use crate::receiver::ReceiverId;
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
    /// Another alert that fires inhibits it.
    Inhibited(Inhibited),
    /// It was inhibited at one turn of its group or more, and told at the first at which it was not.
    InhibitedBefore,
}

impl Hushed {
    /// Those that say everything by themselves.
    const PLAIN: [Self; 7] = [
        Self::Heartbeat,
        Self::NoReceiver,
        Self::SwitchedOff,
        Self::ResolvedBeforeFirstTurn,
        Self::ConditionsChanged,
        Self::ReceiverDeleted,
        Self::InhibitedBefore,
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
            Self::Inhibited(_) => "inhibited",
            Self::InhibitedBefore => "inhibited_before",
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
            Self::Inhibited(_) => "another alert that fired inhibited it",
            Self::InhibitedBefore => "told late, for another alert had inhibited it",
        }
    }

    /// The reason stored under this word, with what inhibited it if that is stored too.
    pub fn from_word(word: &str, inhibited: Option<Inhibited>) -> Option<Self> {
        let inhibited = inhibited.map(Self::Inhibited);
        inhibited.into_iter().chain(Self::PLAIN).find(|hushed| hushed.as_str() == word)
    }

    /// Whether the alert was told after all.
    pub const fn was_told(&self) -> bool {
        matches!(self, Self::InhibitedBefore)
    }
}

/// One decision not to tell. A later one about the same alert and receiver takes its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// The alert.
    pub alert: AlertId,
    /// The receiver that was not told; `None` if it concerns all of them.
    pub receiver: Option<ReceiverId>,
    /// Why.
    pub reason: Hushed,
    /// When it was decided.
    pub at: Timestamp,
}
