//! The client in conversation: with real servers, authorities, proxies, and servers that lie.
#![expect(clippy::unwrap_used, reason = "this is a test through and through")]

mod server;
mod authority;
mod middleman;
mod world;

mod posting;
mod saying_who;
mod tokens;
mod trust;
mod ways;
mod redirects;
mod lies;
mod slack;
