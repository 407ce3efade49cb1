//! The page that shows the channels: files in the binary, nothing from elsewhere.

use axum::extract::Path;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};

use super::response;

/// Only our own scripts and styles, no frames, no foreign images: message text is untrusted.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// Name, type and content of each file.
const FILES: [(&str, &str, &str); 11] = [
    ("sandbox.css", "text/css; charset=utf-8", include_str!("../../page/sandbox.css")),
    ("main.js", JAVASCRIPT, include_str!("../../page/main.js")),
    ("address.js", JAVASCRIPT, include_str!("../../page/address.js")),
    ("control.js", JAVASCRIPT, include_str!("../../page/control.js")),
    ("dom.js", JAVASCRIPT, include_str!("../../page/dom.js")),
    ("date.js", JAVASCRIPT, include_str!("../../page/date.js")),
    ("emoji.js", JAVASCRIPT, include_str!("../../page/emoji.js")),
    ("mrkdwn.js", JAVASCRIPT, include_str!("../../page/mrkdwn.js")),
    ("blocks.js", JAVASCRIPT, include_str!("../../page/blocks.js")),
    ("message.js", JAVASCRIPT, include_str!("../../page/message.js")),
    ("panels.js", JAVASCRIPT, include_str!("../../page/panels.js")),
];

pub(super) async fn index() -> Response {
    with_headers("text/html; charset=utf-8", include_str!("../../page/index.html"))
}

pub(super) async fn file(Path(name): Path<String>) -> Response {
    match FILES.iter().find(|(file, ..)| *file == name) {
        Some((_, content_type, content)) => with_headers(content_type, content),
        None => response::html(StatusCode::NOT_FOUND, "There is no such page here.").into_response(),
    }
}

fn with_headers(content_type: &'static str, content: &'static str) -> Response {
    let headers: [(HeaderName, &str); 4] = [
        (CONTENT_TYPE, content_type),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, content).into_response()
}
