//! Why an alert is not told on a route.

use super::{RouteId, RouteTree};
use crate::label::LabelSet;
use crate::matcher::Matcher;

/// Why an alert with some labels does not end on a route.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Missed<'a> {
    /// It does not match this route, which is the one asked about or above it.
    Matcher {
        /// That route.
        route: RouteId,
        /// The first of its matchers that does not match.
        matcher: &'a Matcher,
    },
    /// It goes to this sibling, of the route asked about or of one above it, which stands before and does not say
    /// `continue`.
    Sibling(RouteId),
    /// It goes on to this route below.
    Below(RouteId),
}

impl RouteTree {
    /// Why an alert with these labels does not end on this route. `None` if it does, or if there is no such route.
    pub fn missed(&self, id: RouteId, labels: &LabelSet) -> Option<Missed<'_>> {
        let path = self.path(id);
        for route in path.iter().copied() {
            let matchers = self.routes[route.0 as usize].matchers.iter();
            if let Some(matcher) = matchers.into_iter().find(|matcher| !matcher.matches(labels)) {
                return Some(Missed::Matcher { route, matcher });
            }
        }
        for route in path.iter().copied() {
            let Some(parent) = self.routes[route.0 as usize].parent else { continue };
            let siblings = self.routes[parent.0 as usize].children.iter().copied();
            let mut before = siblings.take_while(|sibling| *sibling != route);
            let takes = |sibling: &RouteId| {
                let sibling = &self.routes[sibling.0 as usize];
                !sibling.continues && sibling.lets_in(labels)
            };
            if let Some(sibling) = before.find(takes) {
                return Some(Missed::Sibling(sibling));
            }
        }
        let below = self.route(id)?.children.iter().copied();
        let mut below = below.filter(|child| self.routes[child.0 as usize].lets_in(labels));
        below.next().map(Missed::Below)
    }
}
