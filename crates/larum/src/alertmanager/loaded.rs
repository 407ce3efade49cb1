//! What is counted of loading the configuration, under Alertmanager's names (Alertmanager, config/coordinator.go,
//! cmd/alertmanager).

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::AtomicU64;

use larum_engine::{Clock, RouteFile};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// How loading went.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    successful: Gauge,
    success_at: Gauge<f64, AtomicU64>,
    hash: Gauge,
    receivers: Gauge,
    integrations: Gauge,
    inhibition_rules: Gauge,
}

impl Loaded {
    /// This file was loaded now.
    pub fn now(file: &RouteFile, clock: Clock) -> Self {
        let loaded = Self::default();
        loaded.again(file, clock);
        loaded
    }

    /// This file was loaded now in the place of another.
    pub fn again(&self, file: &RouteFile, clock: Clock) {
        let gauge = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let mut hasher = DefaultHasher::new();
        file.original.hash(&mut hasher);
        self.successful.set(1);
        self.success_at.set(clock.now().wall.as_millis() as f64 / 1000.0);
        // What a floating point number can hold.
        self.hash.set(i64::try_from(hasher.finish() >> 16).unwrap_or_default());
        self.receivers.set(gauge(file.receivers.len()));
        self.integrations.set(gauge(file.routing.integrations().len()));
        self.inhibition_rules.set(gauge(file.inhibitions.len()));
    }

    /// It failed, and what was in force before stays.
    pub fn failed(&self) {
        self.successful.set(0);
    }

    /// Puts everything under its name.
    pub fn register(&self, registry: &mut Registry) {
        let registry = registry.sub_registry_with_prefix("alertmanager");
        let name = "config_last_reload_successful";
        registry.register(
            name,
            "Whether the configuration was loaded when it was last tried",
            self.successful.clone(),
        );
        let name = "config_last_reload_success_timestamp_seconds";
        registry.register(name, "When it was last loaded", self.success_at.clone());
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
