//! `larum test rules`: tests of rules, with what `promtool test rules` says of them.

use std::collections::HashSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use larum_files::{files_matching, named_in};
use larum_rules::{RuleFile, RuleTests};

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
    let rules = read_all(tests.rule_files(), path.parent().unwrap_or(Path::new("")), err)?;
    Ok(rules.map_or_else(|errors| errors, |rules| tests.run(&rules)))
}

/// The rules that these patterns mean in a folder, or all that is wrong with them. A file that two of them mean is read
/// once (Prometheus, `rules/manager.go`, `LoadGroups`, knows groups by their file's name and their own).
fn read_all(
    patterns: &[String],
    folder: &Path,
    err: &mut impl Write,
) -> std::io::Result<Result<Vec<RuleFile>, Vec<String>>> {
    let (mut rules, mut errors, mut known) = (Vec::new(), Vec::new(), HashSet::new());
    for pattern in patterns {
        let pattern = named_in(folder, pattern);
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
        for path in found.into_iter().filter(|path| known.insert(path.clone())) {
            match read_rules(&path) {
                Ok(file) => rules.push(file),
                Err(wrong) => errors.extend(wrong),
            }
        }
    }
    Ok(if errors.is_empty() { Ok(rules) } else { Err(errors) })
}
