//! What Slack says of a token, of channels, of a test message.

use axum::Json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::{Asked, Body};
use crate::doors::Doors;
use crate::problem::Problem;
use crate::version::LabelQuestion;
use crate::wire::condition::LabelSuggestions;
use crate::wire::slack::{SlackCheck, SlackCheckDraft, SlackManifest, SlackTest, SlackTestDraft};

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new()
        .routes(routes!(check_receiver))
        .routes(routes!(test_receiver))
        .routes(routes!(show_slack_manifest))
        .routes(routes!(suggest_labels))
}

/// Asks Slack about a token and channels; saves nothing.
#[utoipa::path(
    post, path = "/receivers/check", tag = "receivers",
    request_body = SlackCheckDraft,
    responses((status = 200, body = SlackCheck), Problem)
)]
pub async fn check_receiver(Body(_draft): Body<SlackCheckDraft>) -> Result<Json<SlackCheck>, Problem> {
    Err(Problem::unavailable("Not open yet."))
}

/// Sends a test message with the form as it stands, saved or not; takes 10 seconds at most.
#[utoipa::path(
    post, path = "/receivers/test", tag = "receivers",
    request_body = SlackTestDraft,
    responses((status = 200, body = SlackTest), Problem)
)]
pub async fn test_receiver(Body(_draft): Body<SlackTestDraft>) -> Result<Json<SlackTest>, Problem> {
    Err(Problem::unavailable("Not open yet."))
}

/// A Slack app ready to be made.
#[utoipa::path(
    get, path = "/slack/manifest", tag = "receivers",
    responses((status = 200, body = SlackManifest), Problem)
)]
pub async fn show_slack_manifest() -> Result<Json<SlackManifest>, Problem> {
    Err(Problem::unavailable("Not open yet."))
}

/// Labels and values to choose from in a condition.
#[utoipa::path(
    get, path = "/label-suggestions", tag = "receivers",
    params(LabelQuestion),
    responses((status = 200, body = LabelSuggestions), Problem)
)]
pub async fn suggest_labels(Asked(_asked): Asked<LabelQuestion>) -> Result<Json<LabelSuggestions>, Problem> {
    Err(Problem::unavailable("Not open yet."))
}
