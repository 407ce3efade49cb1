//! `larum alertmanager` as a process of a machine: its environment, its folder, who reaches it, who asks how it is.

use std::collections::HashSet;
use std::path::Path;
use std::process::Output;

use tempfile::TempDir;
use tokio::process::Command;

use crate::house::http_client;
use crate::larum::{Larum, larum};

const FILE: &str = "{ route: { receiver: team }, receivers: [{ name: team }] }";
/// `pass word`, hashed as a web configuration file wants it (bcrypt, with the least work).
const USERS: &str = "basic_auth_users: {ada: $2b$04$Mz/oUmABfv156QTdO7XnVOQpCEd3f0EUHxAESHXfEs4sye2jSYxH.}\n";
const NO_SLACK: &str = "http://127.0.0.1:9/api/";

fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("there is room");
    std::fs::write(folder.path().join("alertmanager.yml"), FILE).expect("it can be written");
    std::fs::write(folder.path().join("web.yml"), USERS).expect("it can be written");
    folder
}

/// One that is told everything by its environment, as in a container.
fn stand_in(folder: &Path, listen: &str) -> Command {
    let mut command = larum();
    command.arg("alertmanager").env("LARUM_CONFIG_FILE", folder.join("alertmanager.yml"));
    command.env("LARUM_STORAGE_PATH", folder.join("data")).env("LARUM_WEB_LISTEN_ADDRESS", listen);
    command
}

async fn ready(arguments: &[&str]) -> Output {
    larum().arg("ready").args(arguments).output().await.expect("it starts")
}

const OPEN: &str = "nobody has to log in";

#[tokio::test]
async fn it_warns_once_where_others_reach_it_and_nobody_has_to_log_in() {
    for (listen, users, warnings) in
        [("0.0.0.0:0", false, 1), ("0.0.0.0:0", true, 0), ("127.0.0.1:0", false, 0)]
    {
        let folder = folder();
        let mut command = stand_in(folder.path(), listen);
        if users {
            command.env("LARUM_WEB_CONFIG_FILE", folder.path().join("web.yml"));
        }
        let larum = Larum::of(&mut command).await.expect("it starts");
        let (status, log) = larum.stop_and_log().await;
        assert!(status.success(), "{log}");
        assert_eq!(log.matches(OPEN).count(), warnings, "{listen} {users}: {log}");
    }
}

#[tokio::test]
async fn whoever_asks_whether_it_is_ready_finds_it_below_its_path_and_behind_its_passwords() {
    let folder = folder();
    let mut command = stand_in(folder.path(), "127.0.0.1:0");
    let larum = Larum::of(command.env("LARUM_WEB_ROUTE_PREFIX", "/am/")).await.expect("it starts");
    let port = format!(":{}", larum.address.port());
    assert!(ready(&["--web.listen-address", &port, "--web.route-prefix=/am"]).await.status.success());
    let elsewhere = ready(&["--web.listen-address", &port, "--web.route-prefix=/nowhere"]).await;
    assert!(!elsewhere.status.success());
    assert!(larum.stop().await.success());

    let mut command = stand_in(folder.path(), "127.0.0.1:0");
    let web = folder.path().join("web.yml");
    let larum = Larum::of(command.env("LARUM_WEB_CONFIG_FILE", web)).await.expect("it starts");
    let guarded = ready(&["--web.listen-address", &larum.address.to_string()]).await;
    let said = String::from_utf8_lossy(&guarded.stdout);
    assert!(guarded.status.success() && said.starts_with("alive: it asks for a password"), "{said}");
}

#[tokio::test]
async fn the_data_of_the_one_are_not_for_the_other() {
    let folder = folder();
    let data = folder.path().join("data");
    let serving = Larum::start(&data, NO_SLACK).await.expect("it starts");
    assert!(serving.stop().await.success());
    let refused = Larum::of(&mut stand_in(folder.path(), "127.0.0.1:0")).await.err().expect("it is refused");
    for words in ["holds the data of `larum serve`", "--storage.path", "larum import silences"] {
        assert!(refused.log.contains(words), "{words:?} is not in {}", refused.log);
    }
    Larum::start(&data, NO_SLACK).await.expect("the one whose they are starts").stop().await;

    let other = self::folder();
    let standing = Larum::of(&mut stand_in(other.path(), "127.0.0.1:0")).await.expect("it starts");
    assert!(standing.stop().await.success());
    let refused = Larum::start(&other.path().join("data"), NO_SLACK).await.err().expect("it is refused");
    assert!(refused.log.contains("holds the data of `larum alertmanager`"), "{}", refused.log);
}

#[tokio::test]
async fn nothing_is_counted_twice() {
    let folder = folder();
    let larum = Larum::of(&mut stand_in(folder.path(), "127.0.0.1:0")).await.expect("it starts");
    let page =
        http_client().get(format!("http://{}/metrics", larum.address)).send().await.expect("an answer");
    let page = page.text().await.expect("in words");
    let mut seen = HashSet::new();
    for line in page.lines().filter(|line| !line.starts_with('#')) {
        let (sample, _) = line.rsplit_once(' ').expect("a sample has a value");
        assert!(seen.insert(sample), "{sample} is there twice");
    }
    assert!(seen.iter().any(|sample| sample.starts_with("larum_build_info{")), "{page}");
}
