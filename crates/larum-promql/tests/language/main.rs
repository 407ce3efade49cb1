//! The language, as conversations: series, an expression, a time, and what comes of it.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by panicking")]

mod support;
mod selectors;
mod edges;
mod durations;
mod formatting;
mod functions;
mod operators;
mod aggregation;
mod annotations;
mod parsing;
mod consistency;
mod anything;
