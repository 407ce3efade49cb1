//! The routes of an `alertmanager.yml`, whom they tell, and when.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::time::Time;

/// What the file with routes says.
#[derive(Debug, Serialize, ToSchema)]
pub struct Routing {
    /// Null if Larum was started without one.
    #[schema(required)]
    pub file: Option<RoutingFile>,
}

/// A file with routes, as it is in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoutingFile {
    /// Where it lies.
    pub path: String,
    /// When what is in force was read.
    pub loaded_at: Time,
    /// What was wrong when the files were last read; null if nothing was. What was in force before stays.
    #[schema(required)]
    pub failed: Option<RoutingFailed>,
    /// The routes in the order in which they are tried: each before those below it. 1000 at most.
    pub routes: Vec<Route>,
    /// How many more there are.
    pub more_routes: usize,
    /// The time intervals that routes can name, in order of their names.
    pub intervals: Vec<RouteInterval>,
    /// In the order of the file.
    pub receivers: Vec<RouteReceiver>,
    /// The file without comments and secrets.
    pub text: String,
}

/// That the files were wrong when they were last read.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoutingFailed {
    /// When that was.
    pub at: Time,
    /// What was wrong, a line each, with its place.
    pub error: String,
}

/// One route, with all that it inherits.
#[derive(Debug, Serialize, ToSchema)]
pub struct Route {
    /// Its place in the walk; the root is 0.
    pub id: u32,
    /// The route above it; null for the root.
    #[schema(required)]
    pub parent: Option<u32>,
    /// What an alert must match to enter, each as `name="value"`, `!=`, `=~` or `!~`; every alert if there are none.
    pub matchers: Vec<String>,
    /// Whom it tells.
    pub receiver: String,
    /// Whether an alert that matches goes on to the next route beside it.
    pub r#continue: bool,
    /// By which labels alerts are gathered; `...` alone is every label, and without any there is one group.
    pub group_by: Vec<String>,
    /// How long a new group gathers.
    #[schema(example = "30s")]
    pub group_wait: String,
    /// How long lies between two turns of a group.
    #[schema(example = "5m")]
    pub group_interval: String,
    /// After how long an unchanged group speaks again.
    #[schema(example = "4h")]
    pub repeat_interval: String,
    /// What of it is as on the route above it, and for the root as Alertmanager has it where nothing is said.
    pub inherited: Vec<RouteField>,
    /// Labels of the route.
    pub labels: BTreeMap<String, String>,
    /// Time intervals in which it is mute.
    pub mute_time_intervals: Vec<String>,
    /// Time intervals outside of which it is mute, if there are any.
    pub active_time_intervals: Vec<String>,
    /// Why it is mute now; null if it is not.
    #[schema(required)]
    pub mute: Option<RouteMute>,
    /// When it changes next whether it is mute; null if never.
    #[schema(required)]
    pub changes_at: Option<Time>,
}

/// What a route can inherit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RouteField {
    /// Whom it tells.
    Receiver,
    /// By which labels alerts are gathered.
    GroupBy,
    /// How long a new group gathers.
    GroupWait,
    /// How long lies between two turns of a group.
    GroupInterval,
    /// After how long an unchanged group speaks again.
    RepeatInterval,
}

/// Why a route is mute.
#[derive(Debug, Serialize, ToSchema)]
pub struct RouteMute {
    /// The time intervals that make it so.
    pub by: Vec<String>,
    /// Whether they are its active ones, and it is none of them; else it is each of these.
    pub outside: bool,
}

/// A time interval.
#[derive(Debug, Serialize, ToSchema)]
pub struct RouteInterval {
    /// What routes call it.
    pub name: String,
    /// When it is, in words; it is where one of these is.
    pub parts: Vec<String>,
    /// Whether it is now.
    pub now: bool,
    /// When it begins or ends next; null if never.
    #[schema(required)]
    pub changes_at: Option<Time>,
}

/// A receiver of the file.
#[derive(Debug, Serialize, ToSchema)]
pub struct RouteReceiver {
    /// What routes call it by.
    pub name: String,
    /// What it is known by beside its name.
    pub labels: BTreeMap<String, String>,
    /// The ways to tell it. Without any nobody is told.
    pub integrations: Vec<RouteIntegration>,
}

/// One way to tell a receiver of the file.
#[derive(Debug, Serialize, ToSchema)]
pub struct RouteIntegration {
    /// What the delivery log knows it by.
    pub id: u64,
    /// Its kind and which of it: `slack[0]`.
    pub name: String,
    /// Where messages arrive, as far as that is no secret: a channel, or a template for one. May be empty.
    pub place: String,
    /// Whether it is told that alerts are over.
    pub send_resolved: bool,
    /// In one word.
    pub state: RouteIntegrationState,
    /// What is wrong and what to do; null while all is well.
    #[schema(required)]
    pub sentence: Option<String>,
    /// Since when it is paused.
    #[schema(required)]
    pub paused_since: Option<Time>,
    /// How many messages wait or are on their way.
    pub waiting: u64,
}

/// How one way to tell a receiver stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RouteIntegrationState {
    /// Messages go out.
    Ok,
    /// Messages wait until somebody acts.
    Paused,
    /// Larum does not have it: nobody is told by it.
    Unsupported,
}

/// Labels of which somebody wants to know whom they lead to.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RoutingQuestion {
    /// As people write them.
    #[schema(example = "{alertname=\"DiskFull\", severity=\"critical\"}")]
    pub labels: String,
}

/// Whom labels lead to.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoutingAnswer {
    /// The labels as they are understood.
    pub labels: BTreeMap<String, String>,
    /// The numbers of the routes on the ways to those that tell somebody, which are among them.
    pub ways: Vec<u32>,
    /// Who hears, in order: by routes, then by conditions of their own.
    pub hears: Vec<RoutingHears>,
}

/// Somebody whom labels lead to.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoutingHears {
    /// The receiver's name.
    pub receiver: String,
    /// The route that tells it; null for one that has conditions of its own.
    #[schema(required)]
    pub route: Option<u32>,
    /// What the group's alerts share.
    pub group: BTreeMap<String, String>,
    /// Whether anybody would be told now.
    pub told: bool,
    /// By what, or why nobody is.
    pub sentence: String,
}
