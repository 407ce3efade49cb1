//! Receivers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::condition::Condition;
use super::slack::{ChannelStatus, TokenStatus};
use super::time::Time;
use crate::problem::ProblemBody;

/// A named Slack connection.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Receiver {
    /// Known by this number.
    pub id: u64,
    /// Known to people by this name.
    pub name: String,
    /// Counts the changes; an update has to name the one it started from.
    pub version: u64,
    /// *Receive Notifications*.
    pub enabled: bool,
    /// What is known of its token.
    pub token: TokenStatus,
    /// Where it is told, in the order in which the channels were added.
    pub channels: Vec<ChannelStatus>,
    /// Which alerts it is told of; null means every alert.
    #[schema(required)]
    pub conditions: Option<Vec<Condition>>,
    /// The conditions in plain words.
    pub sentence: String,
    /// When it was made.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
    /// By whom.
    pub updated_by: String,
}

/// All receivers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Receivers {
    /// In order of id.
    pub receivers: Vec<Receiver>,
    /// The most channels one receiver can have.
    pub channel_limit: usize,
}

/// A receiver as the form has it.
#[derive(Deserialize, ToSchema)]
pub struct ReceiverDraft {
    /// Known to people by this name; unique without regard to case.
    pub name: String,
    /// The Slack token as typed; null or absent keeps the saved one.
    pub token: Option<String>,
    /// 1 to 20 channels, each a name (with or without `#`) or an ID.
    pub channels: Vec<String>,
    /// Which alerts it is told of; null means every alert.
    pub conditions: Option<Vec<Condition>>,
    /// *Receive Notifications*.
    pub enabled: bool,
}

/// A change to a receiver.
#[derive(Deserialize, ToSchema)]
pub struct ReceiverUpdate {
    /// How it shall be.
    #[serde(flatten)]
    pub draft: ReceiverDraft,
    /// The version that the change started from.
    pub version: u64,
}

/// Somebody else changed the receiver in the meantime.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiverConflict {
    /// What happened.
    #[serde(flatten)]
    pub problem: ProblemBody,
    /// The receiver as it is now.
    pub current: Receiver,
}
