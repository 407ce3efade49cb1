//! One message to one channel, from the moment it is written down.

use std::sync::Arc;
use std::time::Duration;

use smol_str::SmolStr;

use crate::alert::AlertId;
use crate::group::GroupId;
use crate::notification::{Replaced, Voice};
use crate::receiver::{Channel, ReceiverId};
use crate::severity::Severity;
use crate::time::{Steady, Timestamp};

/// A delivery, known by this number; a later one has a greater number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct DeliveryId(pub u64);

/// A rendered message that one or more deliveries send.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct BodyId(pub u64);

/// A message owed to one channel.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Known by this number.
    pub id: DeliveryId,
    /// What is sent.
    pub body: BodyId,
    /// On whose behalf.
    pub receiver: ReceiverId,
    /// Where to.
    pub channel: Channel,
    /// Whose turn it tells.
    pub group: GroupId,
    /// Which turn of that group.
    pub turn: u32,
    /// How urgent it is.
    pub severity: Severity,
    /// When it was decided.
    pub planned_at: Timestamp,
    /// What it speaks of, so that a newer one can tell it too.
    pub alerts: Arc<[(AlertId, Voice)]>,
    /// Which earlier messages it takes the place of.
    pub replaced: Option<Replaced>,
    /// How many times it was sent or tried to be.
    pub attempts: u32,
    /// Whether an attempt's answer was never read, so that the channel may have it already.
    pub uncertain: bool,
    /// Whether the plain-text body is sent, the full one having been refused.
    pub plain: bool,
    /// Not before this.
    pub not_before: Steady,
    /// What went wrong last.
    pub last_error: Option<SmolStr>,
}

/// Where a delivery stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DeliveryState {
    /// It waits for its turn in the lane.
    Waiting,
    /// It is on its way: an attempt was written down and not yet its answer.
    Sending,
    /// The channel has it.
    Delivered {
        /// Slack's number of the message.
        ts: SmolStr,
        /// Slack's ID of the channel.
        channel_id: SmolStr,
    },
    /// It can never be delivered: the message itself is refused, in plainer words too if there are any.
    Dead,
    /// A newer turn of its group tells it as well.
    Superseded {
        /// The delivery that does.
        by: DeliveryId,
    },
    /// Somebody decided that it is not to be sent any more.
    Cancelled {
        /// What they did, and who: `channel removed by admin`.
        why: SmolStr,
    },
}

impl DeliveryState {
    /// The word under which it is stored, shown and counted.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Delivered { .. } => "delivered",
            Self::Dead => "dead",
            Self::Superseded { .. } => "superseded",
            Self::Cancelled { .. } => "cancelled",
        }
    }
}

/// What became of an attempt, for the lane that must choose what to do next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Slack has it.
    Delivered {
        /// Slack's number of the message.
        ts: SmolStr,
        /// Slack's ID of the channel.
        channel_id: SmolStr,
    },
    /// Slack asks to wait; it was not posted.
    RetryAfter {
        /// For how long.
        wait: Duration,
    },
    /// Slack refuses the token: nothing of this receiver can be sent.
    CredentialRefused {
        /// Slack's code.
        error: SmolStr,
    },
    /// Slack refuses the channel: nothing of this lane can be sent.
    ChannelRefused {
        /// Slack's code.
        error: SmolStr,
    },
    /// Slack refuses the message itself, and may take it in plainer words.
    PayloadRefused {
        /// Slack's code, with what it says about the place.
        error: SmolStr,
    },
    /// The message itself is refused, or cannot be sent at all, and there are no plainer words for it.
    Undeliverable {
        /// Why.
        error: SmolStr,
    },
    /// It certainly was not posted, and may be later.
    Unreachable {
        /// What went wrong.
        error: SmolStr,
    },
    /// It may have been posted: the answer was never read or cannot be trusted.
    Unknown {
        /// What went wrong.
        error: SmolStr,
    },
}
