//! What people read in Slack, state by state; and that no alert whatever breaks Slack's rules.

#![expect(clippy::unwrap_used, reason = "this is a test through and through")]

mod world;
mod states;
mod groups;
mod slack_rules;
mod anything;
mod posted;
