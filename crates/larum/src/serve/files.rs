//! The files that Larum is told of: read at the start, and again when somebody asks for it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow};
use larum_core::label::LabelSet;
use larum_engine::{EVALUATION_INTERVAL, Handle};
use larum_metrics::scrape::config::Configuration;
use tokio::sync::watch;
use tokio::task::spawn_blocking;

use super::rules::{RuleSources, WrongRules};

/// The files, and what of them is in force.
#[derive(Debug)]
pub struct Files {
    /// A whole `prometheus.yml`, if there is one.
    configuration: Option<PathBuf>,
    /// Further files with rules.
    rules: Vec<PathBuf>,
    in_force: watch::Sender<Arc<Configuration>>,
}

impl Files {
    /// Reads the configuration, which has to be sound at the start.
    ///
    /// # Errors
    /// What is wrong with it, with its place.
    pub async fn read(configuration: Option<PathBuf>, rules: Vec<PathBuf>) -> anyhow::Result<Self> {
        let read = match &configuration {
            Some(path) => read_configuration(path.clone()).await?,
            None => nothing(),
        };
        Ok(Self { configuration, rules, in_force: watch::Sender::new(Arc::new(read)) })
    }

    /// What is to be scraped, now and from now on.
    pub fn configurations(&self) -> watch::Receiver<Arc<Configuration>> {
        self.in_force.subscribe()
    }

    /// Whether there is a configuration.
    pub fn has_configuration(&self) -> bool {
        self.configuration.is_some()
    }

    /// The labels that the configuration gives all that leaves Larum.
    pub fn external_labels(&self) -> LabelSet {
        LabelSet::from_pairs(&self.in_force.borrow().external_labels)
    }

    /// Puts the rule files into force, as far as they are sound.
    ///
    /// # Errors
    /// As [`RuleSources::put_into_force`].
    pub async fn put_rules_into_force(&self, engine: &Handle) -> anyhow::Result<WrongRules> {
        let sources = self.rule_sources(&self.in_force.borrow());
        sources.put_into_force(engine).await
    }

    /// Reads everything again and puts it into force.
    ///
    /// # Errors
    /// What is wrong with the configuration, or as [`RuleSources::put_into_force`]: then all stays as it was.
    pub async fn reload(&self, engine: &Handle) -> anyhow::Result<WrongRules> {
        let Some(path) = self.configuration.clone() else { return self.put_rules_into_force(engine).await };
        let configuration = read_configuration(path).await?;
        let wrong = self.rule_sources(&configuration).put_into_force(engine).await?;
        self.in_force.send_replace(Arc::new(configuration));
        Ok(wrong)
    }

    fn rule_sources(&self, configuration: &Configuration) -> RuleSources {
        let patterns = configuration.rule_files.iter().chain(&self.rules).cloned().collect();
        let (interval, query_offset) = (configuration.evaluation_interval, configuration.rule_query_offset);
        RuleSources { patterns, interval, query_offset }
    }
}

async fn read_configuration(path: PathBuf) -> anyhow::Result<Configuration> {
    // A file system may take its time, or never answer at all.
    spawn_blocking(move || {
        let configuration = Configuration::read(&path)
            .map_err(|error| anyhow!("{error}"))
            .with_context(|| format!("--prometheus.config-file {}", path.display()))?;
        let ignored = configuration.ignored();
        if !ignored.is_empty() {
            tracing::warn!(file = %path.display(), ?ignored, "Larum does not act on these parts of the file");
        }
        Ok(configuration)
    })
    .await?
}

/// What holds without a configuration.
fn nothing() -> Configuration {
    let nothing = Configuration::parse("", Path::new(""));
    let mut nothing = nothing.expect("an empty file is sound");
    nothing.evaluation_interval = EVALUATION_INTERVAL;
    nothing
}
