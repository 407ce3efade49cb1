//! A disk that is full: refused in words, nothing lost, and on again by itself when there is room.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use larum_sandbox::{Sandbox, SandboxConfig, Switches};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::process::Child;

use crate::house::{Administrator, House};
use crate::larum::{Larum, Log, PATIENCE, command};

/// A disk of this size, which is full soon.
const SIZE: &str = "24m";
/// How often a sender posts again what was refused.
const AGAIN: Duration = Duration::from_millis(200);

/// A small disk of its own, in a mount namespace that ends with the process that holds it.
struct SmallDisk {
    holder: Child,
    path: PathBuf,
}

impl SmallDisk {
    /// Mounts it over this directory.
    async fn over(path: &Path) -> Self {
        let script =
            format!("mount -t tmpfs -o size={SIZE} none \"$1\" && echo mounted >&2 && exec sleep infinity");
        let mut unshare = command("unshare");
        unshare.args(["--user", "--map-root-user", "--mount", "sh", "-c", &script, "sh"]).arg(path);
        let mut holder = unshare.stderr(Stdio::piped()).spawn().expect("unshare (util-linux) is there");
        let mut log = Log::of(holder.stderr.take().expect("its words can be read"));
        let mounted = log.line_with("mounted").await;
        assert!(mounted.is_some(), "unshare must be allowed to make a namespace: {}", log.text());
        Self { holder, path: path.to_owned() }
    }

    /// Starts Larum over what lies on this disk.
    async fn serve(&self, slack_api_url: &str) -> Larum {
        let mut nsenter = command("nsenter");
        nsenter.args(["--user", "--mount", "--preserve-credentials", "--target", &self.id().to_string()]);
        nsenter.arg(env!("CARGO_BIN_EXE_larum")).args(["serve", "--web.listen-address", "127.0.0.1:0"]);
        nsenter.args(["--slack-api-url", slack_api_url, "--storage.path"]).arg(&self.path);
        Larum::of(&mut nsenter).await.unwrap_or_else(|refused| panic!("larum starts: {}", refused.log))
    }

    fn id(&self) -> u32 {
        self.holder.id().expect("it runs")
    }

    /// The data directory as the processes in the namespace see it.
    fn inside(&self) -> PathBuf {
        let below = self.path.strip_prefix("/").expect("it is absolute");
        PathBuf::from(format!("/proc/{}/root", self.id())).join(below)
    }

    /// Fills it to the last byte.
    fn fill(&self) {
        let mut filler = std::fs::File::create(self.filler()).expect("the small disk can be reached");
        while filler.write_all(&[0; 4096]).is_ok() {}
    }

    /// Makes room again.
    fn clear(&self) {
        std::fs::remove_file(self.filler()).expect("it was full");
    }

    fn filler(&self) -> PathBuf {
        self.inside().join("filler")
    }
}

/// Starts a house whose data directory is a small disk.
async fn house_on_a_small_disk() -> (House, SmallDisk) {
    let switches = Switches { posting_limits: false, ..Switches::default() };
    let slack = Sandbox::start(SandboxConfig { switches, ..SandboxConfig::in_memory() }).await;
    let slack = slack.expect("the sandbox starts");
    let data = tempfile::tempdir().expect("there is room for a directory");
    let disk = SmallDisk::over(data.path()).await;
    let larum = disk.serve(&slack.api_url()).await;
    let administrator = Administrator::enter(&disk.inside(), larum.address).await;
    (House { data, slack, larum, administrator }, disk)
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
    let (house, disk) = house_on_a_small_disk().await;
    house.receiver(&["#alerts"], json!([{"label": "disk", "operator": "Exists", "values": []}])).await;
    house.administrator.group(&["alertname"], "0s", "1s").await;
    let (status, words) = house.administrator.post_alerts(&alert(0)).await;
    assert_eq!(status, StatusCode::OK, "{words}");

    disk.fill();
    let accepted = posts_until_it_is_refused(&house, 1).await;
    let status = house.administrator.read("/status").await;
    assert_eq!(status["storage"]["state"], "full", "{status}");
    assert!(
        status["storage"]["sentence"].as_str().is_some_and(|words| words.contains("Free some space")),
        "{status}"
    );

    disk.clear();
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

#[tokio::test(flavor = "multi_thread")]
async fn larum_says_that_its_disk_is_full_while_it_is() {
    let (house, disk) = house_on_a_small_disk().await;
    let own = json!([{"label": "alertname", "operator": "In", "values": ["LarumStorageFull"]}]);
    house.receiver(&["#alerts"], own).await;
    // It does not wait for others, as all else does.
    house.administrator.group(&["alertname"], "5m", "1s").await;

    disk.fill();
    let next = posts_until_it_is_refused(&house, 0).await;
    let told = hears(&house, 1).await;
    assert!(told.contains("LarumStorageFull") && !told.contains("RESOLVED"), "{told}");
    assert_eq!(posts_until_it_is_refused(&house, next).await, next, "nothing is taken in meanwhile");

    disk.clear();
    let told = hears(&house, 2).await;
    assert!(told.contains("LarumStorageFull") && told.contains("RESOLVED"), "{told}");
    house.administrator.read_until("/status", |status| status["storage"]["state"] == "ok").await;
    assert_eq!(house.administrator.post_alerts(&alert(next)).await.0, StatusCode::OK);
    assert!(!house.larum.log().contains("panicked"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_was_full_when_larum_was_killed_is_looked_at_when_it_starts() {
    let (mut house, disk) = house_on_a_small_disk().await;
    let own = json!([{"label": "alertname", "operator": "In", "values": ["LarumStorageFull"]}]);
    house.receiver(&["#alerts"], own).await;
    house.administrator.group(&["alertname"], "0s", "1s").await;
    disk.fill();
    let next = posts_until_it_is_refused(&house, 0).await;
    hears(&house, 1).await;

    house.larum.kill().await;
    house.larum = disk.serve(&house.slack.api_url()).await;
    house.administrator.address = house.larum.address;
    assert_eq!(house.administrator.read("/status").await["storage"]["state"], "full");
    assert_eq!(posts_until_it_is_refused(&house, next).await, next);

    house.larum.kill().await;
    disk.clear();
    house.larum = disk.serve(&house.slack.api_url()).await;
    house.administrator.address = house.larum.address;
    assert_eq!(house.administrator.post_alerts(&alert(next)).await.0, StatusCode::OK);
    let told = hears(&house, 2).await;
    assert!(told.contains("LarumStorageFull") && told.contains("RESOLVED"), "{told}");
}

/// Posts one alert after the other until the disk is full. Answers the number of the one that was refused.
async fn posts_until_it_is_refused(house: &House, first: usize) -> usize {
    for number in first..20_000 {
        let (status, words) = house.administrator.post_alerts(&alert(number)).await;
        if status != StatusCode::OK {
            assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{words}");
            assert!(words.to_string().contains("full"), "{words}");
            return number;
        }
    }
    panic!("the disk is never full");
}

/// The message that comes as this one to the channel.
async fn hears(house: &House, count: usize) -> String {
    let wait = house.slack.control().wait_for_messages(0, Some("#alerts"), count, PATIENCE);
    let heard = wait.await.expect("a channel");
    assert_eq!(heard.len(), count, "{}", house.larum.log());
    heard[count - 1].text().to_owned()
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
