//! What becomes of an alerting rule's series: pending, firing, kept firing, ended (Prometheus, `rules/alerting.go`,
//! `Eval`).

use std::collections::BTreeMap;

use larum_core::label::{ALERT_NAME, LabelSet, METRIC_NAME};
use larum_promql::Element;

use crate::annotation::Annotations;
use crate::rule_file::{Alerting, Rule};
use crate::text::Moment;

/// The alerts of a rule.
pub(super) struct Alerts<'a> {
    rule: &'a Rule,
    hold: i64,
    keep_firing: i64,
    labels: Annotations,
    annotations: Annotations,
    active: BTreeMap<LabelSet, Alert>,
}

struct Alert {
    annotations: LabelSet,
    active_at: i64,
    firing: bool,
    /// Since when its expression holds no more.
    kept_since: Option<i64>,
}

impl<'a> Alerts<'a> {
    pub fn new(rule: &'a Rule, alerting: &'a Alerting) -> Self {
        let parse = |texts: &BTreeMap<String, String>| {
            let texts = texts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
            Annotations::parse(texts).expect("a rule file that is sound has sound templates")
        };
        let millis = |span: std::time::Duration| i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        Self {
            rule,
            hold: millis(alerting.hold),
            keep_firing: millis(alerting.keep_firing),
            labels: parse(&rule.labels),
            annotations: parse(&alerting.annotations),
            active: BTreeMap::new(),
        }
    }

    /// Labels and annotations of those that fire.
    pub fn firing(&self) -> impl Iterator<Item = (LabelSet, LabelSet)> {
        let firing = self.active.iter().filter(|(_, alert)| alert.firing);
        firing.map(|(labels, alert)| (labels.clone(), alert.annotations.clone()))
    }

    /// Takes what the expression came to. Answers the samples of `ALERTS` and `ALERTS_FOR_STATE`.
    pub fn advance(
        &mut self,
        found: &[Element],
        at: i64,
        limit: u64,
        moment: &Moment,
    ) -> Result<Vec<(LabelSet, f64)>, String> {
        let mut present = BTreeMap::new();
        for element in found {
            let (labels, annotations) = self.texts(element, moment);
            if present.insert(labels, annotations).is_some() {
                return Err(
                    "vector contains metrics with the same labelset after applying alert labels".into()
                );
            }
        }
        let keep_firing = self.keep_firing;
        self.active.retain(|labels, alert| {
            if present.contains_key(labels) {
                alert.kept_since = None;
                return true;
            }
            alert.firing && at - *alert.kept_since.get_or_insert(at) < keep_firing
        });
        for (labels, annotations) in present {
            let new =
                || Alert { annotations: LabelSet::empty(), active_at: at, firing: false, kept_since: None };
            self.active.entry(labels).or_insert_with(new).annotations = annotations;
        }
        for alert in self.active.values_mut() {
            alert.firing |= at - alert.active_at >= self.hold;
        }
        let count = self.active.len();
        if limit > 0 && count as u64 > limit {
            self.active.clear();
            return Err(format!("exceeded limit of {limit} with {count} alerts"));
        }
        Ok(self.samples())
    }

    /// The labels and the annotations of an alert for a series.
    fn texts(&self, element: &Element, moment: &Moment) -> (LabelSet, LabelSet) {
        let fill = |texts: &Annotations| texts.fill(&element.labels, element.value, moment).annotations;
        let mut labels = element.labels.with(METRIC_NAME, "");
        // A label whose text comes to nothing takes the series' own away.
        for name in self.rule.labels.keys() {
            labels = labels.with(name, "");
        }
        for (name, value) in fill(&self.labels).iter() {
            labels = labels.with(name, value);
        }
        (labels.with(ALERT_NAME, &self.rule.name), fill(&self.annotations))
    }

    fn samples(&self) -> Vec<(LabelSet, f64)> {
        let samples = self.active.iter().flat_map(|(labels, alert)| {
            let state = if alert.firing { "firing" } else { "pending" };
            let alerts = labels.with(METRIC_NAME, "ALERTS").with("alertstate", state);
            let since = alert.active_at.div_euclid(1000) as f64;
            [(alerts, 1.0), (labels.with(METRIC_NAME, "ALERTS_FOR_STATE"), since)]
        });
        samples.collect()
    }
}
