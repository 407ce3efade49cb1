//! What is given along to run Larum with: it knows only what is there, and says what it means.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Output;

use larum_sandbox::{Behaviour, Fault};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::house::House;
use crate::larum::{command, larum};
use crate::peers;

fn deploy() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(deploy().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn told(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat()
}

/// What stands behind `alert:` or `alertname:` in a file, once each.
fn named(text: &str, field: &str) -> BTreeSet<String> {
    let values = text.lines().filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix(field));
    values.map(|value| value.trim().to_owned()).collect()
}

#[tokio::test]
async fn every_alert_about_larum_is_tested_and_prometheus_agrees() {
    let (rules, tests) = (read("alerts/larum.rules.yml"), read("alerts/larum.rules.test.yml"));
    let alerts = named(&rules, "alert:");
    assert!(alerts.len() > 10, "{alerts:?}");
    for alert in &alerts {
        let mut tested = tests.split("alertname: ").skip(1).filter(|test| test.lines().next() == Some(alert));
        assert!(
            tested.any(|test| test.split("alertname").next().unwrap_or_default().contains("summary:")),
            "{alert}"
        );
    }
    let file = deploy().join("alerts/larum.rules.test.yml");
    let ours = larum().args(["test", "rules"]).arg(&file).output().await.expect("it starts");
    assert!(ours.status.success(), "{}", told(&ours));
    let theirs =
        command(peers::promtool()).args(["test", "rules"]).arg(&file).output().await.expect("it starts");
    assert!(theirs.status.success(), "{}", told(&theirs));
}

/// All expressions in a dashboard, wherever they stand.
fn expressions(part: &Value, found: &mut Vec<String>) {
    match part {
        Value::Array(items) => items.iter().for_each(|item| expressions(item, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if name == "expr" || name == "query" => found.push(text.clone()),
                    other => expressions(other, found),
                }
            }
        }
        _ => {}
    }
}

/// The metrics of Larum's own that are named in a text.
fn metrics_in(text: &str) -> BTreeSet<String> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let own =
        |word: &&str| ["larum_", "alertmanager_", "process_"].iter().any(|prefix| word.starts_with(prefix));
    words.filter(own).map(ToOwned::to_owned).collect()
}

#[tokio::test]
async fn what_alerts_and_dashboard_ask_for_is_measured() {
    let rules: Vec<String> = read("alerts/larum.rules.yml")
        .lines()
        .filter(|line| !line.trim().starts_with('#'))
        .map(ToOwned::to_owned)
        .collect();
    let mut asked = metrics_in(&rules.join("\n"));
    let dashboard: Value = serde_json::from_str(&read("dashboards/larum.json")).expect("it is JSON");
    let mut found = Vec::new();
    expressions(&dashboard, &mut found);
    asked.extend(metrics_in(&found.join("\n")));
    assert!(asked.len() > 15, "{asked:?}");

    let house = House::start().await;
    house.receiver(&["#alerts"], json!([{"label": "disk", "operator": "Exists", "values": []}])).await;
    house.administrator.group(&["alertname"], "0s", "1s").await;
    let refused = Behaviour::Error { error: "not_in_channel".to_owned() };
    house.slack.control().inject(Fault::of(refused).on("chat.postMessage")).expect("the sandbox can refuse");
    let alerts =
        json!([{"labels": {"alertname": "Told", "disk": "a"}}, {"labels": {"alertname": "NotTold"}}]);
    assert_eq!(house.administrator.post_alerts(&alerts).await.0, StatusCode::OK);
    house.administrator.read_until("/status", |status| status["paused_channels"] == 1).await;

    let page = house.administrator.request(Method::GET, "/metrics").send().await.expect("larum answers");
    let page = page.text().await.expect("it can be read");
    let measured: BTreeSet<&str> =
        page.lines().filter_map(|line| line.split(['{', ' ']).next()).filter(|name| *name != "#").collect();
    let missing: Vec<&String> = asked.iter().filter(|name| !measured.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?} are not in:\n{page}");
    for line in [
        "larum_outbox_paused_channels 1",
        "alertmanager_config_last_reload_successful 1",
        "larum_storage_full 0",
    ] {
        assert!(page.lines().any(|found| found == line), "{line} is not in:\n{page}");
    }
}

#[tokio::test]
async fn the_service_is_one_that_systemd_understands_and_finds_hardened() {
    let folder = tempfile::tempdir().expect("there is room");
    let unit = folder.path().join("larum.service");
    let text = read("systemd/larum.service").replace("/usr/local/bin/larum", env!("CARGO_BIN_EXE_larum"));
    std::fs::write(&unit, text).expect("there is room");
    let analyze = |arguments: &[&str]| {
        let mut analyze = command("systemd-analyze");
        analyze.args(arguments).arg(&unit);
        analyze
    };
    let verified =
        analyze(&["verify"]).output().await.expect("systemd-analyze is there: it comes with systemd");
    assert!(verified.status.success() && told(&verified).is_empty(), "{}", told(&verified));
    // From 0 to 100, of what a service is exposed to.
    let judged =
        analyze(&["security", "--offline=true", "--threshold=25"]).output().await.expect("it starts");
    assert!(judged.status.success(), "{}", told(&judged));
}

#[test]
fn the_container_knows_larums_own_words_and_the_trees_own_files() {
    let file = read("docker/Dockerfile");
    let root = deploy().join("..");
    for path in ["console/package.json", "console/package-lock.json", "Cargo.lock"] {
        assert!(root.join(path).is_file(), "{path}");
    }
    let rust = std::fs::read_to_string(root.join("Cargo.toml")).expect("it is there");
    let version = rust.lines().find_map(|line| line.strip_prefix("rust-version = ")).expect("it has one");
    assert!(file.contains(&format!("FROM rust:{}-", version.trim_matches('"'))), "{version}");
    let help = ["serve", "alertmanager", "ready"].map(|what| {
        let larum = std::process::Command::new(env!("CARGO_BIN_EXE_larum")).args([what, "--help"]).output();
        told(&larum.expect("it starts"))
    });
    for word in file.split(|letter: char| !letter.is_ascii_uppercase() && letter != '_') {
        let known = help.iter().any(|help| help.contains(&format!("[env: {word}=")));
        assert!(!word.starts_with("LARUM_") || known, "{word}");
    }
}
