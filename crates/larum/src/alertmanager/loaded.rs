//! What is counted of the configuration, under Alertmanager's names (Alertmanager, config/coordinator.go,
//! cmd/alertmanager).

use larum_engine::RouteFile;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// What is loaded.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    hash: Gauge,
    receivers: Gauge,
    integrations: Gauge,
    inhibition_rules: Gauge,
}

impl Loaded {
    /// This file was loaded.
    pub fn now(file: &RouteFile) -> Self {
        let loaded = Self::default();
        loaded.again(file);
        loaded
    }

    /// This file was loaded in the place of another.
    pub fn again(&self, file: &RouteFile) {
        let gauge = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        // What a floating point number can hold.
        self.hash.set(i64::try_from(file.hash >> 16).unwrap_or_default());
        self.receivers.set(gauge(file.receivers.len()));
        self.integrations.set(gauge(file.routing.integrations().len()));
        self.inhibition_rules.set(gauge(file.inhibitions.len()));
    }

    /// Puts everything under its name.
    pub fn register(&self, registry: &mut Registry) {
        let registry = registry.sub_registry_with_prefix("alertmanager");
        registry.register("config_hash", "A number that changes with the configuration", self.hash.clone());
        registry.register("receivers", "Receivers in the configuration", self.receivers.clone());
        registry.register("integrations", "Ways to tell them", self.integrations.clone());
        registry.register(
            "inhibition_rules",
            "Inhibition rules in the configuration",
            self.inhibition_rules.clone(),
        );
    }
}
