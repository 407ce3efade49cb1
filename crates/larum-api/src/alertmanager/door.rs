//! The paths of Alertmanager's API and who may use them.

use axum::Router;
use axum::body::{Bytes, HttpBody};
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Extension, FromRequest, OriginalUri, RawQuery, Request, State};
use axum::handler::Handler;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use larum_core::time::Timestamp;
use larum_engine::{Handle, Refused};
use larum_store::accounts::Role;

use super::error::{REQUIRED, Refusal};
use super::filter::Question;
use super::intake::{self, Intake, Terms};
use super::media_type::media_type;
use super::watch::{ReadTurn, count, in_time, take_turn};
use super::{cross_origin, groups, list, silence, status};
use crate::doors::Doors;
use crate::lock::guard::{PATIENCE, Shape, guarded};
use crate::lock::identity::{Caller, identify};
use crate::lock::sender::{MayNotSend, may_send};
use crate::turns::Turn;

/// The largest body that is read, in bytes; Prometheus sends 256 alerts at a time.
pub const MAX_BODY_BYTES: usize = 32 << 20;
/// Larger bodies take turns, and are read beside the threads that answer everybody else.
pub const LARGE_BODY_BYTES: u64 = 256 << 10;

const MAY_NOT_SILENCE: &str =
    "only a platform administrator, or a service token of that role, may silence alerts";

/// Everything under `/api/v2`. A slash at the end of a path changes nothing.
pub fn routes(doors: &Doors) -> Router<Doors> {
    let silence_bytes = silence::most_bytes(&doors.engine().read(|state| *state.silences().limits()));
    let add_silence = silence::post.layer(DefaultBodyLimit::max(silence_bytes));
    let paths: [(&str, MethodRouter<Doors>); 6] = [
        ("/alerts", get(list_alerts).post(post_alerts)),
        ("/silences", get(silence::list).post(add_silence)),
        ("/silence/{silenceID}", get(silence::get).delete(silence::expire)),
        ("/alerts/groups", get(list_groups)),
        ("/status", get(status::show_status)),
        ("/receivers", get(status::list_receivers)),
    ];
    let routes = paths.into_iter().fold(Router::new(), |routes, (path, methods)| {
        // Whoever asks with HEAD is refused, as with any other method that is not there.
        let methods = methods.head(not_allowed);
        routes.route(path, methods.clone()).route(&format!("{path}/"), methods)
    });
    let routes = routes
        .fallback(not_found)
        .method_not_allowed_fallback(not_allowed)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(from_fn(check_accept))
        .layer(from_fn_with_state(doors.clone(), take_turn))
        .layer(from_fn_with_state(doors.clone(), check_caller))
        .layer(from_fn(keep_out_of_caches))
        .layer(from_fn_with_state(doors.clone(), cross_origin::allow))
        .layer(from_fn_with_state(doors.clone(), in_time));
    guarded::<Refusal, _>(routes, PATIENCE).layer(from_fn_with_state(doors.clone(), count))
}

/// What Alertmanager answers under `/api/v1` since 0.27.
pub async fn gone() -> Response {
    let words = "Alertmanager's API v1 is gone since its version 0.27: use the same path under /api/v2";
    let body = serde_json::json!({ "status": "deprecated", "error": words }).to_string();
    (StatusCode::GONE, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// There is nothing at this path; from the root of the API the way leads to the one with a slash at its end.
pub async fn not_found(OriginalUri(uri): OriginalUri) -> Response {
    let path = uri.path();
    if !path.ends_with("/api/v2") {
        return Refusal::framework(404, format!("path {path} was not found")).into_response();
    }
    let location = format!("{path}/");
    let body = format!("<a href=\"{location}\">Moved Permanently</a>.\n\n");
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::LOCATION, location.as_str())];
    (StatusCode::MOVED_PERMANENTLY, headers, body).into_response()
}

async fn not_allowed(OriginalUri(uri): OriginalUri, method: Method) -> Response {
    let allowed = match uri.path().trim_end_matches('/').rsplit('/').next() {
        Some("alerts" | "silences") => "GET,POST",
        _ if uri.path().contains("/silence/") => "GET,DELETE",
        _ => "GET",
    };
    let refusal = Refusal::framework(405, format!("method {method} is not allowed, but [{allowed}] are"));
    ([(header::ALLOW, allowed)], refusal).into_response()
}

