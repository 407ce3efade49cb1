//! What the doors count of themselves, under Alertmanager's names (Alertmanager, `api/api.go` and `api/metrics`).

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::{Family, MetricConstructor};
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::alertmanager::SPOKEN_VERSION;

/// By what requests are told apart.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct Asked {
    /// The path, with the names of its parts; `unknown` if there is nothing.
    pub handler: String,
    /// In small letters; `unknown` if it is none of HTTP's.
    pub method: &'static str,
}

/// By what answers are told apart.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct Answered {
    /// See [`Asked::handler`].
    pub handler: String,
    /// See [`Asked::method`].
    pub method: &'static str,
    /// The status.
    pub code: u16,
}

/// A new histogram of what is in it.
#[derive(Clone, Debug)]
pub struct Buckets(&'static [f64]);

impl MetricConstructor<Histogram> for Buckets {
    fn new_metric(&self) -> Histogram {
        Histogram::new(self.0.iter().copied())
    }
}

/// Prometheus' customary ones, in seconds.
const DURATIONS: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// From 100 bytes to 100 megabytes.
const SIZES: &[f64] = &[1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

/// The counters and gauges. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Meters {
    pub(crate) durations: Family<Answered, Histogram, Buckets>,
    pub(crate) sizes: Family<Asked, Histogram, Buckets>,
    pub(crate) reads: Gauge,
    pub(crate) reads_refused: Counter,
    pub(crate) invalid: Counter,
}

impl Default for Meters {
    fn default() -> Self {
        Self {
            durations: Family::new_with_constructor(Buckets(DURATIONS)),
            sizes: Family::new_with_constructor(Buckets(SIZES)),
            reads: Gauge::default(),
            reads_refused: Counter::default(),
            invalid: Counter::default(),
        }
    }
}

impl Meters {
    /// Puts everything under its name; `version` is Larum's own.
    pub fn register(&self, registry: &mut Registry, version: &'static str) {
        let mut build = |prefix, version, help| {
            let registry = registry.sub_registry_with_prefix(prefix);
            let labels = [("version".into(), version)].into_iter();
            registry.sub_registry_with_labels(labels).register("build_info", help, ConstGauge::new(1_i64));
        };
        build("alertmanager", SPOKEN_VERSION.into(), "The Alertmanager whose API is spoken");
        build("larum", version.into(), "What Larum is");
        let registry = registry.sub_registry_with_prefix("alertmanager");
        let v2 = registry.sub_registry_with_label(("version".into(), "v2".into()));
        v2.register("alerts_invalid", "Alerts refused, each for itself", self.invalid.clone());
        let durations = self.durations.clone();
        registry.register("http_request_duration_seconds", "How long answers take", durations);
        registry.register("http_response_size_bytes", "How large answers are", self.sizes.clone());
        let get = registry.sub_registry_with_label(("method".into(), "get".into()));
        get.register("http_requests_in_flight", "Reads that are being answered", self.reads.clone());
        let refused = self.reads_refused.clone();
        get.register("http_concurrency_limit_exceeded", "Reads refused, there being too many", refused);
    }
}
