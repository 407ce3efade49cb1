//! The file with routes, to look at.

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::doors::Doors;
use crate::problem::Problem;
use crate::view::lanes::LanesView;
use crate::view::routing::show_file;
use crate::wire::routing::Routing;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(show_routing))
}

/// The `alertmanager.yml` that Larum was started with, as it is in force: its routes, receivers and time intervals.
#[utoipa::path(get, path = "/routing", tag = "routing", responses((status = 200, body = Routing), Problem))]
pub async fn show_routing(State(doors): State<Doors>) -> Result<Json<Routing>, Problem> {
    let Some(file) = doors.engine().route_file() else { return Ok(Json(Routing { file: None })) };
    let failed = doors.reload().failed();
    let lanes = doors.engine().read(LanesView::of);
    let now = doors.now().wall;
    // When an interval begins next that hardly ever does is looked for through many years.
    let showing = tokio::task::spawn_blocking(move || show_file(&file, failed, &lanes, now));
    let file = showing.await.map_err(|error| Problem::internal(&error))?;
    Ok(Json(Routing { file: Some(file) }))
}
