//! Receivers: named Slack connections.

use axum::Json;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::{Asked, Body, Named};
use crate::doors::Doors;
use crate::problem::Problem;
use crate::version::VersionQuestion;
use crate::wire::condition::{ConditionsDraft, ConditionsPreview};
use crate::wire::receiver::{Receiver, ReceiverConflict, ReceiverDraft, ReceiverUpdate, Receivers};

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new()
        .routes(routes!(list_receivers, create_receiver))
        .routes(routes!(update_receiver, delete_receiver))
        .routes(routes!(preview_conditions))
}

/// All receivers.
#[utoipa::path(
    get, path = "/receivers", tag = "receivers",
    responses((status = 200, body = Receivers), Problem)
)]
pub async fn list_receivers() -> Result<Json<Receivers>, Problem> {
    Err(Problem::unavailable("Not open yet."))
}

/// Makes a receiver.
#[utoipa::path(
    post, path = "/receivers", tag = "receivers",
    request_body = ReceiverDraft,
    responses((status = 201, body = Receiver), Problem)
)]
pub async fn create_receiver(
    Body(_draft): Body<ReceiverDraft>,
) -> Result<(StatusCode, Json<Receiver>), Problem> {
    Err(Problem::unavailable("Not open yet."))
}

/// Changes a receiver.
#[utoipa::path(
    put, path = "/receivers/{id}", tag = "receivers",
    params(("id" = u64, Path)),
    request_body = ReceiverUpdate,
    responses((status = 200, body = Receiver), (status = 409, body = ReceiverConflict, content_type = "application/problem+json"), Problem)
)]
pub async fn update_receiver(
    Named(_id): Named<u64>,
    Body(_draft): Body<ReceiverUpdate>,
) -> Result<Json<Receiver>, Problem> {
    Err(Problem::unavailable("Not open yet."))
}

/// Deletes a receiver; what waits in its channels is cancelled.
#[utoipa::path(
    delete, path = "/receivers/{id}", tag = "receivers",
    params(("id" = u64, Path), VersionQuestion),
    responses((status = 204), (status = 409, body = ReceiverConflict, content_type = "application/problem+json"), Problem)
)]
pub async fn delete_receiver(
    Named(_id): Named<u64>,
    Asked(_asked): Asked<VersionQuestion>,
) -> Result<StatusCode, Problem> {
    Err(Problem::unavailable("Not open yet."))
}

/// What conditions would let through now.
#[utoipa::path(
    post, path = "/receivers/preview", tag = "receivers",
    request_body = ConditionsDraft,
    responses((status = 200, body = ConditionsPreview), Problem)
)]
pub async fn preview_conditions(
    Body(_draft): Body<ConditionsDraft>,
) -> Result<Json<ConditionsPreview>, Problem> {
    Err(Problem::unavailable("Not open yet."))
}
