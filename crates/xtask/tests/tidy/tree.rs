//! The source tree, as the rules read it.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Folders that hold what is made from the sources, by name.
const MADE: [&str; 5] = ["target", "node_modules", "dist", ".git", "__pycache__"];

/// The root of the source tree.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the source tree is there")
}

/// A text file of the tree.
pub struct Source {
    /// Its path from the root, with `/`.
    pub path: String,
    /// What is in it.
    pub text: String,
}

impl Source {
    /// Whether its name ends in one of these.
    pub fn is_a(&self, extensions: &[&str]) -> bool {
        Path::new(&self.path)
            .extension()
            .is_some_and(|found| extensions.iter().any(|extension| found == *extension))
    }

    /// Its lines with their numbers, from 1.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }
}

/// All text files below a folder of the tree ("" is all of it), in the order of their paths.
pub fn sources(folder: &str) -> Vec<Source> {
    let root = root();
    let mut found = Vec::new();
    gather(&root, &root.join(folder), &mut found);
    found.sort_by(|one, other| one.path.cmp(&other.path));
    assert!(!found.is_empty(), "there is nothing in {folder}");
    found
}

fn gather(root: &Path, folder: &Path, found: &mut Vec<Source>) {
    for entry in std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("a folder can be read").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let data = path == root.join("data");
        if path.is_dir() {
            if !MADE.contains(&name.as_str()) && !data {
                gather(root, &path, found);
            }
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            let path = path.strip_prefix(root).expect("it is below the root").to_string_lossy().into_owned();
            found.push(Source { path, text });
        }
    }
}

/// The folders of our crates, from the root.
pub fn folders() -> Vec<String> {
    let folders = std::fs::read_dir(root().join("crates")).expect("there are crates");
    let mut names: Vec<String> = folders
        .map(|entry| entry.expect("a folder can be read").path())
        .filter(|path| path.is_dir())
        .map(|path| format!("crates/{}", path.file_name().unwrap_or_default().to_string_lossy()))
        .collect();
    names.push("bench".to_owned());
    names.sort();
    names
}

/// What cargo knows about our crates, and about those they need on this platform unless `--no-deps` is given.
pub fn metadata(arguments: &[&str]) -> Value {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo speaks JSON")
}

/// Fails with all that is wrong, one a line, below the rule.
#[track_caller]
pub fn nothing(wrong: &[String], rule: &str) {
    assert!(wrong.is_empty(), "{rule}\n  {}", wrong.join("\n  "));
}
