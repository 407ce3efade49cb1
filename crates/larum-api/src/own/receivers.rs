//! Receivers: named Slack connections.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use larum_core::receiver::{MAX_CHANNELS, ReceiverId, parse_receiver_name};
use larum_engine::{ReceiverDraft as Draft, SettingsError, random_bytes};
use larum_slack::SlackToken;
use larum_store::ReceiverRow;
use secrecy::{ExposeSecret, SecretString};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::refusal::{refused, refused_change};
use crate::asking::{Asked as SlackAnswer, ask_channels, ask_identity};
use crate::body::{Asked, Body, Named};
use crate::doors::Doors;
use crate::draft::receiver::{read_channels, read_conditions, read_token};
use crate::lock::identity::Caller;
use crate::problem::Problem;
use crate::version::VersionQuestion;
use crate::view::alert::show_alert;
use crate::view::lanes::LanesView;
use crate::view::receiver::show_receiver;
use crate::wire::condition::{ConditionsDraft, ConditionsPreview};
use crate::wire::receiver::{Receiver, ReceiverConflict, ReceiverDraft, ReceiverUpdate, Receivers};

/// How many alerts a preview of conditions shows.
const PREVIEWED: usize = 50;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new()
        .routes(routes!(list_receivers, create_receiver))
        .routes(routes!(update_receiver, delete_receiver))
        .routes(routes!(preview_conditions))
}

/// All receivers.
#[utoipa::path(get, path = "/receivers", tag = "receivers", responses((status = 200, body = Receivers), Problem))]
pub async fn list_receivers(State(doors): State<Doors>) -> Json<Receivers> {
    let lanes = doors.engine().read(LanesView::of);
    let desk = doors.engine().desk();
    let receivers = desk.receivers.values().map(|row| show_receiver(row, &lanes)).collect();
    Json(Receivers { receivers, channel_limit: MAX_CHANNELS })
}

/// Makes a receiver.
#[utoipa::path(
    post, path = "/receivers", tag = "receivers",
    request_body = ReceiverDraft,
    responses((status = 201, body = Receiver), Problem)
)]
pub async fn create_receiver(
    State(doors): State<Doors>,
    Extension(caller): Extension<Caller>,
    Body(draft): Body<ReceiverDraft>,
) -> Result<(StatusCode, Json<Receiver>), Problem> {
    let draft = read(&doors, &draft, None).await?;
    let row =
        doors.engine().save_receiver(None, draft, &caller.signature()).await.map_err(|e| refused(&e))?;
    tracing::info!(receiver = row.receiver.id.0, by = caller.signature(), "made a receiver");
    Ok((StatusCode::CREATED, Json(show(&doors, &row))))
}

/// Changes a receiver.
#[utoipa::path(
    put, path = "/receivers/{id}", tag = "receivers",
    params(("id" = u64, Path)),
    request_body = ReceiverUpdate,
    responses(
        (status = 200, body = Receiver),
        (status = 409, body = ReceiverConflict, content_type = "application/problem+json"),
        Problem
    )
)]
pub async fn update_receiver(
    State(doors): State<Doors>,
    Extension(caller): Extension<Caller>,
    Named(id): Named<u64>,
    Body(update): Body<ReceiverUpdate>,
) -> Result<Json<Receiver>, Problem> {
    let id = ReceiverId(id);
    let known = doors.engine().desk().receivers.get(&id).cloned();
    let known = known.ok_or_else(|| refused(&SettingsError::NotFound))?;
    if known.version != update.version {
        return Err(refused_at(&doors, id, &SettingsError::Conflict));
    }
    let draft = read(&doors, &update.draft, Some(&known)).await?;
    let saved = doors.engine().save_receiver(Some((id, update.version)), draft, &caller.signature()).await;
    let row = saved.map_err(|error| refused_at(&doors, id, &error))?;
    tracing::info!(receiver = id.0, version = row.version, by = caller.signature(), "changed a receiver");
    Ok(Json(show(&doors, &row)))
}

/// Deletes a receiver; what waits in its channels is cancelled.
#[utoipa::path(
    delete, path = "/receivers/{id}", tag = "receivers",
    params(("id" = u64, Path), VersionQuestion),
    responses(
        (status = 204),
        (status = 409, body = ReceiverConflict, content_type = "application/problem+json"),
        Problem
    )
)]
pub async fn delete_receiver(
    State(doors): State<Doors>,
    Extension(caller): Extension<Caller>,
    Named(id): Named<u64>,
    Asked(asked): Asked<VersionQuestion>,
) -> Result<StatusCode, Problem> {
    let id = ReceiverId(id);
    let deleted = doors.engine().delete_receiver(id, asked.version, &caller.signature()).await;
    deleted.map_err(|error| refused_at(&doors, id, &error))?;
    tracing::info!(receiver = id.0, by = caller.signature(), "deleted a receiver");
    Ok(StatusCode::NO_CONTENT)
}

