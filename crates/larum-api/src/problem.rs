//! What goes wrong, as the caller reads it (RFC 9457, "Problem Details for HTTP APIs").

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::lock::guard::Shape;

/// Why a request is refused, in one word that programs can rely on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// 422: something in it is wrong; `field` says what.
    Invalid,
    /// 409: somebody else changed the same thing in the meantime.
    Conflict,
    /// 401: log in first.
    Unauthenticated,
    /// 403: the role does not allow it, or it came from another site.
    Forbidden,
    /// 403: change the password first.
    MustChangePassword,
    /// 404: there is no such thing.
    NotFound,
    /// 405: the thing is there, but not to be used this way.
    MethodNotAllowed,
    /// 413: the body is too large.
    TooLarge,
    /// 415: the body is not declared to be JSON.
    NotJson,
    /// 429: wait before the next attempt.
    TooManyAttempts,
    /// 503: the disk is full, so nothing can be written down.
    StorageFull,
    /// 503: it cannot be answered now; try again.
    Unavailable,
    /// 500: a fault of Larum's own; its log says more.
    Internal,
}

impl Code {
    /// The status that goes with it.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict => StatusCode::CONFLICT,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::MustChangePassword => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooManyAttempts => StatusCode::TOO_MANY_REQUESTS,
            Self::StorageFull | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// Why a request is refused.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Always `about:blank`.
    pub r#type: &'static str,
    /// The status in words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// A sentence for people that says what to do.
    pub detail: String,
    /// A word for programs.
    pub code: Code,
    /// Which part of the request it is about: `channels`, `conditions[0].values`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// Why a request is refused, ready to be answered with.
#[derive(Debug)]
pub struct Problem {
    body: Box<ProblemBody>,
    retry_after_seconds: Option<u64>,
    current: Option<Box<serde_json::value::RawValue>>,
}

impl Problem {
    /// A problem in words.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        let status = code.status();
        let body = ProblemBody {
            r#type: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.into(),
            code,
            field: None,
        };
        Self { body: Box::new(body), retry_after_seconds: None, current: None }
    }

    /// One part of the request is wrong.
    pub fn invalid(field: impl Into<String>, detail: impl Into<String>) -> Self {
        let mut problem = Self::new(Code::Invalid, detail);
        problem.body.field = Some(field.into()).filter(|field| !field.is_empty());
        problem
    }

    /// There is no such thing.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(Code::NotFound, detail)
    }

    /// It cannot be answered now.
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self::new(Code::Unavailable, detail)
    }

    /// A fault of Larum's own. What it was goes to the log and not to the caller.
    pub fn internal(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "a request failed");
        Self::new(Code::Internal, "Larum failed to answer this. Its log says why.")
    }

    /// Somebody else was faster; `current` is the thing as it is now.
    pub fn conflict(detail: impl Into<String>, current: &impl Serialize) -> Self {
        let mut problem = Self::new(Code::Conflict, detail);
        problem.current = serde_json::value::to_raw_value(current).ok();
        problem
    }

    /// What is wrong, in a sentence for people.
    pub fn detail(&self) -> &str {
        &self.body.detail
    }

    /// The problem alone, as it stands among others in one answer.
    pub fn into_body(self) -> ProblemBody {
        *self.body
    }

    /// Says after how many seconds to try again.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_seconds = Some(seconds);
        self
    }
}

impl Shape for Problem {
    fn too_late() -> Self {
        Self::unavailable("This took too long. Try again.")
    }

    fn failed(reason: &str) -> Self {
        Self::internal(&reason)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        #[derive(Serialize)]
        struct Whole<'a> {
            #[serde(flatten)]
            body: &'a ProblemBody,
            #[serde(skip_serializing_if = "Option::is_none")]
            current: Option<&'a serde_json::value::RawValue>,
        }
        let whole = Whole { body: &self.body, current: self.current.as_deref() };
        let json = serde_json::to_vec(&whole).unwrap_or_default();
        let headers =
            [(header::CONTENT_TYPE, "application/problem+json"), (header::CACHE_CONTROL, "no-store")];
        let mut response = (self.body.code.status(), headers, json).into_response();
        if let Some(seconds) = self.retry_after_seconds {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// Every operation can be refused, and says so in the same shape.
impl utoipa::IntoResponses for Problem {
    fn responses() -> std::collections::BTreeMap<String, utoipa::openapi::RefOr<utoipa::openapi::Response>> {
        use utoipa::openapi::{ContentBuilder, Ref, ResponseBuilder};
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response = ResponseBuilder::new()
            .description("Refused; `detail` says what to do.")
            .content("application/problem+json", content)
            .build();
        [("default".to_owned(), response.into())].into()
    }
}
