//! A whole house: a data directory, a Slack sandbox, Larum between them, and an administrator to talk to it.

use std::net::SocketAddr;
use std::path::Path;

use larum_sandbox::{Running, Sandbox, SandboxConfig, Switches};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::larum::{Larum, PATIENCE};

/// The password that the first administrator chooses in these tests.
const PASSWORD: &str = "a password for tests alone";

/// Everything that a test needs.
pub struct House {
    /// Where Larum keeps its data.
    pub data: TempDir,
    /// Slack.
    pub slack: Running,
    /// The running binary.
    pub larum: Larum,
    /// An administrator who is logged in for good.
    pub administrator: Administrator,
}

impl House {
    /// Starts everything; Slack does not slow posts down and forgets no repetition.
    pub async fn start() -> Self {
        let switches = Switches { posting_limits: false, deduplicate: false, ..Switches::default() };
        let slack = Sandbox::start(SandboxConfig { switches, ..SandboxConfig::in_memory() }).await;
        let slack = slack.expect("the sandbox starts");
        let data = tempfile::tempdir().expect("there is room for a data directory");
        let larum = Larum::start(data.path(), &slack.api_url()).await.expect("larum starts");
        let administrator = Administrator::enter(data.path(), larum.address).await;
        Self { data, slack, larum, administrator }
    }

    /// Starts Larum again over the same data.
    pub async fn start_again(&mut self) {
        let fresh = Larum::start(self.data.path(), &self.slack.api_url()).await;
        self.larum = fresh.expect("larum starts again over its data");
        self.administrator.address = self.larum.address;
    }

    /// Makes the receiver `ops` with the bot's token.
    pub async fn receiver(&self, channels: &[&str], conditions: Value) -> Value {
        let draft = json!({
            "name": "ops", "token": self.slack.bot_token, "channels": channels,
            "conditions": conditions, "enabled": true,
        });
        let (status, made) = self.administrator.ask(Method::POST, "/receivers", &draft).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        made
    }
}

/// Somebody with the role platform-admin, at Larum's own API.
pub struct Administrator {
    http: reqwest::Client,
    /// Where Larum is now.
    pub address: SocketAddr,
    /// The service token; it outlives restarts.
    pub token: String,
}

impl Administrator {
    /// Logs in with the one-time password, changes it as the first page demands, and makes a service token.
    pub async fn enter(data: &Path, address: SocketAddr) -> Self {
        let once =
            std::fs::read_to_string(data.join("initial-password")).expect("there is a one-time password");
        let http = http_client();
        let own = |method, path: &str| from_console(&http, address, method, path);

        let login = json!({"name": "admin", "password": once.trim()});
        let entered = own(Method::POST, "/session").json(&login).send().await.expect("larum answers");
        assert_eq!(entered.status(), StatusCode::OK);
        let cookie = entered.headers()["set-cookie"].to_str().expect("a cookie is text");
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();

        let change = json!({"current": once.trim(), "new": PASSWORD});
        let changed = own(Method::PUT, "/session/password").header("Cookie", &cookie).json(&change);
        assert_eq!(changed.send().await.expect("larum answers").status(), StatusCode::NO_CONTENT);

        let draft = json!({"name": "tests", "role": "platform-admin"});
        let made = own(Method::POST, "/tokens").header("Cookie", &cookie).json(&draft);
        let made: Value = made.send().await.expect("larum answers").json().await.expect("it speaks JSON");
        let token = made["secret"].as_str().unwrap_or_else(|| panic!("no token: {made}")).to_owned();
        Self { http, address, token }
    }

    /// A request with the service token to any path.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("http://{}{path}", self.address)).bearer_auth(&self.token)
    }

    /// Asks Larum's own API with a body.
    pub async fn ask(&self, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
        answer(self.request(method, &format!("/api/larum/v1{path}")).json(body)).await
    }

    /// Reads from Larum's own API.
    pub async fn read(&self, path: &str) -> Value {
        let (status, body) = answer(self.request(Method::GET, &format!("/api/larum/v1{path}"))).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    /// Reads from Larum's own API, again at each change, until it says what is looked for.
    pub async fn read_until(&self, path: &str, says: impl Fn(&Value) -> bool) -> Value {
        let mut changes =
            self.request(Method::GET, "/api/larum/v1/events").send().await.expect("larum answers");
        loop {
            let found = self.read(path).await;
            if says(&found) {
                return found;
            }
            // The client's patience ends this too.
            let change = changes.chunk().await;
            assert!(change.is_ok_and(|change| change.is_some()), "{path} never says it: {found}");
        }
    }

    /// Groups by these labels, with short waits.
    pub async fn group(&self, by: &[&str], wait: &str, interval: &str) {
        let version = self.read("/settings/grouping").await["version"].clone();
        let grouping = json!({
            "group_by": by, "group_wait": wait, "group_interval": interval, "repeat_interval": "12h",
            "version": version,
        });
        let (status, body) = self.ask(Method::PUT, "/settings/grouping", &grouping).await;
        assert_eq!(status, StatusCode::OK, "{body}");
    }

    /// Posts alerts as Prometheus does, without a token.
    pub async fn post_alerts(&self, alerts: &Value) -> (StatusCode, Value) {
        answer(self.http.post(format!("http://{}/api/v2/alerts", self.address)).json(alerts)).await
    }
}

/// A request as the console sends it from its own pages.
fn from_console(http: &reqwest::Client, address: SocketAddr, method: Method, path: &str) -> RequestBuilder {
    http.request(method, format!("http://{address}/api/larum/v1{path}"))
        .header("Origin", format!("http://{address}"))
        .header("Sec-Fetch-Site", "same-origin")
}

/// Sends a request and reads its answer as JSON, or as text where it is none.
pub async fn answer(request: RequestBuilder) -> (StatusCode, Value) {
    let answer = request.send().await.expect("larum answers");
    let status = answer.status();
    let text = answer.text().await.expect("an answer can be read");
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// A client that finds Larum without a proxy and waits patiently.
pub fn http_client() -> reqwest::Client {
    // Even a client for plain HTTP wants to know who would do TLS; another test may have said so already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build();
    client.expect("a client can be built")
}
