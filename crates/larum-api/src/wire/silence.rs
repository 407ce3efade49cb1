//! Silences: what somebody does not want to be told of for some time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::alert::Alert;
use super::time::Time;
use crate::problem::ProblemBody;

/// One silence.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Silence {
    /// Known by this; the same in Alertmanager's API.
    pub id: String,
    /// Where it stands in time.
    pub state: SilenceState,
    /// It is about the alerts that each of these matches.
    pub matchers: Vec<SilenceMatcher>,
    /// From when on.
    pub starts_at: Time,
    /// Until when.
    pub ends_at: Time,
    /// When it was last changed; a change names it as what it started from.
    pub updated_at: Time,
    /// Who asked for it.
    pub created_by: String,
    /// Why.
    pub comment: String,
    /// What other programs note on it.
    pub annotations: BTreeMap<String, String>,
    /// How many alerts that fire now it is about: an active one hides them, a pending one will. Heartbeats, which are
    /// never told, do not count. 0 for one that is over.
    pub hides: usize,
}

/// Where a silence stands in time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SilenceState {
    /// It hides what it matches.
    Active,
    /// It has not begun.
    Pending,
    /// It is over.
    Expired,
}

/// One matcher on one label. A label that an alert does not have has the empty value.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SilenceMatcher {
    /// The label.
    pub name: String,
    /// How its value is compared.
    pub operator: MatchOperator,
    /// With what: a value, or a regular expression (RE2) for the whole value.
    pub value: String,
}

/// How a matcher compares.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub enum MatchOperator {
    /// Is.
    #[serde(rename = "=")]
    Equal,
    /// Is not.
    #[serde(rename = "!=")]
    NotEqual,
    /// Matches.
    #[serde(rename = "=~")]
    Regexp,
    /// Does not match.
    #[serde(rename = "!~")]
    NotRegexp,
}

/// By what an alert is silenced.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SilencedBy {
    /// The silence.
    pub id: String,
    /// Who asked for it.
    pub created_by: String,
    /// Why.
    pub comment: String,
    /// Until when.
    pub ends_at: Time,
}

/// Some silences.
#[derive(Debug, Serialize, ToSchema)]
pub struct Silences {
    /// Those asked for: the active ones, the first to end first; the pending ones, the first to begin first; the
    /// expired ones, the last to have ended first.
    pub silences: Vec<Silence>,
    /// How many match the question, on all pages.
    pub total: usize,
    /// How many there are, whatever the question.
    pub counts: SilenceCounts,
}

/// How many silences are in each state.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct SilenceCounts {
    /// Active.
    pub active: usize,
    /// Pending.
    pub pending: usize,
    /// Expired, and still kept.
    pub expired: usize,
}

/// Which silences are asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct SilenceQuestion {
    /// States, separated by commas; `active,pending` if absent.
    #[param(example = "active,pending")]
    pub state: Option<String>,
    /// Text that its comment, its author, its id, or a matcher's label or value contains, whatever the case.
    pub q: Option<String>,
    /// How many to answer with, 1 to 1000.
    #[param(default = 200, maximum = 1000)]
    pub limit: Option<usize>,
    /// How many to leave out first.
    pub offset: Option<usize>,
}

/// A silence as the form has it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SilenceDraft {
    /// What it is to hide: 1 to 100 matchers. Give these or `text`.
    pub matchers: Option<Vec<SilenceMatcher>>,
    /// The same as people write it, with Alertmanager's syntax.
    #[schema(example = "{alertname=\"DiskFull\", node=~\"web-.*\"}")]
    pub text: Option<String>,
    /// From when on, in RFC 3339; null or absent means now, and for a change that it stays as it was. What lies in the
    /// past is now.
    pub starts_at: Option<String>,
    /// Until when, in RFC 3339. Give this or `duration`.
    pub ends_at: Option<String>,
    /// For how long from its beginning on, or from now on if it has begun.
    #[schema(example = "2h")]
    pub duration: Option<String>,
    /// Why, so that others know.
    pub comment: String,
    /// Who asks for it, where nobody logs in; elsewhere it is whoever is logged in, whatever this says.
    pub created_by: Option<String>,
}

/// A change to a silence.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SilenceUpdate {
    /// How it shall be.
    #[serde(flatten)]
    pub draft: SilenceDraft,
    /// When the silence that the change started from was last changed.
    pub updated_at: String,
}

/// A silence after a change.
#[derive(Debug, Serialize, ToSchema)]
pub struct SilenceEdited {
    /// The silence that holds now.
    #[serde(flatten)]
    pub silence: Silence,
    /// The silence that it stands in the place of, which is over: so it can still be seen what was hidden until now.
    /// Null if that could be changed in place.
    #[schema(required)]
    pub replaces: Option<String>,
}

/// Somebody else changed the silence in the meantime.
#[derive(Debug, Serialize, ToSchema)]
pub struct SilenceConflict {
    /// What happened.
    #[serde(flatten)]
    pub problem: ProblemBody,
    /// The silence as it is now.
    pub current: Silence,
}

/// Matchers of which somebody wants to know what they would hide.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SilencePreviewDraft {
    /// 1 to 100 matchers. Give these or `text`.
    pub matchers: Option<Vec<SilenceMatcher>>,
    /// The same as people write it, with Alertmanager's syntax.
    pub text: Option<String>,
}

/// What matchers would hide.
#[derive(Debug, Serialize, ToSchema)]
pub struct SilencePreview {
    /// The matchers as they are understood.
    pub matchers: Vec<SilenceMatcher>,
    /// Why the text is better written otherwise.
    #[schema(required)]
    pub warning: Option<String>,
    /// How many alerts that fire now they would hide. Heartbeats, which are never told, do not count.
    pub hides: usize,
    /// How many alerts fire now.
    pub firing: usize,
    /// Whether that is more than half of them.
    pub hides_most: bool,
    /// The first of those that they would hide, newest first; 50 at most.
    pub alerts: Vec<Alert>,
}
