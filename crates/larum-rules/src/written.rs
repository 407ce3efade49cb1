//! The samples that rules write: what a recording rule records, and what an alerting rule says of its alerts.

use std::collections::BTreeMap;

use larum_core::label::{LabelSet, METRIC_NAME};
use larum_core::policy::SeriesState;
use larum_promql::Element;

use crate::rule_file::Rule;

/// The samples that a recording rule writes of what its expression came to: under its name and with its labels, of
/// which an empty one takes the series' own away. At most `limit`; 0 is no limit (Prometheus, `rules/recording.go`,
/// `Eval`).
///
/// # Errors
/// Says so when two series would become one, and when there are more than `limit`, in the words of Prometheus.
pub fn record(rule: &Rule, found: &[Element], limit: u64) -> Result<Vec<(LabelSet, f64)>, String> {
    let name = [(METRIC_NAME, rule.name.as_str())];
    let mut samples = BTreeMap::new();
    for element in found {
        let set = rule.labels.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let labels = LabelSet::from_pairs(element.labels.iter().chain(name).chain(set));
        if samples.insert(labels, element.value).is_some() {
            return Err(
                "vector contains metrics with the same labelset after applying rule labels".to_owned()
            );
        }
    }
    if limit > 0 && samples.len() as u64 > limit {
        return Err(format!("exceeded limit of {limit} with {} series", samples.len()));
    }
    Ok(samples.into_iter().collect())
}

/// The samples of `ALERTS` and `ALERTS_FOR_STATE` for alerts that are pending or firing: 1, and since when each is
/// active, in seconds since the Unix epoch (Prometheus, "Alerting rules", and `rules/alerting.go`, `Eval`).
pub fn alert_samples<'a>(states: impl IntoIterator<Item = &'a SeriesState>) -> Vec<(LabelSet, f64)> {
    let samples = states.into_iter().flat_map(|state| {
        let word = if state.fired_at.is_some() { "firing" } else { "pending" };
        let named = |name| [(METRIC_NAME, name)];
        let alerts = state.labels.iter().chain(named("ALERTS")).chain([("alertstate", word)]);
        let since = state.labels.iter().chain(named("ALERTS_FOR_STATE"));
        let seconds = state.since.as_millis().div_euclid(1000) as f64;
        [(LabelSet::from_pairs(alerts), 1.0), (LabelSet::from_pairs(since), seconds)]
    });
    samples.collect()
}

#[cfg(test)]
mod tests {
    use larum_core::alert::Measured;
    use larum_core::time::Timestamp;

    use super::*;
    use crate::RuleFile;

    fn recorded(rule: &str, found: &[(&[(&str, &str)], f64)], limit: u64) -> Result<Vec<String>, String> {
        let file = format!("groups:\n- name: g\n  rules:\n  - {{record: r, expr: x, {rule}}}");
        let file = RuleFile::parse(&file).unwrap();
        let element = |(labels, value): &(&[(&str, &str)], f64)| {
            Element::new(LabelSet::from_pairs(labels.iter().copied()), *value)
        };
        let found: Vec<Element> = found.iter().map(element).collect();
        let samples = record(&file.groups[0].rules[0], &found, limit)?;
        Ok(samples.iter().map(|(labels, value)| format!("{labels} {value}")).collect())
    }

    #[test]
    fn a_recording_rule_writes_under_its_name_with_its_labels() {
        let found: &[(&[(&str, &str)], f64)] = &[
            (&[("__name__", "x"), ("a", "1"), ("b", "2")], 5.0),
            (&[("__name__", "x"), ("b", "3"), ("alertname", "z")], 6.0),
        ];
        assert_eq!(
            recorded("labels: {a: '', c: '{{ $value }}'}", found, 0).unwrap(),
            [
                "{__name__=\"r\", alertname=\"z\", b=\"3\", c=\"{{ $value }}\"} 6",
                "{__name__=\"r\", b=\"2\", c=\"{{ $value }}\"} 5"
            ]
        );
        assert_eq!(
            recorded("labels: {a: '', b: '', alertname: ''}", found, 0).unwrap_err(),
            "vector contains metrics with the same labelset after applying rule labels"
        );
        assert_eq!(recorded("", found, 2).unwrap().len(), 2);
        assert_eq!(recorded("", found, 1).unwrap_err(), "exceeded limit of 1 with 2 series");
    }

    #[test]
    fn alerts_are_written_with_their_state_and_their_time() {
        let state = |node: &str, fired_at: Option<Timestamp>| SeriesState {
            labels: LabelSet::from_pairs([
                ("alertname", "Hot"),
                ("node", node),
                ("alertstate", "of the series"),
            ]),
            annotations: LabelSet::empty(),
            measured: Measured { value: 95.0, text: "95".into() },
            since: Timestamp::from_millis(61_999),
            fired_at,
            kept_since: fired_at,
        };
        let states = [state("a", None), state("b", Some(Timestamp::from_millis(90_000)))];
        let samples = alert_samples(&states);
        let shown: Vec<String> = samples.iter().map(|(labels, value)| format!("{labels} {value}")).collect();
        assert_eq!(
            shown,
            [
                "{__name__=\"ALERTS\", alertname=\"Hot\", alertstate=\"pending\", node=\"a\"} 1",
                "{__name__=\"ALERTS_FOR_STATE\", alertname=\"Hot\", alertstate=\"of the series\", node=\"a\"} 61",
                "{__name__=\"ALERTS\", alertname=\"Hot\", alertstate=\"firing\", node=\"b\"} 1",
                "{__name__=\"ALERTS_FOR_STATE\", alertname=\"Hot\", alertstate=\"of the series\", node=\"b\"} 61",
            ]
        );
    }
}
