//! Server-sent events: what has changed, so that pages fetch it again.

use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::doors::Doors;
use crate::problem::Problem;
use crate::wire::status::Changed;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(watch))
}

/// Server-sent events named `changed`, each with the topics to fetch again; a comment every 15 seconds.
#[utoipa::path(
    get, path = "/events", tag = "status",
    responses((status = 200, body = Changed, content_type = "text/event-stream"), Problem)
)]
pub async fn watch() -> Result<Response, Problem> {
    Err(Problem::unavailable("Not open yet."))
}
