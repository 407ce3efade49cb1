//! Refusals in Prometheus' shape: a status, a word for programs, and a sentence (Prometheus, "HTTP API", "Format
//! overview").

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use larum_engine::SourceError;
use larum_prometheus::{Concern, SourceErrorKind};
use larum_promql::{EvalError, ParseError};

use crate::lock::guard::Shape;

/// What kind of trouble it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// 400: a parameter is missing or wrong.
    BadData,
    /// 401: nobody has said who asks. Prometheus has no such word: it answers in plain text.
    Unauthorized,
    /// 403: whoever asks may not. As above.
    Forbidden,
    /// 404: there is nothing of that name.
    NotFound,
    /// 422: the expression cannot be evaluated.
    Execution,
    /// 503: it took too long.
    Timeout,
    /// 500: something of Larum's own, or the metrics source.
    Internal,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::BadData => "bad_data",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Execution => "execution",
            Self::Timeout => "timeout",
            Self::Internal => "internal",
        }
    }

    const fn status(self) -> StatusCode {
        match self {
            Self::BadData => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Execution => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Timeout => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// Why a request is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    kind: Kind,
    message: String,
}

impl Refusal {
    /// A refusal of this kind.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// Something in the request is wrong.
    pub fn bad(message: impl Into<String>) -> Self {
        Self::new(Kind::BadData, message)
    }

    /// This parameter is wrong.
    pub fn parameter(name: &str, reason: impl std::fmt::Display) -> Self {
        Self::bad(format!("invalid parameter {name:?}: {reason}"))
    }

    /// The expression in this parameter cannot be understood. What an argument's value is, Prometheus finds out only
    /// when it evaluates.
    pub fn expression(parameter: &str, error: &ParseError) -> Self {
        match error {
            ParseError::Argument(words) => Self::new(Kind::Execution, words.clone()),
            error => Self::parameter(parameter, error),
        }
    }
}

impl From<SourceError> for Refusal {
    fn from(error: SourceError) -> Self {
        // Prometheus computes the durations of a query before it evaluates it.
        if let SourceError::Eval(EvalError::Duration(_)) = error {
            return Self::parameter("query", error);
        }
        let kind = match &error {
            SourceError::Eval(EvalError::TimedOut) => Kind::Timeout,
            SourceError::Eval(EvalError::Range(_)) => Kind::BadData,
            SourceError::Eval(EvalError::Select(_)) => Kind::Internal,
            SourceError::Eval(_) => Kind::Execution,
            SourceError::Remote(error) if error.kind() == SourceErrorKind::Timeout => Kind::Timeout,
            SourceError::Remote(error) if error.concern() == Concern::Request => Kind::Execution,
            SourceError::Remote(_) => Kind::Internal,
            SourceError::Broke => Kind::Internal,
        };
        Self::new(kind, error.to_string())
    }
}

impl Shape for Refusal {
    fn too_late() -> Self {
        Self::new(Kind::Timeout, "this took too long: try again")
    }

    fn failed(reason: &str) -> Self {
        tracing::error!(error = reason, "a request failed");
        Self::new(Kind::Internal, "Larum failed to answer this; its log says why")
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        // Its members stand in Prometheus' order.
        #[derive(serde::Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Whole<'a> {
            status: &'static str,
            error_type: &'static str,
            error: &'a str,
        }
        let whole = Whole { status: "error", error_type: self.kind.word(), error: &self.message };
        let json = serde_json::to_vec(&whole).unwrap_or_default();
        let kind = [(header::CONTENT_TYPE, "application/json")];
        let mut response = (self.kind.status(), kind, json).into_response();
        if self.kind == Kind::Unauthorized {
            let how = HeaderValue::from_static("Bearer realm=\"Larum\", Basic realm=\"Larum\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, how);
        }
        response
    }
}
