//! Settings for the whole house.

use axum::Json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::Body;
use crate::doors::Doors;
use crate::problem::Problem;
use crate::wire::settings::{Grouping, GroupingConflict};

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(show_grouping, update_grouping))
}

/// How alerts are grouped.
#[utoipa::path(
    get, path = "/settings/grouping", tag = "settings",
    responses((status = 200, body = Grouping), Problem)
)]
pub async fn show_grouping() -> Result<Json<Grouping>, Problem> {
    Err(Problem::unavailable("Not open yet."))
}

/// Changes how alerts are grouped; no running timer restarts.
#[utoipa::path(
    put, path = "/settings/grouping", tag = "settings",
    request_body = Grouping,
    responses((status = 200, body = Grouping), (status = 409, body = GroupingConflict, content_type = "application/problem+json"), Problem)
)]
pub async fn update_grouping(Body(_draft): Body<Grouping>) -> Result<Json<Grouping>, Problem> {
    Err(Problem::unavailable("Not open yet."))
}
