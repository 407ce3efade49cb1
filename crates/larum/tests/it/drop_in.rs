//! `larum alertmanager` in the place of an Alertmanager: started as one, with its file, spoken to as one.
#![expect(clippy::disallowed_methods, reason = "who posts alerts says what time it is")]

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use reqwest::StatusCode;
use rustix::process::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::house::http_client;
use crate::larum::{Larum, PATIENCE, Refused, command, larum, send};
use crate::peers;
use crate::sink::Sink;

/// A Larum that was started as an Alertmanager.
pub struct DropIn {
    /// The process.
    pub larum: Larum,
    folder: TempDir,
    http: reqwest::Client,
}

/// A file that tells everything to one receiver; `route` and `receiver` are added to those.
pub fn file(route: &str, receiver: &str) -> String {
    format!(
        "route: {{ receiver: team, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 1h{route} }}
receivers:
- name: team
  {receiver}
"
    )
}

/// A receiver that posts to somebody.
pub fn webhook(sink: &Sink) -> String {
    format!("webhook_configs: [{{ url: '{}' }}]", sink.url("team"))
}

fn start_command(folder: &Path, flags: &[&str]) -> tokio::process::Command {
    let mut command = larum();
    command.arg("alertmanager").arg(format!("--config.file={}", folder.join("alertmanager.yml").display()));
    command.arg(format!("--storage.path={}", folder.join("data").display()));
    command.arg("--web.listen-address=127.0.0.1:0").args(flags);
    command
}

async fn refused(file: &str, flags: &[&str]) -> Refused {
    let folder = tempfile::tempdir().expect("there is room");
    std::fs::write(folder.path().join("alertmanager.yml"), file).expect("it can be written");
    let started = Larum::of(&mut start_command(folder.path(), flags)).await;
    started.map(|_| ()).expect_err("it does not start")
}

impl DropIn {
    /// Starts one with this file, and waits until it listens.
    pub async fn start(file: &str, flags: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("there is room");
        std::fs::write(folder.path().join("alertmanager.yml"), file).expect("it can be written");
        let larum = Larum::of(&mut start_command(folder.path(), flags)).await.expect("it starts");
        Self { larum, folder, http: http_client() }
    }

    /// The same process again, on the same data.
    pub async fn again(&mut self) {
        self.larum.kill().await;
        self.larum = Larum::of(&mut start_command(self.folder.path(), &[])).await.expect("it starts");
    }

