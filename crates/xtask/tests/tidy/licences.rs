//! What Larum is built from may be given away under its own licence, Apache-2.0.

use serde_json::Value;

use crate::tree::{metadata, nothing};

/// Licences that ask for no more than to be named, by their SPDX identifiers.
const ALLOWED: [&str; 16] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    // Certificates as data, not code.
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    // Per file, which is left as it is.
    "MPL-2.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];

/// Crates that must not be linked, each with the reason.
const BANNED: [(&str, &str); 4] = [
    ("aws-lc-rs", "two crypto providers make rustls panic at run time: ring is the one"),
    ("aws-lc-sys", "two crypto providers make rustls panic at run time: ring is the one"),
    ("openssl-sys", "needs a system library; rustls does it"),
    ("native-tls", "needs a system library; rustls does it"),
];

fn crates() -> Vec<Value> {
    let version = std::process::Command::new("rustc").arg("-vV").output().expect("rustc starts");
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc knows its host");
    let mut metadata = metadata(&["--filter-platform", host]);
    let packages = metadata["packages"].take();
    // Of all packages only those that are really needed here, with the features that are chosen.
    let nodes = metadata["resolve"]["nodes"].as_array().expect("cargo resolves");
    let needed: std::collections::HashSet<&str> =
        nodes.iter().filter_map(|node| node["id"].as_str()).collect();
    let Value::Array(packages) = packages else { panic!("cargo lists packages") };
    packages
        .into_iter()
        .filter(|package| package["id"].as_str().is_some_and(|id| needed.contains(id)))
        .collect()
}

/// Whether an SPDX expression can be met by allowed licences alone. Knows `OR`, `AND`, `WITH`, brackets, and `/` as the
/// `OR` of old manifests.
fn allowed(expression: &str) -> bool {
    let expression = expression.trim();
    for (word, all) in [(" OR ", false), ("/", false), (" AND ", true)] {
        if let Some(parts) = split(expression, word) {
            return if all {
                parts.iter().all(|part| allowed(part))
            } else {
                parts.iter().any(|part| allowed(part))
            };
        }
    }
    let inner = expression.strip_prefix('(').and_then(|inner| inner.strip_suffix(')'));
    inner.map_or_else(|| ALLOWED.contains(&expression), allowed)
}

/// Splits at a word outside brackets; `None` if it is not there.
fn split<'a>(expression: &'a str, word: &str) -> Option<Vec<&'a str>> {
    let outside = |at: usize| {
        let before = &expression[..at];
        before.matches('(').count() == before.matches(')').count()
    };
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, _) in expression.match_indices(word).filter(|(at, _)| outside(*at)) {
        parts.push(&expression[start..at]);
        start = at + word.len();
    }
    (start > 0).then(|| {
        parts.push(&expression[start..]);
        parts
    })
}

#[test]
fn every_licence_goes_with_ours() {
    let mut wrong = Vec::new();
    for package in crates() {
        let (name, licence) = (package["name"].as_str().unwrap_or_default(), package["license"].as_str());
        if !licence.is_some_and(allowed) {
            wrong.push(format!("{name}: {}", licence.unwrap_or("names no licence")));
        }
    }
    nothing(&wrong, "These licences ask for more than Apache-2.0 gives:");
}

#[test]
fn nothing_banned_is_linked() {
    let names: Vec<String> =
        crates().iter().filter_map(|package| package["name"].as_str().map(ToOwned::to_owned)).collect();
    let found = BANNED.iter().filter(|(name, _)| names.iter().any(|linked| linked == name));
    let wrong: Vec<String> = found.map(|(name, why)| format!("{name}: {why}")).collect();
    nothing(&wrong, "These crates are banned:");
}

#[test]
fn licence_expressions_are_read_as_spdx_means_them() {
    assert!(allowed("MIT") && allowed("MIT/Apache-2.0") && allowed("(GPL-3.0-only OR MIT) AND Unicode-3.0"));
    assert!(allowed("Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT"));
    assert!(!allowed("GPL-3.0-only") && !allowed("MIT AND AGPL-3.0-only") && !allowed(""));
}
