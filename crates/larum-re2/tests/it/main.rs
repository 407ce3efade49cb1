//! Patterns as people write them, and what Go makes of them.

mod peer;
mod syntax;
