//! What clients ask to find out with whom they speak (Prometheus, "HTTP API", "Status").

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use larum_promql::Query;
use serde::Serialize;
use serde_json::json;

use super::answer::Answer;
use super::form::Form;
use super::number::rfc3339;
use super::refusal::Refusal;
use crate::doors::Doors;

/// The Prometheus whose API this is. Clients such as Grafana choose by it what they ask for.
const SPEAKS: &str = "3.5.0";

/// What `/status/buildinfo` answers, in Prometheus' order (`web/api/v1/api.go`, `PrometheusVersion`).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BuildInfo {
    version: String,
    revision: &'static str,
    branch: &'static str,
    build_user: &'static str,
    build_date: &'static str,
    go_version: &'static str,
}

/// `/status/buildinfo`: which Prometheus this is like, with Larum's own version behind it (Semantic Versioning 2.0.0,
/// "Build metadata").
pub async fn build_info(State(doors): State<Doors>) -> Response {
    Answer::of(&BuildInfo {
        version: format!("{SPEAKS}+larum.{}", doors.setup().version),
        revision: "",
        branch: "",
        build_user: "",
        build_date: "",
        go_version: "",
    })
}

/// `/status/runtimeinfo`: since when it runs. The rest is about how Prometheus is built.
pub async fn runtime_info(State(doors): State<Doors>) -> Response {
    let start = doors.now().wall.minus(doors.uptime());
    Answer::of(&json!({ "startTime": rfc3339(Some(start)) }))
}

/// `/status/config`: there is no such file.
pub async fn config() -> Response {
    Answer::of(&json!({ "yaml": "" }))
}

/// `/status/flags`: Larum's flags are none of Prometheus'.
pub async fn flags() -> Response {
    Answer::of(&json!({}))
}

/// `/query_exemplars`: Larum keeps none. Where no series are asked for, Prometheus answers with nothing at all.
pub async fn exemplars(form: Form) -> Result<Response, Refusal> {
    let (start, end) = form.bounds()?;
    if end < start {
        return Err(Refusal::bad("end timestamp must not be before start timestamp"));
    }
    let query = Query::parse(form.get("query")).map_err(|error| Refusal::bad(error.to_string()))?;
    let nothing = query.selectors().is_empty();
    Ok(if nothing { StatusCode::NO_CONTENT.into_response() } else { Answer::of(&json!([])) })
}
