//! Conversations with the state: alerts come in, time passes, Slack answers.
#![expect(clippy::unwrap_used, reason = "a test that cannot begin has failed")]

mod edits;
mod inhibited;
mod lanes;
mod limits;
mod memory;
mod pauses;
mod proof;
mod replaced;
mod restart;
mod refused;
mod routed;
mod silenced;
mod silent;
mod waits;
mod trail;
mod walk;
mod world;
