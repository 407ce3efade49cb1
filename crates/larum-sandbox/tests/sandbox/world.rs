//! A sandbox and somebody who calls it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Once};

use larum_sandbox::{Clock, Running, Sandbox, SandboxConfig, Switches};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

/// A sandbox whose clock stands still until it is moved.
pub struct World {
    pub slack: Running,
    pub client: Client,
    now: Arc<AtomicI64>,
}

/// What a call was answered with.
pub struct Heard {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
}

impl World {
    pub async fn new() -> Self {
        Self::with(SandboxConfig::in_memory()).await
    }

    /// Without limits on how fast one may post.
    pub async fn unhurried() -> Self {
        let switches = Switches { posting_limits: false, ..Switches::default() };
        Self::with(SandboxConfig { switches, ..SandboxConfig::in_memory() }).await
    }

    pub async fn with(config: SandboxConfig) -> Self {
        let now = Arc::new(AtomicI64::new(1_700_000_000_000_000));
        let clock = Arc::clone(&now);
        let clock = Clock::from_fn(move || clock.load(Ordering::Relaxed));
        let slack = Sandbox::start(SandboxConfig { clock, seed: [7; 32], ..config }).await.unwrap();
        Self { slack, client: client(), now }
    }

    pub fn later(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
    }

    pub fn request(&self, method: &str, token: &str) -> RequestBuilder {
        self.client.post(format!("{}{method}", self.slack.api_url())).bearer_auth(token)
    }

    /// Calls as the bot, with a JSON body.
    pub async fn bot(&self, method: &str, arguments: Value) -> Heard {
        let request = self.request(method, &self.slack.bot_token);
        let request = request.header("content-type", "application/json; charset=utf-8");
        heard(request.body(arguments.to_string()).send().await.unwrap()).await
    }

    /// Calls with a form body. Structured arguments become JSON texts.
    pub async fn form(&self, token: &str, method: &str, arguments: Value) -> Heard {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let pairs = arguments.as_object().unwrap().iter();
        let pairs: Vec<(&String, String)> = pairs.map(|(name, value)| (name, text(value))).collect();
        let mut body = String::new();
        for (name, value) in pairs {
            body.push_str(&format!("{name}={}&", percent(&value)));
        }
        let request = self.request(method, token).header("content-type", "application/x-www-form-urlencoded");
        heard(request.body(body).send().await.unwrap()).await
    }

    pub async fn bot_form(&self, method: &str, arguments: Value) -> Heard {
        self.form(&self.slack.bot_token, method, arguments).await
    }

    pub async fn user_form(&self, method: &str, arguments: Value) -> Heard {
        self.form(&self.slack.user_token, method, arguments).await
    }

    /// Posts to a channel as the bot and expects that Slack takes it.
    pub async fn post(&self, channel: &str, text: &str) -> Value {
        let heard = self.bot("chat.postMessage", json!({"channel": channel, "text": text})).await;
        assert_eq!(heard.body["ok"], true, "{}", heard.body);
        heard.body
    }

    pub fn id(&self, channel: &str) -> String {
        self.slack.control().channel_id(channel).unwrap()
    }
}

impl Heard {
    pub fn error(&self) -> &str {
        self.body["error"].as_str().unwrap_or("ok")
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

pub async fn heard(response: Response) -> Heard {
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Heard { status, headers, body }
}

pub fn client() -> Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        // Another test of this process may have been first, which is just as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    Client::builder().no_proxy().build().unwrap()
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
