//! HTTP: Slack's Web API, the control plane, and the page.

mod api;
mod connection;
mod control;
mod door;
mod page;
mod response;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware;
use axum::routing::{any, delete, get, patch, post};
use tokio::sync::watch;

pub(crate) use connection::{Connection, Connections};

use crate::control::Control;

/// What every handler has.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) control: Control,
    /// Turns true, or closes, when the sandbox stops; whoever waits then lets go.
    pub(crate) stop: watch::Receiver<bool>,
}

impl Shared {
    /// Waits until the sandbox stops.
    pub(crate) async fn stopped(&self) {
        // An error means that the sandbox was dropped, which is a stop too.
        let _ = self.stop.clone().wait_for(|stop| *stop).await;
    }
}

/// All paths of a sandbox.
pub(crate) fn router(shared: Shared) -> Router {
    let control = Router::new()
        .route("/_sandbox/state", get(control::state))
        .route("/_sandbox/faults", post(control::inject).delete(control::clear_faults))
        .route("/_sandbox/faults/{id}", delete(control::clear_fault))
        .route("/_sandbox/channels", post(control::create_channel))
        .route("/_sandbox/channels/{channel}", patch(control::change_channel))
        .route("/_sandbox/tokens/{kind}", patch(control::change_token))
        .route("/_sandbox/switches", patch(control::change_switches))
        .route("/_sandbox/messages", get(control::messages).delete(control::clear_messages))
        .route("/_sandbox/requests", get(control::requests))
        .route("/_sandbox/reset", post(control::reset))
        .route("/_sandbox/events", get(control::events))
        .route("/", get(page::index))
        // Where Slack shows a channel and one of its messages (`chat.getPermalink`); the page's scripts read the rest.
        .route("/archives/{channel}", get(page::index))
        .route("/archives/{channel}/{message}", get(page::index))
        .route("/page/{file}", get(page::file))
        .layer(middleware::from_fn(door::only_from_here));
    Router::new()
        .route("/api/{method}", any(api::call))
        .merge(control)
        .fallback(|| async { response::html(StatusCode::NOT_FOUND, "There is no such page here.") })
        .with_state(shared)
}
