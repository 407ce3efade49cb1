//! Is the request meant for us? On loopback posting is open, so a page of another site must not get in by pointing
//! its own name at 127.0.0.1 (DNS rebinding): a name has to be ours. An IP address cannot be rebound.

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::doors::Doors;
use crate::setup::{Setup, host_of, is_loopback_host};

/// Lets only requests through whose `Host` is ours. Off loopback every request needs credentials that another site
/// does not have, and the names that lead here are not known, so any is fine.
pub async fn check_host(State(doors): State<Doors>, request: Request, next: Next) -> Response {
    let setup = doors.setup();
    if setup.listen_address.ip().is_loopback() && !is_ours(&request, setup) {
        let words = format!(
            "This is Larum at {}. It does not answer to the name in this request: use that address, or set --web.external-url.\n",
            setup.external_url.as_str()
        );
        return (StatusCode::MISDIRECTED_REQUEST, words).into_response();
    }
    next.run(request).await
}

fn is_ours(request: &Request, setup: &Setup) -> bool {
    let named = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let authority = named.or_else(|| request.uri().authority().map(|authority| authority.as_str()));
    let Some(authority) = authority else { return false };
    let host = host_of(authority);
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    is_loopback_host(host)
        || bare.parse::<std::net::IpAddr>().is_ok()
        || host.eq_ignore_ascii_case(host_of(setup.external_url.authority()))
        || host.eq_ignore_ascii_case(&setup.hostname)
}
