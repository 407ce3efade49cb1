//! The language, as conversations: series, an expression, a time, and what comes of it.

mod support;
mod selectors;
mod functions;
mod operators;
mod aggregation;
mod parsing;
