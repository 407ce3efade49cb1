//! The shapes of Larum's own API, as they go over the wire. Nothing inside Larum works with them: each handler
//! translates by hand between these and the mind's own types, so that neither can bend the other.

pub mod time;
pub mod session;
pub mod status;
pub mod condition;
pub mod slack;
pub mod receiver;
pub mod settings;
pub mod alert;
pub mod inhibition;
pub mod silence;
pub mod policy;
pub mod policy_change;
pub mod policy_file;
pub mod template;
pub mod preview;
pub mod delivery;
pub mod why;
pub mod history;
pub mod rule_file;
pub mod metrics_source;
pub mod runbook;
pub mod heartbeat;
pub mod routing;
pub mod alert_group;
