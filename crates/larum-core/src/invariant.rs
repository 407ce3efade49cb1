//! What must hold of a state whenever nobody is in the middle of changing it. For tests and the simulator: each
//! question walks over everything, so it is not for a live system to ask at every step.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Debug;
use std::sync::Arc;

use crate::alert::{AlertId, Phase};
use crate::group::Group;
use crate::inhibit::Inhibitions;
use crate::label::ALERT_NAME;
use crate::matcher::Matcher;
use crate::notification::Voice;
use crate::outbox::{Delivery, Lane};
use crate::receiver::ReceiverId;
use crate::state::State;

/// What is wrong with this state, one sentence each; empty if nothing is.
pub fn violations(state: &State) -> Vec<String> {
    let mut found = Violations::default();
    alerts(state, &mut found);
    index(state, &mut found);
    crowds(state, &mut found);
    expiries(state, &mut found);
    groups(state, &mut found);
    routes(state, &mut found);
    inhibitions(state, &mut found);
    debts(state, &mut found);
    lanes(state, &mut found);
    found.0.sort();
    found.0
}

/// What is wrong so far, one sentence each.
#[derive(Default)]
struct Violations(Vec<String>);

impl Violations {
    fn unless(&mut self, holds: bool, thing: impl Debug, is: &str) {
        if !holds {
            self.0.push(format!("{thing:?} {is}"));
        }
    }
}

/// An alert is held because somebody needs it, and one that fires is found by its key.
fn alerts(state: &State, found: &mut Violations) {
    let text: usize = state.alerts.values().map(|held| held.alert.text_bytes()).sum();
    found.unless(text == state.text, state.text, "is another number of bytes of text than there are");
    for (id, held) in &state.alerts {
        let needed = held.alert.is_firing() || !held.groups.is_empty() || state.owed.contains_key(id);
        found.unless(needed, id, "is held and nobody needs it");
        let known = state.known_by(&held.alert.key());
        found.unless(!held.alert.is_firing() || known == Some(*id), id, "fires and is not found by its key");
        let mut ways = BTreeSet::new();
        for group in held.groups.iter() {
            let group = state.groups.get(group);
            found.unless(group.is_some(), id, "stands in a group that is no more");
            let Some(group) = group else { continue };
            let known = group.firing.contains(id) || group.told.contains_key(id);
            found.unless(known, id, "stands in a group that does not know it");
            let first = ways.insert((group.receiver, group.way.clone()));
            found.unless(first, id, "stands in two groups of one receiver and way");
            let agrees = held.alert.is_firing() || !group.firing.contains(id);
            found.unless(agrees, id, "is over and its group thinks otherwise");
        }
    }
    for id in state.known() {
        let key = state.alerts.get(&id).map(|held| held.alert.key());
        let known = key.and_then(|key| state.known_by(&key));
        found.unless(known == Some(id), id, "has a key and is not found by it");
    }
}

/// Every alert is found by its labels' values, and nothing that is gone.
fn index(state: &State, found: &mut Violations) {
    for (id, held) in &state.alerts {
        let labels = held.alert.labels.iter();
        let matchers: Vec<Matcher> = labels.map(|(name, value)| Matcher::equal(name, value)).collect();
        let listed = state.candidates(&matchers).iter().any(|known| known == *id);
        found.unless(listed, id, "is not found by its labels");
    }
    for id in state.candidates(&[]).iter() {
        found.unless(state.alerts.contains_key(&id), id, "is found by its labels and is not held");
    }
}

/// Of each name as many alerts fire as are counted, where they are.
fn crowds(state: &State, found: &mut Violations) {
    let mut fire: HashMap<&str, usize> = HashMap::new();
    let counted = state.config.limits.per_alertname > 0;
    for held in state.alerts.values().filter(|held| counted && held.alert.is_firing()) {
        *fire.entry(held.alert.labels.value(ALERT_NAME)).or_default() += 1;
    }
    let known: HashMap<&str, usize> =
        state.crowds.iter().map(|(name, fire)| (name.as_str(), *fire)).collect();
    found.unless(fire == known, &state.crowds, "are other counts than those of what fires");
}

