//! Paths in which signs stand for parts of names, as `rule_files`, `scrape_config_files` and `file_sd_configs` have them.

use std::path::{Component, Path, PathBuf};

/// What a path or a pattern means in a file that lies in `folder`: without `.` and `..`, so that one file is known by one
/// name. Links are not looked at. An absolute path stays as it is (Go, `path/filepath`, `Join`; Prometheus,
/// `config/config.go`, `JoinDir`).
pub fn named_in(folder: &Path, path: &str) -> PathBuf {
    if path.is_empty() || Path::new(path).is_absolute() {
        return PathBuf::from(path);
    }
    let mut clean = PathBuf::new();
    for component in folder.join(path).components() {
        match (component, clean.components().next_back()) {
            (Component::CurDir, _) | (Component::ParentDir, Some(Component::RootDir)) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => {
                clean.pop();
            }
            (component, _) => clean.push(component),
        }
    }
    clean
}

/// Why a path is no pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no pattern for paths: it has a [ without its ]")]
pub struct PatternError(String);

/// The files that a pattern means, in order of their names: `*` stands for any part of a name, `?` for any character of
/// one, `[a-z]` for one of these, `[^a-z]` for one of the others, and what follows a backslash for itself (Go,
/// `path/filepath`, `Glob`, which Prometheus uses). What cannot be looked at is not there, as for Go.
///
/// # Errors
/// [`PatternError`].
pub fn files_matching(pattern: &Path) -> Result<Vec<PathBuf>, PatternError> {
    let pattern = pattern.to_string_lossy();
    let found = glob::glob(&translated(&pattern)).map_err(|_| PatternError(pattern.into_owned()))?;
    Ok(found.flatten().collect())
}

/// A pattern of Go's as the crate `glob` reads it, for which `**` goes through folders below folders, a class is turned
/// round by `!`, and a backslash is one.
fn translated(pattern: &str) -> String {
    let mut translated = String::with_capacity(pattern.len());
    let mut letters = pattern.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '*' if letters.peek() == Some(&'*') => {}
            '\\' => {
                let itself = letters.next().map(String::from);
                translated.push_str(&glob::Pattern::escape(&itself.unwrap_or_default()));
            }
            '[' => {
                translated.push('[');
                if letters.next_if_eq(&'^').is_some() {
                    translated.push('!');
                }
            }
            _ => translated.push(letter),
        }
    }
    translated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_as_go_finds_them() {
        let folder = tempfile::tempdir().expect("there is room");
        let (below, deep) = (folder.path().join("below"), folder.path().join("below/deep"));
        std::fs::create_dir_all(&deep).expect("there is room");
        for path in ["a.yml", "b.yml", "é.yml", "x*.yml", "below/c.yml", "below/deep/d.yml"] {
            std::fs::write(folder.path().join(path), "").expect("there is room");
        }
        let found = |pattern: &str| -> Vec<String> {
            let found = files_matching(&folder.path().join(pattern)).expect("it is a pattern");
            let names = found.iter().map(|path| path.strip_prefix(folder.path()).expect("it is in it"));
            names.map(|name| name.display().to_string()).collect()
        };
        for (pattern, names) in [
            ("a.yml", vec!["a.yml"]),
            ("none.yml", vec![]),
            ("*.yml", vec!["a.yml", "b.yml", "x*.yml", "é.yml"]),
            ("?.yml", vec!["a.yml", "b.yml", "é.yml"]),
            ("[a-b].yml", vec!["a.yml", "b.yml"]),
            ("[^a]*.yml", vec!["b.yml", "x*.yml", "é.yml"]),
            ("x\\*.yml", vec!["x*.yml"]),
            ("*/*.yml", vec!["below/c.yml"]),
            ("**/*.yml", vec!["below/c.yml"]),
            ("below/../a.yml", vec!["below/../a.yml"]),
        ] {
            assert_eq!(found(pattern), names, "{pattern}");
        }
        assert_eq!(below.read_dir().expect("it is there").count(), 2);
    }

    #[test]
    fn one_file_has_one_name() {
        for (folder, path, name) in [
            ("", "a.yml", "a.yml"),
            ("", "./a.yml", "a.yml"),
            ("", "../a.yml", "../a.yml"),
            ("..", "../b/./a.yml", "../../b/a.yml"),
            ("rules", "../rules/*.yml", "rules/*.yml"),
            ("/etc/larum", "./more//*.yml", "/etc/larum/more/*.yml"),
            ("/etc", "../../a.yml", "/a.yml"),
            ("/etc", "/a/../b.yml", "/a/../b.yml"),
            ("/etc", "", ""),
        ] {
            assert_eq!(named_in(Path::new(folder), path), Path::new(name), "{path} in {folder}");
        }
    }

    #[test]
    fn a_class_without_an_end_is_no_pattern() {
        let error = files_matching(Path::new("rules/[a.yml")).expect_err("it is none");
        assert_eq!(error.to_string(), r#""rules/[a.yml" is no pattern for paths: it has a [ without its ]"#);
    }
}
