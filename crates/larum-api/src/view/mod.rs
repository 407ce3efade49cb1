//! From what is known to what goes over the wire. Foreign shapes stop here, on the way out.

pub mod labels;
pub mod lanes;
pub mod receiver;
pub mod alert;
pub mod inhibited;
pub mod silence;
pub mod told;
pub mod template;
pub mod policy;
pub mod delivery;
pub mod why;
pub mod history;
pub mod timeline;
pub mod rule_file;
pub mod metrics_source;
pub mod heartbeat;
pub mod interval;
pub mod routing;
