//! What Larum counts of itself. Where Alertmanager counts the same, its name is used.

use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::command::Refused;

/// A reason, state or status.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct Word {
    /// The word.
    pub reason: &'static str,
}

/// Through what a message was sent, as Alertmanager names it: `slack` or `webhook`.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct Integration {
    /// The word.
    pub integration: &'static str,
}

/// Through what a message was sent, and why it did not arrive.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct Failed {
    /// The word.
    pub integration: &'static str,
    /// As Alertmanager has it, with `authError` and `rateLimited` besides.
    pub reason: &'static str,
}

/// Of which there is a limit.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct Limit {
    /// The word.
    pub limit: &'static str,
}

/// How an alert or a silence stands.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct Standing {
    /// The word.
    pub state: &'static str,
}

/// `firing` or `resolved`.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct Status {
    /// The word.
    pub status: &'static str,
    /// Of Alertmanager's API: always `v2`.
    pub version: &'static str,
}

/// The counters and gauges.
#[derive(Clone, Debug)]
pub struct Meters {
    /// Observations taken in, by what they say.
    pub received: Family<Status, Counter>,
    /// Observations that were not taken in, because as many alerts of their name fire as may.
    pub limited: Counter,
    /// The most alerts of one name that fire; 0 is no limit.
    pub per_alertname: Gauge,
    /// Attempts to send a message.
    pub notifications: Family<Integration, Counter>,
    /// Those that did not deliver, by why.
    pub failed: Family<Failed, Counter>,
    /// Alerts that were not told, by why.
    pub hushed: Family<Word, Counter>,
    /// Alerts that fire, by whether something hides them.
    pub firing: Family<Standing, Gauge>,
    /// Silences, by how they stand.
    pub silences: Family<Standing, Gauge>,
    /// Alerts held. This and the other gauges of the state are set by [`Handle::measure`](crate::Handle::measure).
    pub alerts: Gauge,
    /// Groups held.
    pub groups: Gauge,
    /// Messages that wait or are on their way.
    pub outbox_waiting: Gauge,
    /// Age of the oldest of them, in seconds.
    pub outbox_oldest_age: Gauge<f64, AtomicU64>,
    /// Channels of receivers to which nothing can be sent until somebody acts.
    pub outbox_paused: Gauge,
    /// Alerts refused as a whole, by why.
    pub refused: Family<Word, Counter>,
    /// How long commits take, in seconds.
    pub commit: Histogram,
    /// From the decision to tell until Slack has it, in seconds.
    pub delay: Histogram,
    /// How much of each limit is used, from 0 to 1.
    pub limit_used: Family<Limit, Gauge<f64, AtomicU64>>,
    /// Policies that could not be evaluated.
    pub evaluation_failures: Counter,
    /// Evaluations that were left out because the one before still went on.
    pub evaluations_missed: Counter,
    /// When the policies were last evaluated, in seconds since the Unix epoch; 0 before the first time.
    pub last_evaluation: Gauge<f64, AtomicU64>,
    /// 1 while the disk takes no writes.
    pub storage_full: Gauge,
    /// How many bytes there are for Larum on the file system that holds its data.
    pub storage_available: Gauge,
    /// How many bytes that file system has.
    pub storage_size: Gauge,
}

impl Default for Meters {
    fn default() -> Self {
        let commits = [0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0];
        let refused = Family::<Word, Counter>::default();
        // What is counted from nothing shows its first time as well.
        for reason in Refused::REASONS {
            let _ = refused.get_or_create(&Word { reason });
        }
        let delays = [0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0];
        Self {
            received: Family::default(),
            limited: Counter::default(),
            per_alertname: Gauge::default(),
            notifications: Family::default(),
            failed: Family::default(),
            hushed: Family::default(),
            firing: Family::default(),
            silences: Family::default(),
            alerts: Gauge::default(),
            groups: Gauge::default(),
            outbox_waiting: Gauge::default(),
            outbox_oldest_age: Gauge::default(),
            outbox_paused: Gauge::default(),
            refused,
            commit: Histogram::new(commits),
            delay: Histogram::new(delays),
            limit_used: Family::default(),
            evaluation_failures: Counter::default(),
            evaluations_missed: Counter::default(),
            last_evaluation: Gauge::default(),
            storage_full: Gauge::default(),
            storage_available: Gauge::default(),
            storage_size: Gauge::default(),
        }
    }
}

impl Meters {
    /// Puts everything under its name.
    pub fn register(&self, registry: &mut Registry) {
        self.register_as_alertmanager(registry.sub_registry_with_prefix("alertmanager"));
        let larum = registry.sub_registry_with_prefix("larum");
        larum.register("alerts", "Alerts held: those that fire and those still owed", self.alerts.clone());
        let help = "Requests with alerts refused as a whole, by reason";
        larum.register("alerts_refused", help, self.refused.clone());
        let help = "Messages that wait or are on their way";
        larum.register("outbox_waiting", help, self.outbox_waiting.clone());
        let age = self.outbox_oldest_age.clone();
        larum.register("outbox_oldest_age_seconds", "Age of the oldest waiting message", age);
        let help = "Channels to which nothing can be sent until somebody acts";
        larum.register("outbox_paused_channels", help, self.outbox_paused.clone());
        larum.register("journal_commit_seconds", "How long commits take", self.commit.clone());
        let delay = self.delay.clone();
        larum.register("notification_delay_seconds", "From the decision to tell until Slack has it", delay);
        larum.register("limit_used_ratio", "How much of each limit is used", self.limit_used.clone());
        let failures = self.evaluation_failures.clone();
        larum.register("policy_evaluation_failures", "Policies that could not be evaluated", failures);
        let missed = self.evaluations_missed.clone();
        let help = "Evaluations left out because the one before still went on";
        larum.register("rule_group_iterations_missed", help, missed);
        let name = "policy_last_evaluation_timestamp_seconds";
        larum.register(name, "When the policies were last evaluated", self.last_evaluation.clone());
        larum.register("storage_full", "1 while the disk takes no writes", self.storage_full.clone());
        let help = "Bytes that Larum can still write to the file system of its data";
        larum.register("storage_available_bytes", help, self.storage_available.clone());
        larum.register("storage_size_bytes", "Bytes of that file system", self.storage_size.clone());
    }

    fn register_as_alertmanager(&self, alertmanager: &mut Registry) {
        let name = "alerts_received";
        alertmanager.register(name, "Alerts taken in, by status", self.received.clone());
        let help = "Alerts not taken in because of --alerts.per-alertname-limit";
        alertmanager.register("alerts_limited", help, self.limited.clone());
        let help = "That limit; 0 is none";
        alertmanager.register("alerts_per_alert_limit", help, self.per_alertname.clone());
        alertmanager.register("alerts", "Alerts that fire, by state", self.firing.clone());
        alertmanager.register("silences", "Silences, by state", self.silences.clone());
        alertmanager.register("notifications", "Attempts to send a message", self.notifications.clone());
        alertmanager.register("notifications_failed", "Attempts that did not deliver", self.failed.clone());
        alertmanager.register("notifications_suppressed", "Alerts not told", self.hushed.clone());
        alertmanager.register("dispatcher_aggregation_groups", "Groups held", self.groups.clone());
    }
}
