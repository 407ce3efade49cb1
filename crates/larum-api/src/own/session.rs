//! Logging in and out, and one's own password.

use axum::Json;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::Body;
use crate::doors::Doors;
use crate::problem::Problem;
use crate::wire::session::{Login, PasswordChange, Session};

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(show_session, log_in, log_out)).routes(routes!(change_password))
}

/// Who is logged in.
#[utoipa::path(
    get, path = "/session", tag = "session",
    responses((status = 200, body = Session), Problem)
)]
pub async fn show_session() -> Result<Json<Session>, Problem> {
    Err(Problem::unavailable("Not open yet."))
}

/// Logs in: sets the session's cookie.
#[utoipa::path(
    post, path = "/session", tag = "session",
    request_body = Login,
    responses((status = 200, body = Session), Problem)
)]
pub async fn log_in(Body(_draft): Body<Login>) -> Result<Json<Session>, Problem> {
    Err(Problem::unavailable("Not open yet."))
}

/// Logs out.
#[utoipa::path(
    delete, path = "/session", tag = "session",
    responses((status = 204), Problem)
)]
pub async fn log_out() -> Result<StatusCode, Problem> {
    Err(Problem::unavailable("Not open yet."))
}

/// Changes one's own password.
#[utoipa::path(
    put, path = "/session/password", tag = "session",
    request_body = PasswordChange,
    responses((status = 204), Problem)
)]
pub async fn change_password(Body(_draft): Body<PasswordChange>) -> Result<StatusCode, Problem> {
    Err(Problem::unavailable("Not open yet."))
}
