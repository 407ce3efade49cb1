//! `larum test rules`: tests of rules, with what `promtool test rules` says of them.

use std::io::Write;
use std::path::{Path, PathBuf};

use larum_metrics::scrape::config::files_matching;
use larum_rules::RuleTests;

use crate::files::{read, read_rules};

/// What `larum test rules` is told.
#[derive(Debug, clap::Args)]
pub struct Flags {
    /// The files, in promtool's form for tests of rules.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// Runs the files: what passes goes to standard output, what fails to standard error.
pub fn run(flags: &Flags) -> anyhow::Result<()> {
    let (mut out, mut err) = (std::io::stdout().lock(), std::io::stderr().lock());
    let mut failed = 0;
    for path in &flags.files {
        writeln!(out, "Unit Testing:  {}", path.display())?;
        let failures = failures(path, &mut err)?;
        if failures.is_empty() {
            writeln!(out, "  SUCCESS")?;
        } else {
            failed += 1;
            writeln!(err, "  FAILED:")?;
            for failure in failures {
                writeln!(err, "{failure}")?;
                writeln!(out)?;
            }
        }
        writeln!(out)?;
    }
    out.flush()?;
    anyhow::ensure!(failed == 0, "{failed} of {} files failed", flags.files.len());
    Ok(())
}

/// What fails of a file's tests.
fn failures(path: &Path, err: &mut impl Write) -> std::io::Result<Vec<String>> {
    let file = path.display();
    let tests = match read(path) {
        Ok(text) => RuleTests::parse(&text).map_err(|error| format!("{file}:{error}")),
        Err(error) => Err(format!("{file}: cannot be read: {error}")),
    };
    let tests = match tests {
        Ok(tests) => tests,
        Err(error) => return Ok(vec![error]),
    };
    let folder = path.parent().unwrap_or(Path::new(""));
    let (mut rules, mut errors) = (Vec::new(), Vec::new());
    for pattern in tests.rule_files() {
        let pattern = folder.join(pattern);
        let found = match files_matching(&pattern) {
            Ok(found) => found,
            Err(error) => {
                errors.push(error.to_string());
                continue;
            }
        };
        if found.is_empty() {
            writeln!(err, "  WARNING: no file match pattern {}", pattern.display())?;
        }
        for path in found {
            match read_rules(&path) {
                Ok(file) => rules.push(file),
                Err(wrong) => errors.extend(wrong),
            }
        }
    }
    Ok(if errors.is_empty() { tests.run(&rules) } else { errors })
}
