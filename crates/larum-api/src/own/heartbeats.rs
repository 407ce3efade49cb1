//! Heartbeats: alerts that always fire, and that somebody has to see when they do not.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use larum_core::alert::{Alert, PolicyId};
use larum_core::label::LabelSet;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::doors::Doors;
use crate::problem::Problem;
use crate::view::heartbeat::{Beat, show_beat, show_never};
use crate::wire::heartbeat::Heartbeats;

/// For how many days a heartbeat is shown that has stopped.
const SHOWN_FOR_DAYS: u32 = 7;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// The most episodes that are read which are over.
const MAX_ENDED: u32 = 1000;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(list_heartbeats))
}

/// Every heartbeat: since when it beats, when it was last heard, and which have stopped.
#[utoipa::path(
    get, path = "/heartbeats", tag = "alerts",
    responses((status = 200, body = Heartbeats), Problem)
)]
pub async fn list_heartbeats(State(doors): State<Doors>) -> Result<Json<Heartbeats>, Problem> {
    let now = doors.now();
    let since = now.wall.minus(DAY * SHOWN_FOR_DAYS);
    let ended = doors.store().ended_heartbeats(since, MAX_ENDED, now).await;
    let ended = ended.map_err(|error| Problem::internal(&error))?;
    let mut newest = BTreeMap::<(Option<PolicyId>, LabelSet), Arc<Alert>>::new();
    for alert in ended {
        // The newest comes first.
        newest.entry((alert.policy(), alert.labels.clone())).or_insert_with(|| Arc::new(alert));
    }
    let engine = doors.engine().clone();
    // Looking at each of a million alerts takes its time.
    let beating = tokio::task::spawn_blocking(move || engine.heartbeats());
    let beating = beating.await.map_err(|error| Problem::internal(&error))?;
    let policies = doors.engine().read(|state| {
        let beats = state.policies().filter_map(|(policy, state)| Beat::of(policy, state));
        beats.collect::<BTreeMap<PolicyId, Beat>>()
    });
    for alert in beating {
        newest.insert((alert.policy(), alert.labels.clone()), alert);
    }
    let desk = doors.engine().desk();
    let silent = policies.iter().filter(|(id, _)| !newest.keys().any(|(policy, _)| *policy == Some(**id)));
    let mut heartbeats: Vec<_> = silent.map(|(id, beat)| show_never(*id, beat, &desk)).collect();
    heartbeats.extend(newest.values().map(|alert| {
        let beat = alert.policy().and_then(|id| policies.get(&id));
        show_beat(alert, beat, &desk, now.wall)
    }));
    heartbeats.sort_by_cached_key(|heartbeat| (heartbeat.state, heartbeat.name.to_lowercase()));
    Ok(Json(Heartbeats { heartbeats, shown_for_days: SHOWN_FOR_DAYS }))
}
