//! How alerts come to receivers, or why not.

use std::collections::BTreeMap;

use larum_core::alert::Alert;
use larum_core::condition::Condition;
use larum_core::label::LabelSet;
use larum_core::receiver::{Receiver, ReceiverId};
use larum_core::route::{Missed, RouteId, Way};
use larum_core::routing::{NamedReceiver, Routing};

use super::{Circumstances, Entry};
use crate::draft::receiver::sentence;
use crate::wire::why::WhyWay;

/// The most routes that are named of a receiver to whom none leads.
const MOST_MISSED: usize = 3;
/// The most routes to receivers of the file that are looked at for why they do not lead there.
const MOST_ROUTES: usize = 1000;
/// The most characters of a label's value in a sentence.
const MOST_VALUE: usize = 80;

/// How alerts come to receivers by the settings in force.
pub(super) struct Ways<'a> {
    pub at: &'a Circumstances<'a>,
}

impl Ways<'_> {
    /// Adds to all receivers how an alert comes to them, or why not. What the settings of a receiver were before they
    /// were last saved is not kept, nor what a configuration file said before it was last read.
    pub fn add(&self, alert: &Alert, entries: &mut BTreeMap<ReceiverId, Entry>) {
        let (config, question) = (&self.at.look.config, self.at.question);
        for receiver in &config.receivers {
            let saved = self.at.desk.receivers.get(&receiver.id).map(|row| row.updated_at);
            if question.live || saved.is_some_and(|saved| saved <= question.at) {
                entries.entry(receiver.id).or_default().shown.ways.push(conditions(receiver, alert));
            }
        }
        if let Some(routing) = config.routing.as_deref().filter(|_| question.live) {
            by_routes(routing, &alert.labels, entries);
        }
    }
}

fn conditions(receiver: &Receiver, alert: &Alert) -> WhyWay {
    let words = if alert.is_heartbeat() {
        Err("a heartbeat is shown, never sent, unless a route leads to it".to_owned())
    } else if let Some(unmet) = receiver.conditions.unmet(&alert.labels) {
        Err(format!("a notification condition is not met: {unmet}; {}", label_of(unmet, &alert.labels)))
    } else {
        Ok(format!("its notification conditions let it through: {}", receiver.conditions))
    };
    let met = words.is_ok();
    let words = words.unwrap_or_else(|words| words);
    WhyWay { route: None, met, stored: false, sentence: sentence(&words) }
}

/// `the alert's severity is warning`
fn label_of(condition: &Condition, labels: &LabelSet) -> String {
    match labels.get(condition.label()) {
        Some(value) => format!("the alert's {} is {}", condition.label(), cut(value)),
        None => format!("the alert has no label {}", condition.label()),
    }
}

fn cut(value: &str) -> String {
    match value.char_indices().nth(MOST_VALUE) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

fn ids(named: &NamedReceiver) -> impl Iterator<Item = ReceiverId> {
    named.integrations.iter().map(|receiver| receiver.id).chain(named.silent.iter().map(|(id, _)| *id))
}

fn by_routes(routing: &Routing, labels: &LabelSet, entries: &mut BTreeMap<ReceiverId, Entry>) {
    let tree = routing.tree();
    let matching = tree.matching(labels);
    for id in &matching {
        let Some(named) = tree.route(*id).and_then(|route| routing.named(&route.receiver)) else { continue };
        let route = tree.key(*id);
        let sentence = sentence(&format!("{} leads to it", called(&route)));
        let way = WhyWay { route: Some(route), met: true, stored: false, sentence };
        for receiver in ids(named) {
            let ways = &mut entries.entry(receiver).or_default().shown.ways;
            if !ways.contains(&way) {
                ways.push(way.clone());
            }
        }
    }
    let others = tree.routes().filter(|(id, _)| !matching.contains(id)).take(MOST_ROUTES);
    for (id, route) in others {
        let Some(named) = routing.named(&route.receiver) else { continue };
        for receiver in ids(named) {
            let ways = &mut entries.entry(receiver).or_default().shown.ways;
            if ways.iter().any(|way| way.met) || ways.len() >= MOST_MISSED {
                continue;
            }
            ways.extend(missed(routing, id, labels));
        }
    }
    // Receivers to which no route leads at all.
    for receiver in routing.receivers().flat_map(ids) {
        entries.entry(receiver).or_default();
    }
}

/// `the route {team="db"}/{severity="critical"}`: by its key without the root, which has no matchers.
fn called(key: &str) -> String {
    key.strip_prefix("{}/").map_or_else(|| "the root route".to_owned(), |below| format!("the route {below}"))
}

fn missed(routing: &Routing, id: RouteId, labels: &LabelSet) -> Option<WhyWay> {
    let tree = routing.tree();
    let key = tree.key(id);
    let why = match tree.missed(id, labels)? {
        Missed::Matcher { matcher, .. } => match labels.get(matcher.name()) {
            Some(value) => {
                format!("{matcher} does not match: the alert's {} is {}", matcher.name(), cut(value))
            }
            None => format!("{matcher} does not match: the alert has no label {}", matcher.name()),
        },
        Missed::Sibling(sibling) => {
            format!("{} stands before it and does not say continue", called(&tree.key(sibling)))
        }
        Missed::Below(below) => format!("the alert goes on to {} below", called(&tree.key(below))),
    };
    let sentence = sentence(&format!("{} does not lead to it: {why}", called(&key)));
    Some(WhyWay { route: Some(key), met: false, stored: false, sentence })
}

/// Adds a way that was written down.
pub(super) fn add_stored(ways: &mut Vec<WhyWay>, way: &Way) {
    let route = match way {
        Way::Conditions => None,
        Way::Route(key) => Some(key.to_string()),
    };
    if let Some(known) = ways.iter_mut().find(|known| known.route == route && known.met) {
        known.stored = true;
        return;
    }
    let sentence = match &route {
        None => "Its notification conditions let it through then.".to_owned(),
        Some(key) => sentence(&format!("{} led to it then", called(key))),
    };
    ways.push(WhyWay { route, met: true, stored: true, sentence });
}
