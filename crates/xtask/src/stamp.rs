//! Remembers from which files a step was done last time, so that it is not done again for nothing.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::house::House;

/// One step's memory: a file with the fingerprint of what it was done from.
pub struct Stamp {
    file: PathBuf,
    fingerprint: String,
}

impl Stamp {
    /// Takes the fingerprint of files, of all files below folders, and of further words such as versions.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn of(house: &House, step: &str, paths: &[PathBuf], words: &[&str]) -> Result<Self> {
        let mut hasher = DefaultHasher::new();
        words.hash(&mut hasher);
        for path in paths {
            for file in files_below(path)? {
                file.hash(&mut hasher);
                std::fs::read(&file)
                    .with_context(|| format!("{} cannot be read", file.display()))?
                    .hash(&mut hasher);
            }
        }
        let file = house.tools().join(format!("{step}.stamp"));
        Ok(Self { file, fingerprint: format!("{:016x}", hasher.finish()) })
    }

    /// Whether the step was done from exactly this.
    pub fn is_set(&self) -> bool {
        std::fs::read_to_string(&self.file).is_ok_and(|known| known == self.fingerprint)
    }

    /// Remembers that the step is done.
    ///
    /// # Errors
    /// When the stamp cannot be written.
    pub fn set(&self) -> Result<()> {
        let folder = self.file.parent().context("a stamp lies in a folder")?;
        std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(&self.file, &self.fingerprint))
            .with_context(|| format!("{} cannot be written", self.file.display()))
    }
}

/// A file itself, or all files below a folder in the order of their names.
fn files_below(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    let entries = std::fs::read_dir(path).with_context(|| format!("{} cannot be read", path.display()))?;
    for entry in entries {
        files.extend(files_below(&entry?.path())?);
    }
    files.sort();
    Ok(files)
}
