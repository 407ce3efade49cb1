//! Prometheus' HTTP API for reading, as Grafana, promtool and their kin speak it, and remote write's door. Its shapes
//! stop here: a question becomes one to the engine's source of series, and the answer is written as Prometheus 3 would
//! (Prometheus, "HTTP API"; `web/api/v1/api.go`).

mod number;
mod labels;
mod refusal;
mod answer;
mod form;
mod parameter;
mod escaped;
mod value;
mod query;
mod expression;
mod lookup;
mod rule;
mod page;
mod rules;
mod status;
mod targets;
mod write;
mod door;

pub use door::{PATIENCE, routes};
pub use refusal::Refusal;
