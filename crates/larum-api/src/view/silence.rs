//! Silences as they are shown.

use std::cmp::Reverse;
use std::sync::Arc;

use larum_core::label::LabelSet;
use larum_core::matcher::{MatchOp, Matcher};
use larum_core::silence::{self, Silences};
use larum_core::time::Timestamp;

use super::labels::show_labels;
use crate::wire::silence::{MatchOperator, Silence, SilenceMatcher, SilenceState, SilencedBy};

/// The most silences that are named with one alert.
const MOST_NAMED: usize = 20;

/// A silence as it stands at `now`, which is about so many alerts that fire.
pub fn show_silence(silence: &silence::Silence, now: Timestamp, hides: usize) -> Silence {
    let state = show_state(silence.state(now));
    Silence {
        id: silence.id.to_string(),
        state,
        matchers: show_matchers(&silence.matchers),
        starts_at: silence.starts_at.into(),
        ends_at: silence.ends_at.into(),
        updated_at: silence.updated_at.into(),
        created_by: silence.created_by.to_string(),
        comment: silence.comment.to_string(),
        annotations: show_labels(&silence.annotations),
        hides: if state == SilenceState::Expired { 0 } else { hides },
    }
}

/// Matchers in their order.
pub fn show_matchers(matchers: &[Matcher]) -> Vec<SilenceMatcher> {
    let show = |matcher: &Matcher| SilenceMatcher {
        name: matcher.name().to_owned(),
        operator: match matcher.op() {
            MatchOp::Equal => MatchOperator::Equal,
            MatchOp::NotEqual => MatchOperator::NotEqual,
            MatchOp::Regexp => MatchOperator::Regexp,
            MatchOp::NotRegexp => MatchOperator::NotRegexp,
        },
        value: matcher.value().to_owned(),
    };
    matchers.iter().map(show).collect()
}

/// By what an alert with these labels is silenced at `now`, the last to end first; so many as can be read.
pub fn silenced_by(silences: &Silences, labels: &LabelSet, now: Timestamp) -> Vec<SilencedBy> {
    let mut by: Vec<&Arc<silence::Silence>> =
        silences.muted(labels, now).into_iter().filter_map(|id| silences.get(id)).collect();
    by.sort_unstable_by_key(|silence| (Reverse(silence.ends_at), silence.id));
    by.truncate(MOST_NAMED);
    by.into_iter().map(|silence| name_silence(silence)).collect()
}

/// A silence as what it hides names it.
pub fn name_silence(silence: &silence::Silence) -> SilencedBy {
    SilencedBy {
        id: silence.id.to_string(),
        created_by: silence.created_by.to_string(),
        comment: silence.comment.to_string(),
        ends_at: silence.ends_at.into(),
    }
}

fn show_state(state: silence::SilenceState) -> SilenceState {
    match state {
        silence::SilenceState::Active => SilenceState::Active,
        silence::SilenceState::Pending => SilenceState::Pending,
        silence::SilenceState::Expired => SilenceState::Expired,
    }
}