/// What conditions would let through now.
#[utoipa::path(
    post, path = "/receivers/preview", tag = "receivers",
    request_body = ConditionsDraft,
    responses((status = 200, body = ConditionsPreview), Problem)
)]
pub async fn preview_conditions(
    State(doors): State<Doors>,
    Body(draft): Body<ConditionsDraft>,
) -> Result<Json<ConditionsPreview>, Problem> {
    let conditions = read_conditions(draft.conditions.as_deref())?;
    let engine = doors.engine().clone();
    // Asking each of a million alerts takes its time.
    let asking = tokio::task::spawn_blocking(move || {
        let mut alerts = engine.all_firing();
        let total = alerts.len();
        alerts.retain(|alert| conditions.hold(&alert.labels));
        alerts.sort_unstable_by_key(|alert| std::cmp::Reverse((alert.starts_at, alert.id)));
        (conditions, alerts, total)
    });
    let (conditions, alerts, total) = asking.await.map_err(|error| Problem::internal(&error))?;
    let desk = doors.engine().desk();
    let shown = alerts.iter().take(PREVIEWED).map(|alert| show_alert(alert, &desk, Vec::new()));
    Ok(Json(ConditionsPreview {
        sentence: conditions.to_string(),
        matched: alerts.len(),
        total,
        alerts: shown.collect(),
    }))
}

/// Reads a form, and asks Slack about its token and channels before anything is saved.
async fn read(doors: &Doors, given: &ReceiverDraft, known: Option<&ReceiverRow>) -> Result<Draft, Problem> {
    let name =
        parse_receiver_name(&given.name).map_err(|error| Problem::invalid("name", error.to_string()))?;
    let new = read_token(given.token.as_deref())?;
    let channels = read_channels(&given.channels)?;
    let conditions = read_conditions(given.conditions.as_deref())?;
    let sealed = new
        .as_ref()
        .map(|token| doors.store().seal(&SecretString::from(token.expose().to_owned()), random_bytes()));
    let is_new = new.is_some();
    let asked = match (new, known) {
        (Some(token), _) => ask_identity(doors, token).await,
        (None, Some(row)) => ask_identity(doors, saved_token(doors, row)?).await,
        (None, None) => return Err(refused(&SettingsError::NoToken)),
    };
    if is_new && asked.refused.is_some() {
        return Err(Problem::invalid("token", asked.facts.problem.unwrap_or_default()));
    }
    let found = ask_channels(doors, &asked, &channels).await?;
    let slack = remember(asked, found, known.filter(|_| !is_new));
    Ok(Draft { name, enabled: given.enabled, channels, conditions, token: sealed, slack })
}

/// What is kept of Slack's answer. If it could not be asked about the saved token, what it said before still holds.
fn remember(
    asked: SlackAnswer,
    found: Vec<larum_store::ChannelFact>,
    known: Option<&ReceiverRow>,
) -> larum_store::SlackFacts {
    match known {
        Some(row) if asked.identity.is_none() && asked.refused.is_none() => row.slack.clone(),
        Some(row) if asked.identity.is_none() => larum_store::SlackFacts {
            state: asked.facts.state,
            problem: asked.facts.problem,
            ..row.slack.clone()
        },
        _ => larum_store::SlackFacts { channels: found, ..asked.facts },
    }
}

/// The token that a receiver was saved with.
pub(super) fn saved_token(doors: &Doors, row: &ReceiverRow) -> Result<SlackToken, Problem> {
    let secret = doors.store().unseal(&row.token).map_err(|error| {
        tracing::error!(receiver = row.receiver.id.0, %error, "a saved token cannot be read");
        Problem::invalid("token", "The saved token cannot be read with the key at hand: enter it again.")
    })?;
    SlackToken::parse(secret.expose_secret())
        .map_err(|_| Problem::invalid("token", "The saved token is not one: enter it again."))
}

fn show(doors: &Doors, row: &ReceiverRow) -> Receiver {
    show_receiver(row, &doors.engine().read(LanesView::of))
}

fn refused_at(doors: &Doors, id: ReceiverId, error: &SettingsError) -> Problem {
    refused_change(error, "this receiver", || {
        let row = doors.engine().desk().receivers.get(&id).cloned()?;
        Some((row.updated_by.clone(), show(doors, &row)))
    })
}
