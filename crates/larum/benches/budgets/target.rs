//! What is measured: Larum, and beside it the Alertmanager that `LARUM_TEST_ALERTMANAGER` names.

use std::process::Stdio;

use larum_sandbox::{Control, Posted, Running, Sandbox, SandboxConfig, Switches};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Child;

use crate::house::{House, http_client};
use crate::larum::{Log, PATIENCE, command};

/// Which program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Larum,
    Alertmanager,
    Prometheus,
}

impl Kind {
    /// Those that are here and can do what a scenario asks.
    pub fn beside(scenario: &str) -> Vec<Self> {
        let (variable, other) = match scenario {
            "evaluation" => ("LARUM_TEST_PROMETHEUS", Self::Prometheus),
            _ => ("LARUM_TEST_ALERTMANAGER", Self::Alertmanager),
        };
        std::iter::once(Self::Larum).chain(std::env::var_os(variable).map(|_| other)).collect()
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Larum => "Larum",
            Self::Alertmanager => "Alertmanager",
            Self::Prometheus => "Prometheus",
        }
    }
}

/// A running program that tells one Slack channel, grouped by alertname and namespace.
pub struct Target {
    pub http: reqwest::Client,
    base: String,
    token: Option<String>,
    id: u32,
    slack: Control,
    _rest: Rest,
}

/// What must not go away before it.
enum Rest {
    Larum { _house: Box<House> },
    Alertmanager { _process: Box<Child>, _data: TempDir, _slack: Box<Running> },
}

impl Target {
    pub async fn start(kind: Kind, group_wait: &str) -> Self {
        match kind {
            Kind::Larum => Self::larum(group_wait).await,
            Kind::Alertmanager => Self::alertmanager(group_wait).await,
            Kind::Prometheus => panic!("Prometheus takes no alerts in"),
        }
    }

    async fn larum(group_wait: &str) -> Self {
        let house = House::start().await;
        house.receiver(&["#alerts"], Value::Null).await;
        house.administrator.group(&["alertname", "namespace"], group_wait, "5m").await;
        Self {
            http: http_client(),
            base: format!("http://{}", house.larum.address),
            token: Some(house.administrator.token.clone()),
            id: house.larum.id(),
            slack: house.slack.control().clone(),
            _rest: Rest::Larum { _house: Box::new(house) },
        }
    }

    async fn alertmanager(group_wait: &str) -> Self {
        let switches = Switches { posting_limits: false, deduplicate: false, ..Switches::default() };
        let slack = Sandbox::start(SandboxConfig { switches, ..SandboxConfig::in_memory() }).await;
        let slack = slack.expect("the sandbox starts");
        let data = tempfile::tempdir().expect("there is room for its data");
        let config = data.path().join("alertmanager.yml");
        let channel = json!({
            "channel": "#alerts", "api_url": format!("{}chat.postMessage", slack.api_url()), "send_resolved": true,
            "http_config": {"authorization": {"type": "Bearer", "credentials": slack.bot_token}},
        });
        let text = json!({
            "route": {
                "receiver": "ops", "group_by": ["alertname", "namespace"], "group_wait": group_wait,
                "group_interval": "5m", "repeat_interval": "12h",
            },
            "receivers": [{"name": "ops", "slack_configs": [channel]}],
        });
        std::fs::write(&config, text.to_string()).expect("its configuration can be written");

        let program = std::env::var_os("LARUM_TEST_ALERTMANAGER").expect("it is here");
        let mut alertmanager = command(program);
        alertmanager.arg("--config.file").arg(&config).arg("--storage.path").arg(data.path());
        alertmanager.args(["--web.listen-address=127.0.0.1:0", "--cluster.listen-address="]);
        let mut process = alertmanager.stderr(Stdio::piped()).spawn().expect("alertmanager starts");
        let mut log = Log::of(process.stderr.take().expect("its log can be read"));
        let line = log.line_with("Listening on").await.unwrap_or_else(|| panic!("{}", log.text()));
        let address = line.split_once("address=").expect("it says where").1.trim().to_owned();
        Self {
            http: http_client(),
            base: format!("http://{address}"),
            token: None,
            id: process.id().expect("it runs"),
            slack: slack.control().clone(),
            _rest: Rest::Alertmanager { _process: Box::new(process), _data: data, _slack: Box::new(slack) },
        }
    }

    pub fn id(&self) -> u32 {
        self.id
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// A question, with whatever the target wants to know of who asks.
    pub fn get(&self, path: &str) -> RequestBuilder {
        let request = self.http.get(self.url(path));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Waits until Slack has heard so many messages.
    pub async fn wait_for_messages(&self, count: usize) -> Vec<Posted> {
        let heard = self.slack.wait_for_messages(0, Some("#alerts"), count, PATIENCE).await;
        let heard = heard.expect("there is such a channel");
        assert!(heard.len() >= count, "{} of {count} messages within {PATIENCE:?}", heard.len());
        heard
    }
}
