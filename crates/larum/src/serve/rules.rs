//! The rule files that Larum is told of: read at the start, and again when somebody asks for it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use larum_engine::{Handle, KnownFile, RuleFiles};
use larum_files::files_matching;
use larum_rules::RuleFile;
use tokio::task::spawn_blocking;

use crate::files::read;

/// Where rule files are, and what holds for groups that do not say.
#[derive(Clone, Debug)]
pub struct RuleSources {
    /// Patterns for [`files_matching`].
    pub patterns: Vec<PathBuf>,
    /// How often a group is evaluated.
    pub interval: Duration,
    /// How far back a group looks.
    pub query_offset: Duration,
}

impl RuleSources {
    /// Reads the files and puts them into force, as far as they are sound. What is wrong with them is told in the log and
    /// to the caller, and shown at the policies that it concerns; it stops nothing else.
    ///
    /// # Errors
    /// If a pattern is none, if there are more rules than there may be, or if nothing can be written down: then what
    /// was in force before stays.
    pub async fn put_into_force(self, engine: &Handle) -> anyhow::Result<WrongRules> {
        let before = engine.rule_files();
        // A file system may take its time, or never answer at all.
        let files = spawn_blocking(move || self.read(&before)).await??;
        let rules: usize = files.files.values().map(|file| file.sound.rule_count()).sum();
        if !files.files.is_empty() {
            tracing::info!(files = files.files.len(), rules, "read the rule files");
        }
        let wrong = WrongRules::of(&files);
        engine.put_rule_files(files).await.context("the rule files cannot be put into force")?;
        Ok(wrong)
    }

    fn read(self, before: &RuleFiles) -> anyhow::Result<RuleFiles> {
        let mut files = BTreeMap::new();
        for pattern in &self.patterns {
            let found = files_matching(pattern).context("no rule files can be found")?;
            if found.is_empty() {
                tracing::warn!(pattern = %pattern.display(), "there is no such rule file");
            }
            for path in found {
                let name: Arc<str> = path.display().to_string().into();
                let file = read_file(&path, before.files.get(&name));
                tell(&name, &file);
                files.insert(name, file);
            }
        }
        Ok(RuleFiles { files, interval: self.interval, query_offset: self.query_offset })
    }
}

/// What is wrong with rule files, a line each, while all that is right in them is in force.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[must_use]
pub struct WrongRules(Vec<String>);

impl WrongRules {
    fn of(files: &RuleFiles) -> Self {
        let wrong = files.files.iter().flat_map(|(name, file)| {
            let unread = file.error.iter().map(move |error| format!("{name}: {error}"));
            unread.chain(file.broken.iter().map(move |broken| format!("{name}: {}", broken.error)))
        });
        Self(wrong.collect())
    }

    /// Whether nothing is wrong.
    pub fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// Makes an error of it for whoever asked for the files to be read.
    ///
    /// # Errors
    /// If anything is wrong.
    pub fn told(&self) -> anyhow::Result<()> {
        if self.is_none() {
            return Ok(());
        }
        let words = "what is right in the files is in force; what was known before of what is wrong holds on";
        bail!("{words}:\n{}", self.0.join("\n"))
    }
}

/// A file as it is now. If it cannot be read, what was known of it before holds on.
fn read_file(path: &Path, before: Option<&KnownFile>) -> KnownFile {
    let parsed = read(path).map_err(|error| format!("it cannot be read: {error}"));
    let parsed = parsed.and_then(|text| {
        RuleFile::parse_sound(&text)
            .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    });
    match parsed {
        Ok((sound, broken)) => KnownFile { sound: Arc::new(sound), broken, error: None },
        Err(error) => KnownFile { error: Some(error), ..before.cloned().unwrap_or_default() },
    }
}

fn tell(name: &str, file: &KnownFile) {
    if let Some(error) = &file.error {
        tracing::error!(file = name, error, "a rule file is wrong: what was known of it before holds on");
    }
    for broken in &file.broken {
        tracing::error!(file = name, error = %broken.error, "a rule is wrong: it is not evaluated, the others are");
    }
}
