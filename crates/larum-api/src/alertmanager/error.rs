//! Refusals in Alertmanager's two shapes: what its framework refuses is an object with a code, what its handlers
//! refuse is a JSON string (Alertmanager 0.25 and later, `api/v2`, and go-openapi/errors).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::lock::guard::Shape;

/// A field has the wrong type or format (go-openapi/errors, `InvalidTypeCode`).
pub const WRONG_TYPE: u16 = 601;
/// A field is missing (go-openapi/errors, `RequiredFailCode`).
pub const REQUIRED: u16 = 602;
/// A list has fewer members than it must (go-openapi/errors, `MinItemsFailCode`).
pub const TOO_FEW: u16 = 612;
/// A field has none of the values it may have (go-openapi/errors, `EnumFailCode`).
pub const NOT_ONE_OF: u16 = 606;

/// Why a request is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The framework's way: codes above 599 are answered with 422, others are the status.
    Framework {
        /// go-openapi's code.
        code: u16,
        /// What is wrong.
        message: String,
    },
    /// The handlers' way.
    Handler {
        /// The status.
        status: StatusCode,
        /// What is wrong.
        message: String,
    },
}

impl Refusal {
    /// The framework's way.
    pub fn framework(code: u16, message: impl Into<String>) -> Self {
        Self::Framework { code, message: message.into() }
    }

    /// The handlers' way, 400.
    pub fn bad(message: impl Into<String>) -> Self {
        Self::Handler { status: StatusCode::BAD_REQUEST, message: message.into() }
    }

    /// The handlers' way, with another status.
    pub fn handler(status: StatusCode, message: impl Into<String>) -> Self {
        Self::Handler { status, message: message.into() }
    }

    /// The body, which goes by this name, is not what it should be.
    pub fn unparsable(name: &str, reason: impl std::fmt::Display) -> Self {
        Self::framework(400, format!("parsing {name} body from \"\" failed, because {reason}"))
    }

    /// The status it is answered with.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Framework { code: 600.., .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Framework { code, .. } => {
                StatusCode::from_u16(*code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
            Self::Handler { status, .. } => *status,
        }
    }
}

impl Shape for Refusal {
    fn too_late() -> Self {
        Self::handler(StatusCode::SERVICE_UNAVAILABLE, "This took too long. Try again.")
    }

    fn failed(reason: &str) -> Self {
        tracing::error!(error = reason, "a request failed");
        Self::handler(StatusCode::INTERNAL_SERVER_ERROR, "Larum failed to answer this; its log says why")
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = self.status();
        let body = match self {
            Self::Framework { code, message } => {
                serde_json::json!({ "code": code, "message": message }).to_string()
            }
            Self::Handler { message, .. } => format!("{}\n", serde_json::Value::from(message)),
        };
        let mut response = (status, [(header::CONTENT_TYPE, "application/json")], body).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let how = HeaderValue::from_static("Bearer realm=\"Larum\", Basic realm=\"Larum\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, how);
        }
        response
    }
}
