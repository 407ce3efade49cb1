//! The history of alerts and policies, and the timeline of one policy.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::alert::PolicyName;
use super::time::Time;

/// Where an alert, a series of a policy, or a policy as a whole stands for a while.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HistoryState {
    /// There is nothing to tell of.
    Inactive,
    /// The policy's condition holds for the series, but not yet for long enough.
    Pending,
    /// It fires.
    Firing,
    /// The condition holds no more, and it fires on as `keep_firing_for` asks.
    Kept,
    /// The alert is over.
    Resolved,
    /// The policy has nothing to measure.
    NoData,
    /// The evaluation of the policy fails.
    Error,
    /// The policy is switched off.
    Disabled,
    /// Alerting as a whole is switched off.
    AlertingOff,
}

/// One change of state.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HistoryEntry {
    /// Known by this; as `before` it asks for what is older.
    pub id: String,
    /// When.
    pub at: Time,
    /// What it was before.
    pub from: HistoryState,
    /// Since when it was that; null where that is not known.
    #[schema(required)]
    pub since: Option<Time>,
    /// What it is from then on.
    pub to: HistoryState,
    /// Why, in words; null where the states say it.
    #[schema(required)]
    pub reason: Option<String>,
    /// More about it, such as why an evaluation fails; may be empty.
    pub detail: String,
    /// What was measured, with its unit; may be empty.
    pub value_text: String,
    /// The label `alertname`, or the name of the policy.
    pub name: String,
    /// The label `severity`, or the empty string.
    pub severity: String,
    /// What the alert says in one line; may be empty.
    pub summary: String,
    /// What it is about, in one line: `node web-1`.
    pub target: String,
    /// Those of the alert or the series; of a policy as a whole its name and severity.
    pub labels: BTreeMap<String, String>,
    /// The policy; null where it came from outside or concerns all policies.
    #[schema(required)]
    pub policy: Option<PolicyName>,
    /// The alert, by its `id`; null where there is none.
    #[schema(required)]
    pub alert: Option<String>,
}

/// A page of the history.
#[derive(Debug, Serialize, ToSchema)]
pub struct History {
    /// What was asked for, newest first.
    pub entries: Vec<HistoryEntry>,
    /// As `before`, where the next page begins; null at the end. A page that looked through much and found little is
    /// short, and has a next one.
    #[schema(required)]
    pub next: Option<String>,
    /// How many changes to each state there are in this time, of this policy and severities, whatever the matchers, the
    /// text and the states asked for; counted up to 10,000 of each kind.
    pub counts: BTreeMap<String, u64>,
}

/// Which changes are asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct HistoryQuestion {
    /// A matcher of labels as Alertmanager has them; all that are given must match, 64 at most.
    #[serde(skip)]
    #[param(required = false, example = json!(["alertname=~\"Node.*\""]))]
    pub filter: Vec<String>,
    /// Of the policy with this number.
    pub policy: Option<u64>,
    /// Changes to one of these states, separated by commas; all if absent.
    #[param(example = "firing,resolved")]
    pub state: Option<String>,
    /// Severities, separated by commas; all if absent.
    pub severity: Option<String>,
    /// Text that a label's or an annotation's value, or the detail, contains, whatever the case.
    pub q: Option<String>,
    /// Not before this time, in RFC 3339; 24 hours before `to` if absent.
    pub from: Option<String>,
    /// Before this time, in RFC 3339; now if absent.
    pub to: Option<String>,
    /// Older than this entry.
    pub before: Option<String>,
    /// How many to answer with, 1 to 500.
    #[param(default = 50, maximum = 500)]
    pub limit: Option<usize>,
}

/// What time a timeline shows.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct TimelineQuestion {
    /// From this time, in RFC 3339; 24 hours before `to` if absent.
    pub from: Option<String>,
    /// Until this time, in RFC 3339; now if absent.
    pub to: Option<String>,
    /// How many series to answer with, 1 to 200: those that fired longest.
    #[param(default = 20, maximum = 200)]
    pub series: Option<usize>,
}

/// What a policy did for a time.
#[derive(Debug, Serialize, ToSchema)]
pub struct Timeline {
    /// From when.
    pub from: Time,
    /// Until when.
    pub to: Time,
    /// The policy as a whole: no data, errors, switched off, alerting off. The oldest first.
    pub policy: Vec<TimelineSpan>,
    /// Its series that were pending or fired, those that fired longest first.
    pub series: Vec<TimelineSeries>,
    /// How many more series there were.
    pub more_series: usize,
    /// How often it began to fire in this time, for all series.
    pub fired: usize,
    /// For how many seconds at least one series fired.
    pub firing_seconds: f64,
    /// Whether this is everything; if not, there was more than can be shown, and the oldest is missing.
    pub complete: bool,
}

/// What one series of a policy did for a time.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineSeries {
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// What it is about, in one line: `node web-1`.
    pub target: String,
    /// What it was when, the oldest first, at most 500. What is *kept* lies within *firing*.
    pub spans: Vec<TimelineSpan>,
    /// How many older spans there were.
    pub more_spans: usize,
    /// How often it began to fire in this time.
    pub fired: usize,
    /// For how many seconds it fired in this time.
    pub firing_seconds: f64,
}

/// Something that was so for a while.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TimelineSpan {
    /// What.
    pub state: HistoryState,
    /// Since when, perhaps before the timeline begins.
    pub from: Time,
    /// Until when, perhaps after the timeline ends; null if it lasts.
    #[schema(required)]
    pub to: Option<Time>,
    /// Why it ended, in words.
    #[schema(required)]
    pub reason: Option<String>,
    /// What was measured, with its unit; may be empty.
    pub value_text: String,
    /// The alert, by its `id`, where it fires.
    #[schema(required)]
    pub alert: Option<String>,
}
