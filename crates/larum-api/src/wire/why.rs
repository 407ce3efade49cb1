//! Why: of each alert and each receiver whether it was told, when, where, and why not.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::alert::{AlertOrigin, AlertReceiver, AlertState, InhibitedBy, PolicyName};
use super::delivery::Delivery;
use super::silence::SilencedBy;
use super::time::Time;

/// What there is to say of some alerts.
#[derive(Debug, Serialize, ToSchema)]
pub struct Why {
    /// As of when.
    pub at: Time,
    /// Whether that is now: then groups, and what messages wait for, are as of this answer. Of the past only what was
    /// written down is known.
    pub live: bool,
    /// One for each episode of an alert, the newest first.
    pub alerts: Vec<WhyAlert>,
    /// What to give as `before` for the next page; null on the last.
    #[schema(required)]
    pub next: Option<String>,
    /// Names of alerts that fire and are called alike, where none was found; 5 at most.
    pub similar: Vec<String>,
    /// What could not be looked up, in sentences.
    pub notes: Vec<String>,
}

/// One episode of an alert, and everybody who was told of it or was not.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhyAlert {
    /// The episode's number.
    pub id: String,
    /// The label `alertname`, or the empty string.
    pub name: String,
    /// The label `severity`, or the empty string.
    pub severity: String,
    /// What it says in one line.
    pub summary: String,
    /// What it is about, in one line: `node web-1`.
    pub target: String,
    /// All labels.
    pub labels: BTreeMap<String, String>,
    /// Whether it fired then.
    pub state: AlertState,
    /// Since when it fires.
    pub starts_at: Time,
    /// When it ended, if it had by then.
    #[schema(required)]
    pub ends_at: Option<Time>,
    /// Why it ended, in words.
    #[schema(required)]
    pub end_reason: Option<String>,
    /// Through which door it came.
    pub origin: AlertOrigin,
    /// The policy that says it.
    #[schema(required)]
    pub policy: Option<PolicyName>,
    /// Whether it only shows that the pipeline lives.
    pub heartbeat: bool,
    /// By what it is inhibited now, computed for this answer; null for a time in the past.
    #[schema(required)]
    pub inhibited: Option<InhibitedBy>,
    /// By which silences it is silenced now, computed for this answer; empty for a time in the past.
    pub silenced: Vec<SilencedBy>,
    /// The decisions that concern all receivers, as they were written down, the first one first.
    pub verdicts: Vec<WhyVerdict>,
    /// Those who were told or will be first, then those who were not, then those to whom nothing leads.
    pub receivers: Vec<WhyReceiver>,
    /// How many receivers more there are to whom nothing leads.
    pub more_receivers: usize,
}

/// One receiver, or one integration of a receiver of a configuration file: was it told, when, where, and why not.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WhyReceiver {
    /// The answer.
    #[serde(flatten)]
    pub answer: AlertReceiver,
    /// Where the receiver is set up.
    pub source: ReceiverSource,
    /// How alerts come to it, or why not: by its conditions, or by routes.
    pub ways: Vec<WhyWay>,
    /// The groups of this receiver that the alert stands in now, computed for this answer.
    pub groups: Vec<WhyGroup>,
    /// The decisions not to tell it, as they were written down, the first one first.
    pub verdicts: Vec<WhyVerdict>,
    /// The messages to it that speak of the alert, the first one first.
    pub notifications: Vec<WhyNotification>,
}

/// Where a receiver is set up.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReceiverSource {
    /// In the console.
    Console,
    /// In the configuration file.
    File,
    /// Nowhere any more.
    Gone,
}

/// How alerts come to a receiver.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct WhyWay {
    /// The route, as its matchers from the root down; null where it is the receiver's own conditions.
    #[schema(required)]
    pub route: Option<String>,
    /// Whether the alert comes there.
    pub met: bool,
    /// Whether that was written down; else it is computed from the settings in force.
    pub stored: bool,
    /// The same in words, with what is not met.
    pub sentence: String,
}

/// A group in which an alert stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WhyGroup {
    /// The labels that all its alerts share because the group was made by them.
    pub labels: BTreeMap<String, String>,
    /// By which route alerts come there; null where it is the receiver's own conditions.
    #[schema(required)]
    pub route: Option<String>,
    /// How many times it has spoken.
    pub turn: u32,
    /// When it last spoke.
    #[schema(required)]
    pub last_turn_at: Option<Time>,
    /// When it looks next whether there is something to say.
    pub next_turn_at: Time,
    /// When it says of the alert again what it said, if nothing changes; null where there is nothing to repeat.
    #[schema(required)]
    pub repeats_at: Option<Time>,
    /// Why it tells nobody of the alert now, in words.
    #[schema(required)]
    pub muted: Option<String>,
    /// Until when that lasts, where it is known.
    #[schema(required)]
    pub muted_until: Option<Time>,
}

/// One decision not to tell, as it was written down.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WhyVerdict {
    /// When it was made.
    pub at: Time,
    /// Why, in one word.
    pub reason: String,
    /// The same in words.
    pub sentence: String,
    /// Whether the alert was told after all: late.
    pub told: bool,
    /// By what the alert was inhibited, where that is the reason.
    #[schema(required)]
    pub inhibited: Option<InhibitedBy>,
    /// By which silences it was silenced, where that is the reason; those that are still kept.
    pub silenced: Vec<SilencedBy>,
    /// The time intervals because of which it was not told.
    pub intervals: Vec<String>,
    /// The labels of the group that kept silent; null if the alert stood in none.
    #[schema(required)]
    pub group: Option<BTreeMap<String, String>>,
}

/// What a message says of an alert.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Says {
    /// It fires.
    Firing,
    /// It fires on with another severity.
    SeverityChanged,
    /// It is over.
    Resolved,
    /// It fired and is over.
    FiredAndResolved,
}

/// A message that speaks of an alert.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WhyNotification {
    /// What it says of the alert.
    pub says: Says,
    /// Whether what became of it was known by the time that is asked about. If not, the delivery is shown as it stands
    /// today: how it stood then is not kept.
    pub settled: bool,
    /// By which route the alert came there; null where it is the receiver's own conditions, or was not written down.
    #[schema(required)]
    pub route: Option<String>,
    /// The delivery.
    #[serde(flatten)]
    pub delivery: Delivery,
}

/// Which alerts are asked about. Several filters must all match.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct WhyQuestion {
    /// Matchers in Alertmanager's syntax: `alertname="DiskFull"` or `{alertname="DiskFull",node=~"web-.*"}`.
    #[param(example = "alertname=\"DiskFull\"")]
    pub filter: Vec<String>,
    /// One alert by its `id`.
    pub alert: Option<String>,
    /// The name of a receiver; all if absent.
    pub receiver: Option<String>,
    /// As of when, in RFC 3339; now if absent.
    pub at: Option<String>,
    /// How many alerts to answer for, 1 to 100.
    #[param(default = 20, maximum = 100)]
    pub limit: Option<usize>,
    /// Where the page before ended.
    pub before: Option<String>,
}
