//! The file with routes (`alertmanager.yml`), and the files that it names: read at the start, and again when somebody asks
//! for it.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use larum_alertmanager::config::{Configuration, Options};
use larum_alertmanager::template::Templates;
use larum_core::inhibit::InhibitRule;
use larum_engine::{Clock, ReadFile, RouteFile};
use larum_files::files_matching;
use tokio::task::spawn_blocking;

use crate::files::read;

/// Where a file with routes lies, and how it is read.
#[derive(Clone, Debug)]
pub struct RouteFileAt {
    /// The file.
    pub path: PathBuf,
    /// How matchers are read, what is skipped, how long it is remembered what was told.
    pub options: Options,
    /// What inhibits what, whatever the file says; asked before the file's.
    pub inhibitions: Vec<InhibitRule>,
}

impl RouteFileAt {
    /// Reads it, and the files of templates that it names.
    ///
    /// # Errors
    /// All that is wrong, a line each, with its place.
    pub async fn read(&self, clock: Clock) -> anyhow::Result<RouteFile> {
        let at = self.clone();
        spawn_blocking(move || at.read_now(clock)).await?
    }

    fn read_now(&self, clock: Clock) -> anyhow::Result<RouteFile> {
        let file = self.path.display();
        let folder = self.path.parent().unwrap_or(Path::new("")).to_owned();
        let text = read(&self.path).with_context(|| format!("{file} cannot be read"))?;
        let options = Options { folder, ..self.options.clone() };
        let configuration = Configuration::parse(&text, &options).map_err(|errors| {
            let lines: Vec<String> = errors.iter().map(|error| format!("{file}: {error}")).collect();
            anyhow!(lines.join("\n"))
        })?;
        for warning in &configuration.warnings {
            tracing::warn!(file = %file, "{warning}");
        }
        for receiver in &configuration.receivers {
            for unsupported in &receiver.unsupported {
                let (integration, line) = (unsupported.integration, unsupported.line);
                tracing::warn!(receiver = receiver.name, integration, file = %file, line, "nobody is told by this integration");
            }
        }
        let templates = templates(&configuration.templates)?;
        let (configuration, inhibitions) = (&configuration, self.inhibitions.as_slice());
        let read =
            ReadFile { path: &self.path, text: &text, configuration, templates: &templates, inhibitions };
        RouteFile::of(read, clock).with_context(|| file.to_string())
    }
}

fn templates(patterns: &[PathBuf]) -> anyhow::Result<Templates> {
    let mut texts = Vec::new();
    for pattern in patterns {
        for path in files_matching(pattern)? {
            let text = read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            texts.push((name, text));
        }
    }
    let named = texts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    Templates::with_files(named).map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        anyhow!("templates: {}", lines.join("\n"))
    })
}
