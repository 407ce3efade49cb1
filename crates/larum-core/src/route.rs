//! The tree of routes: which receivers an alert leads to, and how it is gathered with others on the way (Alertmanager,
//! "Configuration", `<route>`).

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use smol_str::SmolStr;

use crate::label::LabelSet;
use crate::matcher::Matcher;
use crate::sieve::Sieve;

mod draft;
mod missed;
mod quote;

pub use draft::{GROUP_INTERVAL, GROUP_WAIT, REPEAT_INTERVAL, RouteDraft, RouteFault, RouteRefused};
pub use missed::Missed;

/// The most routes in one tree.
pub const MAX_ROUTES: usize = 100_000;
/// The most routes from the root down to a leaf, both counted.
pub const MAX_ROUTE_DEPTH: usize = 100;
/// From how many children on a route finds those that can match by the alert's values.
const MANY_CHILDREN: usize = 4;

/// Which route of a tree; the root is 0 and they stand in the order of a walk down from it, the leftmost child first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RouteId(pub u32);

/// How an alert comes to a receiver.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Way {
    /// By the receiver's own conditions.
    Conditions,
    /// By the route with this key ([`RouteTree::key`]).
    Route(Arc<str>),
}

impl Way {
    /// How it is stored: the route's key, or nothing.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Conditions => "",
            Self::Route(key) => key,
        }
    }

    /// The key of the group on this way whose alerts share these labels (Alertmanager, dispatch, `GroupKey`).
    pub fn group_key(&self, shared: &LabelSet) -> String {
        let mut key = self.as_str().to_owned();
        key.push(':');
        quote::labels(&mut key, shared);
        key
    }

    /// The way that is stored like this.
    pub fn from_text(text: &str) -> Self {
        if text.is_empty() { Self::Conditions } else { Self::Route(text.into()) }
    }
}

/// By which labels alerts are gathered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum GroupBy {
    /// `...`: by every label.
    All,
    /// By these, each once. Without any, all alerts are one group.
    Labels(Arc<[SmolStr]>),
}

impl GroupBy {
    /// What the alerts of a group share, taken from one of them; labels that it does not have are left out.
    pub fn labels(&self, alert: &LabelSet) -> LabelSet {
        match self {
            Self::All => alert.clone(),
            Self::Labels(names) => names.iter().map(|name| (name.as_str(), alert.value(name))).collect(),
        }
    }
}

/// One route, with all that it inherits.
#[derive(Clone, Debug)]
pub struct Route {
    /// Whom it tells.
    pub receiver: Arc<str>,
    /// By which labels alerts are gathered.
    pub group_by: GroupBy,
    /// How long a new group gathers before its first turn.
    pub group_wait: Duration,
    /// How long lies between two turns of a group; never zero.
    pub group_interval: Duration,
    /// After how long an unchanged group that still fires speaks again; never zero.
    pub repeat_interval: Duration,
    /// Labels of the route itself, those of its parents among them.
    pub labels: LabelSet,
    /// Time intervals in which its groups are mute. Not inherited.
    pub mute_time_intervals: Arc<[Arc<str>]>,
    /// Time intervals outside of which its groups are mute, if there are any. Not inherited.
    pub active_time_intervals: Arc<[Arc<str>]>,
    /// Whether an alert that matches goes on to the next sibling.
    pub continues: bool,
    matchers: Box<[Matcher]>,
    parent: Option<RouteId>,
    /// Which child of its parent it is.
    place: usize,
    children: Vec<RouteId>,
    /// Finds children by an alert's values, where there are many.
    sieve: Option<Sieve>,
}

impl Route {
    /// What an alert must match to enter, in order of name, value and operator.
    pub fn matchers(&self) -> &[Matcher] {
        &self.matchers
    }

    /// The route above it; only the root has none.
    pub fn parent(&self) -> Option<RouteId> {
        self.parent
    }

    /// The routes below it, in the order in which they are tried.
    pub fn children(&self) -> &[RouteId] {
        &self.children
    }

    fn lets_in(&self, labels: &LabelSet) -> bool {
        self.matchers.iter().all(|matcher| matcher.matches(labels))
    }
}

/// All routes, with what each inherits, as they are written in one configuration. It never changes.
#[derive(Clone, Debug)]
pub struct RouteTree {
    /// By their numbers.
    routes: Vec<Route>,
}

