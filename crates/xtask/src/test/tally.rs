//! Counts tests from what their runners say.

use std::fmt::{self, Display, Formatter};

use anyhow::Result;

/// How many tests passed and failed in all parts.
#[derive(Debug, Default)]
pub struct Tally {
    counts: Counts,
    /// Some part did not get so far as to count.
    unknown: bool,
}

/// Tests that passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    passed: u64,
    failed: u64,
}

impl Tally {
    /// Counts one part while it runs.
    pub fn part(&mut self, run: impl FnOnce(&mut Counts) -> Result<()>) -> Result<()> {
        let mut counts = Counts::default();
        let result = run(&mut counts);
        // It failed, but no test did: it was not built, or it broke, and nobody knows the number of tests.
        self.unknown |= result.is_err() && counts.failed == 0;
        self.counts.passed += counts.passed;
        self.counts.failed += counts.failed;
        result
    }

    /// The totals, if they are true.
    pub fn totals(&self) -> Option<Counts> {
        let ran = self.counts != Counts::default();
        (ran && !self.unknown).then_some(self.counts)
    }
}

impl Display for Counts {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)
    }
}

impl Counts {
    /// Reads a line of `cargo test`, which sums up every test binary.
    pub fn cargo(&mut self, line: &str) {
        if let Some(summary) = line.strip_prefix("test result: ") {
            let numbers = summary.split_once(". ").map_or("", |(_, numbers)| numbers);
            self.add(numbers.split("; "));
        }
    }

    /// Reads a line of vitest, which sums up once: `Tests  1 failed | 12 passed (13)`.
    pub fn vitest(&mut self, line: &str) {
        if let Some(summary) = line.trim_start().strip_prefix("Tests ") {
            let numbers = summary.split_once('(').map_or(summary, |(numbers, _)| numbers);
            self.add(numbers.split(" | "));
        }
    }

    fn add<'a>(&mut self, numbers: impl Iterator<Item = &'a str>) {
        for number in numbers {
            let mut words = number.split_whitespace();
            let Some(count) = words.next().and_then(|count| count.parse::<u64>().ok()) else { continue };
            match words.next() {
                Some("passed") => self.passed += count,
                Some("failed") => self.failed += count,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::{Counts, Tally};

    #[test]
    fn every_binary_of_cargo_test_counts() {
        let mut counts = Counts::default();
        counts.cargo(
            "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out; finished in 0.1s",
        );
        counts.cargo("test tests::result ... ok");
        counts.cargo("test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out");
        assert_eq!(counts.to_string(), "15 passed, 2 failed");
    }

    #[test]
    fn vitest_sums_up_once() {
        let mut counts = Counts::default();
        counts.vitest(" Test Files  1 failed | 3 passed (4)");
        counts.vitest("      Tests  1 failed | 12 passed (13)");
        assert_eq!(counts.to_string(), "12 passed, 1 failed");
        let mut counts = Counts::default();
        counts.vitest("      Tests  34 passed (34)");
        assert_eq!(counts.to_string(), "34 passed, 0 failed");
    }

    #[test]
    fn totals_are_told_only_when_they_are_true() {
        let mut tally = Tally::default();
        assert!(tally.totals().is_none(), "nothing ran");
        let failing = |counts: &mut Counts| {
            counts.failed = 1;
            bail!("a test failed")
        };
        assert!(tally.part(failing).is_err());
        assert_eq!(tally.totals().unwrap().to_string(), "0 passed, 1 failed");
        assert!(tally.part(|_| bail!("it does not build")).is_err());
        assert!(tally.totals().is_none(), "nobody knows how many tests were not built");
    }
}
