//! Policies.

use axum::Json;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::{Asked, Body, Named};
use crate::doors::Doors;
use crate::problem::Problem;
use crate::version::VersionQuestion;
use crate::wire::policy::{
    Policies, Policy, PolicyConflict, PolicyDraft, PolicyPreview, PolicyPreviewDraft, PolicySwitch,
    PolicyTemplates, PolicyUpdate,
};

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new()
        .routes(routes!(list_policies, create_policy))
        .routes(routes!(list_policy_templates))
        .routes(routes!(preview_policy))
        .routes(routes!(show_policy, update_policy, delete_policy))
        .routes(routes!(switch_policy))
}

/// All policies.
#[utoipa::path(
    get, path = "/policies", tag = "policies",
    responses((status = 200, body = Policies), Problem)
)]
pub async fn list_policies() -> Result<Json<Policies>, Problem> {
    Err(Problem::unavailable("Not open yet."))
}

/// Makes a custom policy; it is evaluated at once.
#[utoipa::path(
    post, path = "/policies", tag = "policies",
    request_body = PolicyDraft,
    responses((status = 201, body = Policy), Problem)
)]
pub async fn create_policy(Body(_draft): Body<PolicyDraft>) -> Result<(StatusCode, Json<Policy>), Problem> {
    Err(Problem::unavailable("Not open yet."))
}

/// One policy.
#[utoipa::path(
    get, path = "/policies/{id}", tag = "policies",
    params(("id" = u64, Path)),
    responses((status = 200, body = Policy), Problem)
)]
pub async fn show_policy(Named(_id): Named<u64>) -> Result<Json<Policy>, Problem> {
    Err(Problem::unavailable("Not open yet."))
}

/// Changes a custom policy; it is evaluated at once.
#[utoipa::path(
    put, path = "/policies/{id}", tag = "policies",
    params(("id" = u64, Path)),
    request_body = PolicyUpdate,
    responses((status = 200, body = Policy), (status = 409, body = PolicyConflict, content_type = "application/problem+json"), Problem)
)]
pub async fn update_policy(
    Named(_id): Named<u64>,
    Body(_draft): Body<PolicyUpdate>,
) -> Result<Json<Policy>, Problem> {
    Err(Problem::unavailable("Not open yet."))
}

/// Deletes a custom policy; its alerts end.
#[utoipa::path(
    delete, path = "/policies/{id}", tag = "policies",
    params(("id" = u64, Path), VersionQuestion),
    responses((status = 204), (status = 409, body = PolicyConflict, content_type = "application/problem+json"), Problem)
)]
pub async fn delete_policy(
    Named(_id): Named<u64>,
    Asked(_asked): Asked<VersionQuestion>,
) -> Result<StatusCode, Problem> {
    Err(Problem::unavailable("Not open yet."))
}

/// Switches a policy on or off, built-in ones too.
#[utoipa::path(
    put, path = "/policies/{id}/enabled", tag = "policies",
    params(("id" = u64, Path)),
    request_body = PolicySwitch,
    responses((status = 200, body = Policy), (status = 409, body = PolicyConflict, content_type = "application/problem+json"), Problem)
)]
pub async fn switch_policy(
    Named(_id): Named<u64>,
    Body(_draft): Body<PolicySwitch>,
) -> Result<Json<Policy>, Problem> {
    Err(Problem::unavailable("Not open yet."))
}

/// What a form for a policy needs to know.
#[utoipa::path(
    get, path = "/policies/templates", tag = "policies",
    responses((status = 200, body = PolicyTemplates), Problem)
)]
pub async fn list_policy_templates() -> Result<Json<PolicyTemplates>, Problem> {
    Err(Problem::unavailable("Not open yet."))
}

/// What a template finds now.
#[utoipa::path(
    post, path = "/policies/preview", tag = "policies",
    request_body = PolicyPreviewDraft,
    responses((status = 200, body = PolicyPreview), Problem)
)]
pub async fn preview_policy(Body(_draft): Body<PolicyPreviewDraft>) -> Result<Json<PolicyPreview>, Problem> {
    Err(Problem::unavailable("Not open yet."))
}
