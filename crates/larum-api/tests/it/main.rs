//! Conversations at the doors: a real engine, a real data directory, and the sandbox as Slack.
#![expect(clippy::unwrap_used, reason = "a test that cannot begin has failed")]

mod house;
mod login;
mod locks;
mod alertmanager;
mod peer;
mod requests;
mod listing;
mod doorway;
mod receivers;
mod walk;
mod slack_down;
mod inhibited;
mod why;
mod policies;
mod silences;
mod own_silences;
mod templates;
mod preview;
mod policy_files;
mod prometheus;
mod prometheus_rules;
mod remote_write;
mod platform;
mod console;
mod routed;
mod everybody;
mod history;
