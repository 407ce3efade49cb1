//! Paths with parts that say nothing.

use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Leads whoever asks for `/api/v2//alerts` to `/api/v2/alerts` (Go, package `net/http`, `ServeMux`).
pub async fn clean_path(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let clean = cleaned(path);
    if clean == path || request.method() == Method::CONNECT {
        return next.run(request).await;
    }
    let location = match request.uri().query() {
        Some(query) => format!("{clean}?{query}"),
        None => clean,
    };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, location)]).into_response();
    }
    let shown =
        location.replace('&', "&amp;").replace('"', "&#34;").replace('<', "&lt;").replace('>', "&gt;");
    let body = format!("<a href=\"{shown}\">Moved Permanently</a>.\n\n");
    let headers =
        [(header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()), (header::LOCATION, location)];
    (StatusCode::MOVED_PERMANENTLY, headers, body).into_response()
}

/// The path without empty parts, `.` and `..`; a slash at its end stays.
fn cleaned(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let end = if path.ends_with('/') && !parts.is_empty() { "/" } else { "" };
    format!("/{}{end}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::cleaned;

    #[test]
    fn a_path_is_cleaned_as_go_cleans_it() {
        for (path, clean) in [
            ("/api/v2//alerts", "/api/v2/alerts"),
            ("//api/./v2/alerts/", "/api/v2/alerts/"),
            ("/api/v2/x/../alerts", "/api/v2/alerts"),
            ("/../..", "/"),
            ("/", "/"),
            ("//evil.example/x", "/evil.example/x"),
            ("/api/v2/silence/a.b", "/api/v2/silence/a.b"),
        ] {
            assert_eq!(cleaned(path), clean, "{path}");
        }
    }
}
