//! A route as it is written down, and what it becomes with all that it inherits.

use std::sync::Arc;
use std::time::Duration;

use smol_str::SmolStr;

use super::{GroupBy, MAX_ROUTE_DEPTH, MAX_ROUTES, Route, RouteId};
use crate::label::LabelSet;
use crate::matcher::{MatchOp, Matcher};

/// How long a new group gathers where nothing else is said (Alertmanager, "Configuration", `<route>`).
pub const GROUP_WAIT: Duration = Duration::from_secs(30);
/// How long lies between two turns where nothing else is said.
pub const GROUP_INTERVAL: Duration = Duration::from_secs(5 * 60);
/// After how long a group speaks again where nothing else is said.
pub const REPEAT_INTERVAL: Duration = Duration::from_secs(4 * 60 * 60);

/// A route as it is written. What is `None` it takes from its parent, and the root from Alertmanager's defaults.
#[derive(Clone, Debug, Default)]
pub struct RouteDraft {
    /// Whom it tells. The root must say so.
    pub receiver: Option<Arc<str>>,
    /// What an alert must match: `match`, `match_re` and `matchers` together.
    pub matchers: Vec<Matcher>,
    /// Whether an alert that matches goes on to the next sibling.
    pub continues: bool,
    /// Names to group by, or `...` alone for every label. A list without any is not `None`: it is one group.
    pub group_by: Option<Vec<SmolStr>>,
    /// How long a new group gathers; may be zero.
    pub group_wait: Option<Duration>,
    /// How long lies between two turns of a group.
    pub group_interval: Option<Duration>,
    /// After how long an unchanged group speaks again.
    pub repeat_interval: Option<Duration>,
    /// Labels of the route, beside those of its parents and stronger than they.
    pub labels: LabelSet,
    /// Time intervals in which it is mute.
    pub mute_time_intervals: Vec<Arc<str>>,
    /// Time intervals outside of which it is mute.
    pub active_time_intervals: Vec<Arc<str>>,
    /// The routes below it, in order.
    pub routes: Vec<Self>,
}

/// What is wrong with a route.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RouteFault {
    /// The root has no receiver.
    #[error("the root route must have a receiver")]
    NoReceiver,
    /// The root has matchers.
    #[error("the root route must not have matchers: it takes every alert")]
    RootMatchers,
    /// The root says `continue`.
    #[error("the root route must not say continue: nothing comes after it")]
    RootContinue,
    /// The root has time intervals.
    #[error("the root route must not have time intervals: put them on a route below it")]
    RootTimeIntervals,
    /// A name to group by is empty.
    #[error("a label to group by has no name")]
    NoName,
    /// A name to group by is there twice.
    #[error("the label {0:?} is grouped by twice")]
    Twice(SmolStr),
    /// `...` stands beside other names.
    #[error("\"...\" groups by every label and stands alone in group_by")]
    AllAndMore,
    /// An interval is zero.
    #[error("{0} must not be zero")]
    Zero(&'static str),
    /// There are more than [`MAX_ROUTES`].
    #[error("there are more than {MAX_ROUTES} routes")]
    TooMany,
    /// It lies deeper than [`MAX_ROUTE_DEPTH`].
    #[error("routes stand in one another more than {MAX_ROUTE_DEPTH} deep")]
    TooDeep,
}

/// A route that is wrong.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{place}: {fault}")]
pub struct RouteRefused {
    /// Which route, as in `route.routes[2].routes[0]`.
    pub place: String,
    /// What is wrong with it.
    pub fault: RouteFault,
}

/// Where a route hangs.
#[derive(Clone, Copy)]
struct Hook {
    parent: RouteId,
    place: usize,
    depth: usize,
}

/// All routes in the order of a walk, each with what it inherits.
pub(super) fn grow(root: RouteDraft) -> Result<Vec<Route>, RouteRefused> {
    let mut routes: Vec<Route> = Vec::new();
    let mut waiting = vec![(None, root)];
    while let Some((hook, mut draft)) = waiting.pop() {
        let refuse = |fault| RouteRefused { place: place_of(&routes, hook), fault };
        if routes.len() >= MAX_ROUTES {
            return Err(refuse(RouteFault::TooMany));
        }
        let depth = hook.map_or(1, |hook: Hook| hook.depth + 1);
        if depth > MAX_ROUTE_DEPTH {
            return Err(refuse(RouteFault::TooDeep));
        }
        let below = std::mem::take(&mut draft.routes);
        let parent = hook.map(|hook| &routes[hook.parent.0 as usize]);
        let route = inherit(draft, parent, hook).map_err(refuse)?;
        let id = RouteId(routes.len() as u32);
        if let Some(hook) = hook {
            routes[hook.parent.0 as usize].children.push(id);
        }
        routes.push(route);
        let hooks = below.into_iter().enumerate().rev();
        waiting.extend(hooks.map(|(place, draft)| (Some(Hook { parent: id, place, depth }), draft)));
    }
    Ok(routes)
}

