//! `larum check rules`: Prometheus' rule files, with what `promtool check rules` says of them.

use std::io::Write;
use std::path::PathBuf;

use larum_rules::Duplicate;

use crate::files::read_rules;

/// What `larum check rules` is told.
#[derive(Debug, clap::Args)]
pub struct Flags {
    /// The files, in Prometheus' form for rules.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// Checks the files: what is well goes to standard output, what is wrong to standard error.
pub fn run(flags: &Flags) -> anyhow::Result<()> {
    let (mut out, mut err) = (std::io::stdout().lock(), std::io::stderr().lock());
    let mut failed = 0;
    for path in &flags.files {
        writeln!(out, "Checking {}", path.display())?;
        match read_rules(path) {
            Ok(rules) => match warning(&rules.duplicates()) {
                // A warning fails nothing, though promtool uses the same word.
                Some(warning) => writeln!(err, "  FAILED:\n{warning}")?,
                None => writeln!(out, "  SUCCESS: {} rules found", rules.rule_count())?,
            },
            Err(errors) => {
                failed += 1;
                writeln!(err, "  FAILED:")?;
                for error in errors {
                    writeln!(err, "{error}")?;
                }
            }
        }
        writeln!(out)?;
    }
    out.flush()?;
    anyhow::ensure!(failed == 0, "{failed} of {} files failed", flags.files.len());
    Ok(())
}

/// What promtool says of rules that say the same twice.
fn warning(duplicates: &[Duplicate]) -> Option<String> {
    if duplicates.is_empty() {
        return None;
    }
    let mut text = format!("lint error {} duplicate rule(s) found.\n", duplicates.len());
    for Duplicate { name, labels } in duplicates {
        text.push_str(&format!("Metric: {name}\nLabel(s):\n"));
        labels.iter().for_each(|(name, value)| text.push_str(&format!("\t{name}: {value}\n")));
    }
    Some(text + "Might cause inconsistency while recording expressions")
}
