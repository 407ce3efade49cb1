//! `/api/<method>`: one call of the Web API, from bytes to answer, and what is made to go wrong with it.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, FromRequest as _, Multipart, Path, Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{Response, StatusCode};
use serde_json::json;

use super::{Connection, Shared, response};
use crate::answer::{Refusal, body};
use crate::arguments::{Arguments, Encoding, content_type};
use crate::faults::{Behaviour, Fault, When};
use crate::methods::Stop;
use crate::requests::Received;
use crate::world::{Call, Reply, World};

/// The largest body that is read: far above what any method takes.
const BODY: usize = 4 << 20;

/// A call, read but not decided.
struct Read {
    method: String,
    encoding: Encoding,
    warning: Option<&'static str>,
    arguments: Result<Arguments, Refusal>,
    token: Option<String>,
    user_agent: Option<String>,
}

pub(super) async fn call(
    State(shared): State<Shared>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    Path(method): Path<String>,
    request: Request,
) -> Response<Body> {
    let (parts, bytes) = match split(request).await {
        Ok(split) => split,
        Err(status) => return response::html(status, "This request is too large."),
    };
    let read = read(method, &parts, bytes).await;
    let (seq, request_id, fault) = begin(&shared, &read);
    let (answer, response) = answer(&shared, &connection, &read, fault, &request_id).await;
    let now = shared.control.now();
    shared.control.world().requests.answered(seq, &answer, now);
    response
}

/// The answer to a call in a word, and as HTTP.
async fn answer(
    shared: &Shared,
    connection: &Connection,
    read: &Read,
    fault: Option<Fault>,
    request_id: &str,
) -> (String, Response<Body>) {
    let when = fault.as_ref().map(|fault| fault.when);
    let behaviour = fault.map(|fault| fault.behaviour);
    if when == Some(When::Before)
        && let Some(spoiled) = spoil(shared, connection, behaviour.as_ref(), request_id).await
    {
        return spoiled;
    }
    let decided = decide(shared, read, request_id);
    if when == Some(When::After)
        && let Some(spoiled) = spoil(shared, connection, behaviour.as_ref(), request_id).await
    {
        return spoiled;
    }
    decided
}

/// Reads the body, within its limit.
async fn split(request: Request) -> Result<(Parts, Bytes), StatusCode> {
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, BODY).await.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
    Ok((parts, bytes))
}

/// Reads arguments and token. The token comes in the header, or as a form or query argument; never in JSON.
async fn read(method: String, parts: &Parts, bytes: Bytes) -> Read {
    let header = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let mut encoding = Encoding::None;
    let mut warning = None;
    let mut token = header(AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer ")).map(str::to_owned);
    let arguments = match content_type(header(CONTENT_TYPE), bytes.is_empty()) {
        Ok(content) => {
            warning = content.warning;
            encoding = if bytes.is_empty() { Encoding::None } else { content.encoding };
            arguments(encoding, parts, bytes).await
        }
        Err(refusal) => Err(refusal),
    };
    if token.is_none() && encoding != Encoding::Json {
        token = arguments.as_ref().ok().and_then(|arguments| arguments.text("token"));
    }
    let user_agent = header(USER_AGENT).map(str::to_owned);
    Read { method, encoding, warning, arguments, token, user_agent }
}

async fn arguments(encoding: Encoding, parts: &Parts, bytes: Bytes) -> Result<Arguments, Refusal> {
    let mut arguments = Arguments::default();
    arguments.add_pairs(parts.uri.query().unwrap_or_default().as_bytes())?;
    match encoding {
        Encoding::Json => arguments.add_json(&bytes)?,
        Encoding::Form => arguments.add_pairs(&bytes)?,
        Encoding::Multipart => add_multipart(&mut arguments, parts, bytes).await?,
        Encoding::None | Encoding::Text => {}
    }
    Ok(arguments)
}

async fn add_multipart(arguments: &mut Arguments, parts: &Parts, bytes: Bytes) -> Result<(), Refusal> {
    let broken = || Refusal::of("invalid_form_data");
    let request = Request::from_parts(parts.clone(), Body::from(bytes));
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| broken())?;
    while let Some(field) = form.next_field().await.map_err(|_| broken())? {
        let name = field.name().unwrap_or_default().to_owned();
        arguments.add(name, field.text().await.map_err(|_| broken())?);
    }
    Ok(())
}

