//! Files that a person wrote and named.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use larum_rules::RuleFile;

/// The largest file that is read, in bytes.
const MAX_BYTES: u64 = 64 << 20;

/// Reads a file.
///
/// # Errors
/// If it is not there, is no text, or is larger than [`MAX_BYTES`].
pub fn read(path: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(MAX_BYTES + 1).read_to_string(&mut text)?;
    anyhow::ensure!(text.len() as u64 <= MAX_BYTES, "it is larger than {} MiB", MAX_BYTES >> 20);
    Ok(text)
}

/// The rules of a file.
///
/// # Errors
/// All that is wrong with it, a line each, with the file and the place.
pub fn read_rules(path: &Path) -> Result<RuleFile, Vec<String>> {
    let file = path.display();
    let text = read(path).map_err(|error| vec![format!("{file}: cannot be read: {error}")])?;
    RuleFile::parse(&text).map_err(|errors| errors.iter().map(|error| format!("{file}:{error}")).collect())
}
