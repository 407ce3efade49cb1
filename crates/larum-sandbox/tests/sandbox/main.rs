//! Conversations with a sandbox over real HTTP.

#![expect(clippy::unwrap_used, reason = "a conversation that breaks off is a failed test")]

mod world;

mod calls;
mod content;
mod faults;
mod foreign;
mod keeping;
