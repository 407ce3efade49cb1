//! Alertmanager's API v2, as Prometheus, amtool and their kin speak it. Its shapes stop here: a posted alert becomes
//! an observation, and an alert is written out as Alertmanager would.

use larum_core::alert::Observation;
use larum_core::time::Timestamp;

mod error;
mod instant;
mod media_type;
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
pub use error::Refusal;
pub use groups::{Place, in_order, places};
pub use matcher::parse_matcher;
pub use silence::read_silence;
pub use status::SPOKEN_VERSION;
pub use watch::{ReadTurn, take_turn};

/// Reads a body of `POST /alerts`: what is right, and how the rest is refused.
///
/// # Errors
/// [`Refusal`] if nothing of it counts.
pub fn read_alerts(body: &[u8], now: Timestamp) -> Result<(Vec<Observation>, Option<Refusal>), Refusal> {
    let mut intake = intake::read(body, intake::Terms::at(now))?;
    Ok((std::mem::take(&mut intake.observations), intake.verdict()))
}
