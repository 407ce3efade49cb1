//! Alertmanager's API v2, as Prometheus, amtool and their kin speak it. Its shapes stop here: a posted alert becomes
//! an observation, and an alert is written out as Alertmanager would.

pub mod error;
pub mod instant;
pub mod posted;
pub mod observation;
pub mod intake;
