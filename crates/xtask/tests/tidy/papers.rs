//! The documents name only what is there.

use std::path::Path;

use crate::tree::{Source, nothing, root, sources};

/// How a name ends that is surely a file's.
const FILES: [&str; 14] = [
    ".rs", ".ts", ".tsx", ".mjs", ".js", ".md", ".toml", ".json", ".css", ".html", ".sql", ".py", ".svg",
    ".png",
];
/// The folder where Larum keeps its data, which no source tree has.
const DATA: &str = "data/";

/// The code spans and link targets of a document, without its code blocks.
fn mentions(document: &Source) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut in_block = false;
    for (number, line) in document.lines() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
            continue;
        }
        if in_block {
            continue;
        }
        let spans = line.split('`').skip(1).step_by(2);
        let links =
            line.split("](").skip(1).filter_map(|after| after.split_once(')')).map(|(target, _)| target);
        found.extend(spans.chain(links).map(|mention| (number, mention.to_owned())));
    }
    found
}

/// Whether a mention is the path of something in the tree, and not of a page, a command or a place elsewhere.
fn is_path(mention: &str) -> bool {
    let plain = mention.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-/".contains(letter));
    let inside = mention.contains('/') && !mention.starts_with('/') && !mention.contains("//");
    let known = mention.ends_with('/') || FILES.iter().any(|ending| mention.ends_with(ending));
    plain && inside && known && !mention.trim_start_matches("./").starts_with(DATA)
}

#[test]
fn every_path_in_a_document_is_there() {
    let root = root();
    let mut wrong = Vec::new();
    for document in sources("").iter().filter(|file| file.is_a(&["md"])) {
        let folder = root.join(&document.path).parent().map(Path::to_owned).unwrap_or_default();
        for (number, mention) in mentions(document) {
            let from = [root.join(&mention), folder.join(&mention), folder.join("src").join(&mention)];
            if is_path(&mention) && !from.iter().any(|path| path.exists()) {
                wrong.push(format!("{}:{number} names {mention}", document.path));
            }
        }
    }
    nothing(&wrong, "These paths are not there:");
}

#[test]
fn links_between_documents_lead_somewhere() {
    let root = root();
    let mut wrong = Vec::new();
    for document in sources("").iter().filter(|file| file.is_a(&["md"])) {
        let folder = root.join(&document.path).parent().map(Path::to_owned).unwrap_or_default();
        for (number, line) in document.lines() {
            let targets = line.split("](").skip(1).filter_map(|after| after.split_once(')'));
            let inside = targets
                .map(|(target, _)| target)
                .filter(|target| !target.contains(':') && !target.starts_with('#'));
            for target in inside {
                let file = target.split_once('#').map_or(target, |(file, _)| file);
                if !folder.join(file).exists() {
                    wrong.push(format!("{}:{number} links to {target}", document.path));
                }
            }
        }
    }
    nothing(&wrong, "These links lead nowhere:");
}

#[test]
fn a_path_is_told_from_other_words() {
    assert!(is_path("crates/larum-core/src/lib.rs") && is_path("tests/language/") && is_path("./a/b.md"));
    for other in [
        "GET /api/v2/alerts",
        "/metrics",
        "https://slack.com/",
        "application/json",
        "data/secret.key",
        "a.rs",
    ] {
        assert!(!is_path(other), "{other}");
    }
}
