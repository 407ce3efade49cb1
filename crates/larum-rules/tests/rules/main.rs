//! The built-in policies, the templates and what becomes of an evaluation, through PromQL and the state machine.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by panicking")]

mod series;
mod rule_files;
mod rule_test;
mod rule_tests;
mod texts;
mod exports;
mod rule_peer;
mod builtins;
mod templates;
mod template_cases;
mod template_targets;
mod outcomes;
