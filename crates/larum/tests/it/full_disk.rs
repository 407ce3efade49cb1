//! A disk that is full: refused in words, nothing lost, and on again by itself when there is room.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use larum_sandbox::{Sandbox, SandboxConfig, Switches};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::house::{Administrator, House};
use crate::larum::{Larum, PATIENCE, command};

/// A disk of this size, which is full soon.
const SIZE: &str = "24m";
/// How often a sender posts again what was refused.
const AGAIN: Duration = Duration::from_millis(200);

/// Starts a house whose data directory is a small disk of its own, in a mount namespace that ends with the process.
async fn house_on_a_small_disk() -> House {
    let switches = Switches { posting_limits: false, ..Switches::default() };
    let slack = Sandbox::start(SandboxConfig { switches, ..SandboxConfig::in_memory() }).await;
    let slack = slack.expect("the sandbox starts");
    let data = tempfile::tempdir().expect("there is room for a data directory");
    let script = format!(
        "mount -t tmpfs -o size={SIZE} none \"$1\" && exec \"$2\" serve --storage.path \"$1\" \
         --web.listen-address 127.0.0.1:0 --slack-api-url \"$3\""
    );
    let mut unshare = command("unshare");
    unshare.args(["--user", "--map-root-user", "--mount", "sh", "-c", &script, "sh"]);
    unshare.arg(data.path()).arg(env!("CARGO_BIN_EXE_larum")).arg(slack.api_url());
    let larum = Larum::of(&mut unshare).await.unwrap_or_else(|refused| {
        panic!("unshare (util-linux) must be there, and allowed to make a namespace: {}", refused.log)
    });
    let inside = inside(&larum, &data);
    let administrator = Administrator::enter(&inside, larum.address).await;
    House { data, slack, larum, administrator }
}

/// The data directory as the process in the namespace sees it.
fn inside(larum: &Larum, data: &tempfile::TempDir) -> PathBuf {
    let below = data.path().strip_prefix("/").expect("it is absolute");
    PathBuf::from(format!("/proc/{}/root", larum.id())).join(below)
}

/// Fills a disk to the last byte.
fn fill(file: &PathBuf) {
    let mut filler = std::fs::File::create(file).expect("the small disk can be reached");
    while filler.write_all(&[0; 4096]).is_ok() {}
}

fn alert(number: usize) -> Value {
    let long = "x".repeat(2_000);
    json!([{
        "labels": {"alertname": format!("Number{number:04}"), "disk": "small", "severity": "critical"},
        "annotations": {"summary": format!("number {number:04}"), "description": long},
    }])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_and_survived() {
    let house = house_on_a_small_disk().await;
    house.receiver(&["#alerts"], json!([{"label": "disk", "operator": "Exists", "values": []}])).await;
    house.administrator.group(&["alertname"], "0s", "1s").await;
    let (status, words) = house.administrator.post_alerts(&alert(0)).await;
    assert_eq!(status, StatusCode::OK, "{words}");

    let filler = inside(&house.larum, &house.data).join("filler");
    fill(&filler);
    let mut accepted = 1;
    let refusal = loop {
        let (status, words) = house.administrator.post_alerts(&alert(accepted)).await;
        if status != StatusCode::OK {
            break (status, words.to_string());
        }
        accepted += 1;
        assert!(accepted < 20_000, "the disk is never full");
    };
    assert_eq!(refusal.0, StatusCode::SERVICE_UNAVAILABLE, "{}", refusal.1);
    assert!(refusal.1.contains("full"), "{}", refusal.1);
    let status = house.administrator.read("/status").await;
    assert_eq!(status["storage"]["state"], "full", "{status}");
    assert!(
        status["storage"]["sentence"].as_str().is_some_and(|words| words.contains("Free some space")),
        "{status}"
    );

    std::fs::remove_file(&filler).expect("there is room again");
    let mut again = tokio::time::interval(AGAIN);
    let taken = async {
        while house.administrator.post_alerts(&alert(accepted)).await.0 != StatusCode::OK {
            again.tick().await;
        }
    };
    tokio::time::timeout(PATIENCE, taken).await.expect("larum goes on when there is room");
    everything_arrives(&house, accepted + 1).await;
    assert_eq!(house.administrator.read("/status").await["storage"]["state"], "ok");
    assert!(!house.larum.log().contains("panicked"));
}

/// Every accepted alert is told, once.
async fn everything_arrives(house: &House, count: usize) {
    let slack = house.slack.control();
    let heard = slack.wait_for_messages(0, Some("#alerts"), count, PATIENCE).await.expect("a channel");
    for number in 0..count {
        let name = format!("Number{number:04}");
        let told = heard.iter().filter(|posted| posted.text().contains(&name)).count();
        assert_eq!(told, 1, "{name} of {count}");
    }
}
