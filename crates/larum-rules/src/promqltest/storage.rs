//! What the tests load: series of numbers, and the places at which there is something that Larum does not know.

use std::cell::Cell;
use std::collections::BTreeMap;

use larum_core::label::{LabelSet, METRIC_NAME};
use larum_core::matcher::Matcher;
use larum_core::time::Timestamp;
use larum_promql::{Querier, STALE, Sample, SelectError, Series};

use super::UNSUPPORTED;
use super::script::Load;
use super::series::Point;

const HISTOGRAMS: &str = "native histograms";
const STARTS: &str = "start timestamps of series";

/// The series loaded so far.
#[derive(Default)]
pub(super) struct Storage {
    series: BTreeMap<LabelSet, BTreeMap<i64, f64>>,
    /// At which times a series has what Larum does not know, and what that is.
    unknown: BTreeMap<LabelSet, (&'static str, Vec<i64>)>,
    /// The first of the unknown that a selector met.
    met: Cell<Option<&'static str>>,
}

impl Storage {
    /// Adds series to those there are.
    pub fn load(&mut self, load: &Load) -> Result<(), String> {
        // A series that one command writes twice is as it is written last, as in Prometheus.
        let lines: BTreeMap<_, _> = load.series.iter().map(|line| (&line.labels, line)).collect();
        for line in lines.into_values() {
            let mut at = 0_i64;
            for (index, point) in line.points.iter().enumerate() {
                if index > 0 {
                    at = at.checked_add(load.step).ok_or("a point is too far in the future")?;
                }
                match point {
                    Point::Nothing => continue,
                    Point::Float(value) => self.add(&line.labels, at, *value)?,
                    Point::Histogram => {
                        // Whoever looks for numbers finds none from here on, as where a series ends.
                        let values = self.series.entry(line.labels.clone()).or_default();
                        values.entry(at).or_insert(STALE);
                        self.note(&line.labels, at, HISTOGRAMS);
                    }
                }
                if load.as_native
                    && let Some(base) = native_of(&line.labels)
                {
                    self.note(&base, at, HISTOGRAMS);
                }
                if load.with_starts.contains(&line.labels) {
                    self.note(&line.labels, at, STARTS);
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, labels: &LabelSet, at: i64, value: f64) -> Result<(), String> {
        let before = self.series.entry(labels.clone()).or_default().insert(at, value);
        match before {
            Some(before) if before.to_bits() != value.to_bits() => {
                Err(format!("{labels} has two values at {}s", at as f64 / 1000.0))
            }
            _ => Ok(()),
        }
    }

    fn note(&mut self, labels: &LabelSet, at: i64, what: &'static str) {
        self.unknown.entry(labels.clone()).or_insert((what, Vec::new())).1.push(at);
    }

    /// What an evaluation met since it was asked for last that Larum does not know.
    pub fn unsupported(&self) -> Option<String> {
        self.met.take().map(|what| format!("{UNSUPPORTED}{what}"))
    }
}

/// The native histogram that a series of a classic one is a part of.
fn native_of(labels: &LabelSet) -> Option<LabelSet> {
    let name = labels.value(METRIC_NAME);
    let base = ["_bucket", "_count", "_sum"].iter().find_map(|end| name.strip_suffix(end))?;
    Some(labels.with("le", "").with(METRIC_NAME, base))
}

impl Querier for Storage {
    fn select(
        &self,
        matchers: &[Matcher],
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Series>, SelectError> {
        let wanted = |labels: &LabelSet| matchers.iter().all(|matcher| matcher.matches(labels));
        let (from, to) = (from.as_millis(), to.as_millis());
        for (labels, (what, times)) in &self.unknown {
            if times.iter().any(|at| from < *at && *at <= to) && wanted(labels) {
                self.met.set(Some(what));
            }
        }
        let samples = |samples: &BTreeMap<i64, f64>| {
            let within = samples.iter().filter(|(at, _)| from < **at && **at <= to);
            within.map(|(at, value)| Sample::new(*at, *value)).collect()
        };
        let matching = self.series.iter().filter(|(labels, _)| wanted(labels));
        let all =
            matching.map(|(labels, values)| Series { labels: labels.clone(), samples: samples(values) });
        Ok(all.filter(|series| !series.samples.is_empty()).collect())
    }
}
