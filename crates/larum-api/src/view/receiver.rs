//! Receivers as they are shown; their tokens never are.

use larum_core::condition::{self, Conditions};
use larum_core::outbox::Paused;
use larum_core::receiver::Channel;
use larum_core::time::Timestamp;
use larum_slack::{AdviceContext, ErrorClass, TokenKind, advice};
use larum_store::{ChannelFact, ReceiverRow, SlackFacts};

use super::lanes::{LaneView, LanesView};
use crate::wire::condition::{Condition, Operator};
use crate::wire::receiver::Receiver;
use crate::wire::slack::{self, ChannelState, ChannelStatus, Pause, TokenState, TokenStatus};

/// The scope without which nothing can be posted.
pub const NEEDED_SCOPE: &str = "chat:write";

/// A receiver as it is shown.
pub fn show_receiver(row: &ReceiverRow, lanes: &LanesView) -> Receiver {
    let receiver = &row.receiver;
    let lane = |channel: &Channel| lanes.get(receiver.id, channel);
    let channels = receiver.channels.iter().map(|channel| show_channel(channel, &row.slack, lane(channel)));
    let refused = receiver.channels.iter().filter_map(lane).find_map(|lane| {
        let error = &lane.paused.as_ref()?.error;
        (ErrorClass::of(error) == ErrorClass::Credential).then_some(error.as_str())
    });
    Receiver {
        id: receiver.id.0,
        name: receiver.name.to_string(),
        version: row.version,
        enabled: receiver.enabled,
        token: show_token(&row.slack, refused),
        channels: channels.collect(),
        conditions: show_conditions(&receiver.conditions),
        sentence: receiver.conditions.to_string(),
        created_at: row.created_at.into(),
        updated_at: row.updated_at.into(),
        updated_by: row.updated_by.clone(),
    }
}

/// What is known of a token; `refused` is Slack's code if it does not take the token any more.
pub fn show_token(facts: &SlackFacts, refused: Option<&str>) -> TokenStatus {
    let bot = facts.kind.as_deref() == Some("bot");
    let state = match facts.state.as_str() {
        _ if refused.is_some() => TokenState::Refused,
        "checked" => TokenState::Checked,
        "refused" => TokenState::Refused,
        _ => TokenState::NotChecked,
    };
    let missing_scopes = missing_scopes(facts);
    TokenStatus {
        hint: Some(facts.hint.clone()).filter(|hint| !hint.is_empty()),
        state,
        checked_at: facts.checked_at.map(|at| Timestamp::from_millis(at).into()),
        workspace: facts.workspace.clone(),
        workspace_url: facts.workspace_url.clone(),
        team_id: facts.team_id.clone(),
        kind: kind(facts).map(|kind| match kind {
            TokenKind::Bot => slack::TokenKind::Bot,
            TokenKind::User => slack::TokenKind::User,
        }),
        as_name: facts.as_name.clone(),
        app_mention: facts.as_name.as_deref().filter(|_| bot).map(|name| format!("@{name}")),
        scopes: facts.scopes.clone().unwrap_or_default(),
        sentence: token_sentence(facts, state, refused, &missing_scopes),
        missing_scopes,
    }
}

fn token_sentence(
    facts: &SlackFacts,
    state: TokenState,
    refused: Option<&str>,
    missing: &[String],
) -> String {
    let context = context(facts, None);
    match (state, refused, &facts.problem) {
        (TokenState::Refused, Some(code), _) => advice(code, &context),
        (TokenState::Refused | TokenState::NotChecked, None, Some(problem)) if facts.is_unproven() => {
            format!("{problem} Until Slack says that it is of the same workspace as before, messages wait.")
        }
        (TokenState::Refused | TokenState::NotChecked, None, Some(problem)) => problem.clone(),
        (TokenState::Refused, ..) => "Slack does not take this token.".to_owned(),
        (TokenState::NotChecked, ..) => "Slack has not been asked about this token yet.".to_owned(),
        (TokenState::Checked, ..) if !missing.is_empty() => advice("missing_scope", &context),
        (TokenState::Checked, ..) => {
            let whose = match kind(facts) {
                Some(TokenKind::Bot) => "the app",
                _ => "the person",
            };
            let name = facts.as_name.as_deref().unwrap_or("?");
            let workspace = facts.workspace.as_deref().unwrap_or("?");
            format!("Messages are posted by {whose} {name} in the workspace {workspace}.")
        }
    }
}

