//! What Prometheus asks of a rule file beyond its shape (Prometheus, `model/rulefmt/rulefmt.go`, `Validate`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use larum_core::duration::parse_duration;
use larum_core::label::METRIC_NAME;
use larum_promql::Query;
use serde_saphyr::{Location, Spanned};

use super::shape::{self, Texts};
use super::{Alerting, BrokenRule, Rule, RuleFile, RuleGroup};
use crate::text::Text;
use crate::yaml::at;

/// What is sound of the file, and all that is wrong with it.
pub(super) fn file(file: shape::File) -> (RuleFile, Vec<BrokenRule>) {
    let mut check = Check::default();
    let mut names = BTreeSet::new();
    let mut groups = Vec::new();
    for group in file.groups.unwrap_or_default() {
        let (place, known) = (group.referenced, check.broken.len());
        let group = check.group(group.value, place);
        if !group.name.is_empty() && !names.insert(group.name.clone()) {
            check.wrong(place, format!("groupname: {:?} is repeated in the same file", group.name));
        }
        if check.broken[known..].iter().all(|broken| broken.rule.is_some()) {
            groups.push(group);
        }
    }
    (RuleFile { groups }, check.broken)
}

#[derive(Default)]
struct Check {
    broken: Vec<BrokenRule>,
    /// The group that is looked at.
    group: String,
    /// The rule that is looked at.
    rule: Option<(String, u32)>,
    /// How what is wrong begins: with that rule.
    subject: String,
}

impl Check {
    fn wrong(&mut self, place: Location, message: impl std::fmt::Display) {
        let error = at(place, format!("{}{message}", self.subject));
        self.broken.push(BrokenRule { group: self.group.clone(), rule: self.rule.clone(), error });
    }

    fn group(&mut self, group: shape::Group, place: Location) -> RuleGroup {
        let name = text(group.name).unwrap_or_default();
        self.group = name.clone();
        if name.is_empty() {
            self.wrong(place, "Groupname must not be empty");
        }
        let [interval, query_offset] = [group.interval, group.query_offset].map(|span| self.span(span));
        let labels = self.labels(group.labels);
        let mut rules = Vec::new();
        let mut counts = BTreeMap::<String, u32>::new();
        for (index, rule) in group.rules.unwrap_or_default().into_iter().enumerate() {
            let Spanned { value: rule, referenced, .. } = rule;
            let called =
                [&rule.alert, &rule.record].into_iter().flatten().find(|name| !name.value.is_empty());
            let called = called.map(|name| name.value.as_str()).unwrap_or_default();
            let count = counts.entry(called.to_owned()).or_default();
            self.rule = Some((called.to_owned(), *count));
            *count += 1;
            self.subject = format!("group {name:?}, rule {}, {called:?}: ", index + 1);
            let known = self.broken.len();
            let sound = self.rule(rule, referenced, &labels).filter(|_| self.broken.len() == known);
            rules.extend(sound);
            self.subject.clear();
            self.rule = None;
        }
        let interval = interval.filter(|span| !span.is_zero());
        // To Prometheus a limit below 0 is none, as 0 is.
        let limit = group.limit.and_then(|limit| u64::try_from(limit).ok()).unwrap_or(0);
        RuleGroup { name, interval, query_offset, limit, rules }
    }

    /// The rule, if what it cannot be without is there.
    fn rule(&mut self, rule: shape::Rule, place: Location, outer: &BTreeMap<String, String>) -> Option<Rule> {
        let name = self.name(&rule.record, &rule.alert, place);
        let query = self.query(rule.expr, place);
        let hold = self.span_and_place(rule.hold);
        let keep_firing = self.span_and_place(rule.keep_firing_for);
        let mut labels = outer.clone();
        let alerting = if is_set(&rule.alert) {
            self.templates("label", &rule.labels);
            self.templates("annotation", &rule.annotations);
            let annotations = self.annotations(rule.annotations);
            Some(Alerting { hold: hold.0, keep_firing: keep_firing.0, annotations })
        } else {
            let annotations = rule.annotations.and_then(|texts| texts.into_values().next());
            self.not_recorded("annotations", annotations.map(|text| text.referenced));
            self.not_recorded("for", hold.1.filter(|_| !hold.0.is_zero()));
            self.not_recorded("keep_firing_for", keep_firing.1.filter(|_| !keep_firing.0.is_zero()));
            None
        };
        labels.extend(self.labels(rule.labels));
        let nth = self.rule.as_ref().map_or(0, |(_, nth)| *nth);
        let line = place.line();
        Some(Rule { name: name?, nth, line, query: Arc::new(query?), labels, alerting })
    }

