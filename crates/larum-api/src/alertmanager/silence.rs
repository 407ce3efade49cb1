//! Silences, as Alertmanager's clients add, edit, end and list them (Alertmanager, `api/v2/openapi.yaml`, `/silences`
//! and `/silence/{silenceID}`).

mod posted;
mod shown;

pub use posted::read as read_silence;

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Extension, Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use larum_core::silence::{self, SilenceId, SilenceLimits};
use larum_engine::SilenceError;
use serde_json::json;

use super::door::{MAX_BODY_BYTES, failed, require_json, unreadable};
use super::error::{Refusal, WRONG_TYPE};
use super::watch::ReadTurn;
use crate::doors::Doors;
use crate::lock::identity::Caller;
use shown::Asked;

/// The names, signs and blanks in the body of a silence, in bytes.
const MAX_BODY_AROUND: usize = 64 << 10;

/// `GET /silences`
pub async fn list(
    State(doors): State<Doors>,
    Extension(turn): Extension<ReadTurn>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let syntax = doors.setup().alertmanager.matcher_syntax;
    let asked = Asked::parse(query.as_deref().unwrap_or_default(), syntax)?;
    let now = doors.now().wall;
    let all = doors.engine().read(|state| Arc::clone(state.silences()));
    // A hundred thousand of them take their time; whoever goes away meanwhile keeps the turn until then.
    let listing = move || {
        let text = shown::list(&all, &asked, now);
        drop(turn);
        text
    };
    let text = tokio::task::spawn_blocking(listing).await.map_err(|error| failed(&error))?;
    Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
}

/// `POST /silences`
pub async fn post(
    State(doors): State<Doors>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let limits = doors.engine().read(|state| *state.silences().limits());
    let body = body.map_err(|rejection| {
        let words = format!("the body is larger than {} bytes: no silence is", most_bytes(&limits));
        unreadable(&rejection, "silence", words)
    })?;
    require_json(&headers, &body, "silence")?;
    let turn = doors.turns().for_silence().await;
    let turn = turn.ok_or_else(|| Refusal::handler(StatusCode::SERVICE_UNAVAILABLE, "Larum is stopping"))?;
    let syntax = doors.setup().alertmanager.matcher_syntax;
    let reading = turn.work(move || posted::read(&body, syntax, &limits));
    let (read, turn) = reading.await.map_err(|error| failed(&error))?;
    drop(turn);
    let (edited, draft) = read?;
    let edited = edited.as_deref().filter(|id| !id.is_empty());
    let edited = edited.map(str::parse).transpose().map_err(|_| not_found())?;
    let put = doors.engine().put_silence(edited, draft, &caller.signature()).await;
    let id = put.map_err(|error| refused(&error))?;
    Ok(Json(json!({ "silenceID": id.to_string() })).into_response())
}

/// The largest body that is read: of a silence whose texts are as long as they may be, each byte of them written as
/// JSON's longest escape, and something for what stands around them.
pub fn most_bytes(limits: &SilenceLimits) -> usize {
    limits.bytes.saturating_mul(6).saturating_add(MAX_BODY_AROUND).min(MAX_BODY_BYTES)
}

/// `GET /silence/{silenceID}`
pub async fn get(State(doors): State<Doors>, Path(id): Path<String>) -> Result<Response, Refusal> {
    let id = parse_id(&id)?;
    let now = doors.now().wall;
    Ok(match doors.engine().read(|state| state.silences().get(id).cloned()) {
        Some(silence) => Json(shown::Shown::of(&silence, now)).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    })
}

/// `DELETE /silence/{silenceID}`: it ends now.
pub async fn expire(
    State(doors): State<Doors>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    match doors.engine().expire_silence(parse_id(&id)?, &caller.signature()).await {
        Ok(()) => Ok(StatusCode::OK),
        Err(SilenceError::Refused(silence::Refused::NotFound(_))) => Ok(StatusCode::NOT_FOUND),
        Err(error) => Err(refused(&error)),
    }
}

fn parse_id(text: &str) -> Result<SilenceId, Refusal> {
    let words = || format!("silenceID in path must be of type uuid: {text:?}");
    text.parse().map_err(|_| Refusal::framework(WRONG_TYPE, words()))
}

fn not_found() -> Refusal {
    Refusal::handler(StatusCode::NOT_FOUND, silence::NoSuchSilence.to_string())
}

fn refused(error: &SilenceError) -> Refusal {
    let status = match error {
        SilenceError::Refused(silence::Refused::NotFound(_)) => StatusCode::NOT_FOUND,
        SilenceError::Refused(_) => StatusCode::BAD_REQUEST,
        SilenceError::Storage(_) | SilenceError::Stopping => StatusCode::SERVICE_UNAVAILABLE,
    };
    Refusal::handler(status, error.to_string())
}
