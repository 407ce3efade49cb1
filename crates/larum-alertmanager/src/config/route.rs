//! `route`: who is told of what, and when.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use larum_core::matcher::{MatchOp, Matcher, parse_matchers};
use larum_core::route::{GROUP_INTERVAL, GROUP_WAIT, MAX_ROUTE_DEPTH, REPEAT_INTERVAL};

use super::Options;
use super::field::{At, Section};
use super::names::Names;

/// What the root cannot have, for it is for every alert at any time.
const ROOT_WITHOUT: [&str; 6] =
    ["matchers", "match", "match_re", "continue", "mute_time_intervals", "active_time_intervals"];

/// A route, with all that it inherits filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// The receiver's name.
    pub receiver: String,
    /// All of them must match: those of `matchers`, `match` and `match_re`, in order of name, value and kind.
    pub matchers: Vec<Matcher>,
    /// Whether the routes behind this one are tried too when it matches. Not inherited.
    pub continues: bool,
    /// What the alerts of a group have in common.
    pub group_by: GroupBy,
    /// How long a new group waits for more.
    pub group_wait: Duration,
    /// How long a group waits between turns; not zero.
    pub group_interval: Duration,
    /// After how long what is still firing is told again; not zero.
    pub repeat_interval: Duration,
    /// Time intervals in which nothing is told. Not inherited.
    pub mute_time_intervals: Vec<String>,
    /// Time intervals outside of which nothing is told, if there are any. Not inherited.
    pub active_time_intervals: Vec<String>,
    /// What its groups are known by, beside what their alerts have in common; may be Go templates.
    pub labels: BTreeMap<String, String>,
    /// The routes below it, in order; the first that matches wins, unless it continues.
    pub routes: Vec<Route>,
    /// The line of the file at which it begins, from 1.
    pub line: usize,
}

/// What the alerts of a group have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupBy {
    /// All labels (`...`): each alert is a group.
    All,
    /// These labels, in order of name; without any, all alerts are one group.
    Labels(Vec<String>),
}

/// What a route takes over from the one above.
#[derive(Clone)]
struct Inherited {
    receiver: String,
    group_by: GroupBy,
    group_wait: Duration,
    group_interval: Duration,
    repeat_interval: Duration,
    labels: BTreeMap<String, String>,
}

/// Reads the root. `None` only if something is wrong.
pub(super) fn read(at: &At<'_>, names: &Names, options: &Options) -> Option<Route> {
    let section = at.section()?;
    let root = Inherited {
        receiver: String::new(),
        group_by: GroupBy::Labels(Vec::new()),
        group_wait: GROUP_WAIT,
        group_interval: GROUP_INTERVAL,
        repeat_interval: REPEAT_INTERVAL,
        labels: BTreeMap::new(),
    };
    let reading = Reading { names, options };
    let route = reading.route(&section, &root, 0);
    if route.receiver.is_empty() {
        section.missing::<()>("receiver", "the root route needs a receiver");
    }
    Some(route)
}

struct Reading<'a> {
    names: &'a Names,
    options: &'a Options,
}

impl Reading<'_> {
    fn route(&self, section: &Section<'_>, above: &Inherited, depth: usize) -> Route {
        if depth == 0 {
            for field in ROOT_WITHOUT {
                not_at_the_root(section, field);
            }
        }
        let own = self.inherited(section, above);
        let matchers = matchers(section, ["matchers", "match", "match_re"], self.options);
        let (mute, active) = ("mute_time_intervals", "active_time_intervals");
        let (mute_time_intervals, active_time_intervals) =
            (self.intervals(section, mute), self.intervals(section, active));
        let continues = section.boolean_or("continue", false);
        let below = section.take("routes").map(|at| at.items()).unwrap_or_default();
        let mut routes = Vec::new();
        for at in below {
            if depth + 1 == MAX_ROUTE_DEPTH {
                at.wrong(format!("routes go deeper than {MAX_ROUTE_DEPTH} levels"));
                continue;
            }
            routes.extend(at.section().map(|section| self.route(&section, &own, depth + 1)));
        }
        Route {
            receiver: own.receiver,
            matchers,
            continues,
            group_by: own.group_by,
            group_wait: own.group_wait,
            group_interval: own.group_interval,
            repeat_interval: own.repeat_interval,
            mute_time_intervals,
            active_time_intervals,
            labels: own.labels,
            routes,
            line: section.at().place().line,
        }
    }

    fn inherited(&self, section: &Section<'_>, above: &Inherited) -> Inherited {
        let receiver = section.take("receiver").and_then(|at| {
            let name = at.text().filter(|name| !name.is_empty())?;
            if !self.names.has_receiver(&name) {
                at.wrong(format!("there is no receiver {name:?}"));
            }
            Some(name)
        });
        let group_by = section.take("group_by").map(|at| group_by(&at, self.options));
        let group_wait = section.duration("group_wait");
        let [group_interval, repeat_interval] = ["group_interval", "repeat_interval"].map(|name| {
            let at = section.take(name)?;
            let span = at.duration()?;
            if span.is_zero() {
                at.wrong("cannot be zero");
            }
            Some((at, span))
        });
        if let Some((at, span)) = &repeat_interval
            && *span < group_interval.as_ref().map_or(above.group_interval, |(_, span)| *span)
        {
            at.warn("is shorter than group_interval: nothing is told again before that is over");
        }
        if let Some((at, span)) = &repeat_interval
            && self.options.retention.is_some_and(|retention| *span > retention)
        {
            at.warn("is longer than it is remembered what was told: it can be told again earlier");
        }
        let mut labels = above.labels.clone();
        labels.extend(section.texts_by_name("labels"));
        let span = |span: Option<(At<'_>, Duration)>, above| span.map_or(above, |(_, span)| span);
        Inherited {
            receiver: receiver.unwrap_or_else(|| above.receiver.clone()),
            group_by: group_by.unwrap_or_else(|| above.group_by.clone()),
            group_wait: group_wait.unwrap_or(above.group_wait),
            group_interval: span(group_interval, above.group_interval),
            repeat_interval: span(repeat_interval, above.repeat_interval),
            labels,
        }
    }

    fn intervals(&self, section: &Section<'_>, field: &str) -> Vec<String> {
        let items = section.take(field).map(|at| at.items()).unwrap_or_default();
        let name = |at: &At<'_>| {
            let name = at.text()?;
            if !self.names.has_interval(&name) {
                at.wrong(format!("there is no time interval {name:?}"));
            }
            Some(name)
        };
        items.iter().filter_map(name).collect()
    }
}

fn not_at_the_root(section: &Section<'_>, field: &str) {
    if section.says(field) {
        section.refuse(field, &format!("the root route cannot have {field}: every alert meets it"));
    }
}

fn group_by(at: &At<'_>, options: &Options) -> GroupBy {
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
    if all {
        return GroupBy::All;
    }
    let mut labels: Vec<String> = labels.into_iter().collect();
    labels.sort_unstable();
    GroupBy::Labels(labels)
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
    let key = |matcher: &Matcher| (matcher.name().to_owned(), matcher.value().to_owned(), matcher.op() as u8);
    matchers.sort_by_cached_key(key);
    matchers
}
