//! `larum import silences`, with a real Alertmanager to take them from.

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::house::{House, answer, http_client};
use crate::larum::{Larum, command, larum};
use crate::peers;

/// `pass word`, hashed as Alertmanager wants it (bcrypt, with the least work).
const HASHED: &str = "$2b$04$Mz/oUmABfv156QTdO7XnVOQpCEd3f0EUHxAESHXfEs4sye2jSYxH.";
const PASSWORD: &str = "pass word";

/// A running Alertmanager that opens to a user with a password.
struct Alertmanager {
    running: Larum,
    folder: TempDir,
}

impl Alertmanager {
    async fn start() -> Self {
        let folder = tempfile::tempdir().expect("there is room for its data");
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).expect("it can be written");
            path.display().to_string()
        };
        let config = write("alertmanager.yml", "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n");
        let web = write("web.yml", &format!("basic_auth_users: {{ada: {HASHED}}}\n"));
        write("password", PASSWORD);
        let mut program = command(peers::alertmanager());
        program.args(["--web.listen-address=127.0.0.1:0", "--cluster.listen-address="]);
        program.args([format!("--config.file={config}"), format!("--web.config.file={web}")]);
        program.arg(format!("--storage.path={}", folder.path().display()));
        let running = Larum::of(&mut program).await.expect("Alertmanager starts");
        Self { running, folder }
    }

    fn url(&self) -> String {
        format!("http://{}", self.running.address)
    }

    fn password(&self) -> PathBuf {
        self.folder.path().join("password")
    }

    async fn silence(&self, silence: &Value) -> String {
        let request = http_client().post(format!("{}/api/v2/silences", self.url()));
        let (status, made) = answer(request.basic_auth("ada", Some(PASSWORD)).json(silence)).await;
        assert_eq!(status, StatusCode::OK, "{made}");
        made["silenceID"].as_str().expect("a silence has an id").to_owned()
    }

    async fn end(&self, id: &str) {
        let request = http_client().delete(format!("{}/api/v2/silence/{id}", self.url()));
        let (status, said) = answer(request.basic_auth("ada", Some(PASSWORD))).await;
        assert_eq!(status, StatusCode::OK, "{said}");
    }
}

/// A silence from and to so many hours from now.
fn silence(name: &str, hours: (i64, i64), comment: &str) -> Value {
    let now = now();
    let at = |hours: i64| (now + SignedDuration::from_hours(hours)).to_string();
    json!({
        "matchers": [
            { "name": "alertname", "value": name, "isRegex": false, "isEqual": true },
            { "name": "node", "value": "web-.*|", "isRegex": true, "isEqual": false },
        ],
        "startsAt": at(hours.0), "endsAt": at(hours.1), "createdBy": "grace", "comment": comment,
    })
}

#[expect(clippy::disallowed_methods, reason = "the binary under test has the real clock as well")]
fn now() -> Timestamp {
    Timestamp::now()
}

/// What the import said, and whether it did all of it.
struct Said {
    done: bool,
    out: String,
    log: String,
}

impl Said {
    fn last(&self) -> &str {
        self.out.lines().last().unwrap_or_default()
    }
}

async fn import(from: &Alertmanager, to: &House, more: &[&str]) -> Said {
    let token = from.folder.path().join("token");
    std::fs::write(&token, &to.administrator.token).expect("it can be written");
    let mut import = larum();
    import.args(["import", "silences", "--from", &from.url(), "--from.username", "ada"]);
    import.arg("--from.password-file").arg(from.password());
    import.args(["--to", &format!("http://{}", to.larum.address), "--token-file"]).arg(token).args(more);
    said(&mut import).await
}

async fn said(import: &mut tokio::process::Command) -> Said {
    let output = import.output().await.expect("larum starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", text(&output.stderr));
    Said { done: output.status.success(), out: text(&output.stdout), log: text(&output.stderr) }
}

/// The silences of a house by their comments, with all that was to be kept.
async fn held(house: &House) -> Vec<Value> {
    let (status, held) = answer(house.administrator.request(Method::GET, "/api/v2/silences")).await;
    assert_eq!(status, StatusCode::OK, "{held}");
    let mut held = held.as_array().cloned().expect("a list");
    held.sort_by_key(|silence| silence["comment"].to_string());
    held
}

