//! Where metrics come from, and what Larum scrapes.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use larum_engine::COLLECTION_INTERVAL;
use larum_metrics::Store;
use larum_prometheus::PrometheusClient;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::Asked;
use crate::doors::Doors;
use crate::problem::Problem;
use crate::view::metrics_source::{show_jobs, show_product, show_server_health, show_store, show_target};
use crate::wire::metrics_source::{
    MetricsSource, ScrapeTarget, ScrapeTargets, SourceHealth, SourceHealthState, SourceKind, SourceServer,
    TargetQuestion,
};
use crate::wire::time::milliseconds;

/// How long a server may take to say who it is.
const SAY_WHO: Duration = Duration::from_secs(5);
/// After how many missed collections something is wrong with them.
const MISSED: u32 = 4;
/// How many targets a page has unless asked otherwise, and at most.
const PAGE: (usize, usize) = (200, 1000);

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(show_metrics_source)).routes(routes!(list_targets))
}

/// Where metrics come from, and how that does. A server is asked on the spot.
#[utoipa::path(
    get, path = "/metrics-source", tag = "metrics",
    responses((status = 200, body = MetricsSource), Problem)
)]
pub async fn show_metrics_source(State(doors): State<Doors>) -> Json<MetricsSource> {
    let jobs = doors.board().map(show_jobs);
    let (scrapes, jobs) = (jobs.is_some(), jobs.unwrap_or_default());
    let source = doors.source();
    Json(match (source.server(), source.store()) {
        (Some(client), _) => {
            let (health, server) = ask(client).await;
            let kind = SourceKind::Prometheus;
            MetricsSource { kind, health, server: Some(server), store: None, scrapes, jobs }
        }
        (None, store) => MetricsSource {
            kind: SourceKind::Embedded,
            health: collected(&doors, store.map(AsRef::as_ref)),
            server: None,
            store: store.map(|store| show_store(&store.status(), store.retention())),
            scrapes,
            jobs,
        },
    })
}

async fn ask(client: &PrometheusClient) -> (SourceHealth, SourceServer) {
    let info = tokio::time::timeout(SAY_WHO, client.build_info()).await;
    let (product, version) = show_product(info.ok().and_then(Result::ok));
    let health = client.health();
    let server = SourceServer {
        url: client.url().as_str().to_owned(),
        product,
        version,
        round_trip_ms: health.round_trip.map(milliseconds),
        in_flight: health.in_flight,
        waiting: health.waiting,
    };
    (show_server_health(&health), server)
}

/// How the collecting of this host does.
fn collected(doors: &Doors, store: Option<&Store>) -> SourceHealth {
    let newest = store.and_then(Store::newest);
    let now = doors.now().wall;
    let late = newest.filter(|at| now.since(*at) > COLLECTION_INTERVAL * MISSED);
    SourceHealth {
        state: match (newest, late) {
            (None, _) => SourceHealthState::Unknown,
            (Some(_), None) => SourceHealthState::Ok,
            (Some(_), Some(_)) => SourceHealthState::Trouble,
        },
        error: late.map(|_| "This host's metrics are not collected any more.".to_owned()),
        advice: late.map(|_| {
            "Larum's log says what the collecting hangs on, often a file system or a device that does not answer."
                .to_owned()
        }),
        since: late.map(Into::into),
        failures: 0,
        last_success: newest.map(Into::into),
    }
}

/// What Larum scrapes, and how that goes.
#[utoipa::path(
    get, path = "/metrics-source/targets", tag = "metrics",
    params(TargetQuestion),
    responses((status = 200, body = ScrapeTargets), Problem)
)]
pub async fn list_targets(
    State(doors): State<Doors>,
    Asked(asked): Asked<TargetQuestion>,
) -> Result<Json<ScrapeTargets>, Problem> {
    let Some(board) = doors.board().cloned() else {
        return Ok(Json(ScrapeTargets { targets: Vec::new(), total: 0 }));
    };
    // There may be twenty thousand.
    let listed = tokio::task::spawn_blocking(move || {
        let mut targets: Vec<ScrapeTarget> = board.targets().into_iter().map(show_target).collect();
        targets.retain(|target| wants(&asked, target));
        let total = targets.len();
        let limit = asked.limit.unwrap_or(PAGE.0).clamp(1, PAGE.1);
        let page = targets.into_iter().skip(asked.offset.unwrap_or(0)).take(limit);
        ScrapeTargets { targets: page.collect(), total }
    });
    listed.await.map(Json).map_err(|error| Problem::internal(&error))
}

fn wants(asked: &TargetQuestion, target: &ScrapeTarget) -> bool {
    let text = asked.q.as_deref().unwrap_or_default().trim().to_lowercase();
    let contains = |found: &str| found.to_lowercase().contains(&text);
    asked.health.is_none_or(|health| health == target.health)
        && asked.job.as_ref().is_none_or(|job| *job == target.job)
        && (text.is_empty()
            || contains(&target.url)
            || target.last_error.as_deref().is_some_and(contains)
            || target.labels.values().any(|value| contains(value)))
}
