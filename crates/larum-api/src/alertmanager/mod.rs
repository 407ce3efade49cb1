//! Alertmanager's API v2, as Prometheus, amtool and their kin speak it. Its shapes stop here: a posted alert becomes
//! an observation, and an alert is written out as Alertmanager would.

mod error;
mod instant;
mod posted;
mod observation;
mod intake;
mod matcher;
mod filter;
mod page;
mod list;
mod groups;
mod silence;
mod status;
mod cross_origin;
mod watch;
mod door;

pub use door::{LARGE_BODY_BYTES, gone, not_found, routes};
#[cfg(test)]
pub use error::Refusal;
pub use groups::{Place, in_order, places};
pub use matcher::parse_matcher;
pub use status::SPOKEN_VERSION;
pub use watch::{ReadTurn, take_turn};
