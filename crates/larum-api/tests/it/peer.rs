//! Debian's Alertmanager 0.25 beside Larum, for the same questions to both.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use axum::http::{HeaderMap, Method, StatusCode, header};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::ChildStderr;
use tokio::time::timeout;

use crate::house::{Answer, Caller, House, PATIENCE};

/// One receiver for everything, and one more for what is critical, as the house has them.
const CONFIG: &str = "route: {receiver: everything, group_wait: 1h}\nreceivers: [{name: everything}]\n";

/// A question to both.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub body: Option<&'a [u8]>,
    /// Of the body.
    pub kind: Option<&'a str>,
    pub accept: Option<&'a str>,
}

impl<'a> Question<'a> {
    pub const fn get(path: &'a str) -> Self {
        Self::with("GET", path)
    }

    pub const fn with(method: &'a str, path: &'a str) -> Self {
        Self { method, path, body: None, kind: None, accept: None }
    }

    pub const fn post(path: &'a str, body: &'a str) -> Self {
        let kind = Some("application/json");
        Self { method: "POST", path, body: Some(body.as_bytes()), kind, accept: None }
    }
}

/// A running Alertmanager.
pub struct Alertmanager {
    process: Child,
    address: String,
    http: reqwest::Client,
    _log: tokio::io::Lines<BufReader<ChildStderr>>,
    _data: TempDir,
}

impl Alertmanager {
    /// Starts it. Debian's looks for its templates in one place only: it is shown the ones that came with it there, in a
    /// mount namespace of its own.
    pub async fn start() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let program = std::env::var_os("LARUM_TEST_ALERTMANAGER").expect(
            "LARUM_TEST_ALERTMANAGER is not set: run `cargo xtask test`, which installs what it names",
        );
        let share = Path::new(&program).ancestors().nth(2).unwrap().join("share/prometheus");
        let data = TempDir::new().unwrap();
        let config = data.path().join("alertmanager.yml");
        std::fs::write(&config, CONFIG).unwrap();
        let script = "mount -t tmpfs none /usr/share && mkdir /usr/share/prometheus \
                      && mount --bind \"$1\" /usr/share/prometheus && shift && exec \"$@\"";
        let mut process = Command::new("unshare")
            .args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"])
            .arg(share)
            .arg(program)
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.path={}", data.path().join("data").display()))
            .args(["--web.listen-address=127.0.0.1:0", "--cluster.listen-address="])
            .stderr(Stdio::piped())
            .spawn()
            .expect("unshare (util-linux) is there");
        let log = ChildStderr::from_std(process.stderr.take().unwrap()).unwrap();
        let mut log = BufReader::new(log).lines();
        let listening = async {
            loop {
                let line = log.next_line().await.unwrap().expect("it goes on");
                if let Some((_, address)) =
                    line.split_once("address=").filter(|_| line.contains("Listening on"))
                {
                    return address.split(' ').next().unwrap_or_default().to_owned();
                }
            }
        };
        let address = timeout(PATIENCE, listening).await.expect("it listens in time");
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self { process, address, http, _log: log, _data: data }
    }

    pub async fn ask(&self, question: Question<'_>) -> Answer {
        let url = format!("http://{}{}", self.address, question.path);
        let method = Method::from_bytes(question.method.as_bytes()).unwrap();
        let mut request = self.http.request(method, url);
        for (name, value) in [(header::CONTENT_TYPE, question.kind), (header::ACCEPT, question.accept)] {
            request = value.into_iter().fold(request, |request, value| request.header(name.clone(), value));
        }
        if let Some(body) = question.body {
            request = request.body(body.to_vec());
        }
        let answer = request.timeout(PATIENCE).send().await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        Answer { status, headers, text: answer.text().await.unwrap() }
    }
}

impl Drop for Alertmanager {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Asks Larum the same.
pub async fn ask_larum(caller: &Caller<'_>, question: Question<'_>) -> Answer {
    let method = Method::from_bytes(question.method.as_bytes()).unwrap();
    let mut asking = caller.house.ask(method, question.path);
    asking = asking.header(header::AUTHORIZATION, &format!("Bearer {}", caller.token));
    for (name, value) in [(header::CONTENT_TYPE, question.kind), (header::ACCEPT, question.accept)] {
        asking = value.into_iter().fold(asking, |asking, value| asking.header(&name, value));
    }
    if let Some(body) = question.body {
        asking = asking.body(body.to_vec());
    }
    asking.send().await
}

/// What both say is compared of an answer besides its body.
pub fn head(answer: &Answer) -> (StatusCode, Option<String>, Vec<String>) {
    let text = |headers: &HeaderMap, name| {
        headers.get(name).map(|value: &header::HeaderValue| value.to_str().unwrap().to_owned())
    };
    let kind = text(&answer.headers, header::CONTENT_TYPE).filter(|_| !answer.text.is_empty());
    let mut allowed: Vec<String> = text(&answer.headers, header::ALLOW)
        .map(|allowed| allowed.split(',').map(|method| method.trim().to_owned()).collect())
        .unwrap_or_default();
    allowed.sort();
    (answer.status, kind, allowed)
}

/// A receiver that everything is told, of the name that the Alertmanager's has.
pub async fn receiver_of_everything(house: &House) {
    let administrator = house.administrator().await;
    let group = serde_json::json!({ "group_by": ["alertname"], "group_wait": "1h", "group_interval": "5m", "repeat_interval": "4h", "version": 0 });
    administrator.put("/settings/grouping", group).await.ok();
    let draft = serde_json::json!({ "name": "everything", "token": house.slack.bot_token, "channels": ["alerts"], "conditions": null, "enabled": true });
    administrator.post("/receivers", draft).await.ok();
}
