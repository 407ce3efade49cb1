//! Alerts.

use axum::Json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::{Asked, Named};
use crate::doors::Doors;
use crate::problem::Problem;
use crate::wire::alert::{Alert, AlertQuestion, Alerts};

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(list_alerts)).routes(routes!(show_alert))
}

/// Current alerts: firing before pending before resolved, newest first.
#[utoipa::path(
    get, path = "/alerts", tag = "alerts",
    params(AlertQuestion),
    responses((status = 200, body = Alerts), Problem)
)]
pub async fn list_alerts(Asked(_asked): Asked<AlertQuestion>) -> Result<Json<Alerts>, Problem> {
    Err(Problem::unavailable("Not open yet."))
}

/// One alert.
#[utoipa::path(
    get, path = "/alerts/{id}", tag = "alerts",
    params(("id" = String, Path)),
    responses((status = 200, body = Alert), Problem)
)]
pub async fn show_alert(Named(_id): Named<String>) -> Result<Json<Alert>, Problem> {
    Err(Problem::unavailable("Not open yet."))
}
