//! Whether the files that are read again were right, as Alertmanager counts it of its configuration.

use std::sync::atomic::AtomicU64;

use larum_core::time::Timestamp;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// Whether the files were right when they were last read, and when they last were. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Reloaded {
    successful: Gauge,
    at: Gauge<f64, AtomicU64>,
}

impl Reloaded {
    /// Takes note that the files were read.
    pub fn note(&self, now: Timestamp, right: bool) {
        self.successful.set(i64::from(right));
        if right {
            self.at.set(now.as_millis() as f64 / 1000.0);
        }
    }

    /// Puts both under their names.
    pub fn register(&self, registry: &mut Registry) {
        let registry = registry.sub_registry_with_prefix("alertmanager");
        let help = "1 if the files were right when they were last read";
        registry.register("config_last_reload_successful", help, self.successful.clone());
        let help = "When the files were last read and right";
        registry.register("config_last_reload_success_timestamp_seconds", help, self.at.clone());
    }
}
