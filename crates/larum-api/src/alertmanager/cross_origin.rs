//! Whether pages of other sites may read the answers (WHATWG, "Fetch", section "HTTP extensions"). Allowed, they may
//! what Alertmanager lets them since 0.26: ask from anywhere with `GET`, `HEAD` and `POST`, and send the type of a body.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::doors::Doors;
use crate::setup::CrossOrigin;

/// The headers that a page may send.
const HEADERS: [&str; 3] = ["accept", "content-type", "x-requested-with"];
/// What an answer to a browser that asks beforehand depends on.
const PREFLIGHT_VARY: HeaderValue =
    HeaderValue::from_static("Origin, Access-Control-Request-Method, Access-Control-Request-Headers");

/// Answers browsers that ask beforehand, and says in every other answer who may read it.
pub async fn allow(State(doors): State<Doors>, request: Request, next: Next) -> Response {
    if doors.setup().alertmanager.cross_origin == CrossOrigin::Refused {
        return next.run(request).await;
    }
    let asked = request.headers();
    if *request.method() == Method::OPTIONS && is_given(asked, &header::ACCESS_CONTROL_REQUEST_METHOD) {
        return preflight(asked);
    }
    let readable = is_given(asked, &header::ORIGIN)
        && matches!(*request.method(), Method::GET | Method::HEAD | Method::POST | Method::OPTIONS);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if readable {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    response
}

fn preflight(asked: &HeaderMap) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(header::VARY, PREFLIGHT_VARY);
    let method = asked.get(header::ACCESS_CONTROL_REQUEST_METHOD);
    let method = method.filter(|method| matches!(method.as_bytes(), b"GET" | b"HEAD" | b"POST" | b"OPTIONS"));
    let wanted = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS);
    let (Some(method), true, true) =
        (method, is_given(asked, &header::ORIGIN), wanted.is_none_or(may_be_sent))
    else {
        return response;
    };
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, method.clone());
    if let Some(wanted) = wanted.filter(|wanted| !wanted.is_empty()) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
    }
    response
}

fn may_be_sent(wanted: &HeaderValue) -> bool {
    let Ok(wanted) = wanted.to_str() else { return false };
    let mut names = wanted.split(',').map(str::trim).filter(|name| !name.is_empty());
    names.all(|name| HEADERS.contains(&name.to_ascii_lowercase().as_str()))
}

fn is_given(headers: &HeaderMap, name: &HeaderName) -> bool {
    headers.get(name).is_some_and(|value| !value.is_empty())
}