    /// A recording rule has no such field.
    fn not_recorded(&mut self, field: &str, place: Option<Location>) {
        if let Some(place) = place {
            self.wrong(place, format!("invalid field '{field}' in recording rule"));
        }
    }

    fn span_and_place(&mut self, span: Option<Spanned<String>>) -> (Duration, Option<Location>) {
        let place = span.as_ref().map(|span| span.referenced);
        (self.span(span).unwrap_or_default(), place)
    }

    fn name(
        &mut self,
        record: &Option<Spanned<String>>,
        alert: &Option<Spanned<String>>,
        place: Location,
    ) -> Option<String> {
        let [record, alert] = [record, alert].map(|name| name.as_ref().filter(|name| !name.value.is_empty()));
        match (record, alert) {
            (None, None) => self.wrong(place, "one of 'record' or 'alert' must be set"),
            (Some(record), Some(_)) => {
                self.wrong(record.referenced, "only one of 'record' and 'alert' must be set");
            }
            (Some(record), None) if record.value.contains(['{', '}']) => {
                let what = "braces present in the recording rule name; should it be in expr?";
                self.wrong(record.referenced, format!("{what}: {}", record.value));
            }
            (Some(name), None) | (None, Some(name)) => return Some(name.value.clone()),
        }
        None
    }

    fn query(&mut self, expr: Option<Spanned<String>>, place: Location) -> Option<Query> {
        let Some(expr) = expr.filter(|expr| !expr.value.is_empty()) else {
            self.wrong(place, "field 'expr' must be set in rule");
            return None;
        };
        let query = Query::parse(&expr.value);
        query
            .map_err(|error| self.wrong(expr.referenced, format!("could not parse expression: {error}")))
            .ok()
    }

    fn span(&mut self, span: Option<Spanned<String>>) -> Option<Duration> {
        let span = span?;
        parse_duration(&span.value).map_err(|error| self.wrong(span.referenced, error)).ok()
    }

    /// Labels with names that a rule may set: since Prometheus 3, any text but the name of the metric.
    fn labels(&mut self, labels: Option<Texts>) -> BTreeMap<String, String> {
        self.named("label", labels, |name| !name.is_empty() && name != METRIC_NAME)
    }

    fn annotations(&mut self, annotations: Option<Texts>) -> BTreeMap<String, String> {
        self.named("annotation", annotations, |name| !name.is_empty())
    }

    fn named(
        &mut self,
        kind: &str,
        texts: Option<Texts>,
        fits: impl Fn(&str) -> bool,
    ) -> BTreeMap<String, String> {
        let texts = texts.unwrap_or_default().into_iter();
        let checked = texts.map(|(name, text)| {
            if !fits(&name) {
                self.wrong(text.referenced, format!("invalid {kind} name: {name}"));
            }
            (name, text.value.unwrap_or_default())
        });
        checked.collect()
    }

    fn templates(&mut self, kind: &str, texts: &Option<Texts>) {
        for (name, text) in texts.iter().flatten() {
            if let Err(error) = Text::parse(text.value.as_deref().unwrap_or_default()) {
                self.wrong(text.referenced, format!("{kind} {name:?}: {error}"));
            }
        }
    }
}

fn is_set(name: &Option<Spanned<String>>) -> bool {
    name.as_ref().is_some_and(|name| !name.value.is_empty())
}

fn text(text: Option<Spanned<String>>) -> Option<String> {
    text.map(|text| text.value)
}
