//! Where the routes of a configuration file lead: who their receivers are, and when they are mute (Alertmanager,
//! "Configuration", `<route>`, `<receiver>`, `<time_interval>`).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::calendar::{Calendar, Muted, TimeInterval};
use crate::label::LabelSet;
use crate::mute::OffTime;
use crate::receiver::{Receiver, ReceiverId};
use crate::route::{Route, RouteId, RouteTree, Way};
use crate::time::Timestamp;
use crate::verdict::Hushed;

/// How many beginnings and ends of its time intervals are looked at for when a route is mute next.
const MOST_INTERVAL_CHANGES: usize = 500;

/// Somebody whom routes call by a name. Each way to tell them is a receiver of its own, for each is told, repeated and
/// owed by itself (Alertmanager, notify/nflog, where `receiver/integration/index` is what an entry is known by).
#[derive(Clone, Debug)]
pub struct NamedReceiver {
    /// The name.
    pub name: Arc<str>,
    /// Those that Larum can tell.
    pub integrations: Vec<Arc<Receiver>>,
    /// Those that nobody is told by, and why.
    pub silent: Vec<(ReceiverId, Hushed)>,
}

/// One group that an alert belongs to.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Destination {
    /// Who is told.
    pub receiver: ReceiverId,
    /// By which way the alert comes there.
    pub way: Way,
    /// What the group's alerts share.
    pub labels: LabelSet,
}

/// What is wrong with a routing.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RoutingError {
    /// A route calls a receiver that there is not.
    #[error("a route tells the receiver {0:?}, which is not defined")]
    NoSuchReceiver(Arc<str>),
    /// A route calls a time interval that there is not.
    #[error("a route names the time interval {0:?}, which is not defined")]
    NoSuchInterval(Arc<str>),
    /// Two receivers, or two ways to tell one, are known by one number.
    #[error("the receiver {0:?} cannot be told from another one: give it another name")]
    SameNumber(Arc<str>),
}

/// Routes, receivers and time intervals as they are written in one file. It never changes.
#[derive(Clone, Debug)]
pub struct Routing {
    tree: RouteTree,
    /// Of each route, by its number.
    ways: Vec<Way>,
    /// Routes with the same key to the same receiver speak as one: at the hours of each, in the steps of the first.
    routes: HashMap<(Way, ReceiverId), Vec<RouteId>>,
    receivers: HashMap<Arc<str>, NamedReceiver>,
    /// The names of all receivers, those that nobody is told by among them.
    names: HashMap<ReceiverId, Arc<str>>,
    integrations: BTreeMap<ReceiverId, Arc<Receiver>>,
    /// Whether there is any way to tell somebody by which nobody is told.
    has_silent: bool,
    calendar: Calendar,
}

impl Routing {
    /// Puts the parts together.
    ///
    /// # Errors
    /// [`RoutingError`] if a route calls what there is not.
    pub fn new(
        tree: RouteTree,
        receivers: Vec<NamedReceiver>,
        intervals: HashMap<Arc<str>, Vec<TimeInterval>>,
    ) -> Result<Self, RoutingError> {
        let calendar = Calendar::new(intervals);
        let mut names = HashMap::new();
        for receiver in &receivers {
            let hers = receiver.integrations.iter().map(|receiver| receiver.id);
            for id in hers.chain(receiver.silent.iter().map(|(id, _)| *id)) {
                if names.insert(id, Arc::clone(&receiver.name)).is_some() {
                    return Err(RoutingError::SameNumber(Arc::clone(&receiver.name)));
                }
            }
        }
        let has_silent = receivers.iter().any(|receiver| !receiver.silent.is_empty());
        let integrations = receivers.iter().flat_map(|receiver| &receiver.integrations);
        let integrations = integrations.map(|receiver| (receiver.id, Arc::clone(receiver))).collect();
        let receivers: HashMap<_, _> =
            receivers.into_iter().map(|receiver| (Arc::clone(&receiver.name), receiver)).collect();
        let ways: Vec<Way> = tree.routes().map(|(id, _)| Way::Route(tree.key(id).into())).collect();
        let mut routes: HashMap<_, Vec<RouteId>> = HashMap::new();
        for (id, route) in tree.routes() {
            let Some(named) = receivers.get(&route.receiver) else {
                return Err(RoutingError::NoSuchReceiver(Arc::clone(&route.receiver)));
            };
            let way = &ways[id.0 as usize];
            for receiver in &named.integrations {
                routes.entry((way.clone(), receiver.id)).or_default().push(id);
            }
            let mut intervals_named =
                route.mute_time_intervals.iter().chain(route.active_time_intervals.iter());
            if let Some(missing) = intervals_named.find(|name| !calendar.knows(name)) {
                return Err(RoutingError::NoSuchInterval(Arc::clone(missing)));
            }
        }
        Ok(Self { tree, ways, routes, receivers, names, integrations, has_silent, calendar })
    }

