//! Alertmanager's API v2, as Prometheus, amtool and their kin speak it. Its shapes stop here: a posted alert becomes
//! an observation, and an alert is written out as Alertmanager would.

mod error;
mod instant;
mod posted;
mod observation;
mod intake;
mod matcher;
mod filter;
mod turns;
mod list;
mod silence;
mod status;
mod door;

pub use door::{LARGE_BODY_BYTES, gone, routes};
pub use error::Refusal;
pub use matcher::parse_matcher;
pub use turns::{Turn, Turns};
