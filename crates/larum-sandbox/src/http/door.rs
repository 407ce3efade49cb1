//! Who may use the control plane and the page: only programs and browsers of this machine that mean it.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::middleware::Next;

use super::response;

/// Refuses requests for another host, and from the pages of another. Without this, any web page could point its
/// own name at 127.0.0.1 and read the tokens (DNS rebinding), or post here from afar.
pub(super) async fn only_from_here(request: Request, next: Next) -> Response<Body> {
    if is_from_here(request.headers()) {
        next.run(request).await
    } else {
        response::html(StatusCode::FORBIDDEN, "Open this page as localhost or 127.0.0.1.")
    }
}

fn is_from_here(headers: &HeaderMap) -> bool {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let host = header(HOST).unwrap_or_default();
    is_loopback(host) && header(ORIGIN).is_none_or(|origin| origin == format!("http://{host}"))
}

/// Whether a `Host` header names this machine.
fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || address.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_names_of_this_machine_pass() {
        for host in
            ["localhost", "localhost:8080", "LOCALHOST:1", "127.0.0.1:9", "127.0.0.1", "[::1]:80", "[::1]"]
        {
            assert!(is_loopback(host), "{host}");
        }
        for host in
            ["", "example.com", "example.com:80", "10.0.0.1:80", "127.0.0.1.example.com", "localhost.x"]
        {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
