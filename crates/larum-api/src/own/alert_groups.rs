//! Alerts in the groups in which they are told.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use larum_core::config::Config;
use larum_core::route::Way;
use larum_core::state::State as EngineState;
use larum_core::time::{Now, Timestamp};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::alert_question::{Found, Wanted};
use super::alerts::{current, show};
use crate::alertmanager::{Place, in_order, places};
use crate::body::Asked;
use crate::doors::Doors;
use crate::problem::Problem;
use crate::view::labels::show_labels;
use crate::wire::alert::AlertQuestion;
use crate::wire::alert_group::{AlertGroup, AlertGroups};

/// The most alerts of a group that are shown with it.
const SHOWN: usize = 20;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(list_alert_groups))
}

/// The groups of the alerts that fire and are asked for; `limit` and `offset` count groups.
#[utoipa::path(
    get, path = "/alerts/groups", tag = "alerts",
    params(AlertQuestion),
    responses((status = 200, body = AlertGroups), Problem)
)]
pub async fn list_alert_groups(
    State(doors): State<Doors>,
    Asked(asked): Asked<AlertQuestion>,
) -> Result<Json<AlertGroups>, Problem> {
    let receiver = asked.receiver.clone().filter(|name| !name.is_empty());
    let wanted = Wanted::read(asked)?;
    let (offset, limit) = (wanted.offset, wanted.limit);
    let chooses = wanted.chooser(&doors);
    // Grouping a million alerts takes its time.
    let grouping = tokio::task::spawn_blocking(move || {
        let config = doors.engine().read(|state| state.config.clone());
        let firing =
            current(&doors).into_iter().filter(|found| matches!(found, Found::Known(_)) && chooses(found));
        let mut groups = gather(&config, firing);
        groups.retain(|(place, _)| receiver.as_ref().is_none_or(|name| **name == *place.receiver));
        let total = groups.len();
        let page: Vec<_> = groups.into_iter().skip(offset).take(limit).collect();
        let due = next_turns(&doors, &config, &page);
        let groups = page.into_iter().zip(due);
        let groups = groups.map(|((place, alerts), due)| show_group(&doors, &config, &place, &alerts, due));
        AlertGroups { groups: groups.collect(), total }
    });
    grouping.await.map(Json).map_err(|error| Problem::internal(&error))
}

fn gather(config: &Config, firing: impl Iterator<Item = Found>) -> Vec<(Place, Vec<Found>)> {
    let mut groups: HashMap<Place, Vec<Found>> = HashMap::new();
    for found in firing {
        for place in places(config, found.labels()) {
            groups.entry(place).or_default().push(found.clone());
        }
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_unstable_by(|(one, _), (other, _)| in_order(one, other));
    for (_, alerts) in &mut groups {
        alerts.sort_by_cached_key(Found::rank);
    }
    groups
}

/// When each may speak next.
fn next_turns(doors: &Doors, config: &Config, groups: &[(Place, Vec<Found>)]) -> Vec<Option<Timestamp>> {
    let now = doors.now();
    doors.engine().read(|state| {
        groups.iter().map(|(place, alerts)| next_turn(state, config, place, alerts.first()?, now)).collect()
    })
}

/// A receiver that is told in several ways has a group for each.
fn next_turn(
    state: &EngineState,
    config: &Config,
    place: &Place,
    one: &Found,
    now: Now,
) -> Option<Timestamp> {
    let Found::Known(alert) = one else { return None };
    let way = match place.route {
        Some(id) => Way::Route(config.routing.as_ref()?.tree().key(id).into()),
        None => Way::Conditions,
    };
    let name =
        |group: &larum_core::group::Group| config.receiver(group.receiver).map(|receiver| &receiver.name);
    let groups = state.groups_of(alert.id).filter(|group| {
        group.way == way && group.labels == place.labels && name(group) == Some(&place.receiver)
    });
    groups.map(|group| now.wall_at(group.due)).min()
}

fn show_group(
    doors: &Doors,
    config: &Config,
    place: &Place,
    alerts: &[Found],
    due: Option<Timestamp>,
) -> AlertGroup {
    let off_time = |route| config.routing.as_ref()?.off_time(route, doors.now().wall);
    let mute = place.route.and_then(off_time);
    AlertGroup {
        receiver: place.receiver.to_string(),
        route: place.route.map(|route| route.0),
        labels: show_labels(&place.labels),
        muted_by: mute.iter().flat_map(|mute| mute.by.iter()).map(ToString::to_string).collect(),
        due: due.map(Into::into),
        alerts: show(doors, alerts.get(..SHOWN).unwrap_or(alerts)),
        total: alerts.len(),
    }
}
