//! Service tokens; for platform-admins.

use axum::Json;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::{Body, Named};
use crate::doors::Doors;
use crate::problem::Problem;
use crate::wire::session::{ServiceTokenCreated, ServiceTokenDraft, ServiceTokens};

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(list_tokens, create_token)).routes(routes!(delete_token))
}

/// All service tokens.
#[utoipa::path(
    get, path = "/tokens", tag = "tokens",
    responses((status = 200, body = ServiceTokens), Problem)
)]
pub async fn list_tokens() -> Result<Json<ServiceTokens>, Problem> {
    Err(Problem::unavailable("Not open yet."))
}

/// Makes a service token.
#[utoipa::path(
    post, path = "/tokens", tag = "tokens",
    request_body = ServiceTokenDraft,
    responses((status = 201, body = ServiceTokenCreated), Problem)
)]
pub async fn create_token(
    Body(_draft): Body<ServiceTokenDraft>,
) -> Result<(StatusCode, Json<ServiceTokenCreated>), Problem> {
    Err(Problem::unavailable("Not open yet."))
}

/// Deletes a service token; it lets nobody in any more.
#[utoipa::path(
    delete, path = "/tokens/{id}", tag = "tokens",
    params(("id" = i64, Path)),
    responses((status = 204), Problem)
)]
pub async fn delete_token(Named(_id): Named<i64>) -> Result<StatusCode, Problem> {
    Err(Problem::unavailable("Not open yet."))
}
