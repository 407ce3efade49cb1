//! The console's files, which are in the binary.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::problem::{Code, Problem};

#[derive(RustEmbed)]
#[folder = "../../console/dist"]
struct Built;

const PAGE: &str = "index.html";
/// Names in this folder change with their contents.
const FINGERPRINTED: &str = "assets/";
/// No page of the console lies deeper.
const MOST_STEPS: usize = 16;
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_EACH_TIME: HeaderValue = HeaderValue::from_static("no-cache");

/// Answers what no other door does: a file of the console, or its page, which finds its own way from any path.
pub async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let is_api = ["api/", "-/"].iter().any(|prefix| path.starts_with(prefix));
    if is_api || path == "api" {
        return Problem::not_found("There is nothing at this address.").into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return Problem::new(Code::MethodNotAllowed, "This can only be read.").into_response();
    }
    if let Some(file) = Built::get(path) {
        return answer(path, file, &headers);
    }
    let last = path.rsplit('/').next().unwrap_or_default();
    if path.starts_with(FINGERPRINTED) || last == "favicon.ico" {
        return Problem::not_found("There is no such file.").into_response();
    }
    match Built::get(PAGE) {
        Some(file) => answer(PAGE, seen_from(path, file), &headers),
        None => (StatusCode::NOT_FOUND, Html(NOT_BUILT)).into_response(),
    }
}

/// The console's first page, wherever that is.
pub async fn front(method: Method, headers: HeaderMap) -> Response {
    serve(method, Uri::from_static("/"), headers).await
}

/// The page as it stands at this path. Its links begin beside it and lead up from there, so that they are right whatever
/// a proxy, or the flags, put in front of the path.
fn seen_from(path: &str, page: EmbeddedFile) -> EmbeddedFile {
    let up = match path.matches('/').count().min(MOST_STEPS) {
        0 => "./".to_owned(),
        steps => "../".repeat(steps),
    };
    let text = String::from_utf8_lossy(&page.data).replace("=\"./", &format!("=\"{up}"));
    EmbeddedFile { data: text.into_bytes().into(), ..page }
}

fn answer(path: &str, file: EmbeddedFile, headers: &HeaderMap) -> Response {
    let hash = file.metadata.sha256_hash();
    let tag = hash[..16].iter().fold(String::from("\""), |tag, byte| format!("{tag}{byte:02x}")) + "\"";
    let caching = if path.starts_with(FINGERPRINTED) { FOREVER } else { ASK_EACH_TIME };
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let known =
        known.is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag));
    let (status, body) = if known {
        (StatusCode::NOT_MODIFIED, Body::empty())
    } else {
        (StatusCode::OK, Body::from(file.data.into_owned()))
    };
    let kind = kind(path).to_owned();
    let headers = [(header::CONTENT_TYPE, kind), (header::ETAG, tag)];
    (status, headers, [(header::CACHE_CONTROL, caching)], body).into_response()
}

/// What a file is, by its name; the console has no others.
fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "json" | "map" | "webmanifest" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Larum</title>\
    <h1>Larum runs, without its console</h1>\
    <p>This binary was built before the console was. With Node.js installed, run</p>\
    <pre>cargo xtask run</pre>\
    <p>which builds both; or by hand: <code>npm ci &amp;&amp; npm run build</code> in <code>console/</code>, \
    then <code>cargo build</code> again.</p>";
