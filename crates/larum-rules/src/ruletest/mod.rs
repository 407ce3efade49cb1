//! Tests of rules as `promtool test rules` runs them: series are given, groups of rules are evaluated over them, and
//! the alerts and samples that come of it are compared (Prometheus, "Unit testing for rules").

mod shape;
mod storage;
mod member;
mod group;
mod show;
mod run;

use crate::rule_file::{RuleFile, RuleFileError};

/// The most evaluations that one test may ask for.
pub const MAX_EVALUATIONS: u64 = 1_000_000;

/// A file of tests.
#[derive(Debug)]
pub struct RuleTests(shape::File);

impl RuleTests {
    /// Reads a file of tests.
    ///
    /// # Errors
    /// The first that is wrong with its shape.
    pub fn parse(text: &str) -> Result<Self, RuleFileError> {
        shape::read(text).map(Self)
    }

    /// The rule files that it tests, relative to it: patterns in which `*` and `?` stand for parts of names.
    pub fn rule_files(&self) -> &[String] {
        &self.0.rule_files
    }

    /// Runs its tests over these rule files. Answers what fails, in the words of promtool.
    pub fn run(&self, files: &[RuleFile]) -> Vec<String> {
        run::run(&self.0, files)
    }
}
