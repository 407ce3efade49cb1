//! Prometheus' rule files (Prometheus, "Defining recording rules" and "Alerting rules"), read as strictly as
//! Prometheus 3 reads them: one wrong rule refuses the file, and what nobody knows is an error.

mod shape;
mod check;
mod duplicate;
mod draft;
mod export;
mod import;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use larum_promql::Query;

pub use draft::rule_draft;
pub use duplicate::Duplicate;
pub use export::export_rules;
pub use import::{Import, Imported, SkippedRule, import_rules};

/// A rule file that is sound.
#[derive(Debug, Default)]
pub struct RuleFile {
    /// Its groups, in the order of the file; no two have the same name.
    pub groups: Vec<RuleGroup>,
}

/// Rules that are evaluated one after the other, at the same time.
#[derive(Debug)]
pub struct RuleGroup {
    /// Its name, not empty.
    pub name: String,
    /// From one evaluation to the next; none stands for what is usual where the file is used.
    pub interval: Option<Duration>,
    /// How far back from the time of its evaluation it looks; none stands for what is usual.
    pub query_offset: Option<Duration>,
    /// The most alerts or series that a rule may come to; 0 is no limit.
    pub limit: u64,
    /// Its rules, in the order of the file.
    pub rules: Vec<Rule>,
}

/// An alerting rule or a recording rule.
#[derive(Debug)]
pub struct Rule {
    /// The name of its alerts, or of the metric that it records.
    pub name: String,
    /// How many rules of this name stand before it in its group.
    pub nth: u32,
    /// The line of the file at which it begins, from 1.
    pub line: u64,
    /// Its expression.
    pub query: Arc<Query>,
    /// The labels that it sets, those of its group among them. With an alerting rule, each is a template.
    pub labels: BTreeMap<String, String>,
    /// What makes it an alerting rule; none for a recording rule.
    pub alerting: Option<Alerting>,
}

/// What an alerting rule has beyond an expression.
#[derive(Debug, Default)]
pub struct Alerting {
    /// How long its expression has to hold before it fires.
    pub hold: Duration,
    /// How long it goes on firing when its expression holds no more.
    pub keep_firing: Duration,
    /// Its texts, each a template.
    pub annotations: BTreeMap<String, String>,
}

/// A rule, or a whole group, that cannot be evaluated because something is wrong with it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BrokenRule {
    /// The name of its group.
    pub group: String,
    /// Its own name, and how many rules of that name stand before it in the group; none for the group as a whole.
    pub rule: Option<(String, u32)>,
    /// What is wrong.
    pub error: RuleFileError,
}

/// What is wrong with a rule file, and where.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{line}:{column}: {message}")]
pub struct RuleFileError {
    /// The line, from 1.
    pub line: u64,
    /// The column, from 1, in characters.
    pub column: u64,
    /// What is wrong, and in which rule.
    pub message: String,
}

impl RuleFile {
    /// Reads a rule file. One that is empty has no groups.
    ///
    /// # Errors
    /// All that is wrong with its rules, in the order of the file; the first that is wrong if it is no YAML of the
    /// right shape.
    pub fn parse(text: &str) -> Result<Self, Vec<RuleFileError>> {
        let (file, broken) = Self::parse_sound(text)?;
        if broken.is_empty() { Ok(file) } else { Err(broken.into_iter().map(|rule| rule.error).collect()) }
    }

    /// Reads what is sound of a rule file, and tells what is not. A group of which anything but a rule is wrong is not
    /// sound as a whole.
    ///
    /// # Errors
    /// What is wrong with it if it is no YAML of the right shape: then nothing of it is known.
    pub fn parse_sound(text: &str) -> Result<(Self, Vec<BrokenRule>), Vec<RuleFileError>> {
        Ok(check::file(shape::read(text)?))
    }

    /// How many rules it has.
    pub fn rule_count(&self) -> usize {
        self.groups.iter().map(|group| group.rules.len()).sum()
    }

    /// The rules that would say the same twice: the same name and the same labels. Each is told once, in order of
    /// name and labels (Prometheus, `cmd/promtool/main.go`, `checkDuplicates`).
    pub fn duplicates(&self) -> Vec<Duplicate> {
        duplicate::duplicates(self)
    }
}
