//! All doors in one house, with the locks in front of them.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Extension, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum::routing::{any, get, post};
use larum_engine::{Storage, Unwritable};
use prometheus_client::encoding::text::encode;
use tower_http::compression::CompressionLayer;
use utoipa_axum::router::OpenApiRouter;

use crate::clean_path::clean_path;
use crate::doors::Doors;
use crate::lock::gate::check_caller;
use crate::lock::guard::{PATIENCE, guarded};
use crate::lock::headers::add_headers;
use crate::lock::host::check_host;
use crate::problem::{Code, Problem};
use crate::reload::reload;
use crate::{alertmanager, console, openapi, prometheus};

/// The largest body that Larum's own API reads, in bytes.
pub const MAX_BODY_BYTES: usize = 1 << 20;

/// Everything that answers over HTTP. Serve it with `into_make_service_with_connect_info::<SocketAddr>()`: whether
/// somebody may log in depends on where they are.
pub fn app(doors: Doors) -> Router {
    let most = Router::new()
        .nest("/api/larum/v1", own(&doors, openapi::routes()))
        .merge(behind_login(&doors))
        .route("/-/healthy", get(|| async { "OK" }))
        .route("/-/ready", get(ready))
        .merge(console());
    let prometheus = guarded::<prometheus::Refusal, _>(prometheus::routes(&doors), prometheus::PATIENCE);
    guarded::<Problem, _>(most, PATIENCE)
        .nest("/api/v1", prometheus)
        .nest("/api/v2", alertmanager::routes(&doors))
        .route("/api/v2/", any(alertmanager::not_found))
        .layer(from_fn_with_state(doors.clone(), check_host))
        .layer(from_fn(add_headers))
        .layer(from_fn(clean_path))
        .with_state(doors)
}

/// What answers as Alertmanager does, to everybody, below a path (Alertmanager, `--web.route-prefix`): empty, or with a
/// slash in front and none behind. Alertmanager's API lets pages of other sites in; Larum's own, which shows and does
/// more, does not.
pub fn alertmanager_app(doors: Doors, prefix: &str) -> Router {
    let ours = |routes: Router<Doors>| {
        routes.layer(from_fn_with_state(doors.clone(), check_host)).layer(from_fn(add_headers))
    };
    let own = ours(Router::new().nest("/api/larum/v1", own(&doors, openapi::everywhere())).merge(console()));
    // Alertmanager's limit of reads is one for all that it answers.
    let turns = from_fn_with_state(doors.clone(), alertmanager::take_turn);
    let most = Router::new()
        .merge(own)
        .merge(behind_login(&doors).layer(turns))
        .route("/-/healthy", get(|| async { "OK" }))
        .route("/-/ready", get(ready))
        .route("/api/v1", any(alertmanager::gone))
        .route("/api/v1/{*path}", any(alertmanager::gone));
    let all = guarded::<Problem, _>(most, PATIENCE)
        .nest("/api/v2", alertmanager::routes(&doors))
        .route("/api/v2/", any(alertmanager::not_found));
    let all = if prefix.is_empty() {
        all
    } else {
        // Links in the console's page begin at the slash.
        let to = HeaderValue::from_str(&format!("{prefix}/")).ok();
        let front = get(move || async move {
            (StatusCode::FOUND, AppendHeaders(to.map(|to| (header::LOCATION, to))))
        });
        // What is nested does not answer where the prefix ends with its slash.
        let page =
            Router::new().route(&format!("{prefix}/"), get(console::front)).layer(CompressionLayer::new());
        let page = guarded::<Problem, _>(ours(page), PATIENCE);
        Router::new().route("/", front.clone()).route(prefix, front).nest(prefix, all).merge(page)
    };
    all.layer(from_fn(clean_path)).with_state(doors)
}

/// The console.
fn console() -> Router<Doors> {
    Router::new().fallback(console::serve).layer(CompressionLayer::new())
}

/// Larum's own API.
fn own(doors: &Doors, routes: OpenApiRouter<Doors>) -> Router<Doors> {
    let (routes, _) = routes.split_for_parts();
    routes
        .fallback(|| async { Problem::not_found("There is nothing at this address.") })
        .method_not_allowed_fallback(|| async {
            Problem::new(Code::MethodNotAllowed, "This address does not know that method.")
        })
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(from_fn_with_state(doors.clone(), check_caller))
        .layer(CompressionLayer::new())
}

fn behind_login(doors: &Doors) -> Router<Doors> {
    Router::new()
        .route("/metrics", get(metrics))
        .route("/-/reload", post(reload))
        .layer(from_fn_with_state(doors.clone(), check_caller))
}

/// Ready means: what is posted now will be accepted.
async fn ready(State(doors): State<Doors>) -> Response {
    let refusal = match doors.engine().storage() {
        _ if *doors.closing().borrow() => Some("Larum is stopping"),
        Storage::Fine => None,
        Storage::Refuses { why: Unwritable::Failed, .. } => Some("the database fails"),
        Storage::Tight { .. } | Storage::Refuses { why: Unwritable::Full, .. } => Some("the disk is full"),
    };
    match refusal {
        None => "OK".into_response(),
        Some(words) => (StatusCode::SERVICE_UNAVAILABLE, words).into_response(),
    }
}

/// What Larum counts of itself (OpenMetrics 1.0, "Overall structure").
async fn metrics(State(doors): State<Doors>, turn: Option<Extension<alertmanager::ReadTurn>>) -> Response {
    doors.meters().reads.set(i64::try_from(doors.turns().reads()).unwrap_or(i64::MAX));
    let engine = doors.engine().clone();
    // Where alerts are hidden, each is looked at; whoever goes away meanwhile keeps the turn until then.
    let measuring = move || {
        engine.measure();
        drop(turn);
    };
    if let Err(error) = tokio::task::spawn_blocking(measuring).await {
        return Problem::internal(&error).into_response();
    }
    let mut text = String::new();
    if let Err(error) = encode(&mut text, doors.registry()) {
        return Problem::internal(&error).into_response();
    }
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}
