//! Larum's own API under `/api/larum/v1`, one file for each resource.

pub mod refusal;
pub mod question;
pub mod session;
pub mod users;
pub mod tokens;
pub mod status;
pub mod events;
pub mod receivers;
pub mod slack;
pub mod settings;
pub mod alerts;
pub mod inhibitions;
pub mod policies;
pub mod policy_actions;
pub mod policy_file;
pub mod rehearsal;
pub mod preview;
pub mod templates;
pub mod deliveries;
pub mod history;
pub mod timeline;
pub mod rule_files;
pub mod metrics_source;
pub mod runbooks;
pub mod heartbeats;
