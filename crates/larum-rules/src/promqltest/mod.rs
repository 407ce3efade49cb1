//! Prometheus' language for tests of PromQL: series are loaded, expressions are evaluated, and what comes is compared
//! with what is written (Prometheus, `promql/promqltest/README.md`).
//!
//! The language is read in full; what Larum does not evaluate (native histograms, start timestamps, experimental
//! functions) makes a case fail with a reason that begins with `unsupported:` and names it.

mod quoted;
mod series;
mod expected;
mod script;
mod storage;
mod compare;
mod run;

pub use run::{CaseReport, MAX_POINTS, run_promql_tests};
pub(crate) use series::{Point, metric, series};

/// How the reason begins of a case that asks for what Larum does not evaluate.
pub const UNSUPPORTED: &str = "unsupported: ";