    /// The routes.
    pub fn tree(&self) -> &RouteTree {
        &self.tree
    }

    /// The receiver of this name.
    pub fn named(&self, name: &str) -> Option<&NamedReceiver> {
        self.receivers.get(name)
    }

    /// All receivers by their names, in no particular order.
    pub fn receivers(&self) -> impl Iterator<Item = &NamedReceiver> {
        self.receivers.values()
    }

    /// All that tell somebody, in order of their numbers.
    pub fn integrations(&self) -> impl ExactSizeIterator<Item = &Arc<Receiver>> {
        self.integrations.values()
    }

    /// The one with this number, if it tells somebody.
    pub fn integration(&self, id: ReceiverId) -> Option<&Arc<Receiver>> {
        self.integrations.get(&id)
    }

    /// The name of the receiver with this number, also of one that nobody is told by.
    pub fn name_of(&self, id: ReceiverId) -> Option<&Arc<str>> {
        self.names.get(&id)
    }

    /// The route by which alerts come to this receiver by this way, if there is one; the first, if there are several.
    pub fn route(&self, way: &Way, receiver: ReceiverId) -> Option<RouteId> {
        self.routes_of(way, receiver).first().copied()
    }

    /// The routes by which alerts come to this receiver by this way, in the order of the file.
    pub fn routes_of(&self, way: &Way, receiver: ReceiverId) -> &[RouteId] {
        self.routes.get(&(way.clone(), receiver)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The most groups that one alert can belong to.
    pub fn most_destinations(&self) -> usize {
        self.routes.len()
    }

    /// The groups that an alert with these labels belongs to, each once.
    pub fn destinations(&self, labels: &LabelSet) -> Vec<Destination> {
        let mut found: Vec<Destination> = Vec::new();
        for (way, route) in self.matching(labels) {
            let Some(named) = self.receivers.get(&route.receiver) else { continue };
            if named.integrations.is_empty() {
                continue;
            }
            let shared = route.group_by.labels(labels);
            for receiver in &named.integrations {
                let hers = Destination { receiver: receiver.id, way: way.clone(), labels: shared.clone() };
                if !found.contains(&hers) {
                    found.push(hers);
                }
            }
        }
        found
    }

    /// The receivers that an alert with these labels leads to and that nobody is told by, and why.
    pub fn silent(&self, labels: &LabelSet) -> Vec<(ReceiverId, Hushed)> {
        let mut found: Vec<(ReceiverId, Hushed)> = Vec::new();
        if !self.has_silent {
            return found;
        }
        for (_, route) in self.matching(labels) {
            let silent = self.receivers.get(&route.receiver).map(|named| named.silent.as_slice());
            for hushed in silent.unwrap_or_default() {
                if !found.contains(hushed) {
                    found.push(hushed.clone());
                }
            }
        }
        found
    }

    fn matching(&self, labels: &LabelSet) -> impl Iterator<Item = (&Way, &Route)> {
        let ids = self.tree.matching(labels).into_iter();
        ids.filter_map(|id| Some((&self.ways[id.0 as usize], self.tree.route(id)?)))
    }

    /// The time intervals that routes can name.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Why nobody is told on this route at this time, if that is so: that it is not in time is asked before whether
    /// that time is mute (Alertmanager, cmd/alertmanager, `notify.PipelineBuilder`).
    pub fn off_time(&self, route: RouteId, at: Timestamp) -> Option<OffTime> {
        let Route { mute_time_intervals: mute, active_time_intervals: active, .. } =
            self.tree.route(route)?;
        self.calendar.muted(mute, active, at).map(|muted| match muted {
            Muted::OutsideOf(by) => OffTime { by: by.into(), outside: true },
            Muted::During(by) => OffTime { by: by.into(), outside: false },
        })
    }

    /// When it changes next whether this route is mute. `None` if that is never, or too far away to be looked for.
    pub fn next_off_time_change(&self, route: RouteId, at: Timestamp) -> Option<Timestamp> {
        let named = self.tree.route(route)?;
        let names = named.mute_time_intervals.iter().chain(named.active_time_intervals.iter());
        let is_off = self.off_time(route, at).is_some();
        let next = |name: &Arc<str>, at| Some((self.calendar.next_change(name, at)?, Arc::clone(name)));
        // One that never changes again is asked once: that is looked for through many years.
        let mut changes: BTreeSet<(Timestamp, Arc<str>)> = names.filter_map(|name| next(name, at)).collect();
        for _ in 0..MOST_INTERVAL_CHANGES {
            let (at, name) = changes.pop_first()?;
            changes.extend(next(&name, at));
            if self.off_time(route, at).is_some() != is_off {
                return Some(at);
            }
        }
        None
    }
}
