//! What Slack says of a token, of channels, of a test message.

use axum::extract::State;
use axum::{Extension, Json};
use futures_util::future::join_all;
use larum_core::receiver::{Channel, ReceiverId};
use larum_engine::{SettingsError, random_bytes};
use larum_render::{Links, TestMessage, test_message};
use larum_slack::{SCOPES, SlackToken, create_app_url, manifest};
use larum_store::SlackFacts;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::receivers::saved_token;
use super::refusal::refused;
use crate::asking::{Posted, ask_channels, ask_identity, post};
use crate::body::Body;
use crate::doors::Doors;
use crate::draft::receiver::{read_channels, read_token};
use crate::lock::identity::Caller;
use crate::problem::Problem;
use crate::view::delivery::permalink;
use crate::view::lanes::LanesView;
use crate::view::receiver::{show_channel, show_token};
use crate::wire::slack::{
    SlackCheck, SlackCheckDraft, SlackManifest, SlackScope, SlackTest, SlackTestDraft, SlackTestResult,
};

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new()
        .routes(routes!(check_receiver))
        .routes(routes!(test_receiver))
        .routes(routes!(show_slack_manifest))
}

/// Asks Slack about a token and channels; saves nothing.
#[utoipa::path(
    post, path = "/receivers/check", tag = "receivers",
    request_body = SlackCheckDraft,
    responses((status = 200, body = SlackCheck), Problem)
)]
pub async fn check_receiver(
    State(doors): State<Doors>,
    Body(draft): Body<SlackCheckDraft>,
) -> Result<Json<SlackCheck>, Problem> {
    let token = token(&doors, draft.id, draft.token.as_deref())?;
    let channels = if draft.channels.is_empty() { None } else { Some(read_channels(&draft.channels)?) };
    let mut asked = ask_identity(&doors, token).await;
    if let Some(channels) = &channels {
        asked.facts.channels = ask_channels(&doors, &asked, channels).await?;
    }
    let lanes = doors.engine().read(LanesView::of);
    let lane = |channel: &Channel| draft.id.and_then(|id| lanes.get(ReceiverId(id), channel));
    let channels = channels.iter().flat_map(|channels| channels.iter());
    let channels = channels.map(|channel| show_channel(channel, &asked.facts, lane(channel))).collect();
    Ok(Json(SlackCheck { token: show_token(&asked.facts, asked.refused.as_deref()), channels }))
}

/// Sends a test message with the form as it stands, saved or not; takes 10 seconds at most.
#[utoipa::path(
    post, path = "/receivers/test", tag = "receivers",
    request_body = SlackTestDraft,
    responses((status = 200, body = SlackTest), Problem)
)]
pub async fn test_receiver(
    State(doors): State<Doors>,
    Extension(caller): Extension<Caller>,
    Body(draft): Body<SlackTestDraft>,
) -> Result<Json<SlackTest>, Problem> {
    let started = doors.now();
    let token = token(&doors, draft.id, draft.draft.token.as_deref())?;
    let channels = read_channels(&draft.draft.channels)?;
    let asked = ask_identity(&doors, token).await;
    let results: Vec<SlackTestResult> = match &asked.identity {
        None => {
            let sentence = asked.facts.problem.clone().unwrap_or_default();
            let nothing =
                || Posted { delivered: None, sentence: sentence.clone(), error: asked.refused.clone() };
            channels.iter().map(|channel| result(channel, nothing(), &asked.facts)).collect()
        }
        Some(identity) => {
            let links = Links::to(doors.setup().external_url.as_str());
            let sending = channels.iter().map(async |channel| {
                let text = test_message(
                    &TestMessage {
                        receiver: &draft.draft.name,
                        sent_by: &caller.name,
                        channel: &channel.to_string(),
                        workspace: &identity.team,
                        posted_as: &identity.user,
                        at: started.wall,
                    },
                    &links,
                );
                let id = uuid::Builder::from_random_bytes(random_bytes()).into_uuid().to_string();
                result(channel, post(&asked.client, &asked.facts, channel, &text, &id).await, &asked.facts)
            });
            join_all(sending).await
        }
    };
    let delivered = results.iter().filter(|result| result.delivered).count();
    tracing::info!(by = caller.signature(), channels = results.len(), delivered, "sent a test message");
    let took = doors.now().steady.since(started.steady);
    Ok(Json(SlackTest { results, took_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX) }))
}

fn result(channel: &Channel, posted: Posted, facts: &SlackFacts) -> SlackTestResult {
    let out = matches!(posted.error.as_deref(), Some("not_in_channel" | "channel_not_found"));
    let bot = facts.as_name.as_deref().filter(|_| out && facts.kind.as_deref() == Some("bot"));
    let link = posted.delivered.as_ref();
    SlackTestResult {
        channel: channel.to_string(),
        delivered: link.is_some(),
        sentence: posted.sentence,
        error: posted.error,
        invite: bot.map(|name| format!("/invite @{name}")),
        permalink: link.and_then(|(id, ts)| permalink(facts.workspace_url.as_deref(), id, ts)),
    }
}

/// The token as typed, or else the saved one of the receiver.
fn token(doors: &Doors, id: Option<u64>, given: Option<&str>) -> Result<SlackToken, Problem> {
    if let Some(token) = read_token(given)? {
        return Ok(token);
    }
    let row = id.and_then(|id| doors.engine().desk().receivers.get(&ReceiverId(id)).cloned());
    match row {
        Some(row) => saved_token(doors, &row),
        None => Err(refused(&SettingsError::NoToken)),
    }
}

/// A Slack app ready to be made.
#[utoipa::path(
    get, path = "/slack/manifest", tag = "receivers",
    responses((status = 200, body = SlackManifest), Problem)
)]
pub async fn show_slack_manifest() -> Json<SlackManifest> {
    let scope = |used: larum_slack::ScopeUse| SlackScope {
        scope: used.scope.to_owned(),
        needed: used.needed,
        why: used.why.to_owned(),
    };
    let scopes = SCOPES.into_iter().map(scope).collect();
    Json(SlackManifest { manifest: manifest(), create_url: create_app_url(), scopes })
}
