//! Responses with the headers and bodies that Slack was recorded to send.

use axum::body::Body;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL, CONTENT_TYPE, EXPIRES,
    HeaderMap, HeaderName, HeaderValue, PRAGMA, REFERRER_POLICY, RETRY_AFTER, STRICT_TRANSPORT_SECURITY,
    VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{Response, StatusCode};
use serde_json::{Value, json};

/// Headers that come with every answer of the Web API.
const HEADERS: [(HeaderName, &str); 9] = [
    (ACCESS_CONTROL_EXPOSE_HEADERS, "x-slack-req-id, retry-after"),
    (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (CACHE_CONTROL, "private, no-cache, no-store, must-revalidate"),
    (PRAGMA, "no-cache"),
    (EXPIRES, "Sat, 26 Jul 1997 05:00:00 GMT"),
    (REFERRER_POLICY, "no-referrer"),
    (STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains; preload"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (VARY, "Accept-Encoding"),
];

/// An answer of the Web API. `request_id` is 32 hex digits.
pub(crate) fn api(status: StatusCode, body: &Value, request_id: &str) -> Response<Body> {
    // Slack's server escapes slashes; outside of texts there are none, so this changes no meaning.
    let body = body.to_string().replace('/', "\\/");
    let mut response = with_body(status, "application/json; charset=utf-8", body);
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    put(headers, "x-slack-req-id", request_id);
    put(headers, "x-slack-backend", "r");
    put(headers, "x-xss-protection", "0");
    put(headers, "server", "Apache");
    response
}

/// HTTP 429 as recorded: seconds in the header, the code in the body.
pub(crate) fn throttled(retry_after: u64, request_id: &str) -> Response<Body> {
    let body = json!({"ok": false, "error": "ratelimited"});
    let mut response = api(StatusCode::TOO_MANY_REQUESTS, &body, request_id);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(retry_after));
    response
}

/// A page of HTML, as Slack sends it in an outage and for paths it does not know.
pub(crate) fn html(status: StatusCode, words: &str) -> Response<Body> {
    let title = status.canonical_reason().unwrap_or("Server Error");
    let page = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><title>{title} | Slack</title></head><body><h1>{title}</h1>\
         <p>{words}</p></body></html>"
    );
    with_body(status, "text/html; charset=utf-8", page)
}

/// Sets a header; a value that cannot be one is left out.
pub(crate) fn put(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

fn with_body(status: StatusCode, content_type: &'static str, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
