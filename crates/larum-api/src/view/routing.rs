//! The file with routes, as it is shown.

use std::sync::Arc;

use larum_core::calendar::TimeInterval;
use larum_core::duration::show_duration;
use larum_core::receiver::{Channel, Channels};
use larum_core::route::{self, GROUP_INTERVAL, GROUP_WAIT, GroupBy, REPEAT_INTERVAL, RouteId};
use larum_core::routing;
use larum_core::time::Timestamp;
use larum_engine::{FileIntegration, FileReceiver, RouteFile};
use larum_slack::{ErrorClass, advice};
use larum_store::SlackFacts;

use super::interval::in_words;
use super::labels::show_labels;
use super::lanes::LanesView;
use super::receiver::context;
use crate::draft::receiver::sentence;
use crate::reload::FailedReload;
use crate::wire::routing::{
    Route, RouteField, RouteIntegration, RouteIntegrationState, RouteInterval, RouteMute, RouteReceiver,
    RoutingFailed, RoutingFile,
};

/// Alertmanager's name of the integration whose errors have an advice.
const SLACK: &str = "slack";
/// The most routes that are shown.
const MOST_ROUTES: usize = 1000;

/// A file with routes as it is shown at `now`.
pub fn show_file(
    file: &RouteFile,
    failed: Option<FailedReload>,
    lanes: &LanesView,
    now: Timestamp,
) -> RoutingFile {
    let (routing, tree) = (&*file.routing, file.routing.tree());
    let routes = tree.routes().take(MOST_ROUTES).map(|(id, route)| show_route(routing, id, route, now));
    let interval = |(name, parts): (&Arc<str>, &[TimeInterval])| RouteInterval {
        name: name.to_string(),
        parts: parts.iter().map(in_words).collect(),
        now: routing.calendar().contains(name, now),
        changes_at: routing.calendar().next_change(name, now).map(Into::into),
    };
    RoutingFile {
        path: file.path.display().to_string(),
        loaded_at: file.read_at.into(),
        failed: failed.map(|failed| RoutingFailed { at: failed.at.into(), error: failed.error }),
        routes: routes.collect(),
        more_routes: tree.routes().len().saturating_sub(MOST_ROUTES),
        intervals: routing.calendar().iter().map(interval).collect(),
        receivers: file.receivers.iter().map(|receiver| show_receiver(receiver, lanes)).collect(),
        text: file.original.to_string(),
    }
}

fn show_route(routing: &routing::Routing, id: RouteId, route: &route::Route, now: Timestamp) -> Route {
    let texts = |names: &[Arc<str>]| names.iter().map(ToString::to_string).collect();
    let above = route.parent().and_then(|parent| routing.tree().route(parent));
    Route {
        id: id.0,
        parent: route.parent().map(|parent| parent.0),
        matchers: route.matchers().iter().map(ToString::to_string).collect(),
        receiver: route.receiver.to_string(),
        r#continue: route.continues,
        group_by: match &route.group_by {
            GroupBy::All => vec!["...".to_owned()],
            GroupBy::Labels(names) => names.iter().map(ToString::to_string).collect(),
        },
        group_wait: show_duration(route.group_wait),
        group_interval: show_duration(route.group_interval),
        repeat_interval: show_duration(route.repeat_interval),
        inherited: inherited(route, above),
        labels: show_labels(&route.labels),
        mute_time_intervals: texts(&route.mute_time_intervals),
        active_time_intervals: texts(&route.active_time_intervals),
        mute: routing.off_time(id, now).map(|mute| RouteMute { by: texts(&mute.by), outside: mute.outside }),
        changes_at: routing.next_off_time_change(id, now).map(Into::into),
    }
}

/// What is as it is above, or as it is where nothing is said.
fn inherited(route: &route::Route, above: Option<&route::Route>) -> Vec<RouteField> {
    let nothing = GroupBy::Labels(Arc::default());
    let (group_by, wait, interval, repeat) = match above {
        Some(above) => (&above.group_by, above.group_wait, above.group_interval, above.repeat_interval),
        None => (&nothing, GROUP_WAIT, GROUP_INTERVAL, REPEAT_INTERVAL),
    };
    let same = [
        (above.is_some_and(|above| above.receiver == route.receiver), RouteField::Receiver),
        (*group_by == route.group_by, RouteField::GroupBy),
        (wait == route.group_wait, RouteField::GroupWait),
        (interval == route.group_interval, RouteField::GroupInterval),
        (repeat == route.repeat_interval, RouteField::RepeatInterval),
    ];
    same.into_iter().filter_map(|(is_same, field)| is_same.then_some(field)).collect()
}

fn show_receiver(receiver: &FileReceiver, lanes: &LanesView) -> RouteReceiver {
    let integrations = receiver.integrations.iter().map(|one| show_integration(one, lanes));
    RouteReceiver {
        name: receiver.name.to_string(),
        labels: show_labels(&receiver.labels.filter(|name| name != "name")),
        integrations: integrations.collect(),
    }
}

fn show_integration(one: &FileIntegration, lanes: &LanesView) -> RouteIntegration {
    let channels = Channels::only(Channel::integration(one.kind, one.index));
    let lane = channels.iter().find_map(|channel| lanes.get(one.id, channel));
    let paused = lane.and_then(|lane| lane.paused.as_ref());
    let (state, sentence) = match (one.unsupported_at, paused) {
        (Some(line), _) => {
            let words = format!("Larum has no {} (line {line}): nobody is told by it.", one.kind);
            (RouteIntegrationState::Unsupported, Some(words))
        }
        (None, Some(paused)) => (RouteIntegrationState::Paused, Some(paused_words(one, &paused.error))),
        (None, None) => (RouteIntegrationState::Ok, None),
    };
    RouteIntegration {
        id: one.id.0,
        name: integration_name(one),
        place: one.place.clone(),
        send_resolved: one.send_resolved,
        state,
        sentence,
        paused_since: paused.map(|paused| paused.since.into()),
        waiting: lane.map_or(0, |lane| lane.waiting),
    }
}

/// Only Slack's own words are known.
fn paused_words(one: &FileIntegration, error: &str) -> String {
    match ErrorClass::of(error) {
        ErrorClass::Unknown => sentence(&format!("it refuses what it is sent: {error}")),
        _ if one.kind == SLACK => advice(error, &context(&SlackFacts::default(), None)),
        _ => sentence(error),
    }
}

/// `slack[0]`
pub fn integration_name(one: &FileIntegration) -> String {
    format!("{}[{}]", one.kind, one.index)
}
