//! What an evaluation may cost, and how it is to be done.

use std::time::Duration;

/// What one evaluation may cost. Each limit has a name, and reaching it is an error that tells it.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Samples looked at in one evaluation, windows that overlap counted again.
    pub samples: u64,
    /// Series one selector may find, and elements one vector may have.
    pub series: usize,
    /// Steps of one range query; those of a subquery count as samples.
    pub steps: u64,
    /// Bytes of text in the labels of a vector that `label_replace`, `label_join` or `group_left` makes.
    pub label_bytes: usize,
}

impl Default for Limits {
    /// Fifty million samples and 11,000 steps, as in Prometheus (flag `query.max-samples`; "HTTP API", range
    /// queries), a million series, and 256 MiB of labels.
    fn default() -> Self {
        Self { samples: 50_000_000, series: 1_000_000, steps: 11_000, label_bytes: 256 << 20 }
    }
}

/// When the metric name goes from what is no longer that metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum NameRemoval {
    /// As soon as a function or operator makes something else of it: Prometheus without feature flags.
    #[default]
    AtOnce,
    /// Once the whole expression is evaluated (Prometheus, "Feature flags": `promql-delayed-name-removal`);
    /// Prometheus' own tests of the language run so.
    AtTheEnd,
}

/// How to evaluate.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// What it may cost.
    pub limits: Limits,
    /// How far back a selector looks for the newest sample (Prometheus, "Staleness").
    pub lookback: Duration,
    /// The step of a subquery that gives none: Prometheus' `global.evaluation_interval`.
    pub subquery_step: Duration,
    /// When metric names go.
    pub name_removal: NameRemoval,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            lookback: Duration::from_secs(5 * 60),
            subquery_step: Duration::from_secs(60),
            name_removal: NameRemoval::default(),
        }
    }
}
