//! Which targets a job has: those that the configuration names, and those in files.
//!
//! Source: Prometheus, "Configuration", sections `static_config` and `file_sd_config`.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use larum_core::label::LabelSet;
use larum_files::{files_matching, read_text};

use super::config::{Group, JobConfig, MOST_BYTES, read_yaml};
use super::relabel::Labels;
use super::target::{ADDRESS, Target, TargetError, discovered};

/// The label that says which file a target was found in.
const FILE_PATH: &str = "__meta_filepath";

/// The files of targets as they were last found.
#[derive(Debug, Default)]
pub struct Files {
    known: HashMap<PathBuf, Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// What it held when it was last looked at; none if that could not be read.
    text: Option<String>,
    /// Those of the last text that made sense.
    groups: Vec<Group>,
    problem: Option<String>,
}

impl Files {
    /// Looks at the files of a job: its groups of targets, those of the configuration first, and what is wrong with
    /// files. One that cannot be read keeps the targets that it had; one that is gone has none.
    pub fn look(&mut self, job: &JobConfig) -> (Vec<(Option<PathBuf>, Group)>, Vec<String>) {
        let mut groups: Vec<(Option<PathBuf>, Group)> =
            job.static_groups.iter().map(|group| (None, group.clone())).collect();
        let mut problems = Vec::new();
        for pattern in &job.files {
            let paths = files_matching(pattern).unwrap_or_else(|error| {
                problems.push(error.to_string());
                Vec::new()
            });
            for path in paths {
                let known = self.known.entry(path.clone()).or_default();
                known.look(&path);
                groups.extend(known.groups.iter().map(|group| (Some(path.clone()), group.clone())));
                problems.extend(known.problem.iter().map(|problem| format!("{}: {problem}", path.display())));
            }
        }
        (groups, problems)
    }

    /// Forgets files that are gone.
    pub fn tidy(&mut self) {
        self.known.retain(|path, _| path.exists());
    }
}

impl Known {
    fn look(&mut self, path: &Path) {
        match read(path) {
            Ok(text) if self.text.as_ref() == Some(&text) => {}
            Ok(text) => {
                match groups(path, &text) {
                    Ok(groups) => (self.groups, self.problem) = (groups, None),
                    Err(error) => self.problem = Some(error),
                }
                self.text = Some(text);
            }
            Err(error) => (self.text, self.problem) = (None, Some(error)),
        }
    }
}

fn read(path: &Path) -> Result<String, String> {
    let about = std::fs::metadata(path).map_err(|error| error.to_string())?;
    if !about.is_file() {
        // A pipe or a device would keep whoever reads it.
        return Err("it is no regular file".to_owned());
    }
    read_text(path, MOST_BYTES).map_err(|error| error.to_string())
}

fn groups(path: &Path, text: &str) -> Result<Vec<Group>, String> {
    if path.extension().is_some_and(|extension| extension == "json") {
        return serde_json::from_str(text).map_err(|error| error.to_string());
    }
    read_yaml(text).map_err(|error| error.to_string())
}

/// What the groups of a job come to.
#[derive(Debug, Default)]
pub struct Targets {
    /// What is scraped, each target once.
    pub targets: Vec<Target>,
    /// The labels of what relabelling drops.
    pub dropped: Vec<LabelSet>,
    /// The labels of what cannot be scraped, and why.
    pub wrong: Vec<(LabelSet, TargetError)>,
}

impl Targets {
    /// Finds the targets of a job.
    pub fn of(job: &JobConfig, groups: &[(Option<PathBuf>, Group)]) -> Self {
        let mut found = Self::default();
        let mut hashes = HashSet::new();
        for (file, group) in groups {
            let mut common: Labels = group.labels.iter().flatten().collect();
            if let Some(file) = file {
                common.set(FILE_PATH, file.to_string_lossy());
            }
            for address in group.targets.iter().flatten() {
                let own: Labels = [(ADDRESS, address.as_str())].into_iter().collect();
                let labels = discovered(&own, &common, job);
                match Target::new(&labels, job) {
                    Ok(Some(target)) if hashes.insert(target.hash()) => found.targets.push(target),
                    Ok(Some(_)) => {}
                    Ok(None) => found.dropped.push(labels.to_set()),
                    Err(error) => found.wrong.push((labels.to_set(), error)),
                }
            }
        }
        found
    }
}
