//! The series of a test: those that it gives, and those that its rules write.

use std::collections::BTreeMap;

use larum_core::label::LabelSet;
use larum_core::matcher::Matcher;
use larum_core::time::Timestamp;
use larum_promql::{Querier, Sample, SelectError, Series};

use super::shape::Test;
use crate::promqltest::{MAX_POINTS, Point, series};

/// Series, of which nothing after `now` can be seen.
#[derive(Default)]
pub(super) struct Storage {
    series: BTreeMap<LabelSet, BTreeMap<i64, f64>>,
    pub now: i64,
}

impl Storage {
    /// The series that a test gives, the first sample of each at its start.
    pub fn of(test: &Test) -> Result<Self, String> {
        let mut storage = Self::default();
        let step = i64::try_from(test.interval.as_millis()).unwrap_or(i64::MAX);
        let start = test.start_timestamp.as_millis();
        for input in &test.input_series {
            let wrong = |error| format!("    series: {}, err: {error}", input.series);
            let line = series(&format!("{} {}", input.series, input.values), MAX_POINTS).map_err(wrong)?;
            for (index, point) in (0_i64..).zip(line.points) {
                match point {
                    Point::Nothing => {}
                    Point::Float(value) => {
                        storage.add(&line.labels, start.saturating_add(index.saturating_mul(step)), value);
                    }
                    Point::Histogram => return Err(wrong("native histograms are not supported".to_owned())),
                }
            }
        }
        Ok(storage)
    }

    pub fn add(&mut self, labels: &LabelSet, at: i64, value: f64) {
        self.series.entry(labels.clone()).or_default().insert(at, value);
    }
}

impl Querier for Storage {
    fn select(
        &self,
        matchers: &[Matcher],
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Series>, SelectError> {
        let times = from.as_millis().saturating_add(1)..=to.as_millis().min(self.now);
        if times.is_empty() {
            return Ok(Vec::new());
        }
        let wanted = |labels: &LabelSet| matchers.iter().all(|matcher| matcher.matches(labels));
        let matching = self.series.iter().filter(|(labels, _)| wanted(labels));
        let all = matching.map(|(labels, samples)| Series {
            labels: labels.clone(),
            samples: samples.range(times.clone()).map(|(at, value)| Sample::new(*at, *value)).collect(),
        });
        Ok(all.filter(|series| !series.samples.is_empty()).collect())
    }
}