/// Remembers the request and takes the fault that waits for it.
fn begin(shared: &Shared, read: &Read) -> (u64, String, Option<Fault>) {
    let now = shared.control.now();
    let mut world = shared.control.world();
    let argument = |name: &str| read.arguments.as_ref().ok().and_then(|arguments| arguments.text(name));
    let channel = argument("channel");
    let token = read.token.as_deref().and_then(|secret| world.token(secret)).map(|token| token.kind);
    let seq = world.received(Received {
        seq: 0,
        at: now,
        method: read.method.clone(),
        encoding: read.encoding.name(),
        channel: channel.clone(),
        client_msg_id: argument("client_msg_id"),
        token,
        user_agent: read.user_agent.clone(),
        answer: None,
        answered_at: None,
    });
    let request_id = world.random.hex(32);
    let World { faults, workspace, .. } = &mut *world;
    let called = channel.and_then(|word| workspace.channel(&word)).map(|channel| &channel.id);
    let is_called =
        |word: &str| called.is_some() && workspace.channel(word).map(|channel| &channel.id) == called;
    let fault = faults.take(&read.method, is_called, now);
    if fault.is_some() {
        world.touch();
    }
    (seq, request_id, fault)
}

/// Lets a call go wrong. `None` when it goes on, late.
async fn spoil(
    shared: &Shared,
    connection: &Connection,
    behaviour: Option<&Behaviour>,
    request_id: &str,
) -> Option<(String, Response<Body>)> {
    Some(match behaviour? {
        Behaviour::RateLimited { retry_after } => {
            ("http 429".into(), response::throttled(*retry_after, request_id))
        }
        Behaviour::ServerError { status } => {
            let code = StatusCode::from_u16(*status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
            (format!("http {status}"), response::html(code, "Something went wrong. Check our Status page."))
        }
        Behaviour::Html => ("html".into(), response::html(StatusCode::OK, "Please sign in to this network.")),
        Behaviour::Error { error } => {
            let body = json!({"ok": false, "error": error});
            (error.clone(), response::api(StatusCode::OK, &body, request_id))
        }
        Behaviour::Hang => {
            shared.stopped().await;
            connection.reset();
            ("hang".into(), Response::new(Body::empty()))
        }
        Behaviour::Reset => {
            connection.reset();
            ("reset".into(), Response::new(Body::empty()))
        }
        Behaviour::Slow { milliseconds } => {
            tokio::select! {
                () = tokio::time::sleep(Duration::from_millis(*milliseconds)) => {}
                () = shared.stopped() => {}
            }
            return None;
        }
    })
}

/// Decides the call and dresses the answer.
fn decide(shared: &Shared, read: &Read, request_id: &str) -> (String, Response<Body>) {
    let call = Call {
        method: &read.method,
        token: read.token.as_deref(),
        arguments: &read.arguments,
        encoding: read.encoding,
    };
    let now = shared.control.now();
    let Reply { outcome, granted, accepted } = shared.control.world().call(&call, now);
    let outcome = match outcome {
        Ok(answer) => Ok(answer),
        Err(Stop::Refused(refusal)) => Err(refusal),
        Err(Stop::Throttled(seconds)) => {
            return ("http 429".into(), response::throttled(seconds, request_id));
        }
    };
    let word = outcome.as_ref().err().map_or_else(|| "ok".to_owned(), |refusal| refusal.error.clone());
    let mut response = response::api(StatusCode::OK, &body(outcome, read.warning), request_id);
    let headers = response.headers_mut();
    if let Some(granted) = granted {
        response::put(headers, "x-oauth-scopes", &granted);
    }
    if let Some(accepted) = accepted {
        response::put(headers, "x-accepted-oauth-scopes", accepted);
    }
    (word, response)
}
