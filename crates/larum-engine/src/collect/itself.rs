//! What Larum counts of itself, among the series in memory, so that the policies for it have something to watch.

use std::sync::Arc;

use larum_metrics::Reading;
use larum_metrics::exposition::{Entry, Exposition, ExpositionLimits, Format};
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;

use crate::handle::Handle;

/// The collector's name for Larum itself as a source of the store, and the `job` of its series.
pub(super) const ITSELF: &str = "larum";

/// The counters, and on which machine they count.
#[derive(Debug)]
pub(super) struct Itself {
    pub registry: Arc<Registry>,
    pub instance: String,
}

impl Itself {
    /// What the counters say now; nothing if that cannot be read, which the log then tells.
    pub fn readings(&self, engine: &Handle) -> Vec<Reading> {
        engine.measure();
        let mut text = String::new();
        if encode(&mut text, &self.registry).is_err() {
            tracing::error!("Larum's own metrics cannot be written");
            return Vec::new();
        }
        let entries = Exposition::new(text.as_bytes(), Format::OpenMetrics, ExpositionLimits::default());
        let own = [("job", ITSELF), ("instance", self.instance.as_str())];
        let readings = entries.filter_map(|entry| match entry {
            Ok(Entry::Sample(sample)) => {
                let labels = own.iter().fold(sample.labels, |labels, (name, value)| labels.with(name, value));
                Some(Reading { labels, value: sample.value })
            }
            Ok(Entry::Metadata(_)) => None,
            Err(error) => {
                tracing::error!(%error, "Larum's own metrics cannot be read");
                None
            }
        });
        readings.collect()
    }
}
