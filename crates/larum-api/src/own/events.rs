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
/// Changes within this time are told at once together, so that a storm does not make every page read all the time.
const GATHER: Duration = Duration::from_millis(250);

const EVERYTHING: [Topic; 5] =
    [Topic::Alerts, Topic::Policies, Topic::Deliveries, Topic::Receivers, Topic::Status];

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
    let stream =
        unfold((doors.engine().changes(), doors.closing()), |(mut changes, mut closing)| async move {
            let topics = tokio::select! {
                topics = gather(&mut changes) => topics?,
                _ = closing.wait_for(|closing| *closing) => return None,
            };
            let topics = topics.into_iter().map(topic).collect();
            let event = Event::default().event("changed").json_data(Changed { topics }).ok()?;
            Some((Ok::<_, Infallible>(event), (changes, closing)))
        });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response()
}

/// What changed since the last time; nothing if nothing ever will again.
async fn gather(changes: &mut Receiver<Topic>) -> Option<BTreeSet<Topic>> {
    let mut topics = BTreeSet::new();
    match changes.recv().await {
        Ok(topic) => drop(topics.insert(topic)),
        Err(RecvError::Lagged(_)) => topics.extend(EVERYTHING),
        Err(RecvError::Closed) => return None,
    }
    tokio::time::sleep(GATHER).await;
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
        Topic::Status => status::Topic::Status,
    }
}
