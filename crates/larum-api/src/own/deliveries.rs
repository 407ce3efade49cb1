//! The delivery log.

use axum::Json;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::{Asked, Named};
use crate::doors::Doors;
use crate::problem::Problem;
use crate::wire::delivery::{Deliveries, DeliveryDetail, DeliveryQuestion};

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new()
        .routes(routes!(list_deliveries))
        .routes(routes!(show_delivery))
        .routes(routes!(retry_delivery))
}

/// What was sent, what waits and what failed; newest first.
#[utoipa::path(
    get, path = "/deliveries", tag = "deliveries",
    params(DeliveryQuestion),
    responses((status = 200, body = Deliveries), Problem)
)]
pub async fn list_deliveries(Asked(_asked): Asked<DeliveryQuestion>) -> Result<Json<Deliveries>, Problem> {
    Err(Problem::unavailable("Not open yet."))
}

/// One delivery with its message.
#[utoipa::path(
    get, path = "/deliveries/{id}", tag = "deliveries",
    params(("id" = String, Path)),
    responses((status = 200, body = DeliveryDetail), Problem)
)]
pub async fn show_delivery(Named(_id): Named<String>) -> Result<Json<DeliveryDetail>, Problem> {
    Err(Problem::unavailable("Not open yet."))
}

/// Tries a waiting or dead delivery now.
#[utoipa::path(
    post, path = "/deliveries/{id}/retry", tag = "deliveries",
    params(("id" = String, Path)),
    responses((status = 202), Problem)
)]
pub async fn retry_delivery(Named(_id): Named<String>) -> Result<StatusCode, Problem> {
    Err(Problem::unavailable("Not open yet."))
}
