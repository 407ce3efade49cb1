//! Local accounts; for platform-admins.

use axum::Json;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::{Body, Named};
use crate::doors::Doors;
use crate::problem::Problem;
use crate::wire::session::{PasswordReset, User, UserCreated, UserDraft, UserUpdate, Users};

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new()
        .routes(routes!(list_users, create_user))
        .routes(routes!(update_user, delete_user))
        .routes(routes!(reset_password))
}

/// All accounts.
#[utoipa::path(
    get, path = "/users", tag = "users",
    responses((status = 200, body = Users), Problem)
)]
pub async fn list_users() -> Result<Json<Users>, Problem> {
    Err(Problem::unavailable("Not open yet."))
}

/// Makes an account with a one-time password.
#[utoipa::path(
    post, path = "/users", tag = "users",
    request_body = UserDraft,
    responses((status = 201, body = UserCreated), Problem)
)]
pub async fn create_user(Body(_draft): Body<UserDraft>) -> Result<(StatusCode, Json<UserCreated>), Problem> {
    Err(Problem::unavailable("Not open yet."))
}

/// Changes an account's role.
#[utoipa::path(
    put, path = "/users/{name}", tag = "users",
    params(("name" = String, Path)),
    request_body = UserUpdate,
    responses((status = 200, body = User), Problem)
)]
pub async fn update_user(
    Named(_name): Named<String>,
    Body(_draft): Body<UserUpdate>,
) -> Result<Json<User>, Problem> {
    Err(Problem::unavailable("Not open yet."))
}

/// Deletes an account and ends its sessions.
#[utoipa::path(
    delete, path = "/users/{name}", tag = "users",
    params(("name" = String, Path)),
    responses((status = 204), Problem)
)]
pub async fn delete_user(Named(_name): Named<String>) -> Result<StatusCode, Problem> {
    Err(Problem::unavailable("Not open yet."))
}

/// Gives an account a new one-time password and ends its sessions.
#[utoipa::path(
    post, path = "/users/{name}/reset-password", tag = "users",
    params(("name" = String, Path)),
    responses((status = 200, body = PasswordReset), Problem)
)]
pub async fn reset_password(Named(_name): Named<String>) -> Result<Json<PasswordReset>, Problem> {
    Err(Problem::unavailable("Not open yet."))
}