    /// Changes the file.
    pub fn write(&self, file: &str) -> PathBuf {
        let path = self.folder.path().join("alertmanager.yml");
        std::fs::write(&path, file).expect("it can be written");
        path
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.larum.address)
    }

    /// Posts JSON; answers the status and what was said.
    pub async fn post(&self, path: &str, body: &Value) -> (StatusCode, String) {
        let answer = self.http.post(self.url(path)).json(body).send().await.expect("an answer");
        (answer.status(), answer.text().await.expect("a text"))
    }

    /// What is there, as JSON.
    pub async fn get(&self, path: &str) -> Value {
        let answer = self.http.get(self.url(path)).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json().await.expect("it is JSON")
    }

    /// Somebody says that all of these are over.
    pub async fn end<const N: usize>(&self, labels: [Value; N]) {
        let now = Timestamp::now().to_string();
        let alerts: Value =
            labels.map(|labels| json!({ "labels": labels, "endsAt": now })).into_iter().collect();
        assert_eq!(self.post("/api/v2/alerts", &alerts).await.0, StatusCode::OK);
    }

    /// An alert with these labels fires.
    pub async fn fires(&self, labels: Value) {
        let alerts = json!([{ "labels": labels, "startsAt": Timestamp::now().to_string() }]);
        assert_eq!(self.post("/api/v2/alerts", &alerts).await, (StatusCode::OK, String::new()));
    }

    async fn amtool(&self, arguments: &[&str]) -> String {
        let mut amtool = command(peers::amtool());
        amtool.arg(format!("--alertmanager.url=http://{}", self.larum.address)).args(arguments);
        let output = amtool.output().await.expect("amtool starts");
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "amtool {arguments:?}: {out}{err}");
        out.into_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_hears_what_an_alertmanager_would_say() {
    let mut sink = Sink::open().await;
    let house =
        DropIn::start(&file("", &webhook(&sink)), &["--web.external-url=http://alerts.example"]).await;
    house.fires(json!({ "alertname": "Disk", "severity": "critical" })).await;
    let (path, said) = sink.next().await;
    assert_eq!(path, "/team");
    assert_eq!(said["status"], "firing");
    assert_eq!(said["version"], "4");
    assert_eq!(said["receiver"], "team");
    assert_eq!(said["groupKey"], r#"{}:{alertname="Disk"}"#);
    assert_eq!(said["externalURL"], "http://alerts.example");
    assert_eq!(said["alerts"][0]["labels"], json!({ "alertname": "Disk", "severity": "critical" }));
    let ended = Timestamp::now().to_string();
    let over = json!([{ "labels": { "alertname": "Disk", "severity": "critical" }, "endsAt": ended }]);
    assert_eq!(house.post("/api/v2/alerts", &over).await.0, StatusCode::OK);
    assert_eq!(sink.next().await.1["status"], "resolved");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhooks_address_may_be_a_template() {
    let mut sink = Sink::open().await;
    let url = sink.url("{{ .GroupLabels.alertname | toLower }}");
    let house = DropIn::start(&file("", &format!("webhook_configs: [{{ url: '{url}' }}]")), &[]).await;
    house.fires(json!({ "alertname": "Disk" })).await;
    assert_eq!(sink.next().await.0, "/disk");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_hears_a_payload_of_its_own_or_the_usual_one_where_that_fails() {
    let mut sink = Sink::open().await;
    let receiver = format!(
        "webhook_configs:
  - {{ url: '{}', payload: {{ text: '{{{{ .GroupLabels.alertname }}}}', count: '{{{{ len .Alerts }}}}', is: yes }} }}
  - {{ url: '{}', payload: {{ text: '{{{{ .Nope }}}}' }} }}",
        sink.url("{{ .GroupLabels.alertname }}"),
        sink.url("wrong")
    );
    let house = DropIn::start(&file("", &receiver), &[]).await;
    house.fires(json!({ "alertname": "Disk" })).await;
    let mut said = [sink.next().await, sink.next().await];
    said.sort_by(|one, other| one.0.cmp(&other.0));
    let [(path, own), (wrong, usual)] = said;
    assert_eq!((path.as_str(), own), ("/Disk", json!({ "text": "Disk", "count": 1, "is": true })));
    assert_eq!((wrong.as_str(), &usual["version"]), ("/wrong", &json!("4")));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one_name_no_more_fire_than_may() {
    let sink = Sink::open().await;
    let house = DropIn::start(&file("", &webhook(&sink)), &["--alerts.per-alertname-limit=1"]).await;
    for i in ["1", "2", "1"] {
        house.fires(json!({ "alertname": "Disk", "i": i })).await;
    }
    house.fires(json!({ "alertname": "Cpu" })).await;
    assert_eq!(house.get("/api/v2/alerts").await.as_array().map(Vec::len), Some(2));
    let metrics =
        house.http.get(house.url("/metrics")).send().await.expect("an answer").text().await.expect("text");
    for counted in ["alertmanager_alerts_limited_total 1", "alertmanager_alerts_per_alert_limit 1"] {
        assert!(metrics.contains(counted), "{metrics}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn slack_hears_the_templates_of_the_file_and_nobody_is_pinged_by_an_alert() {
    let mut sink = Sink::open().await;
    let receiver = format!(
        "slack_configs: [{{ api_url: '{}', channel: '#ops', title: 'Now: {{{{ .CommonLabels.alertname }}}} <!here>' }}]",
        sink.url("slack")
    );
    let house = DropIn::start(&file("", &receiver), &[]).await;
    house.fires(json!({ "alertname": "<!channel>" })).await;
    let (path, said) = sink.next().await;
    assert_eq!((path.as_str(), &said["channel"]), ("/slack", &json!("#ops")));
    assert_eq!(said["attachments"][0]["title"], "Now: &lt;!channel&gt; <!here>");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_accepted_is_told_though_it_is_killed_in_group_wait() {
    let mut sink = Sink::open().await;
    let slow = file("", &webhook(&sink)).replace("group_wait: 0s", "group_wait: 2s");
    let mut house = DropIn::start(&slow, &[]).await;
    house.fires(json!({ "alertname": "Disk" })).await;
    let silence = json!({
        "matchers": [{ "name": "alertname", "value": "Other", "isRegex": false }],
        "startsAt": Timestamp::now().to_string(), "endsAt": "2100-01-01T00:00:00Z",
        "createdBy": "ada", "comment": "known",
    });
    assert_eq!(house.post("/api/v2/silences", &silence).await.0, StatusCode::OK);
    house.again().await;
    assert_eq!(sink.next().await.1["groupKey"], r#"{}:{alertname="Disk"}"#);
    let silences = house.get("/api/v2/silences").await;
    assert_eq!(silences[0]["createdBy"], "ada");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_file_is_loaded_at_a_signal_and_when_somebody_asks_and_a_wrong_one_is_not() {
    let mut sink = Sink::open().await;
    let sound = file("", &webhook(&sink));
    let house = DropIn::start(&sound, &[]).await;
    let wrong = format!("{sound}  webhok_configs: []\n");
    house.write(&wrong);
    let (status, said) = house.post("/-/reload", &json!({})).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        said.starts_with("failed to reload config: ")
            && said.contains("line 5, column 3: receivers[0].webhok_configs"),
        "{said}"
    );
    let metrics =
        house.http.get(house.url("/metrics")).send().await.expect("an answer").text().await.expect("text");
    assert!(metrics.contains("alertmanager_config_last_reload_successful 0"), "{metrics}");
    house.fires(json!({ "alertname": "Disk" })).await;
    assert_eq!(sink.next().await.0, "/team", "the former one stays");

    house.write(&sound.replace("/team", "/other"));
    send(house.larum.id(), Signal::HUP);
    house
        .until(|status| status["config"]["original"].as_str().is_some_and(|text| text.contains("hook")))
        .await;
    house.write(&sound.replace("name: team", "name: crew").replace("receiver: team", "receiver: crew"));
    assert_eq!(house.post("/-/reload", &json!({})).await.0, StatusCode::OK);
    assert_eq!(house.get("/api/v2/receivers").await[0]["name"], "crew");
}

impl DropIn {
    /// Asks for the status until it is like this.
    async fn until(&self, is: impl Fn(&Value) -> bool) {
        let asking = async {
            while !is(&self.get("/api/v2/status").await) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, asking).await.expect("it comes to that");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn its_api_is_an_alertmanagers() {
    let sink = Sink::open().await;
    // This amtool does not take "<secret>" for the address of a webhook.
    let slack = format!("slack_configs: [{{ api_url: '{}', channel: '#a' }}]", sink.url("slack"));
    let routes = ", routes: [{ receiver: quiet, matchers: [severity=\"info\"] }]";
    let text = file(routes, &slack) + "- name: quiet\n";
    let house = DropIn::start(&text, &["--cluster.peer-name=one", "--cluster.peer=two:9094"]).await;
    assert!(house.larum.log().contains("--cluster.peer"), "{}", house.larum.log());
    let status = house.get("/api/v2/status").await;
    assert_eq!(status["cluster"]["status"], "ready");
    assert_eq!(status["cluster"]["peers"], json!([{ "name": "one", "address": "0.0.0.0:9094" }]));
    house.fires(json!({ "alertname": "Disk", "severity": "info" })).await;
    house.fires(json!({ "alertname": "Cpu" })).await;
    let groups = house.get("/api/v2/alerts/groups").await;
    let shown: Vec<(&Value, &Value)> = groups
        .as_array()
        .expect("a list")
        .iter()
        .map(|group| (&group["receiver"]["name"], &group["alerts"][0]["labels"]["alertname"]))
        .collect();
    assert_eq!(shown, [(&json!("team"), &json!("Cpu")), (&json!("quiet"), &json!("Disk"))]);
    let quiet = house.get("/api/v2/alerts?receiver=quiet").await;
    assert_eq!(quiet[0]["receivers"], json!([{ "name": "quiet" }]));
    assert_eq!(quiet.as_array().expect("a list").len(), 1);
    let gone = house.http.get(house.url("/api/v1/alerts")).send().await.expect("an answer");
    assert_eq!(gone.status(), StatusCode::GONE);
    let cross = house.http.get(house.url("/api/v2/status")).header("Origin", "http://a.b").send().await;
    assert_eq!(cross.expect("an answer").headers()["access-control-allow-origin"], "*");

    assert!(house.amtool(&["cluster", "show"]).await.contains("ready"));
    assert!(house.amtool(&["config", "routes", "test", "severity=info"]).await.contains("quiet"));
    assert!(house.amtool(&["alert", "query"]).await.contains("Cpu"));
    let id = house.amtool(&["silence", "add", "--comment=x", "--author=ada", "alertname=Cpu"]).await;
    assert!(house.amtool(&["silence", "query"]).await.contains(id.trim()));
    house.amtool(&["silence", "expire", id.trim()]).await;
    let (status, _) = house.larum.stop_and_log().await;
    assert!(status.success(), "{status}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_cluster_it_says_so_and_below_a_prefix_it_answers_there() {
    let sink = Sink::open().await;
    let flags = ["--cluster.listen-address=", "--web.route-prefix=/alerts/"];
    let house = DropIn::start(&file("", &webhook(&sink)), &flags).await;
    assert_eq!(house.get("/alerts/api/v2/status").await["cluster"]["status"], "disabled");
    let healthy = house.http.get(house.url("/alerts/-/healthy")).send().await.expect("an answer");
    assert_eq!(healthy.status(), StatusCode::OK);
    let above = house.http.get(house.url("/api/v2/status")).send().await.expect("an answer");
    assert_eq!(above.status(), StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn receivers_are_found_by_their_labels() {
    let sink = Sink::open().await;
    let text = file("", &webhook(&sink)) + "  labels: { crew: infra }\n- name: quiet\n";
    let house = DropIn::start(&text, &[]).await;
    house.fires(json!({ "alertname": "Disk" })).await;
    let count = async |path: &str| house.get(path).await.as_array().expect("a list").len();
    for list in ["alerts", "alerts/groups", "receivers"] {
        assert_eq!(count(&format!("/api/v2/{list}?receiver_matchers=crew%3D%22infra%22")).await, 1, "{list}");
        assert_eq!(count(&format!("/api/v2/{list}?receiver_matchers=crew%3D%22other%22")).await, 0, "{list}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_larum_cannot_keep_to_is_refused_with_the_place() {
    let pager = file("", "pagerduty_configs: [{ routing_key: x }]");
    let Refused { status, log } = refused(&pager, &[]).await;
    assert!(!status.success());
    assert!(log.contains("line 4, column") && log.contains("--config.skip-unsupported"), "{log}");

    let house = DropIn::start(&pager, &["--config.skip-unsupported"]).await;
    assert!(house.larum.log().contains("nobody is told by this integration"));
    house.fires(json!({ "alertname": "Disk" })).await;
    let metrics =
        house.http.get(house.url("/metrics")).send().await.expect("an answer").text().await.expect("text");
    let counted = r#"alertmanager_notifications_suppressed_total{reason="unsupported_receiver"} 1"#;
    assert!(metrics.contains(counted), "{metrics}");
}
