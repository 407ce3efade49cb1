//! The delivery log.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use larum_core::outbox::{BodyId, DeliveryId};
use larum_core::receiver::Channel;
use larum_engine::SettingsError;
use larum_store::{DeliveryFilter, DeliveryRow};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::question::words;
use super::refusal::refused;
use crate::body::{Asked, Named};
use crate::doors::Doors;
use crate::problem::Problem;
use crate::view::delivery::show_deliveries;
use crate::view::told::receiver_name;
use crate::wire::delivery::{
    Deliveries, DeliveryCounts, DeliveryDetail, DeliveryQuestion, DeliveryReceiver, DeliveryReceivers,
};

/// How many deliveries a page has unless asked otherwise, and at most.
const PAGE: (usize, usize) = (100, 500);
const STATES: [&str; 6] = ["waiting", "sending", "delivered", "dead", "superseded", "cancelled"];

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new()
        .routes(routes!(list_deliveries))
        .routes(routes!(list_delivery_receivers))
        .routes(routes!(show_delivery))
        .routes(routes!(retry_delivery))
}

/// What was sent, what waits and what failed; newest first.
#[utoipa::path(
    get, path = "/deliveries", tag = "deliveries",
    params(DeliveryQuestion),
    responses((status = 200, body = Deliveries), Problem)
)]
pub async fn list_deliveries(
    State(doors): State<Doors>,
    Asked(asked): Asked<DeliveryQuestion>,
) -> Result<Json<Deliveries>, Problem> {
    let filter = filter(&asked)?;
    let internal = |error: larum_store::StoreError| Problem::internal(&error);
    let log = doors.store().deliveries(&filter).await.map_err(internal)?;
    let full = log.rows.len() == filter.limit as usize;
    let next = log.rows.last().filter(|_| full).map(|row| row.id.to_string());
    let deliveries = show_deliveries(&log.rows, doors.engine());
    Ok(Json(Deliveries { deliveries, next, counts: counts(log.counts) }))
}

/// Where messages go: what the log can be filtered by. Each integration of a receiver of the configuration file is one by
/// itself.
#[utoipa::path(
    get, path = "/deliveries/receivers", tag = "deliveries",
    responses((status = 200, body = DeliveryReceivers), Problem)
)]
pub async fn list_delivery_receivers(State(doors): State<Doors>) -> Json<DeliveryReceivers> {
    let receivers = doors.engine().read(|state| {
        let shown = state.config.all_receivers().map(|receiver| DeliveryReceiver {
            id: receiver.id.0,
            name: receiver_name(receiver),
            channels: receiver.channels.iter().map(ToString::to_string).collect(),
        });
        shown.collect()
    });
    Json(DeliveryReceivers { receivers })
}

fn filter(asked: &DeliveryQuestion) -> Result<DeliveryFilter, Problem> {
    let states: Vec<String> = words(asked.state.as_deref());
    if let Some(unknown) = states.iter().find(|state| !STATES.contains(&state.as_str())) {
        let words = format!("{unknown:?} is no state of a delivery; there are {}.", STATES.join(", "));
        return Err(Problem::invalid("state", words));
    }
    let before = asked.before.as_deref().map(str::parse).transpose();
    let before = before.map_err(|_| Problem::invalid("before", "This is not where a page ended."))?;
    let channel =
        asked.channel.as_deref().filter(|channel| !channel.is_empty()).map(Channel::stored).transpose();
    let channel = channel.map_err(|error| Problem::invalid("channel", error.to_string()))?;
    let limit = asked.limit.unwrap_or(PAGE.0).clamp(1, PAGE.1);
    Ok(DeliveryFilter {
        states,
        receiver: asked.receiver,
        channel: channel.map(|channel| channel.as_str().to_owned()),
        before,
        limit: u32::try_from(limit).unwrap_or(u32::MAX),
    })
}

fn counts(known: Vec<(String, u64)>) -> DeliveryCounts {
    let mut counts = DeliveryCounts::default();
    for (state, count) in known {
        match state.as_str() {
            "waiting" => counts.waiting = count,
            "sending" => counts.sending = count,
            "delivered" => counts.delivered = count,
            "dead" => counts.dead = count,
            "superseded" => counts.superseded = count,
            "cancelled" => counts.cancelled = count,
            _ => {}
        }
    }
    counts
}

/// One delivery with its message.
#[utoipa::path(
    get, path = "/deliveries/{id}", tag = "deliveries",
    params(("id" = String, Path)),
    responses((status = 200, body = DeliveryDetail), Problem)
)]
pub async fn show_delivery(
    State(doors): State<Doors>,
    Named(id): Named<u64>,
) -> Result<Json<DeliveryDetail>, Problem> {
    let internal = |error: larum_store::StoreError| Problem::internal(&error);
    let row = doors.store().delivery(DeliveryId(id)).await.map_err(internal)?;
    let row: DeliveryRow = row.ok_or_else(|| Problem::not_found(GONE))?;
    let message = doors.store().message(BodyId(row.body_id.unsigned_abs())).await.map_err(internal)?;
    let alerts = doors.store().delivered_alerts(DeliveryId(id)).await.map_err(internal)?;
    let alerts = alerts.iter().map(ToString::to_string).collect();
    let delivery = show_deliveries(std::slice::from_ref(&row), doors.engine()).remove(0);
    Ok(Json(DeliveryDetail { delivery, message: message.unwrap_or_default(), alerts }))
}

const GONE: &str = "There is no such delivery. The log keeps 30 days.";

/// Tries a waiting or dead delivery now.
#[utoipa::path(
    post, path = "/deliveries/{id}/retry", tag = "deliveries",
    params(("id" = String, Path)),
    responses((status = 202), Problem)
)]
pub async fn retry_delivery(
    State(doors): State<Doors>,
    Named(id): Named<u64>,
) -> Result<StatusCode, Problem> {
    doors.engine().retry_delivery(DeliveryId(id)).await.map_err(|error| match error {
        SettingsError::NotFound => Problem::not_found("This delivery does not wait and has not failed."),
        error => refused(&error),
    })?;
    Ok(StatusCode::ACCEPTED)
}
