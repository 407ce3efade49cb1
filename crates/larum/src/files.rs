//! Files that a person wrote and named.

use std::io;
use std::path::Path;

use larum_rules::RuleFile;

/// The largest file that is read, in bytes.
const MAX_BYTES: u64 = 64 << 20;

/// Reads a file.
///
/// # Errors
/// As [`larum_files::read_text`], for more than [`MAX_BYTES`].
pub fn read(path: &Path) -> io::Result<String> {
    larum_files::read_text(path, MAX_BYTES)
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