impl RouteTree {
    /// Works out what each route inherits.
    ///
    /// # Errors
    /// [`RouteRefused`] with the place and in words, for the first route that is wrong.
    pub fn new(root: RouteDraft) -> Result<Self, RouteRefused> {
        let mut routes = draft::grow(root)?;
        for number in 0..routes.len() {
            if routes[number].children.len() < MANY_CHILDREN {
                continue;
            }
            let mut sieve = Sieve::default();
            for child in &routes[number].children {
                sieve.insert(u64::from(child.0), &routes[child.0 as usize].matchers);
            }
            routes[number].sieve = Some(sieve);
        }
        Ok(Self { routes })
    }

    /// The route with this number.
    pub fn route(&self, id: RouteId) -> Option<&Route> {
        self.routes.get(id.0 as usize)
    }

    /// All routes in order of their numbers.
    pub fn routes(&self) -> impl ExactSizeIterator<Item = (RouteId, &Route)> {
        self.routes.iter().enumerate().map(|(number, route)| (RouteId(number as u32), route))
    }

    /// The routes that an alert with these labels leads to, in order: the deepest that match, the first of siblings
    /// unless it says `continue`. There is always one, for the root matches everything.
    pub fn matching(&self, labels: &LabelSet) -> Vec<RouteId> {
        self.walk(labels, &mut |_| {})
    }

    /// As [`Self::matching`]; tells `asked` of each route whose matchers are tried.
    fn walk(&self, labels: &LabelSet, asked: &mut impl FnMut(RouteId)) -> Vec<RouteId> {
        let mut found = Vec::new();
        self.descend(RouteId(0), labels, &mut found, asked);
        found
    }

    /// Adds what is found from this route down, and answers whether that is anything. The depth is bounded by
    /// [`MAX_ROUTE_DEPTH`].
    fn descend(
        &self,
        id: RouteId,
        labels: &LabelSet,
        found: &mut Vec<RouteId>,
        asked: &mut impl FnMut(RouteId),
    ) -> bool {
        asked(id);
        let route = &self.routes[id.0 as usize];
        if !route.lets_in(labels) {
            return false;
        }
        let before = found.len();
        let mut is_last = |child: RouteId| {
            self.descend(child, labels, found, asked) && !self.routes[child.0 as usize].continues
        };
        // A child's number grows with its place, so candidates come in the order in which they are to be tried.
        match &route.sieve {
            Some(sieve) => {
                sieve.candidates(labels).map(|number| RouteId(number as u32)).any(&mut is_last);
            }
            None => {
                route.children.iter().copied().any(&mut is_last);
            }
        }
        if found.len() == before {
            found.push(id);
        }
        true
    }

    /// The route's key as Alertmanager writes it: the matchers from the root down, joined by `/`. Siblings with the
    /// same matchers have the same (Alertmanager, dispatch/route, `Key`).
    pub fn key(&self, id: RouteId) -> String {
        let mut key = String::new();
        for (number, id) in self.path(id).into_iter().enumerate() {
            if number > 0 {
                key.push('/');
            }
            quote::matchers(&mut key, &self.routes[id.0 as usize].matchers);
        }
        key
    }

    /// The route's id as Alertmanager writes it: its key with each one's place among its siblings, so that no two
    /// routes have the same (Alertmanager, dispatch/route, `ID`).
    pub fn unique_key(&self, id: RouteId) -> String {
        let mut key = String::new();
        for (number, id) in self.path(id).into_iter().enumerate() {
            let route = &self.routes[id.0 as usize];
            if number > 0 {
                key.push('/');
            }
            quote::matchers(&mut key, &route.matchers);
            if number > 0 {
                // Writing to a string cannot fail.
                let _ = write!(key, "/{}", route.place);
            }
        }
        key
    }

    /// The key of the group that an alert with these labels belongs to on this route: the route's key, and what its
    /// group shares (Alertmanager, dispatch, `GroupKey`).
    pub fn group_key(&self, id: RouteId, alert: &LabelSet) -> String {
        let mut key = self.key(id);
        key.push(':');
        if let Some(route) = self.route(id) {
            quote::labels(&mut key, &route.group_by.labels(alert));
        }
        key
    }

    /// The routes from the root down to this one; none if there is no such route.
    pub fn path(&self, id: RouteId) -> Vec<RouteId> {
        let known = self.route(id).map(|_| id);
        let up = std::iter::successors(known, |id| self.routes[id.0 as usize].parent);
        let mut path: Vec<RouteId> = up.collect();
        path.reverse();
        path
    }
}

#[cfg(test)]
mod tests;
