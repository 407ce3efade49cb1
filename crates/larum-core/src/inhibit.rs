//! Inhibition: an alert is not told while another fires that says more. It is hidden from receivers, never from view.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::Arc;

use foldhash::quality::RandomState;
use smol_str::SmolStr;

use crate::alert::{Alert, AlertId};
use crate::label::LabelSet;
use crate::matcher::Matcher;
use crate::parts::Parts;

/// While an alert fires that the source matchers match, alerts that the target matchers match and that have the same
/// values in the labels `equal` are not told (Alertmanager, "Configuration", `<inhibit_rule>`).
///
/// Matchers without a member match every alert. An alert that both sides match is never inhibited by another that both
/// sides match, so that a rule cannot silence all alerts it is about, one by the other.
#[derive(Clone, PartialEq, Debug)]
pub struct InhibitRule {
    /// Known to people by this; may be empty, and need not be unique.
    pub name: Arc<str>,
    /// What inhibits: each must match.
    pub source: Vec<Matcher>,
    /// What is inhibited: each must match.
    pub target: Vec<Matcher>,
    /// Labels in which both must have the same value; a label that is not there has the empty one.
    pub equal: Vec<SmolStr>,
}

impl InhibitRule {
    fn is_source(&self, labels: &LabelSet) -> bool {
        self.source.iter().all(|matcher| matcher.matches(labels))
    }

    fn is_target(&self, labels: &LabelSet) -> bool {
        self.target.iter().all(|matcher| matcher.matches(labels))
    }

    fn agree(&self, one: &LabelSet, other: &LabelSet) -> bool {
        self.equal.iter().all(|name| one.value(name) == other.value(name))
    }
}

/// By what an alert is inhibited.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Inhibited {
    /// The rule's name.
    pub rule: Arc<str>,
    /// An alert that fires and inhibits it; there may be others.
    pub by: AlertId,
}

/// A rule and one of the alerts that inhibit by it.
#[derive(Clone, Copy, Debug)]
pub struct Inhibitor<'a> {
    /// Which of the rules, in their order.
    pub place: usize,
    /// The rule.
    pub rule: &'a InhibitRule,
    /// The alert that inhibits.
    pub by: AlertId,
    /// Its labels.
    pub labels: &'a LabelSet,
}

impl Inhibitor<'_> {
    /// The same to be kept.
    pub fn to_inhibited(self) -> Inhibited {
        Inhibited { rule: Arc::clone(&self.rule.name), by: self.by }
    }
}

/// The rules, and for each the alerts that fire and inhibit by it, found by their values in the labels `equal`: so
/// that asking for an alert costs one look-up for each rule, however many fire. Cloning shares all of it, and the
/// clone stays as it was.
#[derive(Clone, Debug)]
pub struct Inhibitions {
    rules: Arc<[InhibitRule]>,
    /// Those of each rule.
    sources: Vec<Sources>,
    seed: RandomState,
}

/// The alerts that fire and inhibit by a rule, by a hash of their values in the labels `equal`.
type Sources = Parts<u64, BTreeMap<Place, LabelSet>>;

/// Where an alert stands among those that have the same values.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Place {
    /// Whether the rule's target matchers match it as well.
    two_sided: bool,
    id: AlertId,
}

impl Inhibitions {
    /// The rules, and nothing that fires yet.
    pub fn new(rules: Arc<[InhibitRule]>) -> Self {
        let sources = rules.iter().map(|_| Sources::default()).collect();
        Self { rules, sources, seed: RandomState::default() }
    }

    /// The rules, in the order in which they are asked.
    pub fn rules(&self) -> &Arc<[InhibitRule]> {
        &self.rules
    }

    /// An alert fires from now on; saying so twice changes nothing.
    pub fn begins(&mut self, alert: &Alert) {
        for (index, values, place) in self.places(alert) {
            self.sources[index].get_or_default(values).insert(place, alert.labels.clone());
        }
    }

    /// An alert is over.
    pub fn ends(&mut self, alert: &Alert) {
        for (index, values, place) in self.places(alert) {
            let Some(same) = self.sources[index].get_mut(&values) else { continue };
            same.remove(&place);
            if same.is_empty() {
                self.sources[index].remove(&values);
            }
        }
    }

    /// By what an alert with these labels is inhibited now, if it is: by the first rule that says so.
    pub fn inhibitor(&self, labels: &LabelSet) -> Option<Inhibitor<'_>> {
        self.rules.iter().enumerate().find_map(|(place, rule)| {
            if self.sources[place].is_empty() || !rule.is_target(labels) {
                return None;
            }
            let (by, labels) =
                self.candidates(place, labels).find(|(_, source)| rule.agree(labels, source))?;
            Some(Inhibitor { place, rule, by, labels })
        })
    }

    /// Whether nothing that fires could inhibit anything.
    pub fn is_idle(&self) -> bool {
        self.sources.iter().all(|sources| sources.is_empty())
    }

    /// How many alerts inhibit by each rule, in their order, whether they find a target or not.
    pub fn sources(&self) -> impl ExactSizeIterator<Item = usize> {
        self.sources.iter().map(|sources| sources.values().map(BTreeMap::len).sum())
    }

    /// Alerts that inhibit by the rule at this place and whose values have the same hash: almost always those that
    /// inhibit an alert with these labels, which is a target.
    fn candidates(&self, rule: usize, labels: &LabelSet) -> impl Iterator<Item = (AlertId, &LabelSet)> {
        let values = self.values(&self.rules[rule], labels);
        let two_sided = !self.rules[rule].is_source(labels);
        let last = Place { two_sided, id: AlertId(u64::MAX) };
        let same = self.sources[rule].get(&values).into_iter();
        same.flat_map(move |same| same.range(..=last)).map(|(place, labels)| (place.id, labels))
    }

    /// By which of the rules an alert inhibits, the hash of its values there, and where it stands among those.
    fn places(&self, alert: &Alert) -> Vec<(usize, u64, Place)> {
        let labels = &alert.labels;
        let rules = self.rules.iter().enumerate().filter(|(_, rule)| rule.is_source(labels));
        let places = rules.map(|(index, rule)| {
            let place = Place { two_sided: rule.is_target(labels), id: alert.id };
            (index, self.values(rule, labels), place)
        });
        places.collect()
    }

    fn values(&self, rule: &InhibitRule, labels: &LabelSet) -> u64 {
        let mut hasher = self.seed.build_hasher();
        rule.equal.iter().for_each(|name| labels.value(name).hash(&mut hasher));
        hasher.finish()
    }
}

impl Default for Inhibitions {
    fn default() -> Self {
        Self::new(Arc::default())
    }
}

/// The same alerts inhibit by the same rules.
impl PartialEq for Inhibitions {
    fn eq(&self, other: &Self) -> bool {
        let alerts = |all: &Self| -> Vec<Vec<AlertId>> {
            let ids = all
                .sources
                .iter()
                .map(|sources| sources.values().flat_map(BTreeMap::keys).map(|place| place.id).collect());
            ids.map(|mut ids: Vec<AlertId>| {
                ids.sort_unstable();
                ids
            })
            .collect()
        };
        self.rules == other.rules && alerts(self) == alerts(other)
    }
}

#[cfg(test)]
mod tests;
