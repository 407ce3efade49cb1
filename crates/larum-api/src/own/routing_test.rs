//! Which receivers would hear of an alert with some labels.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use larum_core::config::Config;
use larum_core::label::LabelSet;
use larum_core::matcher::{MatchOp, Matcher};
use larum_core::receiver::Receiver;
use larum_core::route::RouteId;
use larum_core::routing::Routing;
use larum_core::time::Timestamp;
use larum_core::verdict::Hushed;
use larum_engine::RouteFile;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::Body;
use crate::doors::Doors;
use crate::draft::receiver::sentence;
use crate::draft::silence::read_text;
use crate::problem::Problem;
use crate::view::labels::show_labels;
use crate::view::told::at_times;
use crate::wire::routing::{RoutingAnswer, RoutingHears, RoutingQuestion};

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(test_routing))
}

/// Which receivers an alert with these labels leads to, by which routes or because of their own conditions, and whether
/// they would tell anybody now.
#[utoipa::path(
    post, path = "/routing/test", tag = "routing",
    request_body = RoutingQuestion,
    responses((status = 200, body = RoutingAnswer), Problem)
)]
pub async fn test_routing(
    State(doors): State<Doors>,
    Body(question): Body<RoutingQuestion>,
) -> Result<Json<RoutingAnswer>, Problem> {
    let labels = read_labels(&question.labels)?;
    let now = doors.now().wall;
    let config = doors.engine().read(|state| state.config.clone());
    let (mut ways, mut hears) = (BTreeSet::new(), Vec::new());
    if let (Some(routing), Some(file)) = (&config.routing, doors.engine().route_file()) {
        for id in routing.tree().matching(&labels) {
            ways.extend(routing.tree().path(id).iter().map(|id| id.0));
            hears.extend(by_route(routing, &file, id, &labels, now));
        }
    }
    hears.extend(config.receivers.iter().filter_map(|receiver| by_conditions(&config, receiver, &labels)));
    Ok(Json(RoutingAnswer { labels: show_labels(&labels), ways: ways.into_iter().collect(), hears }))
}

/// Labels are written as matchers that ask for one value each.
fn read_labels(text: &str) -> Result<LabelSet, Problem> {
    let wrong = |words: String| Problem::invalid("labels", words);
    let matchers = read_text("labels", text)?.value;
    let pair = |matcher: &Matcher| match matcher.op() {
        MatchOp::Equal => Ok((matcher.name().to_owned(), matcher.value().to_owned())),
        MatchOp::NotEqual | MatchOp::Regexp | MatchOp::NotRegexp => {
            Err(wrong(format!("An alert has one value for each label: write {}=\"…\".", matcher.name())))
        }
    };
    let pairs = matchers.iter().map(pair).collect::<Result<Vec<_>, _>>()?;
    let names: BTreeSet<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    if names.len() < pairs.len() {
        return Err(wrong("An alert has each label once: one stands here twice.".to_owned()));
    }
    Ok(LabelSet::from_pairs(pairs))
}

fn by_route(
    routing: &Routing,
    file: &RouteFile,
    id: RouteId,
    labels: &LabelSet,
    now: Timestamp,
) -> Option<RoutingHears> {
    let route = routing.tree().route(id)?;
    let named = routing.named(&route.receiver)?;
    let told: Vec<String> = named.integrations.iter().flat_map(|receiver| places(receiver)).collect();
    let off_time = routing.off_time(id, now);
    let words = match (&off_time, named.silent.first()) {
        _ if told.is_empty() => unsupported(file, &route.receiver).unwrap_or_else(|| {
            let reason = named.silent.first().map_or(&Hushed::NoIntegration, |(_, reason)| reason);
            format!("Nobody is told: {}", reason.in_words())
        }),
        (Some(off_time), _) => format!("Nobody is told now: the route is {}", at_times(off_time)),
        (None, _) => format!("Told by {}", told.join(", ")),
    };
    Some(RoutingHears {
        receiver: route.receiver.to_string(),
        route: Some(id.0),
        group: show_labels(&route.group_by.labels(labels)),
        told: !told.is_empty() && off_time.is_none(),
        sentence: sentence(&words),
    })
}

/// What a receiver has that Larum does not.
fn unsupported(file: &RouteFile, name: &str) -> Option<String> {
    let receiver = file.receivers.iter().find(|receiver| *receiver.name == *name)?;
    let mut kinds: Vec<&str> = receiver.integrations.iter().map(|one| one.kind).collect();
    kinds.dedup();
    (!kinds.is_empty()).then(|| format!("Nobody is told: Larum has no {}", kinds.join(" and no ")))
}

fn by_conditions(config: &Config, receiver: &Receiver, labels: &LabelSet) -> Option<RoutingHears> {
    let destination = config.own_destination(receiver, labels)?;
    let words = match receiver.enabled {
        true => format!("Told in {}", places(receiver).collect::<Vec<_>>().join(", ")),
        false => "Nobody is told: Receive Notifications is off".to_owned(),
    };
    Some(RoutingHears {
        receiver: receiver.name.to_string(),
        route: None,
        group: show_labels(&destination.labels),
        told: receiver.enabled,
        sentence: sentence(&words),
    })
}

fn places(receiver: &Receiver) -> impl Iterator<Item = String> {
    receiver.channels.iter().map(ToString::to_string)
}
