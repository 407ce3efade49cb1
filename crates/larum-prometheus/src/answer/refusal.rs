//! What an answer means that did not go well by its HTTP status.

use std::io::Read;

use larum_http::cut;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION};
use serde::Deserialize;

use crate::body::Body;
use crate::error::SourceError;

/// How much of a refusal is read, in bytes: far more than its words need.
const MAX_REFUSAL_BYTES: u64 = 64 * 1024;
/// How much of a page or text is told, in characters: enough to recognise it.
const MAX_QUOTE: usize = 200;

/// A refusal as Prometheus writes it ("HTTP API", "Format overview").
#[derive(Deserialize)]
struct Refusal {
    status: String,
    #[serde(rename = "errorType", default)]
    error_type: String,
    #[serde(default)]
    error: String,
}

/// Reads a refusal and says what it means.
pub(crate) fn read(status: StatusCode, headers: &HeaderMap, host: &str, body: Body) -> SourceError {
    let mut read = Vec::new();
    // Of a body that breaks off, what came still tells more than nothing.
    let _ = body.take(MAX_REFUSAL_BYTES).read_to_end(&mut read);
    let spoken = serde_json::from_slice::<Refusal>(&read).ok().filter(|refusal| refusal.status == "error");
    let words = match &spoken {
        Some(refusal) => cut(&refusal.error),
        None => quote(headers, &read),
    };
    match (status, spoken) {
        (StatusCode::UNAUTHORIZED, _) => SourceError::Unauthorized(format!(
            "{host} does not know who asks (401): check the token, or user and password, and for Mimir the header \
             X-Scope-OrgID{words}",
            words = said(&words)
        )),
        (StatusCode::FORBIDDEN, _) => SourceError::Unauthorized(format!(
            "{host} knows who asks and does not allow it (403): give that account the right to read{}",
            said(&words)
        )),
        (_, Some(refusal)) => SourceError::Refused {
            status: status.as_u16(),
            error_type: cut(&refusal.error_type),
            error: words,
        },
        (_, None) => unspoken(status, headers, host, words),
    }
}

/// A refusal that is not in Prometheus' words.
fn unspoken(status: StatusCode, headers: &HeaderMap, host: &str, words: String) -> SourceError {
    let code = status.as_u16();
    let said = said(&words);
    match code {
        300..=399 => {
            let target =
                headers.get(LOCATION).map_or("nowhere".into(), |to| String::from_utf8_lossy(to.as_bytes()));
            let target = cut(target.split(['?', '#']).next().unwrap_or_default());
            SourceError::NotPrometheus(format!(
                "{host} sends elsewhere ({code}, to {target}), which is not followed: give the address that it names, \
                 or the credentials without which it leads to a login page"
            ))
        }
        429 => {
            SourceError::Refused { status: code, error_type: "too_many_requests".to_owned(), error: words }
        }
        413 | 414 => SourceError::Refused { status: code, error_type: "too_long".to_owned(), error: words },
        500..=599 => SourceError::Unreachable(format!(
            "{host} answers {code}: the server, or what stands before it, is not ready or has a fault of its own{said}"
        )),
        _ => SourceError::NotPrometheus(format!(
            "{host} answers {code} where Prometheus has its API: check the address and its path{said}"
        )),
    }
}

fn said(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!("; it says: {words}") }
}

/// The beginning of a text, or what it is instead of one.
fn quote(headers: &HeaderMap, body: &[u8]) -> String {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let text = String::from_utf8_lossy(body);
    if kind.contains("html") || text.trim_start().starts_with('<') {
        return "a page of HTML".to_owned();
    }
    cut(&text).chars().take(MAX_QUOTE).collect()
}
