//! The paths of Prometheus' API and who may use them.

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, OriginalUri, Request, State};
use axum::http::{HeaderMap, Method};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use larum_engine::QUERY_TIMEOUT;
use larum_store::accounts::Role;
use tower_http::compression::CompressionLayer;

use super::refusal::{Kind, Refusal};
use super::{expression, lookup, query, rules, status, targets, write};
use crate::alertmanager::gone;
use crate::doors::Doors;
use crate::lock::identity::identify;
use crate::lock::origin::{Source, source};

/// The largest form that is read, in bytes.
const MAX_FORM_BYTES: usize = 1 << 20;
/// How long an answer may take: a query as long as it may, and some time to write it down.
pub const PATIENCE: Duration = Duration::from_secs(QUERY_TIMEOUT.as_secs() + 30);

/// Everything under `/api/v1`. What Alertmanager took there is gone from it.
pub fn routes(doors: &Doors) -> Router<Doors> {
    let reading = Router::new()
        .route("/query", get(query::instant).post(query::instant))
        .route("/query_range", get(query::range).post(query::range))
        .route("/query_exemplars", get(status::exemplars).post(status::exemplars))
        .route("/format_query", get(expression::format).post(expression::format))
        .route("/parse_query", get(expression::parse).post(expression::parse))
        .route("/series", get(lookup::series).post(lookup::series))
        .route("/labels", get(lookup::label_names).post(lookup::label_names))
        .route("/label/{name}/values", get(lookup::label_values))
        .route("/metadata", get(lookup::metadata))
        .route("/rules", get(rules::list_rules))
        .route("/alerts", get(rules::list_alerts))
        .route("/targets", get(targets::targets))
        .route("/scrape_pools", get(targets::scrape_pools))
        .route("/status/buildinfo", get(status::build_info))
        .route("/status/runtimeinfo", get(status::runtime_info))
        .route("/status/config", get(status::config))
        .route("/status/flags", get(status::flags))
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
        .layer(from_fn_with_state(doors.clone(), check_reader))
        .layer(CompressionLayer::new());
    let write = Router::new().route("/write", post(write::write));
    reading
        .merge(write.layer(DefaultBodyLimit::max(write::MAX_BODY_BYTES)))
        .merge(Router::new().route("/alerts", post(gone)))
        .fallback(not_found)
}

async fn not_found(OriginalUri(uri): OriginalUri) -> Refusal {
    Refusal::new(Kind::NotFound, format!("there is no {} here", uri.path()))
}

/// Lets a request through if its caller may read.
async fn check_reader(State(doors): State<Doors>, request: Request, next: Next) -> Response {
    match may_read(&doors, request.method(), request.headers()).await {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

async fn may_read(doors: &Doors, method: &Method, headers: &HeaderMap) -> Result<(), Refusal> {
    // Nothing is changed by a form, but another site has no business in making Larum work.
    if *method == Method::POST && source(headers, doors.setup()) == Source::Foreign {
        return Err(forbidden("a page of another site must not ask"));
    }
    let caller = identify(headers, doors.setup(), doors.store(), doors.now().wall).await;
    let caller = caller.map_err(|error| {
        tracing::error!(%error, "who asks cannot be found out");
        Refusal::new(Kind::Internal, "Larum failed to answer this; its log says why")
    })?;
    match caller {
        Some(caller) if caller.must_change_password() => Err(forbidden("change the one-time password first")),
        Some(caller) if caller.role == Role::Sender => {
            Err(forbidden("a service token of the role sender only sends, and reads nothing"))
        }
        Some(_) => Ok(()),
        None => {
            let words = "log in, or send a service token as a bearer token or basic password";
            Err(Refusal::new(Kind::Unauthorized, words))
        }
    }
}

fn forbidden(words: &str) -> Refusal {
    Refusal::new(Kind::Forbidden, words)
}
