//! Settings for the whole house.

use axum::extract::State;
use axum::{Extension, Json};
use larum_engine::SettingsError;
use larum_rules::show_duration;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::refusal::refused;
use crate::body::Body;
use crate::doors::Doors;
use crate::draft::settings::read_grouping;
use crate::lock::identity::Caller;
use crate::problem::Problem;
use crate::wire::settings::{Grouping, GroupingConflict, GroupingUpdate};

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(show_grouping, update_grouping))
}

/// How alerts are grouped.
#[utoipa::path(get, path = "/settings/grouping", tag = "settings", responses((status = 200, body = Grouping), Problem))]
pub async fn show_grouping(State(doors): State<Doors>) -> Json<Grouping> {
    Json(grouping(&doors))
}

/// Changes how alerts are grouped; no running timer restarts.
#[utoipa::path(
    put, path = "/settings/grouping", tag = "settings",
    request_body = GroupingUpdate,
    responses(
        (status = 200, body = Grouping),
        (status = 409, body = GroupingConflict, content_type = "application/problem+json"),
        Problem
    )
)]
pub async fn update_grouping(
    State(doors): State<Doors>,
    Extension(caller): Extension<Caller>,
    Body(update): Body<GroupingUpdate>,
) -> Result<Json<Grouping>, Problem> {
    let wanted = read_grouping(&update)?;
    let saved = doors.engine().save_grouping(wanted, update.version, &caller.signature()).await;
    saved.map_err(|error| match error {
        SettingsError::Conflict => Problem::conflict(CONFLICT, &grouping(&doors)),
        error => refused(&error),
    })?;
    tracing::info!(by = caller.signature(), "changed the grouping");
    Ok(Json(grouping(&doors)))
}

const CONFLICT: &str = "Somebody changed the grouping in the meantime: see what it is now.";

fn grouping(doors: &Doors) -> Grouping {
    let desk = doors.engine().desk();
    let row = &desk.grouping;
    let grouping = &row.grouping;
    Grouping {
        group_by: grouping.group_by().iter().map(ToString::to_string).collect(),
        group_wait: show_duration(grouping.group_wait()),
        group_interval: show_duration(grouping.group_interval()),
        repeat_interval: show_duration(grouping.repeat_interval()),
        version: row.version,
        updated_at: row.saved.as_ref().map(|(at, _)| (*at).into()),
        updated_by: row.saved.as_ref().map(|(_, by)| by.clone()),
    }
}
