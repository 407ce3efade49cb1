//! Backups of a running Larum, and what comes back from them.

mod broken;

use std::path::{Path, PathBuf};
use std::process::Stdio;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::house::{Administrator, House, answer};
use crate::larum::{Larum, larum};

/// What a command that came to its end has said.
struct Said {
    well: bool,
    output: String,
    log: String,
}

impl Said {
    #[track_caller]
    fn refuses(&self, words: &str) {
        assert!(!self.well && self.log.contains(words), "{words:?} was expected in {}", self.log);
        assert_eq!(self.log.lines().count(), 1, "{}", self.log);
    }

    #[track_caller]
    fn done(self) -> String {
        assert!(self.well, "{}{}", self.output, self.log);
        self.output
    }
}

async fn run(arguments: &[&str], data: &Path, file: &Path, more: &[&str]) -> Said {
    let mut command = larum();
    command.args(arguments).arg("--storage.path").arg(data).args(more).arg(file);
    let ended = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().await.expect("it starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it speaks UTF-8");
    Said { well: ended.status.success(), output: text(ended.stdout), log: text(ended.stderr) }
}

async fn back_up(data: &Path, file: &Path) -> Said {
    run(&["backup"], data, file, &[]).await
}

async fn restore(data: &Path, file: &Path) -> Said {
    run(&["restore"], data, file, &[]).await
}

fn alert(name: &str) -> Value {
    json!([{"labels": {"alertname": name, "severity": "critical"}}])
}

/// The names of the alerts that fire.
async fn firing(somebody: &Administrator) -> Vec<String> {
    let (status, alerts) = answer(somebody.request(Method::GET, "/api/v2/alerts")).await;
    assert_eq!(status, StatusCode::OK, "{alerts}");
    let alerts = alerts.as_array().expect("a list").iter();
    let mut names: Vec<String> =
        alerts.filter_map(|alert| alert["labels"]["alertname"].as_str().map(ToOwned::to_owned)).collect();
    names.retain(|name| name.starts_with("Posted"));
    names.sort();
    names
}

async fn silence(somebody: &Administrator) -> String {
    let matchers = json!([{"name": "alertname", "value": "PostedQuiet", "isRegex": false, "isEqual": true}]);
    let silence = json!({
        "matchers": matchers, "startsAt": "2020-01-01T00:00:00Z", "endsAt": "2099-01-01T00:00:00Z",
        "createdBy": "ada", "comment": "under repair",
    });
    let (status, made) = answer(somebody.request(Method::POST, "/api/v2/silences").json(&silence)).await;
    assert_eq!(status, StatusCode::OK, "{made}");
    made["silenceID"].as_str().expect("it has an id").to_owned()
}

/// A folder for a new Larum that has the key of another.
fn folder_with_key_of(data: &Path) -> TempDir {
    let folder = tempfile::tempdir().expect("there is room");
    std::fs::copy(data.join("secret.key"), folder.path().join("secret.key")).expect("the key is there");
    folder
}

fn files_like(folder: &Path, words: &str) -> Vec<PathBuf> {
    let files =
        std::fs::read_dir(folder).expect("it is there").map(|entry| entry.expect("it can be read").path());
    files.filter(|path| path.to_string_lossy().contains(words)).collect()
}

