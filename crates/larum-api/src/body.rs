//! Reading JSON from a request, with refusals that name the wrong part.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;

use crate::problem::{Code, Problem};

/// A JSON body.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new(
                Code::NotJson,
                "Send JSON, with the header Content-Type: application/json.",
            ));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|refused| unreadable(&refused))?;
        parse(&bytes).map(Self)
    }
}

/// Reads JSON.
///
/// # Errors
/// [`Problem`] with the field that is not as expected.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let misplaced = error.inner().is_data() && path != ".";
        let field = if misplaced { path } else { String::new() };
        Problem::invalid(field, format!("The JSON is not as expected: {}.", error.inner()))
    })?;
    json.end()
        .map_err(|error| Problem::invalid("", format!("The JSON is followed by something else: {error}.")))?;
    Ok(value)
}

/// Whether the body is declared to be JSON.
pub fn is_json(headers: &HeaderMap) -> bool {
    let declared =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = declared.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

fn unreadable(refused: &BytesRejection) -> Problem {
    if refused.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::new(Code::TooLarge, "The request is larger than anything this API takes.");
    }
    Problem::invalid("", "The request broke off before its end.")
}

/// The parameters behind the question mark.
pub struct Asked<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let asked = Query::from_request_parts(parts, state).await;
        asked.map(|Query(value)| Self(value)).map_err(|refused| {
            Problem::invalid("", format!("A parameter is not as expected: {}.", refused.body_text()))
        })
    }
}

/// The part of the path that names a thing. What cannot be a name is not found.
pub struct Named<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let named = Path::from_request_parts(parts, state).await;
        named.map(|Path(value)| Self(value)).map_err(|_| Problem::not_found("There is no such thing here."))
    }
}
