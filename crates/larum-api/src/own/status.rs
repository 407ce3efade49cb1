//! How Larum itself is.

use axum::Json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::doors::Doors;
use crate::problem::Problem;
use crate::wire::status::Status;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(show_status))
}

/// How Larum itself is.
#[utoipa::path(
    get, path = "/status", tag = "status",
    responses((status = 200, body = Status), Problem)
)]
pub async fn show_status() -> Result<Json<Status>, Problem> {
    Err(Problem::unavailable("Not open yet."))
}