#[tokio::test]
async fn what_larum_knew_at_the_backup_comes_back_elsewhere_and_is_told_there() {
    let house = House::start().await;
    house.receiver(&["#alerts"], Value::Null).await;
    house.administrator.group(&["alertname"], "0s", "1s").await;
    assert_eq!(house.administrator.post_alerts(&alert("PostedBefore")).await.0, StatusCode::OK);
    let silence = silence(&house.administrator).await;

    let shelf = tempfile::tempdir().expect("there is room");
    let backup = shelf.path().join("larum.backup");
    let said = back_up(house.data.path(), &backup).await.done();
    assert!(said.contains("checked") && said.contains("secret.key, without which"), "{said}");
    let bytes = std::fs::read(&backup).expect("it was made");
    for secret in
        [house.slack.bot_token.as_bytes(), &std::fs::read(house.data.path().join("secret.key")).unwrap()]
    {
        assert!(!bytes.windows(secret.len()).any(|part| part == secret), "a secret is in the backup");
    }
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&backup.metadata().expect("it is there").permissions());
    assert_eq!(mode & 0o777, 0o600);
    // Larum went on meanwhile, and what comes later is not in the backup.
    assert_eq!(house.administrator.post_alerts(&alert("PostedAfter")).await.0, StatusCode::OK);
    assert_eq!(firing(&house.administrator).await, ["PostedAfter", "PostedBefore"]);

    let other = folder_with_key_of(house.data.path());
    let said = restore(other.path(), &backup).await.done();
    assert!(said.contains("Restored") && !said.contains("was there before"), "{said}");
    let larum = Larum::start(other.path(), &house.slack.api_url()).await.expect("larum starts over it");
    let mut somebody = house.administrator;
    somebody.address = larum.address;
    assert_eq!(firing(&somebody).await, ["PostedBefore"]);
    let kept = answer(somebody.request(Method::GET, &format!("/api/v2/silence/{silence}"))).await.1;
    assert_eq!(kept["comment"], "under repair");
    assert_eq!(somebody.read("/receivers").await["receivers"][0]["name"], "ops");
    // The token came back as well.
    assert_eq!(somebody.post_alerts(&alert("PostedThere")).await.0, StatusCode::OK);
    let told =
        |list: &Value| list.to_string().contains("PostedThere") && list.to_string().contains("delivered");
    somebody.read_until("/deliveries", told).await;
}

#[tokio::test]
async fn what_root_brings_back_belongs_to_whom_it_belonged() {
    use std::os::unix::fs::{MetadataExt, chown};
    let data = tempfile::tempdir().expect("there is room");
    let larum = Larum::start(data.path(), "http://127.0.0.1:9/api/").await.expect("it starts");
    assert!(larum.stop().await.success());
    let shelf = tempfile::tempdir().expect("there is room");
    let backup = shelf.path().join("larum.backup");
    back_up(data.path(), &backup).await.done();
    // Only root can give files away; for anybody else the owner is and stays who brings it back.
    let database = data.path().join("larum.db");
    let _ = chown(&database, Some(4242), Some(4343));
    let owner = |path: &Path| path.metadata().map(|file| (file.uid(), file.gid())).expect("it is there");
    let before = owner(&database);
    restore(data.path(), &backup).await.done();
    assert_eq!(owner(&database), before);

    let _ = chown(data.path(), Some(4242), Some(4343));
    std::fs::remove_file(&database).expect("it was there");
    restore(data.path(), &backup).await.done();
    assert_eq!(owner(&database), owner(data.path()));
}

#[tokio::test]
async fn what_a_backup_replaces_is_kept_with_what_its_log_held() {
    let mut house = House::start().await;
    let shelf = tempfile::tempdir().expect("there is room");
    // In a folder, a backup finds a name by itself.
    back_up(house.data.path(), shelf.path()).await.done();
    let [backup] = files_like(shelf.path(), "larum-at-").try_into().expect("one backup");
    assert_eq!(house.administrator.post_alerts(&alert("PostedAfter")).await.0, StatusCode::OK);
    restore(house.data.path(), &backup).await.refuses("in use by another Larum: stop that one");
    house.larum.kill().await;

    let said = restore(house.data.path(), &backup).await.done();
    assert!(said.contains("What was there before is kept as"), "{said}");
    house.start_again().await;
    assert_eq!(firing(&house.administrator).await, Vec::<String>::new());
    house.larum.kill().await;

    let [replaced] = files_like(house.data.path(), "replaced-at-").try_into().expect("one was replaced");
    let away = shelf.path().join("replaced.db");
    std::fs::rename(replaced, &away).expect("it can be moved");
    restore(house.data.path(), &away).await.done();
    house.start_again().await;
    assert_eq!(firing(&house.administrator).await, ["PostedAfter"]);
}
