//! The delivery log.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::time::Time;

/// One message for one channel.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Delivery {
    /// Known by this.
    pub id: String,
    /// Whose channel it is.
    pub receiver: ReceiverName,
    /// The channel as shown.
    pub channel: String,
    /// The group it speaks of.
    pub group: DeliveryGroup,
    /// Counts the group's messages.
    pub turn: u64,
    /// Why the group spoke, in words.
    pub reason: String,
    /// What it says, as plain text in one line.
    pub headline: String,
    /// What became of it.
    pub state: DeliveryState,
    /// What it waits for, in words.
    #[schema(required)]
    pub waits_for: Option<String>,
    /// When it goes on by itself, where that is known: when it is tried again, or its channel.
    #[schema(required)]
    pub waits_until: Option<Time>,
    /// The delivery that goes right before it, if that is why it waits.
    #[schema(required)]
    pub waits_behind: Option<String>,
    /// Since when its channel is paused, if that is why it waits.
    #[schema(required)]
    pub paused_since: Option<Time>,
    /// When it was decided.
    pub planned_at: Time,
    /// When it was delivered or given up.
    #[schema(required)]
    pub finished_at: Option<Time>,
    /// How often it was tried.
    pub attempts: u32,
    /// What Slack or the network said last; of one that was cancelled, who did that and how.
    #[schema(required)]
    pub error: Option<String>,
    /// Why a template of the configuration file could not be filled in, so that the message is in plain words of Larum's.
    #[schema(required)]
    pub template_error: Option<String>,
    /// What to do about it.
    #[schema(required)]
    pub advice: Option<String>,
    /// Whether it was sent again after an answer that was never read.
    pub possible_duplicate: bool,
    /// The worst severity in it.
    pub severity: String,
    /// Where to see it.
    #[schema(required)]
    pub permalink: Option<String>,
}

/// A receiver by id and name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReceiverName {
    /// Known by this number.
    pub id: u64,
    /// Known to people by this name, at the time of the message if it is gone.
    pub name: String,
    /// Whether it is one of the `alertmanager.yml`, and no setting of the console's.
    pub in_file: bool,
}

/// A group of alerts.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeliveryGroup {
    /// The labels that all its alerts share because the group was made by them.
    pub labels: BTreeMap<String, String>,
}

/// What became of a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It waits for its turn.
    Waiting,
    /// It is on its way.
    Sending,
    /// It is there.
    Delivered,
    /// Slack will not take it as it is.
    Dead,
    /// A newer message of its group took its place before it was sent.
    Superseded,
    /// Its channel was removed or its receiver switched off.
    Cancelled,
}

/// Some deliveries.
#[derive(Debug, Serialize, ToSchema)]
pub struct Deliveries {
    /// Newest first.
    pub deliveries: Vec<Delivery>,
    /// What to give as `before` for the next page; null on the last.
    #[schema(required)]
    pub next: Option<String>,
    /// How many there are in each state, whatever the question.
    pub counts: DeliveryCounts,
}

/// Where messages go.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryReceivers {
    /// Those of the console, then those of the configuration file, each in order of id.
    pub receivers: Vec<DeliveryReceiver>,
}

/// A receiver as the log names it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryReceiver {
    /// Known by this number.
    pub id: u64,
    /// Known to people by this name.
    pub name: String,
    /// The channels as shown.
    pub channels: Vec<String>,
}

/// How many deliveries are in each state.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct DeliveryCounts {
    /// Waiting.
    pub waiting: u64,
    /// Sending.
    pub sending: u64,
    /// Delivered.
    pub delivered: u64,
    /// Dead.
    pub dead: u64,
    /// Superseded.
    pub superseded: u64,
    /// Cancelled.
    pub cancelled: u64,
}

/// A delivery with what was sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryDetail {
    /// The delivery.
    #[serde(flatten)]
    pub delivery: Delivery,
    /// The message as JSON text, exactly as it was or will be sent.
    pub message: String,
    /// The alerts it speaks of.
    pub alerts: Vec<String>,
}

/// Which deliveries are asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct DeliveryQuestion {
    /// States, separated by commas; all if absent.
    #[param(example = "waiting,dead")]
    pub state: Option<String>,
    /// The receiver's id.
    pub receiver: Option<u64>,
    /// The channel, as typed or shown.
    pub channel: Option<String>,
    /// How many to answer with, 1 to 500.
    #[param(default = 100, maximum = 500)]
    pub limit: Option<usize>,
    /// Where the page before ended.
    pub before: Option<String>,
}