fn missing_scopes(facts: &SlackFacts) -> Vec<String> {
    let has = |scopes: &Vec<String>| scopes.iter().any(|scope| scope == NEEDED_SCOPE);
    let missing = facts.scopes.as_ref().is_some_and(|scopes| !has(scopes));
    missing.then(|| NEEDED_SCOPE.to_owned()).into_iter().collect()
}

fn kind(facts: &SlackFacts) -> Option<TokenKind> {
    match facts.kind.as_deref() {
        Some("bot") => Some(TokenKind::Bot),
        Some("user") => Some(TokenKind::User),
        _ => None,
    }
}

/// What Slack's codes mean here.
pub fn context<'a>(facts: &'a SlackFacts, channel: Option<&'a str>) -> AdviceContext<'a> {
    AdviceContext { channel, name: facts.as_name.as_deref(), kind: kind(facts), needed: Some(NEEDED_SCOPE) }
}

/// What is known of one channel.
pub fn show_channel(channel: &Channel, facts: &SlackFacts, lane: Option<&LaneView>) -> ChannelStatus {
    let fact = facts.channels.iter().find(|fact| fact.key == channel.as_str());
    let paused = lane.and_then(|lane| lane.paused.as_ref());
    let state = channel_state(fact, paused);
    let key = channel.as_str();
    let sentence = match (paused, fact) {
        (Some(paused), _) => advice(&paused.error, &context(facts, Some(key))),
        (None, Some(fact)) if !fact.why.is_empty() => fact.why.clone(),
        (None, _) if state == ChannelState::CanPost => "Messages can be posted here.".to_owned(),
        (None, _) => {
            "Whether messages can be posted here is not known: send a test message to find out.".to_owned()
        }
    };
    let bot = kind(facts) == Some(TokenKind::Bot);
    let invite = facts.as_name.as_deref().filter(|_| bot && state == ChannelState::InviteNeeded);
    ChannelStatus {
        name: channel.to_string(),
        key: key.to_owned(),
        state,
        invite: invite.map(|name| format!("/invite @{name}")),
        waiting: lane.map_or(0, |lane| lane.waiting),
        paused: paused.map(|paused| Pause {
            error: paused.error.to_string(),
            sentence: sentence.clone(),
            since: paused.since.into(),
        }),
        sentence,
    }
}

/// What a lane was told last counts more than what Slack said when the settings were saved.
fn channel_state(fact: Option<&ChannelFact>, paused: Option<&Paused>) -> ChannelState {
    match paused.map(|paused| paused.error.as_str()) {
        Some("not_in_channel" | "user_not_in_channel") => return ChannelState::InviteNeeded,
        Some("is_archived" | "is_inactive") => return ChannelState::Archived,
        Some("channel_not_found") => return ChannelState::NotFound,
        Some(_) => return ChannelState::Unknown,
        None => {}
    }
    match fact.map(|fact| fact.state.as_str()) {
        Some("can_post") => ChannelState::CanPost,
        Some("invite_needed") => ChannelState::InviteNeeded,
        Some("archived") => ChannelState::Archived,
        Some("not_found") => ChannelState::NotFound,
        _ => ChannelState::Unknown,
    }
}

/// Conditions as they are shown.
pub fn show_conditions(conditions: &Conditions) -> Option<Vec<Condition>> {
    let show = |condition: &condition::Condition| Condition {
        label: condition.label().to_owned(),
        operator: match condition.operator() {
            condition::Operator::In => Operator::In,
            condition::Operator::NotIn => Operator::NotIn,
            condition::Operator::Exists => Operator::Exists,
            condition::Operator::DoesNotExist => Operator::DoesNotExist,
        },
        values: condition.values().iter().map(ToString::to_string).collect(),
    };
    conditions.as_slice().map(|conditions| conditions.iter().map(show).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mind_and_the_slack_client_tell_names_from_ids_alike() {
        let typed =
            ["C0123ABCD", "U0123ABCD", " W0123ABCD ", "#DATABASE1", "CRITICALS", "C0123ABC", "c0123abcd"];
        for typed in typed {
            let channel = Channel::parse(typed).unwrap();
            assert_eq!(channel.is_id(), larum_slack::is_id(typed), "{typed}");
            assert_eq!(channel.is_id(), larum_slack::is_id(channel.as_str()), "{typed}");
        }
    }
}
