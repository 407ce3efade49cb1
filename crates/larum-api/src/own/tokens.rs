//! Service tokens; for platform-admins.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use larum_store::accounts::{self, TokenRow};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::users::refused;
use crate::body::{Body, Named};
use crate::doors::Doors;
use crate::lock::identity::Caller;
use crate::problem::Problem;
use crate::wire::session::{Role, ServiceToken, ServiceTokenCreated, ServiceTokenDraft, ServiceTokens};

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(list_tokens, create_token)).routes(routes!(delete_token))
}

/// All service tokens.
#[utoipa::path(get, path = "/tokens", tag = "tokens", responses((status = 200, body = ServiceTokens), Problem))]
pub async fn list_tokens(State(doors): State<Doors>) -> Result<Json<ServiceTokens>, Problem> {
    let rows = doors.store().tokens().await.map_err(|error| refused(error.into()))?;
    Ok(Json(ServiceTokens { tokens: rows.into_iter().map(token).collect() }))
}

/// Makes a service token.
#[utoipa::path(
    post, path = "/tokens", tag = "tokens",
    request_body = ServiceTokenDraft,
    responses((status = 201, body = ServiceTokenCreated), Problem)
)]
pub async fn create_token(
    State(doors): State<Doors>,
    Extension(caller): Extension<Caller>,
    Body(draft): Body<ServiceTokenDraft>,
) -> Result<(StatusCode, Json<ServiceTokenCreated>), Problem> {
    let by = caller.signature();
    let (fresh, now) = (doors.fresh(), doors.now().wall);
    let made = doors.store().create_token(&draft.name, role_of(draft.role), &by, &fresh, now).await;
    let (row, secret) = made.map_err(refused)?;
    tracing::info!(token = row.name, role = row.role.as_str(), by, "made a service token");
    Ok((StatusCode::CREATED, Json(ServiceTokenCreated { token: token(row), secret })))
}

/// Deletes a service token; it lets nobody in any more.
#[utoipa::path(
    delete, path = "/tokens/{id}", tag = "tokens",
    params(("id" = i64, Path)),
    responses((status = 204), Problem)
)]
pub async fn delete_token(
    State(doors): State<Doors>,
    Extension(caller): Extension<Caller>,
    Named(id): Named<i64>,
) -> Result<StatusCode, Problem> {
    doors.store().delete_token(id).await.map_err(refused)?;
    tracing::info!(token = id, by = caller.signature(), "deleted a service token");
    Ok(StatusCode::NO_CONTENT)
}

/// A role as it goes out.
pub(super) fn role(role: accounts::Role) -> Role {
    match role {
        accounts::Role::PlatformAdmin => Role::PlatformAdmin,
        accounts::Role::Viewer => Role::Viewer,
        accounts::Role::Sender => Role::Sender,
    }
}

fn role_of(role: Role) -> accounts::Role {
    match role {
        Role::PlatformAdmin => accounts::Role::PlatformAdmin,
        Role::Viewer => accounts::Role::Viewer,
        Role::Sender => accounts::Role::Sender,
    }
}

fn token(row: TokenRow) -> ServiceToken {
    ServiceToken {
        id: row.id,
        name: row.name,
        role: role(row.role),
        created_at: row.created_at.into(),
        created_by: row.created_by,
        last_used_at: row.last_used_at.map(Into::into),
    }
}
