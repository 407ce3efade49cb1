//! What is kept of a target: one file for each input, named by what is in it unless a person named it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::mutate::LONGEST;

/// The most files that are kept of one target.
pub const MOST: usize = 200;

/// The folder of all corpora.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// What is kept of a target, in order of its names.
///
/// # Errors
/// If it cannot be read.
pub fn read(target: &str) -> Result<Vec<(PathBuf, Vec<u8>)>> {
    let folder = folder().join(target);
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| folder.display().to_string()),
    };
    let mut kept = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
        kept.push((path, bytes));
    }
    kept.sort();
    Ok(kept)
}

/// Keeps an input, if there is room for it. Answers whether it is kept.
///
/// # Errors
/// If it cannot be written.
pub fn keep(target: &str, input: &[u8]) -> Result<bool> {
    let folder = folder().join(target);
    std::fs::create_dir_all(&folder)?;
    if input.len() > LONGEST || std::fs::read_dir(&folder)?.count() >= MOST {
        return Ok(false);
    }
    std::fs::write(folder.join(name(input)), input)?;
    Ok(true)
}

/// What an input is called that nobody named.
pub fn name(input: &[u8]) -> String {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:016x}", input.iter().fold(0xcbf2_9ce4_8422_2325, step))
}
