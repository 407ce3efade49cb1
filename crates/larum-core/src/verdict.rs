//! Why somebody was, or was not, told: the words every room answers in.

use crate::alert::AlertId;
use crate::receiver::ReceiverId;
use crate::time::Timestamp;

/// Why an alert was not told. A told one has its notification instead.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
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
}

impl Hushed {
    /// Every reason.
    pub const ALL: [Self; 6] = [
        Self::Heartbeat,
        Self::NoReceiver,
        Self::SwitchedOff,
        Self::ResolvedBeforeFirstTurn,
        Self::ConditionsChanged,
        Self::ReceiverDeleted,
    ];

    /// The word under which it is stored and counted.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Heartbeat => "heartbeat",
            Self::NoReceiver => "no_receiver",
            Self::SwitchedOff => "switched_off",
            Self::ResolvedBeforeFirstTurn => "resolved_before_first_turn",
            Self::ConditionsChanged => "conditions_changed",
            Self::ReceiverDeleted => "receiver_deleted",
        }
    }

    /// The same in words for people.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Heartbeat => "a heartbeat is shown, never sent",
            Self::NoReceiver => "no receiver's notification conditions let it through",
            Self::SwitchedOff => "Receive Notifications is off",
            Self::ResolvedBeforeFirstTurn => "it was over before its group's first turn",
            Self::ConditionsChanged => "the notification conditions were changed before its turn",
            Self::ReceiverDeleted => "the receiver was deleted before its turn",
        }
    }

    /// The reason stored under this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|hushed| hushed.as_str() == word)
    }
}

/// One decision not to tell. A later one about the same alert and receiver takes its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
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