fn place_of(routes: &[Route], hook: Option<Hook>) -> String {
    let mut places: Vec<usize> = Vec::new();
    let mut above = hook.map(|hook| (hook.parent, hook.place));
    while let Some((parent, place)) = above {
        places.push(place);
        let route = &routes[parent.0 as usize];
        above = route.parent.map(|parent| (parent, route.place));
    }
    let steps: String = places.iter().rev().map(|place| format!(".routes[{place}]")).collect();
    format!("route{steps}")
}

fn inherit(draft: RouteDraft, parent: Option<&Route>, hook: Option<Hook>) -> Result<Route, RouteFault> {
    if parent.is_none() {
        check_root(&draft)?;
    }
    let receiver = draft.receiver.or_else(|| parent.map(|parent| Arc::clone(&parent.receiver)));
    let group_by = match (draft.group_by, parent) {
        (Some(names), _) => to_group_by(names)?,
        (None, Some(parent)) => parent.group_by.clone(),
        (None, None) => GroupBy::Labels(Arc::default()),
    };
    let or = |own: Option<Duration>, above: fn(&Route) -> Duration, default| {
        own.unwrap_or_else(|| parent.map_or(default, above))
    };
    let labels = match parent {
        Some(parent) => parent.labels.iter().chain(draft.labels.iter()).collect(),
        None => draft.labels,
    };
    let mut matchers = draft.matchers;
    matchers.sort_by(|one, other| order(one).cmp(&order(other)));
    Ok(Route {
        receiver: receiver.ok_or(RouteFault::NoReceiver)?,
        group_by,
        group_wait: or(draft.group_wait, |above| above.group_wait, GROUP_WAIT),
        group_interval: above_zero(
            "group_interval",
            or(draft.group_interval, |r| r.group_interval, GROUP_INTERVAL),
        )?,
        repeat_interval: above_zero(
            "repeat_interval",
            or(draft.repeat_interval, |above| above.repeat_interval, REPEAT_INTERVAL),
        )?,
        labels,
        mute_time_intervals: draft.mute_time_intervals.into(),
        active_time_intervals: draft.active_time_intervals.into(),
        continues: draft.continues,
        matchers: matchers.into(),
        parent: hook.map(|hook| hook.parent),
        place: hook.map_or(0, |hook| hook.place),
        children: Vec::new(),
        sieve: None,
    })
}

fn check_root(root: &RouteDraft) -> Result<(), RouteFault> {
    let wrong = [
        (root.receiver.as_deref().unwrap_or_default().is_empty(), RouteFault::NoReceiver),
        (!root.matchers.is_empty(), RouteFault::RootMatchers),
        (root.continues, RouteFault::RootContinue),
        (
            !(root.mute_time_intervals.is_empty() && root.active_time_intervals.is_empty()),
            RouteFault::RootTimeIntervals,
        ),
    ];
    wrong.into_iter().find(|(is_wrong, _)| *is_wrong).map_or(Ok(()), |(_, fault)| Err(fault))
}

fn to_group_by(mut names: Vec<SmolStr>) -> Result<GroupBy, RouteFault> {
    if names.len() == 1 && names[0] == "..." {
        return Ok(GroupBy::All);
    }
    names.sort_unstable();
    if names.iter().any(|name| name.is_empty()) {
        return Err(RouteFault::NoName);
    }
    if names.iter().any(|name| name == "...") {
        return Err(RouteFault::AllAndMore);
    }
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(RouteFault::Twice(pair[0].clone())),
        None => Ok(GroupBy::Labels(names.into())),
    }
}

fn above_zero(name: &'static str, value: Duration) -> Result<Duration, RouteFault> {
    if value.is_zero() { Err(RouteFault::Zero(name)) } else { Ok(value) }
}

/// By name, value and operator (Alertmanager, pkg/labels, `Matchers.Less`): keys do not depend on how a file lists them.
fn order(matcher: &Matcher) -> (&str, &str, u8) {
    let operator = match matcher.op() {
        MatchOp::Equal => 0,
        MatchOp::NotEqual => 1,
        MatchOp::Regexp => 2,
        MatchOp::NotRegexp => 3,
    };
    (matcher.name(), matcher.value(), operator)
}
