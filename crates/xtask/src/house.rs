//! Where things are: the source tree and what was built from it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The folders of one checkout.
pub struct House {
    /// The root of the source tree.
    pub root: PathBuf,
    /// Where cargo builds, also for the tools that tests need.
    pub target: PathBuf,
    /// Where the built binary lies.
    binaries: PathBuf,
}

impl House {
    /// Finds the folders from where this program was built and runs.
    ///
    /// # Errors
    /// When the system does not say where this program is.
    pub fn find() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let root = root.canonicalize().context("the source tree of this program is gone: build it again")?;
        let program = std::env::current_exe().context("the system does not say where this program is")?;
        let binaries = program.parent().context("this program is in no folder")?.to_owned();
        let target = binaries.parent().context("the folder of this program is in no folder")?.to_owned();
        Ok(Self { root, target, binaries })
    }

    /// The binary `larum`, built or not.
    pub fn larum(&self) -> PathBuf {
        self.binaries.join("larum")
    }

    /// The console's sources.
    pub fn console(&self) -> PathBuf {
        self.root.join("console")
    }

    /// Where the tools lie that tests need.
    pub fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }
}
