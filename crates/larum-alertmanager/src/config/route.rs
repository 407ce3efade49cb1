//! `route`: who is told of what, and when.

use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use larum_core::label::LabelSet;
use larum_core::matcher::{MatchOp, Matcher, parse_matchers};
use larum_core::route::{MAX_ROUTE_DEPTH, RouteDraft, RouteId, RouteTree};
use smol_str::SmolStr;

use super::Options;
use super::field::{At, Section};
use super::names::Names;

/// What the root cannot have, for it is for every alert at any time.
const ROOT_WITHOUT: [&str; 6] =
    ["matchers", "match", "match_re", "continue", "mute_time_intervals", "active_time_intervals"];

/// Reads the root and all below it. What a route inherits is worked out in core. `None` only if something is wrong.
pub(super) fn read(at: &At<'_>, names: &Names, options: &Options) -> Option<RouteTree> {
    let section = at.section()?;
    let reading = Reading { names, options, repeats: RefCell::default(), count: RefCell::default() };
    let root = reading.route(&section, 0);
    if root.receiver.is_none() {
        section.missing::<()>("receiver", "the root route needs a receiver");
    }
    if at.is_any_wrong() {
        return None;
    }
    let tree = RouteTree::new(root).map_err(|refused| at.wrong(refused.to_string())).ok()?;
    reading.warn_of_repeats(&tree);
    Some(tree)
}

struct Reading<'a> {
    names: &'a Names,
    options: &'a Options,
    /// Where routes say after how long they repeat.
    repeats: RefCell<Vec<(RouteId, At<'a>)>>,
    /// How many routes are read; they are numbered as in a [`RouteTree`].
    count: RefCell<u32>,
}

impl<'a> Reading<'a> {
    fn route(&self, section: &Section<'a>, depth: usize) -> RouteDraft {
        if depth == 0 {
            for field in ROOT_WITHOUT {
                not_at_the_root(section, field);
            }
        }
        let id = RouteId(*self.count.borrow());
        *self.count.borrow_mut() += 1;
        let span = |at: &At<'_>| {
            let span = at.duration()?;
            if span.is_zero() {
                at.wrong("cannot be zero");
            }
            Some(span)
        };
        let repeat = section.take("repeat_interval");
        let repeat_interval = repeat.as_ref().and_then(span);
        self.repeats.borrow_mut().extend(repeat.map(|at| (id, at)));
        RouteDraft {
            receiver: self.receiver(section).map(Into::into),
            matchers: matchers(section, ["matchers", "match", "match_re"], self.options),
            continues: section.boolean_or("continue", false),
            group_by: section.take("group_by").map(|at| group_by(&at, self.options)),
            group_wait: section.duration("group_wait"),
            group_interval: section.take("group_interval").as_ref().and_then(span),
            repeat_interval,
            labels: section.texts_by_name("labels").iter().collect::<LabelSet>(),
            mute_time_intervals: self.intervals(section, "mute_time_intervals"),
            active_time_intervals: self.intervals(section, "active_time_intervals"),
            routes: self.below(section, depth + 1),
        }
    }

    fn below(&self, section: &Section<'a>, depth: usize) -> Vec<RouteDraft> {
        let mut routes = Vec::new();
        for at in section.take("routes").map(|at| at.items()).unwrap_or_default() {
            if depth == MAX_ROUTE_DEPTH {
                at.wrong(format!("routes go deeper than {MAX_ROUTE_DEPTH} levels"));
                continue;
            }
            routes.extend(at.section().map(|section| self.route(&section, depth)));
        }
        routes
    }

    fn receiver(&self, section: &Section<'a>) -> Option<String> {
        let at = section.take("receiver")?;
        let name = at.text().filter(|name| !name.is_empty())?;
        if !self.names.has_receiver(&name) {
            at.wrong(format!("there is no receiver {name:?}"));
        }
        Some(name)
    }

    fn intervals(&self, section: &Section<'a>, field: &str) -> Vec<Arc<str>> {
        let items = section.take(field).map(|at| at.items()).unwrap_or_default();
        let name = |at: &At<'_>| {
            let name = at.text()?;
            if !self.names.has_interval(&name) {
                at.wrong(format!("there is no time interval {name:?}"));
            }
            Some(name.as_str().into())
        };
        items.iter().filter_map(name).collect()
    }

    fn warn_of_repeats(&self, tree: &RouteTree) {
        let is_longer = |span| self.options.retention.is_some_and(|retention: Duration| span > retention);
        for (id, at) in self.repeats.take() {
            let Some(route) = tree.route(id) else { continue };
            if route.repeat_interval < route.group_interval {
                at.warn("is shorter than group_interval: nothing is told again before that is over");
            }
            if is_longer(route.repeat_interval) {
                at.warn("is longer than it is remembered what was told: it can be told again earlier");
            }
        }
    }
}

fn not_at_the_root(section: &Section<'_>, field: &str) {
    if section.says(field) {
        section.refuse(field, &format!("the root route cannot have {field}: every alert meets it"));
    }
}

/// Names to group by, or `...` alone.
fn group_by(at: &At<'_>, options: &Options) -> Vec<SmolStr> {
    let (mut labels, mut all) = (HashSet::new(), false);
    for item in at.items() {
        let Some(label) = item.text() else { continue };
        if label == "..." {
            all = true;
        } else if !options.matchers.is_label_name(&label) {
            item.wrong(format!("{label:?} is no name of a label"));
        } else if !labels.insert(label.clone()) {
            item.wrong(format!("the label {label:?} stands here twice"));
        }
    }
    if all && !labels.is_empty() {
        at.wrong("has ... , which means every label, and other labels beside it");
    }
    if all { vec!["...".into()] } else { labels.iter().map(Into::into).collect() }
}

/// The matchers of all three forms: a list of texts, labels with values, labels with expressions.
pub(super) fn matchers(section: &Section<'_>, fields: [&str; 3], options: &Options) -> Vec<Matcher> {
    let [texts, equal, regexp] = fields;
    let mut matchers = Vec::new();
    for at in section.take(texts).map(|at| at.items()).unwrap_or_default() {
        let Some(text) = at.text() else { continue };
        match parse_matchers(&text, options.matchers) {
            Ok(parsed) => {
                matchers.extend(parsed.value);
                parsed.warning.into_iter().for_each(|warning| at.warn(warning));
            }
            Err(error) => at.wrong(error.to_string()),
        }
    }
    for (field, op) in [(equal, MatchOp::Equal), (regexp, MatchOp::Regexp)] {
        for (name, at) in section.take(field).map(|at| at.pairs()).unwrap_or_default() {
            if !options.matchers.is_label_name(&name) {
                at.wrong(format!("{name:?} is no name of a label"));
            }
            let value = if at.is_null() { Some(String::new()) } else { at.text() };
            let Some(value) = value else { continue };
            match Matcher::new(name, op, value) {
                Ok(matcher) => matchers.push(matcher),
                Err(error) => at.wrong(error.to_string()),
            }
        }
    }
    matchers
}
