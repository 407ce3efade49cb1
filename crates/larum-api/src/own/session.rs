//! Logging in and out, and one's own password.

use std::net::IpAddr;

use axum::extract::State;
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum::{Extension, Json};
use larum_store::accounts::SESSION_LIFE;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::tokens::role;
use super::users::refused;
use crate::body::Body;
use crate::doors::Doors;
use crate::lock::client::{client, peer};
use crate::lock::identity::{Caller, Proof, cookie_name, session_cookie};
use crate::problem::{Code, Problem};
use crate::setup::{Access, ExternalUrl, Setup};
use crate::wire::session::{Login, Mode, PasswordChange, Session, SessionUser};

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(log_in, log_out)).routes(routes!(change_password))
}

/// The question who asks, which also those can put who never log in.
pub fn who_routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(show_session))
}

/// Who is logged in, and as what Larum runs.
#[utoipa::path(get, path = "/session", tag = "session", responses((status = 200, body = Session), Problem))]
pub async fn show_session(State(doors): State<Doors>, Extension(caller): Extension<Caller>) -> Json<Session> {
    let must_change_password = caller.must_change_password();
    let user = SessionUser { name: caller.name, role: role(caller.role) };
    Json(Session { mode: mode(doors.setup()), user, must_change_password })
}

fn mode(setup: &Setup) -> Mode {
    match setup.alertmanager.access {
        Access::Login => Mode::Serve,
        Access::Everybody => Mode::Alertmanager,
    }
}

/// Logs in: sets the session's cookie.
#[utoipa::path(
    post, path = "/session", tag = "session",
    request_body = Login,
    responses((status = 200, body = Session), Problem)
)]
pub async fn log_in(
    State(doors): State<Doors>,
    extensions: Extensions,
    headers: HeaderMap,
    Body(login): Body<Login>,
) -> Result<Response, Problem> {
    let from = client(&extensions, &headers, doors.setup());
    require_private_line(doors.setup(), &extensions, &headers)?;
    doors.attempts().count(&login.name, from)?;
    let now = doors.now().wall;
    let entered = doors.store().log_in(&login.name, &login.password, &doors.fresh(), now).await;
    let Some((secret, session)) = entered.map_err(refused)? else {
        tracing::warn!(peer = from.map(|from| from.to_string()), "somebody failed to log in");
        return Err(Problem::new(Code::Unauthenticated, "Name or password is wrong."));
    };
    tracing::info!(user = session.name, peer = from.map(|from| from.to_string()), "logged in");
    let user = SessionUser { name: session.name, role: role(session.role.into()) };
    let must_change_password = session.must_change_password;
    let body = Session { mode: mode(doors.setup()), user, must_change_password };
    let cookie = set_cookie(doors.setup(), secret.expose(), SESSION_LIFE.as_secs());
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), Json(body)).into_response())
}

/// Logs out.
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = 204), Problem))]
pub async fn log_out(State(doors): State<Doors>, headers: HeaderMap) -> Result<Response, Problem> {
    if let Some(secret) = session_cookie(&headers, doors.setup()) {
        doors.store().log_out(secret).await.map_err(|error| Problem::internal(&error))?;
    }
    let cookie = set_cookie(doors.setup(), "", 0);
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(header::SET_COOKIE, cookie)])).into_response())
}

/// Changes one's own password; one's other sessions end.
#[utoipa::path(
    put, path = "/session/password", tag = "session",
    request_body = PasswordChange,
    responses((status = 204), Problem)
)]
pub async fn change_password(
    State(doors): State<Doors>,
    Extension(caller): Extension<Caller>,
    extensions: Extensions,
    headers: HeaderMap,
    Body(change): Body<PasswordChange>,
) -> Result<StatusCode, Problem> {
    if caller.by == Proof::Token {
        return Err(Problem::new(Code::Forbidden, "A service token has no password: log in as a user."));
    }
    doors.attempts().count(&caller.name, client(&extensions, &headers, doors.setup()))?;
    let kept = session_cookie(&headers, doors.setup()).unwrap_or_default();
    let passwords = (change.current.as_str(), change.new.as_str());
    let done = doors.store().change_password(&caller.name, passwords, kept, &doors.fresh()).await;
    done.map_err(refused)?;
    tracing::info!(user = caller.name, "changed their password");
    Ok(StatusCode::NO_CONTENT)
}

/// A password goes over TLS or stays on this machine. From a proxy on this machine, it came as the external URL says.
fn require_private_line(setup: &Setup, extensions: &Extensions, headers: &HeaderMap) -> Result<(), Problem> {
    let url = &setup.external_url;
    let is_here = |from: Option<IpAddr>| from.is_some_and(|from| from.is_loopback());
    let over_tls = setup.speaks_tls || url.is_https() && (is_here(peer(extensions)) || came_by(url, headers));
    if over_tls || is_here(client(extensions, headers, setup)) {
        return Ok(());
    }
    if url.is_https() {
        let words =
            format!("Log in at {}: this address would send your password in the clear.", url.as_str());
        return Err(Problem::new(Code::Forbidden, words));
    }
    let words = "Logging in over plain HTTP works only on the machine itself. Give Larum a certificate with \
        --web.config.file, or put a TLS proxy in front of it and set --web.external-url to its https address.";
    Err(Problem::new(Code::Forbidden, words))
}

/// Whether a request came by the external URL, as its host says, or its origin where a proxy gives another host.
fn came_by(url: &ExternalUrl, headers: &HeaderMap) -> bool {
    let is = |name, wanted: &str| {
        let given = headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        given.is_some_and(|given| given.eq_ignore_ascii_case(wanted))
    };
    is(header::HOST, url.authority()) || is(header::ORIGIN, url.origin())
}

fn set_cookie(setup: &Setup, secret: &str, seconds: u64) -> HeaderValue {
    let secure = if setup.external_url.is_https() { "; Secure" } else { "" };
    let name = cookie_name(setup);
    let cookie = format!("{name}={secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&cookie).expect("base64 and our own words are header text")
}
