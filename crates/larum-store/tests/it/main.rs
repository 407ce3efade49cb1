//! Conversations with a data directory on a real disk.
#![expect(clippy::unwrap_used, reason = "a test that cannot begin has failed")]

mod journal;
mod forgetting;
mod changes;
mod inhibited;
mod lanes;
mod opening;
mod posted;
mod senders;
mod silenced;
mod trail;
