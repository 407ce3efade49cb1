//! The client in conversation: with a peer that breaks every rule of HTTP, and with a workspace.
#![expect(clippy::unwrap_used, reason = "this is a test through and through")]

mod fake;
mod odd_transport;
mod trust;
mod workspace;
