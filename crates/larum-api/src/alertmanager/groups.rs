//! Which groups alerts belong to, as Alertmanager shows them: as of the question, whatever was told of them.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use larum_core::config::Config;
use larum_core::label::LabelSet;
use larum_core::route::RouteId;
use larum_core::time::Timestamp;
use larum_engine::Handle;

use super::filter::Question;
use super::list::{Found, take};
use super::page::{AlertWriter, Pages, write_labels, write_text};

/// What alerts of one group share: whom it tells, by which route, and the labels.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Place {
    /// The receiver's name.
    pub receiver: Arc<str>,
    /// None for a receiver with conditions of its own.
    pub route: Option<RouteId>,
    /// The labels.
    pub labels: LabelSet,
}

struct Group {
    place: Place,
    alerts: Vec<Arc<Found>>,
    muted_by: Arc<[Arc<str>]>,
}

/// Answers with the groups of the alerts that fire and are asked for, in order of their labels and receivers.
pub fn answer(engine: &Handle, now: Timestamp, question: &Question) -> Response {
    let (candidates, circumstances) = take(engine, now, question);
    let mut groups: HashMap<Place, Vec<Arc<Found>>> = HashMap::new();
    for alert in engine.firing(&candidates) {
        let Some(found) = circumstances.find(alert, question) else { continue };
        let found = Arc::new(found);
        for place in places(&circumstances.told.config, &found.alert.labels)
            .into_iter()
            .filter(|place| question.wants_receivers(&[circumstances.told.labels(&place.receiver)]))
        {
            groups.entry(place).or_default().push(Arc::clone(&found));
        }
    }
    let routing = circumstances.told.config.routing.clone();
    let off_time = |route: Option<RouteId>| Some(routing.as_ref()?.off_time(route?, now)?.by);
    let groups = groups.into_iter().map(|(place, mut alerts)| {
        alerts.sort_unstable_by_key(|found| (found.fingerprint, found.alert.id));
        let muted_by = off_time(place.route).unwrap_or_default();
        Group { place, alerts, muted_by }
    });
    let mut groups: Vec<Group> =
        groups.filter(|group| question.wants_muted(!group.muted_by.is_empty())).collect();
    groups.sort_unstable_by(|one, other| in_order(&one.place, &other.place));
    let mut writer = AlertWriter::new(circumstances.told);
    let pages =
        Pages::of(groups.into_iter(), move |text: &mut Vec<u8>, group| write(text, &group, &mut writer));
    ([(header::CONTENT_TYPE, "application/json")], Body::from_stream(stream::iter(pages))).into_response()
}

/// The groups that an alert with these labels belongs to. A receiver is one whatever it is told by.
pub fn places(config: &Config, labels: &LabelSet) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    let tree = config.routing.as_ref().map(|routing| routing.tree());
    for id in tree.iter().flat_map(|tree| tree.matching(labels)) {
        let Some(route) = tree.and_then(|tree| tree.route(id)) else { continue };
        places.push(Place {
            receiver: Arc::clone(&route.receiver),
            route: Some(id),
            labels: route.group_by.labels(labels),
        });
    }
    let on = config.receivers.iter().filter(|receiver| receiver.enabled);
    let own = on.filter_map(|receiver| {
        let destination = config.own_destination(receiver, labels)?;
        Some(Place { receiver: Arc::clone(&receiver.name), route: None, labels: destination.labels })
    });
    places.extend(own);
    places
}

/// One group (Alertmanager, `api/v2/openapi.yaml`, `alertGroup`).
fn write(text: &mut Vec<u8>, group: &Group, writer: &mut AlertWriter) {
    text.extend_from_slice(b"{\"alerts\":[");
    for (index, found) in group.alerts.iter().enumerate() {
        if index > 0 {
            text.push(b',');
        }
        writer.write(text, found, &group.muted_by);
    }
    text.extend_from_slice(b"],\"labels\":");
    write_labels(text, &group.place.labels);
    text.extend_from_slice(b",\"receiver\":{\"name\":");
    write_text(text, &group.place.receiver);
    text.extend_from_slice(b"}}");
}

/// Alertmanager's order of groups (Alertmanager, dispatch, `AlertGroups.Less`; common/model, `LabelSet.Before`).
pub fn in_order(one: &Place, other: &Place) -> Ordering {
    let (a, b) = (&one.labels, &other.labels);
    let by_labels = match a.iter().zip(b.iter()).find(|(a, b)| a != b) {
        // Whoever lacks the name that comes first is before the other.
        Some(((name, _), (another, _))) if name != another => another.cmp(name),
        Some(((_, value), (_, another))) => value.cmp(another),
        None => Ordering::Equal,
    };
    a.len()
        .cmp(&b.len())
        .then(by_labels)
        .then_with(|| one.receiver.cmp(&other.receiver))
        .then_with(|| one.route.cmp(&other.route))
}