/// What is answered now is old in a moment (Alertmanager, `api/v2`, `setResponseHeaders`).
async fn keep_out_of_caches(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Refuses who takes no JSON (go-openapi/runtime, `BindValidRequest`); whoever sends a body is taken to understand its
/// kind.
async fn check_accept(request: Request, next: Next) -> Response {
    if request.body().size_hint().exact() == Some(0) && !takes_json(request.headers()) {
        let words = "unsupported media type requested, only [application/json] are available";
        return Refusal::framework(406, words).into_response();
    }
    next.run(request).await
}

/// Whether JSON is among what is asked for; saying nothing takes anything (RFC 9110, section 12.5.1).
fn takes_json(headers: &HeaderMap) -> bool {
    let mut ranges = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|range| range.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
        .filter(|range| !range.is_empty())
        .peekable();
    ranges.peek().is_none()
        || ranges.any(|range| matches!(range.as_str(), "*/*" | "application/*" | "application/json"))
}

/// Lets a request through if its caller may do what it asks; handlers that read find the [`Caller`] in its extensions.
async fn check_caller(State(doors): State<Doors>, mut request: Request, next: Next) -> Response {
    let sends =
        *request.method() == Method::POST && request.uri().path().trim_end_matches('/').ends_with("/alerts");
    let allowed = if sends {
        may_post(&doors, request.headers()).await
    } else {
        let changes = !request.method().is_safe();
        let caller = may_read(&doors, request.headers()).await.and_then(|caller| match caller.role {
            Role::PlatformAdmin => Ok(caller),
            Role::Viewer | Role::Sender if changes => Err(Refusal::framework(403, MAY_NOT_SILENCE)),
            Role::Viewer | Role::Sender => Ok(caller),
        });
        caller.map(|caller| drop(request.extensions_mut().insert(caller)))
    };
    match allowed {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

async fn may_read(doors: &Doors, headers: &HeaderMap) -> Result<Caller, Refusal> {
    let caller = identify(headers, doors.setup(), doors.store(), doors.now().wall).await;
    match caller.map_err(|error| failed(&error))? {
        Some(caller) if caller.must_change_password() => {
            Err(Refusal::framework(403, "change the one-time password first"))
        }
        Some(caller) if caller.role == Role::Sender => {
            Err(Refusal::framework(403, "a service token of the role sender posts alerts and reads nothing"))
        }
        Some(caller) => Ok(caller),
        None => Err(Refusal::framework(
            401,
            "log in, or send a service token as a bearer token or basic password",
        )),
    }
}

async fn may_post(doors: &Doors, headers: &HeaderMap) -> Result<(), Refusal> {
    may_send(doors, headers).await.map_err(|MayNotSend { status, words }| match status {
        StatusCode::INTERNAL_SERVER_ERROR => failed(&words),
        status => Refusal::framework(status.as_u16(), words),
    })
}

pub fn failed(error: &dyn std::fmt::Display) -> Refusal {
    Refusal::failed(&error.to_string())
}

async fn list_alerts(
    State(doors): State<Doors>,
    Extension(turn): Extension<ReadTurn>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    answer(doors, turn, query, list::answer).await
}

async fn list_groups(
    State(doors): State<Doors>,
    Extension(turn): Extension<ReadTurn>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    answer(doors, turn, query, groups::answer).await
}

/// Answers a question beside the threads that answer everybody else: a regular expression over a million alerts takes its
/// time. Whoever goes away meanwhile keeps the turn until then.
async fn answer(
    doors: Doors,
    turn: ReadTurn,
    query: Option<String>,
    answer: fn(&Handle, Timestamp, &Question) -> Response,
) -> Result<Response, Refusal> {
    let syntax = doors.setup().alertmanager.matcher_syntax;
    let question = Question::parse(query.as_deref().unwrap_or_default(), syntax)?;
    let answering = tokio::task::spawn_blocking(move || {
        let response = answer(doors.engine(), doors.now().wall, &question);
        drop(turn);
        response
    });
    answering.await.map_err(|error| failed(&error))
}

async fn post_alerts(
    State(doors): State<Doors>,
    headers: HeaderMap,
    request: Request,
) -> Result<StatusCode, Refusal> {
    let is_large = request.body().size_hint().upper().is_none_or(|bytes| bytes > LARGE_BODY_BYTES);
    let turn = if is_large { Some(large_turn(&doors).await?) } else { None };
    let body = Bytes::from_request(request, &doors).await.map_err(|rejection| {
        let words =
            format!("the body is larger than {MAX_BODY_BYTES} bytes: send the alerts in several requests");
        unreadable(&rejection, "alerts", words)
    })?;
    require_json(&headers, &body, "alerts")?;
    let webhook_resolve_timeout = doors.setup().webhook_resolve_timeout;
    let syntax = doors.setup().alertmanager.matcher_syntax;
    let mut terms = Terms { webhook_resolve_timeout, syntax, ..Terms::at(doors.now().wall) };
    if let Some(file) = doors.engine().route_file() {
        terms.resolve_timeout = file.resolve_timeout;
    }
    let (mut intake, _turn) = read(body, terms, turn).await?;
    if intake.left_out > 0 {
        tracing::warn!(
            alerts = intake.left_out,
            "an Alertmanager leaves alerts out of its webhook, of which nobody hears: set its max_alerts to 0"
        );
    }
    doors.meters().invalid.inc_by((intake.refused.len() + intake.more_refused) as u64);
    let observations = std::mem::take(&mut intake.observations);
    doors.engine().observe(observations).await.map_err(|error| refused(&error))?;
    intake.verdict().map_or(Ok(StatusCode::OK), Err)
}

async fn large_turn(doors: &Doors) -> Result<Turn, Refusal> {
    let turn = doors.turns().for_large_body().await;
    turn.ok_or_else(|| Refusal::handler(StatusCode::SERVICE_UNAVAILABLE, "Larum is stopping"))
}

async fn read(body: Bytes, terms: Terms, turn: Option<Turn>) -> Result<(Intake, Option<Turn>), Refusal> {
    let Some(turn) = turn else { return Ok((intake::read(&body, terms)?, None)) };
    let reading = turn.work(move || intake::read(&body, terms));
    let (intake, turn) = reading.await.map_err(|error| failed(&error))?;
    Ok((intake?, Some(turn)))
}

/// Nothing else is taken, so that a page of another site cannot post by a plain form. What is posted has this name.
pub fn require_json(headers: &HeaderMap, body: &[u8], name: &str) -> Result<(), Refusal> {
    if body.is_empty() {
        return Err(Refusal::framework(REQUIRED, format!("{name} in body is required")));
    }
    let given = headers.get(header::CONTENT_TYPE).map(|given| String::from_utf8_lossy(given.as_bytes()));
    let given = given.filter(|given| !given.is_empty()).unwrap_or("application/octet-stream".into());
    let kind = media_type(&given).map_err(|words| {
        Refusal::framework(400, format!("parsing Content-Type header from {given:?} failed, because {words}"))
    })?;
    match kind.as_str() {
        "application/json" => Ok(()),
        "*/*" => Err(Refusal::framework(500, "no consumer registered for */*")),
        kind => {
            let words = format!("unsupported media type {kind:?}, only [application/json] are allowed");
            Err(Refusal::framework(415, words))
        }
    }
}

/// Why a body, which goes by this name, was not read; `too_large` says what to do where it is too large.
pub fn unreadable(rejection: &BytesRejection, name: &str, too_large: String) -> Refusal {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Refusal::framework(413, too_large);
    }
    Refusal::unparsable(name, rejection.body_text())
}

fn refused(refused: &Refused) -> Refusal {
    let status = match refused {
        Refused::Limit(_) => StatusCode::TOO_MANY_REQUESTS,
        Refused::Storage(_) | Refused::Stopping => StatusCode::SERVICE_UNAVAILABLE,
    };
    Refusal::handler(status, refused.to_string())
}
