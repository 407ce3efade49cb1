//! `/_sandbox/…`: the control plane as JSON.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::extract::{FromRequest, Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt as _};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio_stream::wrappers::WatchStream;

use super::Shared;
use crate::config::Switches;
use crate::control::{ChannelChange, ControlError, TokenChange};
use crate::faults::Fault;
use crate::workspace::TokenKind;

type Answer = Result<Json<Value>, ControlError>;

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        let status = match self {
            Self::Unknown(_) => StatusCode::NOT_FOUND,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Storage => StatusCode::SERVICE_UNAVAILABLE,
        };
        (status, Json(json!({"error": self.to_string()}))).into_response()
    }
}

/// A JSON body. One that is none is refused in JSON, too.
pub(super) struct Body<T>(T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = ControlError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ControlError> {
        let read = Json::from_request(request, state).await;
        read.map(|Json(value)| Self(value)).map_err(|why| ControlError::Invalid(why.body_text()))
    }
}

pub(super) async fn state(State(shared): State<Shared>) -> Json<Value> {
    Json(shared.control.state())
}

pub(super) async fn inject(State(shared): State<Shared>, Body(fault): Body<Fault>) -> Answer {
    Ok(Json(json!({"id": shared.control.inject(fault)?})))
}

pub(super) async fn clear_faults(State(shared): State<Shared>) -> Json<Value> {
    shared.control.clear_faults();
    Json(json!({}))
}

pub(super) async fn clear_fault(State(shared): State<Shared>, Path(id): Path<u64>) -> Answer {
    shared.control.clear_fault(id)?;
    Ok(Json(json!({})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewChannel {
    name: String,
    #[serde(default)]
    is_private: bool,
}

pub(super) async fn create_channel(State(shared): State<Shared>, Body(new): Body<NewChannel>) -> Answer {
    Ok(Json(json!({"id": shared.control.create_channel(&new.name, new.is_private)?})))
}

pub(super) async fn change_channel(
    State(shared): State<Shared>,
    Path(channel): Path<String>,
    Body(change): Body<ChannelChange>,
) -> Answer {
    shared.control.change_channel(&channel, change)?;
    Ok(Json(json!({})))
}

pub(super) async fn change_token(
    State(shared): State<Shared>,
    Path(kind): Path<TokenKind>,
    Body(change): Body<TokenChange>,
) -> Answer {
    shared.control.change_token(kind, &change)?;
    Ok(Json(json!({})))
}

/// Changes the switches that are named; the others stay.
pub(super) async fn change_switches(State(shared): State<Shared>, Body(changes): Body<Value>) -> Answer {
    let mut switches = json!(shared.control.switches());
    let (Value::Object(all), Value::Object(changes)) = (&mut switches, changes) else {
        return Err(ControlError::Invalid("switches are an object".into()));
    };
    all.extend(changes);
    let switches: Switches =
        serde_json::from_value(switches).map_err(|error| ControlError::Invalid(error.to_string()))?;
    shared.control.set_switches(switches);
    Ok(Json(json!(switches)))
}

/// What to read, and how long to wait for it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reading {
    #[serde(default)]
    after: u64,
    channel: Option<String>,
    /// Only so many, the newest.
    newest: Option<usize>,
    #[serde(default = "one")]
    count: usize,
    #[serde(default)]
    wait_ms: u64,
}

fn one() -> usize {
    1
}

impl Reading {
    fn wait(&self) -> Duration {
        Duration::from_millis(self.wait_ms)
    }
}

pub(super) async fn messages(State(shared): State<Shared>, Query(reading): Query<Reading>) -> Answer {
    let channel = reading.channel.as_deref();
    let messages = tokio::select! {
        messages = shared.control.wait_for_messages(reading.after, channel, reading.count, reading.wait()) => messages?,
        () = shared.stopped() => Vec::new(),
    };
    let last = messages.last().map_or(reading.after, |posted| posted.seq);
    let skipped = reading.newest.map_or(0, |newest| messages.len().saturating_sub(newest));
    Ok(Json(json!({"messages": messages[skipped..], "last": last})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    channel: Option<String>,
}

pub(super) async fn clear_messages(State(shared): State<Shared>, Query(which): Query<Which>) -> Answer {
    shared.control.clear_messages(which.channel.as_deref())?;
    Ok(Json(json!({})))
}

pub(super) async fn requests(State(shared): State<Shared>, Query(reading): Query<Reading>) -> Json<Value> {
    let requests = tokio::select! {
        requests = shared.control.wait_for_requests(reading.after, reading.count, reading.wait()) => requests,
        () = shared.stopped() => Vec::new(),
    };
    let last = requests.last().map_or(reading.after, |request| request.seq);
    Json(json!({"requests": requests, "last": last}))
}

pub(super) async fn reset(State(shared): State<Shared>) -> Answer {
    shared.control.reset()?;
    Ok(Json(json!({})))
}

/// Tells the page that something changed; it then reads what.
pub(super) async fn events(
    State(shared): State<Shared>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let watch = shared.control.watch();
    let changes = WatchStream::new(watch).map(|revision| {
        let data = json!({"last_seq": revision.last_seq, "state": revision.state});
        Ok(Event::default().event("change").data(data.to_string()))
    });
    Sse::new(changes.take_until(async move { shared.stopped().await })).keep_alive(KeepAlive::default())
}
