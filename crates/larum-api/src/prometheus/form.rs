//! The parameters of a request, in its address or as a form in its body.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{Method, StatusCode, header};

use super::refusal::Refusal;

/// The parameters of a request: those of the body before those of the address (Go, `net/http`, `Request.ParseForm`).
#[derive(Clone, Debug, Default)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// The parameters in an address, and in a body.
    pub fn parse(query: &str, body: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(body).chain(form_urlencoded::parse(query.as_bytes()));
        Self(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// The first value of a parameter; the empty text if it is not there.
    pub fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(found, _)| found == name);
        found.map_or("", |(_, value)| value)
    }

    /// All values of a parameter.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let query = request.uri().query().unwrap_or_default().to_owned();
        let declared = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind = declared.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        let in_body = kind.eq_ignore_ascii_case("application/x-www-form-urlencoded");
        if *request.method() != Method::POST || !in_body {
            return Ok(Self::parse(&query, &[]));
        }
        let body = Bytes::from_request(request, state).await.map_err(|refused| {
            let reason = match refused.status() {
                StatusCode::PAYLOAD_TOO_LARGE => "http: request body too large".to_owned(),
                _ => refused.body_text(),
            };
            Refusal::bad(format!("error parsing form values: {reason}"))
        })?;
        Ok(Self::parse(&query, &body))
    }
}
