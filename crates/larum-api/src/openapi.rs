//! The description of Larum's own API, from which the console's types are made.

use axum::http::StatusCode;
use utoipa::OpenApi;
use utoipa::openapi::RefOr;
use utoipa_axum::router::OpenApiRouter;

use crate::doors::Doors;
use crate::own;
use crate::problem::ProblemBody;

#[derive(OpenApi)]
#[openapi(
    info(title = "Larum", description = "Larum's own API.", license(name = "Apache-2.0", identifier = "Apache-2.0")),
    servers((url = "/api/larum/v1")),
    components(schemas(ProblemBody))
)]
struct Description;

/// Every route of Larum's own API.
pub fn routes() -> OpenApiRouter<Doors> {
    everywhere()
        .merge(own::session::routes())
        .merge(own::users::routes())
        .merge(own::tokens::routes())
        .merge(own::receivers::routes())
        .merge(own::slack::routes())
        .merge(own::settings::routes())
        .merge(own::policies::routes())
        .merge(own::policy_actions::routes())
        .merge(own::policy_file::routes())
        .merge(own::preview::routes())
        .merge(own::templates::routes())
        .merge(own::timeline::routes())
        .merge(own::rule_files::routes())
        .merge(own::metrics_source::routes())
}

/// Those that stand also where a file says everything and everybody comes in: there is nothing in them that only some may
/// do.
pub fn everywhere() -> OpenApiRouter<Doors> {
    OpenApiRouter::with_openapi(Description::openapi())
        .merge(own::session::who_routes())
        .merge(own::status::routes())
        .merge(own::events::routes())
        .merge(own::alerts::routes())
        .merge(own::alert_groups::routes())
        .merge(own::why::routes())
        .merge(own::label_suggestions::routes())
        .merge(own::inhibitions::routes())
        .merge(own::silences::routes())
        .merge(own::silence_preview::routes())
        .merge(own::deliveries::routes())
        .merge(own::routing::routes())
        .merge(own::routing_test::routes())
        .merge(own::history::routes())
        .merge(own::heartbeats::routes())
        .merge(own::runbooks::routes())
}

/// The OpenAPI 3.1 document, as it is kept in `console/openapi.json`.
///
/// # Panics
/// If the document cannot be written as JSON, which its types rule out.
pub fn openapi_json() -> String {
    let mut document = routes().into_openapi();
    describe_answers(&mut document);
    let mut json = document.to_pretty_json().expect("an OpenAPI document is plain data");
    json.push('\n');
    json
}

/// OpenAPI wants every answer described (OpenAPI 3.1, "Response Object"); a success speaks for itself.
fn describe_answers(document: &mut utoipa::openapi::OpenApi) {
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.delete];
        for answers in operations.into_iter().flatten().map(|operation| &mut operation.responses.responses) {
            for (status, answer) in answers {
                if let RefOr::T(answer) = answer
                    && answer.description.is_empty()
                {
                    let known = StatusCode::from_bytes(status.as_bytes()).ok();
                    answer.description =
                        known.and_then(|known| known.canonical_reason()).unwrap_or("Answer").to_owned();
                }
            }
        }
    }
}
