//! The embedded metrics source as its users see it: what this host shows, what the store keeps, and the alerts that
//! can be made of it.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by panicking")]

mod support;
mod host;
mod store;
mod lookup;
mod written;
mod remote_write;
mod scrape;
mod snapshot;
mod node_alerts;
mod consistency;
mod exposition;
