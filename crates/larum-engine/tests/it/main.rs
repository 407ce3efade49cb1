//! Conversations with the engine, a real data directory and the sandbox.
#![expect(clippy::unwrap_used, reason = "a test that cannot begin has failed")]

mod asking;
mod house;
mod jumping;
mod keeping;
mod peer;
mod rules;
mod settings;
mod walk;
mod watching;
mod writing;
