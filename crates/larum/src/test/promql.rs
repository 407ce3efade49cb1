//! `larum test promql`: Prometheus' language for tests of PromQL.

use std::io::Write;
use std::path::{Path, PathBuf};

use larum_rules::{CaseReport, UNSUPPORTED, run_promql_tests};
use serde_json::json;

use crate::files::read;

/// What `larum test promql` is told.
#[derive(Debug, clap::Args)]
pub struct Flags {
    /// Prints one line of JSON for each case: file, line, expression, passed, reason.
    #[arg(long)]
    json: bool,
    /// The files, in Prometheus' `promqltest` language.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// How many cases came to what.
#[derive(Clone, Copy, Default)]
struct Count {
    passed: usize,
    failed: usize,
    /// Those of the failed that ask for what Larum does not evaluate.
    unsupported: usize,
}

impl Count {
    fn add(&mut self, report: &CaseReport) {
        match &report.failure {
            None => self.passed += 1,
            Some(reason) => {
                self.failed += 1;
                self.unsupported += usize::from(reason.starts_with(UNSUPPORTED));
            }
        }
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.unsupported > 0 {
            write!(f, " ({} unsupported)", self.unsupported)?;
        }
        Ok(())
    }
}

/// Runs the files and prints what came of them.
pub fn run(flags: &Flags) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let mut all = Count::default();
    for path in &flags.files {
        let reports = reports(path);
        let mut count = Count::default();
        reports.iter().for_each(|report| count.add(report));
        if flags.json {
            tell_json(&mut out, path, &reports)?;
        } else {
            tell(&mut out, path, &reports, count)?;
        }
        all.passed += count.passed;
        all.failed += count.failed;
        all.unsupported += count.unsupported;
    }
    if !flags.json {
        let files = flags.files.len();
        writeln!(out, "{files} {}: {all}", if files == 1 { "file" } else { "files" })?;
    }
    out.flush()?;
    anyhow::ensure!(all.failed == 0, "{} of {} cases failed", all.failed, all.passed + all.failed);
    Ok(())
}

/// What the cases of a file came to; a file that cannot be read is one case that failed.
fn reports(path: &Path) -> Vec<CaseReport> {
    match read(path) {
        Ok(text) => run_promql_tests(&text),
        Err(error) => {
            let failure = Some(format!("cannot be read: {error}"));
            vec![CaseReport { line: 0, expression: String::new(), failure }]
        }
    }
}

fn tell_json(out: &mut impl Write, path: &Path, reports: &[CaseReport]) -> std::io::Result<()> {
    for CaseReport { line, expression, failure } in reports {
        let case = json!({
            "file": path.to_string_lossy(),
            "line": line,
            "expression": expression,
            "passed": failure.is_none(),
            "reason": failure.as_deref().unwrap_or_default(),
        });
        writeln!(out, "{case}")?;
    }
    Ok(())
}

fn tell(out: &mut impl Write, path: &Path, reports: &[CaseReport], count: Count) -> std::io::Result<()> {
    let file = path.display();
    writeln!(out, "{file}: {count}")?;
    for CaseReport { line, expression, failure } in reports {
        if let Some(reason) = failure {
            writeln!(out, "  {file}:{line}: {expression}\n    {reason}")?;
        }
    }
    Ok(())
}
