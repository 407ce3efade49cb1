//! Files that are read again while Larum runs.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use reqwest::{Method, StatusCode};
use rustix::fs::{CWD, Mode, mkfifoat};
use rustix::process::Signal;
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::house::{Administrator, answer};
use crate::larum::{Larum, Log, PATIENCE, larum, send};

/// Larum with a `prometheus.yml` that names `rules.yml`.
struct Reloading {
    larum: Larum,
    administrator: Administrator,
    folder: TempDir,
}

/// A rule file with one rule of this name.
fn rules(name: &str) -> String {
    format!("groups: [{{name: g, rules: [{{alert: {name}, expr: vector(1)}}]}}]")
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("it can be written");
    path
}

/// A pipe in the place of a file. Whoever reads it waits for words that never come.
fn pipe(path: &Path) {
    mkfifoat(CWD, path, Mode::RUSR | Mode::WUSR).expect("a pipe can be made");
}

/// The other end of a pipe, once somebody reads it.
async fn read_by_somebody(path: PathBuf) -> File {
    let (tell, told) = oneshot::channel();
    // A thread of its own: the end of a test waits for those of the runtime, also if nobody ever reads.
    std::thread::spawn(move || tell.send(File::options().write(true).open(path)));
    timeout(PATIENCE, told).await.expect("it is read").expect("no panic").expect("it is a pipe")
}

impl Reloading {
    async fn start() -> Self {
        let folder = tempfile::tempdir().expect("there is room");
        write(folder.path(), "rules.yml", &rules("First"));
        let configuration = write(folder.path(), "prometheus.yml", "rule_files: [rules.yml]");
        let data = folder.path().join("data");
        let mut serve = larum();
        serve.arg("serve").arg("--storage.path").arg(&data).args(["--web.listen-address", "127.0.0.1:0"]);
        serve.arg("--prometheus.config-file").arg(configuration);
        let larum = Larum::of(&mut serve).await.expect("larum starts");
        let administrator = Administrator::enter(&data, larum.address).await;
        Self { larum, administrator, folder }
    }

    /// Has the files read again over HTTP.
    async fn reload(&self) -> (StatusCode, Value) {
        answer(self.administrator.request(Method::POST, "/-/reload")).await
    }

    /// Whether Larum says this line of itself.
    async fn counts(&self, line: &str) -> bool {
        let page = self.administrator.request(Method::GET, "/metrics").send().await.expect("it answers");
        page.text().await.expect("in words").lines().any(|said| said == line)
    }

    /// The names of the rules from files.
    async fn rules(&self) -> Vec<String> {
        named(&self.administrator.read("/policies").await)
    }
}

fn named(list: &Value) -> Vec<String> {
    let policies = list["policies"].as_array().expect("a list of policies").iter();
    let from_files = policies.filter(|policy| policy["kind"] == "rule_file");
    from_files.map(|policy| policy["name"].as_str().expect("it has a name").to_owned()).collect()
}

#[tokio::test]
async fn rules_are_read_again_at_a_signal_and_when_somebody_asks() {
    let house = Reloading::start().await;
    assert_eq!(house.rules().await, ["First"]);
    write(house.folder.path(), "rules.yml", &rules("Second"));
    send(house.larum.id(), Signal::HUP);
    house.administrator.read_until("/policies", |list| named(list) == ["Second"]).await;

    write(house.folder.path(), "rules.yml", &rules("Third"));
    assert_eq!(house.reload().await.0, StatusCode::OK);
    assert_eq!(house.rules().await, ["Third"]);
}

#[tokio::test]
async fn all_stays_as_it_was_when_the_configuration_is_wrong() {
    let house = Reloading::start().await;
    for (wrong, words) in [
        ("rule_files: [rules.yml\n", "prometheus.yml"),
        ("rule_file: [rules.yml]\n", "rule_file"),
        ("rule_files: ['rules[.yml']\n", "is no pattern for paths"),
    ] {
        write(house.folder.path(), "prometheus.yml", wrong);
        let (status, said) = house.reload().await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{said}");
        let said = said.as_str().expect("it is said in plain text");
        assert!(said.starts_with("failed to reload config: ") && said.contains(words), "{said}");
        assert_eq!(house.rules().await, ["First"], "{wrong}");
        assert!(house.counts("alertmanager_config_last_reload_successful 0").await, "{wrong}");
    }
    write(house.folder.path(), "prometheus.yml", "rule_files: [rules.yml]");
    assert_eq!(house.reload().await.0, StatusCode::OK);
    assert!(house.counts("alertmanager_config_last_reload_successful 1").await);
}

#[tokio::test]
async fn a_wrong_rule_file_keeps_its_former_rules_and_is_told_to_whoever_asks() {
    let house = Reloading::start().await;
    write(house.folder.path(), "more.yml", &rules("More"));
    write(house.folder.path(), "prometheus.yml", "rule_files: [rules.yml, more.yml]");
    for wrong in ["groups: [{", "groups: [{name: g, rules: [{alert: First, expr: 'up =='}]}]"] {
        write(house.folder.path(), "rules.yml", wrong);
        let (status, said) = house.reload().await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{said}");
        let said = said.as_str().expect("it is said in plain text");
        assert!(said.contains("what is right in the files is in force"), "{said}");
        assert!(said.contains("rules.yml: ") && !said.contains("more.yml"), "{said}");
        assert_eq!(house.rules().await, ["First", "More"], "{wrong}");
        assert!(house.counts("alertmanager_config_last_reload_successful 0").await, "{wrong}");
    }
    write(house.folder.path(), "rules.yml", &rules("Second"));
    assert_eq!(house.reload().await.0, StatusCode::OK);
    assert_eq!(house.rules().await, ["More", "Second"]);
    assert!(house.counts("alertmanager_config_last_reload_successful 1").await);
}

#[tokio::test]
async fn a_file_that_does_not_answer_keeps_nobody_from_stopping() {
    let house = Reloading::start().await;
    let rules = house.folder.path().join("rules.yml");
    std::fs::remove_file(&rules).expect("it was there");
    pipe(&rules);
    let asking = tokio::spawn(house.administrator.request(Method::POST, "/-/reload").send());
    let _silent = read_by_somebody(rules).await;
    let alerts = serde_json::json!([{"labels": {"alertname": "Posted"}}]);
    assert_eq!(house.administrator.post_alerts(&alerts).await.0, StatusCode::OK);
    assert_eq!(house.rules().await, ["First"]);
    let (status, log) = house.larum.stop_and_log().await;
    assert!(status.success(), "{log}");
    let told = asking.await.expect("no panic").expect("it is answered").text().await;
    assert!(told.expect("in words").contains("Larum is stopping"));
}

#[tokio::test]
async fn larum_stops_though_it_still_waits_for_a_file_to_begin() {
    let folder = tempfile::tempdir().expect("there is room");
    let rules = folder.path().join("rules.yml");
    pipe(&rules);
    let mut serve = larum();
    serve.arg("serve").arg("--storage.path").arg(folder.path().join("data"));
    serve.args(["--web.listen-address", "127.0.0.1:0", "--rule-files"]).arg(&rules);
    let mut child = serve.stderr(Stdio::piped()).spawn().expect("the binary starts");
    let log = Log::of(child.stderr.take().expect("its log can be read"));
    let _silent = read_by_somebody(rules).await;
    send(child.id().expect("it runs"), Signal::TERM);
    let ended = timeout(PATIENCE, child.wait()).await.expect("it stops").expect("it can be waited for");
    let log = log.to_its_end().await;
    assert!(ended.success() && log.contains("stopped before it had begun"), "{log}");
}
