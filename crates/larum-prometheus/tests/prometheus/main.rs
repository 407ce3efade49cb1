//! The client in conversation: with a peer that lies, breaks off and never ends, and with real servers.
#![expect(clippy::unwrap_used, reason = "this is a test through and through")]

mod fake;
mod process;

mod asking;
mod lies;
mod patience;
mod trust;
mod prometheus;
mod victoria_metrics;