/// Every alert that fires is looked at in time, and nothing else is.
fn expiries(state: &State, found: &mut Violations) {
    for (id, held) in &state.alerts {
        let in_time = match held.alert.phase {
            Phase::Firing { expires, .. } => held.looked_at.is_some_and(|at| at <= expires),
            Phase::Ended { .. } => held.looked_at.is_none(),
        };
        found.unless(in_time, id, "is not looked at in time, or in vain");
        let listed = held.looked_at.is_none_or(|at| state.expiries.contains(&(at, *id)));
        found.unless(listed, id, "is not where it is to be looked at");
    }
    let listed = state.alerts.values().filter(|held| held.looked_at.is_some()).count();
    found.unless(state.expiries.len() == listed, state.expiries.len(), "expiries are more than alerts");
}

/// A group is known by its key, has its time, and is there because it has something to say.
fn groups(state: &State, found: &mut Violations) {
    for (id, group) in &state.groups {
        let key = group.place();
        found.unless(state.group_keys.get(&key) == Some(id), id, "is not found by its key");
        found.unless(state.due.contains(&(group.due, *id)), id, "is never due");
        let needed = !group.is_over() || state.outbox().speaks_for(*id) || group.turn == 0;
        found.unless(needed, id, "has nothing to say and is not over");
        let enabled = state.config.receiver(group.receiver).is_some_and(|receiver| receiver.enabled);
        found.unless(enabled, id, "speaks to a receiver that is off or gone");
        for alert in group.firing.iter().chain(group.told.keys()) {
            let held = state.alerts.get(alert);
            let mutual = held.is_some_and(|held| held.groups.contains(id));
            found.unless(mutual, (id, alert), "are not mutual");
        }
        let since = group.told.values().chain(group.heard.values()).max();
        found.unless(since.is_none_or(|turn| *turn <= group.turn), id, "told something in a turn to come");
        let gaps = group.gaps.keys().all(|id| group.told.contains_key(id));
        found.unless(gaps, id, "no longer wants what it did not tell");
    }
    found.unless(
        state.due.len() == state.groups.len(),
        state.due.len(),
        "due times are not one for each group",
    );
    let keys = state.group_keys.len();
    found.unless(keys == state.groups.len(), keys, "keys are not one for each group");
}

/// An alert that fires stands in a group wherever it belongs, and in no other.
fn routes(state: &State, found: &mut Violations) {
    for (id, held) in state.alerts.iter().filter(|(_, held)| held.alert.is_firing()) {
        let destinations = state.config.destinations(&held.alert.labels);
        let stands: Vec<&Group> = state.groups_of(*id).filter(|group| group.firing.contains(id)).collect();
        for place in &destinations {
            let gathered = stands.iter().any(|group| state.serves(group, place));
            found.unless(gathered, (id, place), "is wanted and in no group");
        }
        for group in stands {
            let wanted = destinations.iter().any(|place| state.serves(group, place));
            found.unless(wanted, (id, group.place()), "is not wanted and in a group");
        }
    }
}

/// What fires and nothing else inhibits, and a group keeps silent only about what fires in it.
fn inhibitions(state: &State, found: &mut Violations) {
    let mut fresh = Inhibitions::new(Arc::clone(state.inhibitions.rules()));
    state.firing().for_each(|alert| fresh.begins(alert));
    found.unless(fresh == state.inhibitions, "what inhibits", "is not what fires");
    let mut hidden = BTreeSet::new();
    for (id, group) in &state.groups {
        for (alert, mute) in &group.muted {
            let fires = group.firing.contains(alert);
            found.unless(fires, (id, alert), "is muted there and does not fire there");
            hidden.extend(mute.inhibiting().map(|by| (by, *id, *alert)));
            let gap = group.gaps.get(alert).and_then(|gaps| gaps.last());
            let silent = gap.is_some_and(|gap| gap.until.is_none()) || !group.told.contains_key(alert);
            found.unless(silent, (id, alert), "was told, is muted, and counts as named");
        }
    }
    found.unless(hidden == state.hides, &state.hides, "is not what the groups keep silent about");
}

