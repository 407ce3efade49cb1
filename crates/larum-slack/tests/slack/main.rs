//! The client in conversation: with a peer that breaks every rule of HTTP, and with a workspace.

mod fake;
mod odd_transport;
mod trust;
