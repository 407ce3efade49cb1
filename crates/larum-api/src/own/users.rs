//! Local accounts; for platform-admins.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use larum_store::StoreError;
use larum_store::accounts::{self, AccountError, UserRow};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::{Body, Named};
use crate::doors::Doors;
use crate::lock::identity::Caller;
use crate::problem::{Code, Problem};
use crate::wire::session::{PasswordReset, User, UserCreated, UserDraft, UserRole, UserUpdate, Users};

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new()
        .routes(routes!(list_users, create_user))
        .routes(routes!(update_user, delete_user))
        .routes(routes!(reset_password))
}

/// All accounts.
#[utoipa::path(get, path = "/users", tag = "users", responses((status = 200, body = Users), Problem))]
pub async fn list_users(State(doors): State<Doors>) -> Result<Json<Users>, Problem> {
    let rows = doors.store().users().await.map_err(|error| refused(error.into()))?;
    Ok(Json(Users { users: rows.into_iter().map(user).collect() }))
}

/// Makes an account with a one-time password.
#[utoipa::path(
    post, path = "/users", tag = "users",
    request_body = UserDraft,
    responses((status = 201, body = UserCreated), Problem)
)]
pub async fn create_user(
    State(doors): State<Doors>,
    Extension(caller): Extension<Caller>,
    Body(draft): Body<UserDraft>,
) -> Result<(StatusCode, Json<UserCreated>), Problem> {
    let (fresh, now) = (doors.fresh(), doors.now().wall);
    let made = doors.store().create_user(&draft.name, role_of(draft.role), &fresh, now).await;
    let (row, one_time_password) = made.map_err(refused)?;
    tracing::info!(
        user = row.name,
        role = accounts::Role::from(row.role).as_str(),
        by = caller.signature(),
        "made a user"
    );
    Ok((StatusCode::CREATED, Json(UserCreated { user: user(row), one_time_password })))
}

/// Changes an account's role, from its next request on.
#[utoipa::path(
    put, path = "/users/{name}", tag = "users",
    params(("name" = String, Path)),
    request_body = UserUpdate,
    responses((status = 200, body = User), Problem)
)]
pub async fn update_user(
    State(doors): State<Doors>,
    Extension(caller): Extension<Caller>,
    Named(name): Named<String>,
    Body(update): Body<UserUpdate>,
) -> Result<Json<User>, Problem> {
    let row = doors.store().set_role(&name, role_of(update.role)).await.map_err(refused)?;
    tracing::info!(
        user = row.name,
        role = accounts::Role::from(row.role).as_str(),
        by = caller.signature(),
        "changed a user"
    );
    Ok(Json(user(row)))
}

/// Deletes an account and ends its sessions.
#[utoipa::path(
    delete, path = "/users/{name}", tag = "users",
    params(("name" = String, Path)),
    responses((status = 204), Problem)
)]
pub async fn delete_user(
    State(doors): State<Doors>,
    Extension(caller): Extension<Caller>,
    Named(name): Named<String>,
) -> Result<StatusCode, Problem> {
    doors.store().delete_user(&name).await.map_err(refused)?;
    tracing::info!(user = name, by = caller.signature(), "deleted a user");
    Ok(StatusCode::NO_CONTENT)
}

/// Gives an account a new one-time password and ends its sessions.
#[utoipa::path(
    post, path = "/users/{name}/reset-password", tag = "users",
    params(("name" = String, Path)),
    responses((status = 200, body = PasswordReset), Problem)
)]
pub async fn reset_password(
    State(doors): State<Doors>,
    Extension(caller): Extension<Caller>,
    Named(name): Named<String>,
) -> Result<Json<PasswordReset>, Problem> {
    let one_time_password = doors.store().reset_password(&name, &doors.fresh()).await.map_err(refused)?;
    tracing::info!(user = name, by = caller.signature(), "reset a password");
    Ok(Json(PasswordReset { one_time_password }))
}

fn user(row: UserRow) -> User {
    User {
        name: row.name,
        role: role(row.role),
        created_at: row.created_at.into(),
        last_login_at: row.last_login_at.map(Into::into),
        must_change_password: row.must_change_password,
    }
}

fn role(role: accounts::UserRole) -> UserRole {
    match role {
        accounts::UserRole::PlatformAdmin => UserRole::PlatformAdmin,
        accounts::UserRole::Viewer => UserRole::Viewer,
    }
}

fn role_of(role: UserRole) -> accounts::UserRole {
    match role {
        UserRole::PlatformAdmin => accounts::UserRole::PlatformAdmin,
        UserRole::Viewer => accounts::UserRole::Viewer,
    }
}

/// What is refused about accounts, at its field.
pub(super) fn refused(error: AccountError) -> Problem {
    let words = error.to_string();
    match error {
        AccountError::Name | AccountError::NameTaken | AccountError::TokenName => {
            Problem::invalid("name", words)
        }
        AccountError::WrongPassword => Problem::invalid("current", words),
        AccountError::WeakPassword(_) => Problem::invalid("new", words),
        AccountError::LastAdministrator => Problem::invalid("role", words),
        AccountError::Limit { .. } => Problem::invalid("", words),
        AccountError::NoSuchUser | AccountError::NoSuchToken => Problem::not_found(words),
        AccountError::Store(StoreError::Full) => Problem::new(Code::StorageFull, STORAGE_FULL),
        AccountError::Store(error) => Problem::internal(&error),
    }
}

/// What is said when nothing can be written down.
pub(crate) const STORAGE_FULL: &str = "The disk that holds Larum's data is full, so nothing can be saved. Free some space; a restart is not needed.";