/// Every delivery that waits holds what it speaks of, and is wanted unless it is on its way.
fn debts(state: &State, found: &mut Violations) {
    let mut owed: HashMap<(ReceiverId, AlertId), u32> = HashMap::new();
    for delivery in state.outbox().iter() {
        let count = |id: &AlertId| *owed.entry((delivery.receiver, *id)).or_default() += 1;
        // One that was given up and is wanted again may tell the end of what was let go since.
        let tried = delivery.attempts > 0;
        let forgotten =
            |(id, voice): &&(AlertId, Voice)| tried && voice.is_over() && !state.alerts.contains_key(id);
        delivery.alerts.iter().filter(|spoken| !forgotten(spoken)).map(|(id, _)| id).for_each(count);
        let receiver = state.config.receiver(delivery.receiver);
        let wanted = receiver.is_some_and(|r| r.enabled && r.channels.contains(&delivery.channel));
        let sending = state.outbox().is_sending(delivery.id);
        found.unless(wanted || sending, delivery.id, "waits for a channel that is off or gone");
        let fresh = delivery.attempts == 0;
        let group =
            state.groups.get(&delivery.group).is_some_and(|group: &Group| group.turn >= delivery.turn);
        found.unless(group || !fresh, delivery.id, "waits, and its group has not said it");
    }
    for ((receiver, id), count) in &owed {
        let known = state.owed.get(id).map_or(0, |owed| owed.to(*receiver));
        found.unless(known == *count, (receiver, id), "is owed by another number of deliveries");
    }
    for (id, to) in &state.owed {
        found.unless(state.alerts.contains_key(id), id, "is owed and not held");
        for receiver in to.receivers() {
            found.unless(owed.contains_key(&(receiver, *id)), (receiver, id), "is owed by no delivery");
        }
    }
}

/// A lane has each delivery once, in order of turns, at most one of a group that was not tried and at most two of it.
fn lanes(state: &State, found: &mut Violations) {
    let outbox = state.outbox();
    let mut rows = 0;
    for (receiver, channel, lane) in outbox.lanes() {
        let name = (receiver, channel);
        found.unless(!lane.is_empty(), name, "is a lane in which nothing waits");
        rows += lane.len();
        let mut sending = 0;
        for (group, queue) in &lane.groups {
            let deliveries: Vec<&Delivery> = queue.iter().filter_map(|id| outbox.get(*id)).collect();
            found.unless(deliveries.len() == queue.len(), name, "has a delivery that is no more");
            found.unless(deliveries.len() <= 2, (name, group), "has more than two deliveries of a group");
            let untried = deliveries.iter().filter(|delivery| delivery.attempts == 0).count();
            found.unless(untried <= 1, (name, group), "has two deliveries of a group that were not tried");
            let ordered = deliveries.is_sorted_by(|before, after| before.turn < after.turn);
            found.unless(ordered, (name, group), "has a group's deliveries out of order");
            let on_their_way = deliveries.iter().filter(|delivery| outbox.is_sending(delivery.id)).count();
            sending += on_their_way;
            let first = deliveries.first().is_none_or(|first| takes_part(lane, first, on_their_way));
            found.unless(first, (name, group), "has a group whose first delivery takes no part, or twice");
        }
        found.unless(lane.in_flight.len() == sending, name, "counts wrongly what is on its way");
        let heads = lane.ready.len() + lane.later.len() + sending;
        found.unless(heads == lane.groups.len(), name, "lets others than the first of each group take part");
    }
    found.unless(rows == outbox.len(), outbox.len(), "deliveries are not those of the lanes");
}

fn takes_part(lane: &Lane, first: &Delivery, on_their_way: usize) -> bool {
    let ready = lane.ready.contains(&(first.severity, first.id));
    let later = lane.later.contains(&(first.not_before, first.severity, first.id));
    usize::from(ready) + usize::from(later) + on_their_way == 1
}
