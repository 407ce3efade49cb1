//! Names of files with `*`, which stands for any part of a name, and `?`, for any character of one.

use std::path::{Path, PathBuf};

/// The files that a pattern means, relative to a folder, in order of their names.
pub fn matching(folder: &Path, pattern: &str) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    for part in Path::new(pattern).components() {
        let part = part.as_os_str();
        let name = part.to_string_lossy();
        found = if name.contains(['*', '?']) {
            found.iter().flat_map(|folder| within(folder, &name)).collect()
        } else {
            found.into_iter().map(|folder| folder.join(part)).collect()
        };
    }
    found.retain(|path| path.exists());
    found
}

/// What lies in a folder under a name like this.
fn within(folder: &Path, pattern: &str) -> Vec<PathBuf> {
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(entries) = std::fs::read_dir(here) else { return Vec::new() };
    let names = entries.flatten().map(|entry| entry.file_name());
    let pattern: Vec<char> = pattern.chars().collect();
    let mut found: Vec<PathBuf> = names
        .filter(|name| matches(&pattern, &name.to_string_lossy().chars().collect::<Vec<_>>()))
        .map(|name| folder.join(name))
        .collect();
    found.sort();
    found
}

/// Whether a name is like the pattern: the last star takes one more character whenever the rest does not fit.
fn matches(pattern: &[char], name: &[char]) -> bool {
    let (mut p, mut n, mut star) = (0, 0, None);
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(c) if *c == '?' || *c == name[n] => (p, n) = (p + 1, n + 1),
            _ => {
                let Some((at, taken)) = star else { return false };
                star = Some((at, taken + 1));
                (p, n) = (at + 1, taken + 1);
            }
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_are_like_patterns() {
        let matches = |pattern: &str, name: &str| {
            let [pattern, name] = [pattern, name].map(|text| text.chars().collect::<Vec<_>>());
            super::matches(&pattern, &name)
        };
        for (pattern, name) in
            [("*", ""), ("*.yml", "a.b.yml"), ("a?c", "abc"), ("a*b*c", "a-b-b-c"), ("é*", "éa")]
        {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("?", ""), ("*.yml", "a.yaml"), ("a?c", "ac"), ("a*b*c", "a-b-b"), ("", "a")]
        {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }
}
