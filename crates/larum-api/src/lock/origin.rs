//! Does the request come from a page of ours? (OWASP, "Cross-Site Request Forgery Prevention", Fetch Metadata.)

use axum::http::{HeaderMap, header};

use crate::setup::Setup;

/// Where a request comes from, as far as the browser says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    /// A page of ours, or the person themselves.
    Ours,
    /// A page of another site.
    Foreign,
    /// Nothing is said: no browser of today.
    Unknown,
}

/// Where a request comes from.
pub fn source(headers: &HeaderMap, setup: &Setup) -> Source {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match text("sec-fetch-site") {
        Some("same-origin" | "none") => return Source::Ours,
        Some(_) => return Source::Foreign,
        None => {}
    }
    let Some(origin) = text(header::ORIGIN.as_str()) else { return Source::Unknown };
    let host = text(header::HOST.as_str()).unwrap_or_default();
    let scheme = if setup.external_url.is_https() { "https" } else { "http" };
    let ours = origin == setup.external_url.origin() || origin.split_once("://") == Some((scheme, host));
    if ours { Source::Ours } else { Source::Foreign }
}
