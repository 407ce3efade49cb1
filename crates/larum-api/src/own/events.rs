//! Server-sent events: what has changed, so that pages fetch it again.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use larum_engine::Topic;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::doors::Doors;
use crate::problem::Problem;
use crate::wire::status::{self, Changed};

/// How often a quiet stream says that it lives.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// After an event, changes are gathered for so long, so that a storm does not make every page read all the time.
const GATHER: Duration = Duration::from_secs(1);

const EVERYTHING: [Topic; 7] = [
    Topic::Alerts,
    Topic::Policies,
    Topic::Deliveries,
    Topic::Receivers,
    Topic::Grouping,
    Topic::Silences,
    Topic::Status,
];

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(watch))
}

/// Server-sent events named `changed`, each with the topics to fetch again; a comment every 15 seconds.
#[utoipa::path(
    get, path = "/events", tag = "status",
    responses((status = 200, body = Changed, content_type = "text/event-stream"), Problem)
)]
pub async fn watch(State(doors): State<Doors>) -> Response {
    let ends = (doors.engine().changes(), doors.closing(), Duration::ZERO);
    let stream = unfold(ends, |(mut changes, mut closing, pause)| async move {
        let topics = tokio::select! {
            topics = gather(&mut changes, pause) => topics?,
            _ = closing.wait_for(|closing| *closing) => return None,
        };
        let topics = topics.into_iter().map(topic).collect();
        let event = Event::default().event("changed").json_data(Changed { topics }).ok()?;
        Some((Ok::<_, Infallible>(event), (changes, closing, GATHER)))
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response()
}

/// What changed since the last time, told after a pause at the earliest; nothing if nothing ever will again.
async fn gather(changes: &mut Receiver<Topic>, pause: Duration) -> Option<BTreeSet<Topic>> {
    tokio::time::sleep(pause).await;
    let mut topics = BTreeSet::new();
    match changes.recv().await {
        Ok(topic) => drop(topics.insert(topic)),
        Err(RecvError::Lagged(_)) => topics.extend(EVERYTHING),
        Err(RecvError::Closed) => return None,
    }
    loop {
        match changes.try_recv() {
            Ok(topic) => drop(topics.insert(topic)),
            Err(TryRecvError::Lagged(_)) => topics.extend(EVERYTHING),
            Err(TryRecvError::Empty | TryRecvError::Closed) => return Some(topics),
        }
    }
}

fn topic(topic: Topic) -> status::Topic {
    match topic {
        Topic::Alerts => status::Topic::Alerts,
        Topic::Policies => status::Topic::Policies,
        Topic::Deliveries => status::Topic::Deliveries,
        Topic::Receivers => status::Topic::Receivers,
        Topic::Grouping => status::Topic::Grouping,
        Topic::Silences => status::Topic::Silences,
        Topic::Status => status::Topic::Status,
    }
}
