//! Patterns as people write them.

mod syntax;
