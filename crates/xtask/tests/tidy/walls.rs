//! Which crate may know which. Cargo forbids circles; this table forbids the rest.

use serde_json::Value;

use crate::tree::{folders, metadata, nothing, root};

/// Our crates, each with those of ours that it may know.
const MAY_KNOW: [(&str, &[&str]); 23] = [
    ("larum-re2", &[]),
    ("larum-core", &["larum-re2"]),
    ("larum-files", &[]),
    ("larum-promql", &["larum-core", "larum-re2"]),
    ("larum-template", &["larum-re2"]),
    ("larum-render", &["larum-core"]),
    ("larum-slack", &[]),
    ("larum-http", &["larum-core"]),
    ("larum-web", &["larum-files"]),
    ("larum-webhook", &["larum-core", "larum-http"]),
    ("larum-prometheus", &["larum-core", "larum-promql", "larum-http"]),
    ("larum-alertmanager", &["larum-core", "larum-render", "larum-template"]),
    ("larum-sandbox", &[]),
    ("larum-metrics", &["larum-core", "larum-files", "larum-promql", "larum-re2"]),
    ("larum-rules", &["larum-core", "larum-promql", "larum-re2", "larum-template"]),
    ("larum-store", &["larum-core"]),
    (
        "larum-engine",
        &[
            "larum-core",
            "larum-promql",
            "larum-render",
            "larum-rules",
            "larum-store",
            "larum-slack",
            "larum-metrics",
            "larum-prometheus",
            "larum-alertmanager",
            "larum-webhook",
        ],
    ),
    (
        "larum-api",
        &[
            "larum-core",
            "larum-store",
            "larum-engine",
            "larum-slack",
            "larum-render",
            "larum-rules",
            "larum-metrics",
            "larum-prometheus",
            "larum-promql",
            "larum-re2",
        ],
    ),
    (
        "larum-sim",
        &["larum-core", "larum-render", "larum-slack", "larum-alertmanager", "larum-store", "larum-engine"],
    ),
    (
        "larum",
        &[
            "larum-core",
            "larum-files",
            "larum-promql",
            "larum-render",
            "larum-slack",
            "larum-http",
            "larum-sandbox",
            "larum-metrics",
            "larum-prometheus",
            "larum-rules",
            "larum-store",
            "larum-engine",
            "larum-api",
            "larum-alertmanager",
            "larum-web",
            "larum-webhook",
        ],
    ),
    ("larum-bench", &[]),
    ("larum-fuzz", &["larum-re2", "larum-core", "larum-alertmanager", "larum-api"]),
    ("xtask", &[]),
];

/// All that the pure crates may need from elsewhere: no clock, no IO, no randomness, and no wire format in core. That
/// promql knows JSON is for its syntax trees, which Prometheus shows so.
const PURE: [(&str, &[&str]); 5] = [
    ("larum-re2", &["regex", "regex-syntax", "thiserror"]),
    ("larum-core", &["foldhash", "hashbrown", "jiff", "regex-syntax", "roaring", "smol_str", "thiserror"]),
    ("larum-promql", &["foldhash", "promql-parser", "serde_json", "thiserror"]),
    ("larum-template", &["gotmpl", "jiff", "thiserror"]),
    ("larum-render", &["jiff", "serde", "serde_json", "unicode-segmentation"]),
];

/// The crates that a crate of ours needs to be built, without those for its tests.
fn needs(package: &Value) -> Vec<&str> {
    let all = package["dependencies"].as_array().expect("cargo lists dependencies");
    all.iter().filter(|one| one["kind"] != "dev").filter_map(|one| one["name"].as_str()).collect()
}

fn packages(metadata: &Value) -> impl Iterator<Item = (&str, Vec<&str>)> {
    let all = metadata["packages"].as_array().expect("cargo lists packages");
    all.iter().map(|package| (package["name"].as_str().unwrap_or_default(), needs(package)))
}

#[test]
fn a_crate_knows_only_those_below_it() {
    let metadata = metadata(&["--no-deps"]);
    let mut wrong = Vec::new();
    for (name, needed) in packages(&metadata) {
        let Some((_, allowed)) = MAY_KNOW.iter().find(|(crate_, _)| *crate_ == name) else {
            wrong.push(format!("{name} is not in the table: say whom it may know"));
            continue;
        };
        let ours = needed.iter().filter(|other| other.starts_with("larum"));
        wrong.extend(
            ours.filter(|other| !allowed.contains(other)).map(|other| format!("{name} knows {other}")),
        );
    }
    nothing(&wrong, "Nothing points up; whoever must know more belongs elsewhere:");
}

#[test]
fn pure_crates_need_nothing_that_could_make_them_impure() {
    let metadata = metadata(&["--no-deps"]);
    let mut wrong = Vec::new();
    for (name, needed) in packages(&metadata) {
        let Some((_, allowed)) = PURE.iter().find(|(crate_, _)| *crate_ == name) else { continue };
        let others = needed.iter().filter(|other| !other.starts_with("larum") && !allowed.contains(other));
        wrong.extend(others.map(|other| format!("{name} needs {other}")));
    }
    nothing(&wrong, "These crates have a list of what they may need:");
}

#[test]
fn only_the_store_knows_sql() {
    let metadata = metadata(&["--no-deps"]);
    let knowing =
        packages(&metadata).filter(|(name, needed)| needed.contains(&"sqlx") && *name != "larum-store");
    let wrong: Vec<String> = knowing.map(|(name, _)| name.to_owned()).collect();
    nothing(&wrong, "SQL lives in larum-store alone, but these crates need sqlx:");
}

#[test]
fn every_crate_has_a_readme_and_the_lints_of_the_workspace() {
    let mut wrong = Vec::new();
    for name in folders() {
        let folder = root().join(&name);
        if !folder.join("README.md").is_file() {
            wrong.push(format!("{name} has no README.md"));
        }
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
        if !manifest.contains("[lints]\nworkspace = true") {
            wrong.push(format!("{name} does not take the lints of the workspace"));
        }
        let entrances = ["src/lib.rs", "src/main.rs"].map(|file| folder.join(file));
        let shows = |file: &std::path::PathBuf| {
            std::fs::read_to_string(file).is_ok_and(|text| text.contains(r#"include_str!("../README.md")"#))
        };
        if !entrances.iter().any(shows) {
            wrong.push(format!("{name} does not show its README.md as its documentation"));
        }
    }
    nothing(&wrong, "Every crate says what it is:");
}
