//! Silences, as they are listed.

use std::collections::BTreeMap;

use larum_core::matcher::{MatchOp, Matcher, MatcherSyntax};
use larum_core::silence::{self, Silence, SilenceState, Silences};
use larum_core::time::Timestamp;
use serde::Serialize;

use crate::alertmanager::error::Refusal;
use crate::alertmanager::filter::{MAX_MATCHERS, is_true};
use crate::alertmanager::matcher::parse_matcher_as;
use crate::wire::time::Time;

/// Which silences are asked for.
#[derive(Debug, Default)]
pub struct Asked {
    /// Those that have each of these among their own, as it is written.
    matchers: Vec<Matcher>,
    without: Vec<SilenceState>,
}

impl Asked {
    /// Reads the parameters behind the question mark; those that are not known are left alone.
    ///
    /// # Errors
    /// [`Refusal`] in Alertmanager's words.
    pub fn parse(query: &str, syntax: MatcherSyntax) -> Result<Self, Refusal> {
        let mut asked = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let state = match &*name {
                "filter" if asked.matchers.len() == MAX_MATCHERS => {
                    return Err(Refusal::bad(format!("at most {MAX_MATCHERS} filters can be given")));
                }
                "filter" => {
                    asked.matchers.push(parse_matcher_as(&value, syntax).map_err(Refusal::bad)?);
                    continue;
                }
                "active" => SilenceState::Active,
                "pending" => SilenceState::Pending,
                "expired" => SilenceState::Expired,
                _ => continue,
            };
            if !value.is_empty() && !is_true(&value) {
                asked.without.push(state);
            }
        }
        Ok(asked)
    }

    fn wants(&self, silence: &Silence, now: Timestamp) -> bool {
        !self.without.contains(&silence.state(now))
            && self.matchers.iter().all(|wanted| silence.matchers.contains(wanted))
    }
}

/// Those that are asked for, as JSON, in Alertmanager's order.
pub fn list(all: &Silences, asked: &Asked, now: Timestamp) -> Vec<u8> {
    let mut found: Vec<_> = all.iter().filter(|silence| asked.wants(silence, now)).cloned().collect();
    silence::sort(&mut found, now);
    let shown: Vec<Shown<'_>> = found.iter().map(|silence| Shown::of(silence, now)).collect();
    let mut text = serde_json::to_vec(&shown).expect("memory takes what is written to it");
    text.push(b'\n');
    text
}

/// One silence (Alertmanager, `api/v2/openapi.yaml`, `gettableSilence`).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shown<'a> {
    id: String,
    status: Status,
    updated_at: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    annotations: BTreeMap<&'a str, &'a str>,
    comment: &'a str,
    created_by: &'a str,
    ends_at: String,
    matchers: Vec<ShownMatcher<'a>>,
    starts_at: String,
}

#[derive(Serialize)]
struct Status {
    state: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownMatcher<'a> {
    is_equal: bool,
    is_regex: bool,
    name: &'a str,
    value: &'a str,
}

impl<'a> Shown<'a> {
    /// As it stands at `now`.
    pub fn of(silence: &'a Silence, now: Timestamp) -> Self {
        let time = |at| Time(at).to_string();
        Self {
            id: silence.id.to_string(),
            status: Status { state: silence.state(now).as_str() },
            updated_at: time(silence.updated_at),
            annotations: silence.annotations.iter().collect(),
            comment: &silence.comment,
            created_by: &silence.created_by,
            ends_at: time(silence.ends_at),
            matchers: silence.matchers.iter().map(ShownMatcher::of).collect(),
            starts_at: time(silence.starts_at),
        }
    }
}

impl<'a> ShownMatcher<'a> {
    fn of(matcher: &'a Matcher) -> Self {
        Self {
            is_equal: matches!(matcher.op(), MatchOp::Equal | MatchOp::Regexp),
            is_regex: matches!(matcher.op(), MatchOp::Regexp | MatchOp::NotRegexp),
            name: matcher.name(),
            value: matcher.value(),
        }
    }
}