#[tokio::test(flavor = "multi_thread")]
async fn silences_of_an_alertmanager_are_taken_once_with_author_comment_and_times() {
    let (house, alertmanager) = (House::start().await, Alertmanager::start().await);
    let active = silence("Flood", (0, 5), "pumps are on their way");
    let pending = silence("Frost", (2, 7), "winter");
    alertmanager.silence(&active).await;
    alertmanager.silence(&pending).await;
    let over = alertmanager.silence(&silence("Fire", (0, 5), "it was a drill")).await;
    alertmanager.end(&over).await;

    let tried = import(&alertmanager, &house, &["--dry-run"]).await;
    assert!(tried.done, "{}", tried.log);
    assert_eq!(tried.last(), "2 would be imported, 0 known already, 1 over and left out, 0 refused.");
    assert_eq!(held(&house).await, [json!(null); 0], "nothing was done");

    let first = import(&alertmanager, &house, &[]).await;
    assert!(first.done, "{}", first.log);
    assert_eq!(first.last(), "2 imported, 0 known already, 1 over and left out, 0 refused.");
    assert!(first.out.contains(r#"imported  alertname="Flood", node!~"web-.*|" until "#), "{}", first.out);
    let taken = held(&house).await;
    for (taken, given) in taken.iter().zip([&active, &pending]) {
        for field in ["createdBy", "comment", "matchers"] {
            assert_eq!(taken[field], given[field]);
        }
        assert_eq!(millisecond(&taken["endsAt"]), millisecond(&given["endsAt"]));
    }
    assert_eq!(millisecond(&taken[1]["startsAt"]), millisecond(&pending["startsAt"]));
    assert_eq!(
        (&taken[0]["status"]["state"], &taken[1]["status"]["state"]),
        (&json!("active"), &json!("pending"))
    );

    let second = import(&alertmanager, &house, &[]).await;
    assert_eq!(second.last(), "0 imported, 2 known already, 1 over and left out, 0 refused.");
    assert!(second.done, "{}", second.log);
    assert_eq!(held(&house).await, taken, "doing it twice changes nothing");
}

fn millisecond(time: &Value) -> i64 {
    let time: Timestamp =
        time.as_str().and_then(|time| time.parse().ok()).unwrap_or_else(|| panic!("{time}"));
    time.as_millisecond()
}

#[tokio::test(flavor = "multi_thread")]
async fn they_are_taken_by_a_larum_in_the_place_of_an_alertmanager_too() {
    let alertmanager = Alertmanager::start().await;
    alertmanager.silence(&silence("Flood", (0, 5), "pumps are on their way")).await;
    let file = |name: &str| alertmanager.folder.path().join(name).display().to_string();
    let mut program = larum();
    program.args(["alertmanager", "--web.listen-address=127.0.0.1:0"]);
    program.args([format!("--config.file={}", file("alertmanager.yml"))]);
    program.args([format!("--web.config.file={}", file("web.yml"))]);
    program.args([format!("--storage.path={}", file("larum"))]);
    let stand_in = Larum::of(&mut program).await.expect("it starts");
    let to = format!("http://{}", stand_in.address);
    let from = alertmanager.url();
    let import = || {
        let mut import = larum();
        import.args(["import", "silences", "--from", &from, "--from.username=ada"]);
        import.arg(format!("--from.password-file={}", file("password"))).args(["--to", &to]);
        import
    };
    let stranger = said(&mut import()).await;
    assert!(!stranger.done && stranger.log.contains("--to.username"), "{}", stranger.log);
    let mut known = import();
    known.args(["--to.username=ada", &format!("--to.password-file={}", file("password"))]);
    let taken = said(&mut known).await;
    assert!(taken.done, "{}", taken.log);
    assert_eq!(taken.last(), "1 imported, 0 known already, 0 over and left out, 0 refused.");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_larum_does_not_take_is_named_and_the_rest_is_taken() {
    let (house, alertmanager) = (House::start().await, Alertmanager::start().await);
    let mut crowded = silence("Flood", (0, 5), "too much");
    let matcher = |number: i32| json!({ "name": format!("label_{number}"), "value": "x", "isRegex": false });
    crowded["matchers"] = (0..101).map(matcher).collect();
    let id = alertmanager.silence(&crowded).await;
    alertmanager.silence(&silence("Frost", (0, 5), "winter")).await;
    for (more, done) in [(&["--dry-run"][..], "would be imported"), (&[], "imported")] {
        let said = import(&alertmanager, &house, more).await;
        assert!(!said.done, "{}", said.out);
        assert_eq!(said.last(), format!("1 {done}, 0 known already, 0 over and left out, 1 refused."));
        assert!(said.out.contains(&format!("refused   {id}")), "{}", said.out);
        assert!(said.out.contains("too many matchers: 101 (limit: 100)"), "{}", said.out);
        assert!(said.log.contains("does not take 1 of the silences"), "{}", said.log);
    }
    let held = held(&house).await;
    assert_eq!((held.len(), &held[0]["comment"]), (1, &json!("winter")));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cannot_be_asked_is_named() {
    let (house, alertmanager) = (House::start().await, Alertmanager::start().await);
    let (from, to) = (alertmanager.url(), format!("http://{}", house.larum.address));
    let password = alertmanager.password();
    std::fs::write(alertmanager.folder.path().join("wrong"), "wrong").expect("it can be written");
    let wrong = alertmanager.folder.path().join("wrong");
    let login = |file: &PathBuf| {
        ["--from.username".to_owned(), "ada".to_owned(), format!("--from.password-file={}", file.display())]
    };
    let cases = [
        (from.clone(), login(&wrong).to_vec(), vec!["the silences of ", "401"]),
        (from.clone(), login(&password).to_vec(), vec!["Larum at ", "--token-file", "401"]),
        ("alertmanager".to_owned(), vec![], vec!["--from", "is not an address"]),
        ("http://ada:pass word@127.0.0.1:1".to_owned(), vec![], vec!["--from", "without user"]),
        ("http://127.0.0.1:1".to_owned(), vec![], vec!["the silences of http://127.0.0.1:1", "refused"]),
        (to.clone() + "/nowhere", vec![], vec!["the silences of "]),
        (from.clone(), vec!["--from.username=ada".to_owned()], vec!["belong together"]),
    ];
    for (from, flags, words) in cases {
        let said =
            said(larum().args(["import", "silences", "--from", &from, "--to", &to]).args(&flags)).await;
        assert!(!said.done, "{from} {flags:?}: {}", said.out);
        for words in words {
            assert!(said.log.contains(words), "{from} {flags:?}: {words:?} is not in {}", said.log);
        }
        assert!(!said.log.contains("pass word"), "{}", said.log);
    }
}
