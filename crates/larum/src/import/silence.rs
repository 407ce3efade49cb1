//! A silence as Alertmanager's API has it (Alertmanager, `api/v2/openapi.yaml`, `gettableSilence`).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use anyhow::Context;
use larum_core::label::LabelSet;
use larum_core::matcher::{MatchOp, Matcher};
use larum_core::silence::{SilenceDraft, SilenceLimits};
use larum_core::time::Timestamp;
use larum_http::cut;
use serde::{Deserialize, Serialize};

/// A silence, as it is read from one server and posted to another.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Silence {
    #[serde(default, skip_serializing)]
    status: Status,
    matchers: Vec<Given>,
    starts_at: String,
    ends_at: String,
    created_by: String,
    comment: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    annotations: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Status {
    state: String,
}

/// A matcher; before Alertmanager 0.22 it was never a negative one, and did not say so.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Given {
    name: String,
    value: String,
    is_regex: bool,
    #[serde(default = "yes")]
    is_equal: bool,
}

fn yes() -> bool {
    true
}

/// What makes two silences the same, whatever they are known by: what they hide, until when, who wants it and why. When
/// an active one began does not count, for no server takes a beginning in the past.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Key {
    matchers: BTreeSet<Given>,
    ends_at: Timestamp,
    created_by: String,
    comment: String,
}

impl Silence {
    /// Whether it is over.
    pub fn is_over(&self) -> bool {
        self.status.state == "expired"
    }

    /// What it is the same by.
    ///
    /// # Errors
    /// If its end is no time.
    pub fn key(&self) -> anyhow::Result<Key> {
        Ok(Key {
            matchers: self.matchers.iter().cloned().collect(),
            ends_at: time("endsAt", &self.ends_at)?,
            created_by: self.created_by.clone(),
            comment: self.comment.clone(),
        })
    }

    /// Whether Larum takes such a silence at `now`, as far as can be said without asking it.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, now: Timestamp) -> anyhow::Result<()> {
        let matchers = self.matchers.iter().map(|given| {
            let made = Matcher::new(given.name.as_str(), given.operator(), given.value.as_str());
            made.map_err(anyhow::Error::from)
        });
        let draft = SilenceDraft {
            matchers: matchers.collect::<Result<_, _>>()?,
            starts_at: Some(time("startsAt", &self.starts_at)?),
            ends_at: time("endsAt", &self.ends_at)?,
            created_by: self.created_by.as_str().into(),
            comment: self.comment.as_str().into(),
            annotations: LabelSet::from_pairs(self.annotations.clone()),
        };
        Ok(draft.check(&SilenceLimits::default(), now)?)
    }
}

impl Given {
    fn operator(&self) -> MatchOp {
        match (self.is_equal, self.is_regex) {
            (true, false) => MatchOp::Equal,
            (false, false) => MatchOp::NotEqual,
            (true, true) => MatchOp::Regexp,
            (false, true) => MatchOp::NotRegexp,
        }
    }
}

/// `alertname="Flood", floor=~"cellar.*" until 2026-11-23T00:00:00.000Z, by ada: pumps are on their way`, in one line
/// without control characters: it comes from anybody.
impl fmt::Display for Silence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let matchers = self.matchers.iter();
        let matchers: Vec<String> =
            matchers.map(|given| format!("{}{}{:?}", given.name, given.operator(), given.value)).collect();
        let (until, by, comment) = (&self.ends_at, &self.created_by, &self.comment);
        f.write_str(&cut(&format!("{} until {until}, by {by}: {comment}", matchers.join(", "))))
    }
}

fn time(field: &str, text: &str) -> anyhow::Result<Timestamp> {
    let time: jiff::Timestamp = text.parse().with_context(|| format!("{field} is no time"))?;
    Ok(Timestamp::from_millis(time.as_millisecond()))
}
