//! A Prometheus and a Larum that know the same series.

use std::path::Path;
use std::process::Stdio;

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Child;
use tokio::time::timeout;

use super::compared::Question;
use super::written::{Written, series, write_request};
use crate::house::{Administrator, answer, http_client};
use crate::larum::{Larum, Log, PATIENCE, command, larum};
use crate::peers;

/// From one sample to the next, in seconds.
pub const STEP: i64 = 15;
/// How many samples each series has.
pub const COUNT: i64 = 120;
/// From the first samples to a time soon after the last, in seconds. No window begins or ends at a sample then: where
/// one does, Prometheus 3 and 2 differ (Prometheus 3, "Migration", left-open ranges).
pub const SPAN: i64 = COUNT * STEP - 8;

/// When the first samples were taken, in seconds since 1970: two days ago, where Larum knows nothing of its own host.
fn two_days_ago() -> i64 {
    let now = std::time::UNIX_EPOCH.elapsed().expect("it is later than 1970").as_secs();
    now.cast_signed() / 3600 * 3600 - 2 * 86_400 + 20
}

const RULES: &str = r#"
groups:
  - name: tank
    interval: 1s
    limit: 7
    rules:
      - record: tank:level
        expr: vector(3)
        labels: {kind: copy}
      - alert: Tank
        expr: vector(1)>0
        for: 5m
        labels: {severity: critical}
        annotations: {summary: "It is {{ $value }}"}
"#;

/// Nobody answers at these targets, and relabelling drops one.
const CONFIGURATION: &str = r#"
global: {scrape_interval: 1s}
rule_files: [rules.yml]
scrape_configs:
  - job_name: gone
    metrics_path: /probe
    params: {module: [http]}
    basic_auth: {username: prober, password: a-secret-word}
    static_configs: [{targets: ["127.0.0.2:1", "127.0.0.3:1"], labels: {rack: r1}}]
    relabel_configs: [{source_labels: [__address__], regex: "127.0.0.3:1", action: drop}]
"#;

/// Both, running; they end with the test.
pub struct Both {
    /// When the first samples were taken, in seconds since 1970.
    pub first: i64,
    http: reqwest::Client,
    prometheus: String,
    administrator: Administrator,
    _larum: Larum,
    _prometheus: Child,
    _folder: TempDir,
}

impl Both {
    /// Starts both and gives them the same series.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().expect("there is room");
        let first = two_days_ago();
        let known = series(first);
        for (name, text) in [("rules.yml", RULES), ("prometheus.yml", CONFIGURATION)] {
            std::fs::write(folder.path().join(name), text).expect("it can be written");
        }
        let (prometheus, child) = start_prometheus(folder.path(), &known).await;
        let (larum, administrator) = start_larum(folder.path()).await;
        let both = Self {
            first,
            http: http_client(),
            prometheus,
            administrator,
            _larum: larum,
            _prometheus: child,
            _folder: folder,
        };
        let push = both.administrator.request(Method::POST, "/api/v1/write");
        let push = push.header("Content-Type", "application/x-protobuf").header("Content-Encoding", "snappy");
        let (status, words) = answer(push.body(write_request(&known))).await;
        assert_eq!(status, StatusCode::NO_CONTENT, "{words}");
        both
    }

    /// Where Prometheus is.
    pub fn prometheus_url(&self) -> String {
        self.prometheus.clone()
    }

    /// Where Larum is, with a token as the password.
    pub fn larum_url(&self) -> String {
        format!("http://promtool:{}@{}", self.administrator.token, self.administrator.address)
    }

    /// What both say, to the letter, each with its status.
    pub async fn ask(&self, question: &Question) -> [(StatusCode, String); 2] {
        let path = format!("/api/v1{}", question.address());
        let theirs = self.http.request(question.method(), format!("{}{path}", self.prometheus));
        let ours = self.administrator.request(question.method(), &path);
        [text(question.fill(theirs)).await, text(question.fill(ours)).await]
    }

    /// What Larum answers, to the letter.
    pub async fn larum_says(&self, path: &str) -> String {
        let (status, said) = text(self.administrator.request(Method::GET, path)).await;
        assert_eq!(status, StatusCode::OK, "{path}: {said}");
        said
    }

    /// The targets of both that a question is about, once both have tried to scrape them.
    pub async fn targets(&self, question: &str) -> [Value; 2] {
        let tried = |answer: &Value| {
            let active = answer["data"]["activeTargets"].as_array().expect("a list of targets");
            !active.is_empty() && active.iter().all(|target| target["health"] == "down")
        };
        let theirs = |question: &str| self.http.get(format!("{}/api/v1/targets?{question}", self.prometheus));
        let ours =
            |question: &str| self.administrator.request(Method::GET, &format!("/api/v1/targets?{question}"));
        until(tried, || theirs("")).await;
        until(tried, || ours("")).await;
        [answer(theirs(question)).await.1, answer(ours(question)).await.1]
    }

    /// The rules of both, once both have evaluated them.
    pub async fn rules(&self) -> (Value, Value) {
        let evaluated = |answer: &Value| {
            let health = |rule: &Value| rule["health"] == "ok";
            let groups = answer["data"]["groups"].as_array().cloned().unwrap_or_default();
            let tank = groups.into_iter().find(|group| group["name"] == "tank");
            tank.is_some_and(|tank| tank["rules"].as_array().is_some_and(|rules| rules.iter().all(health)))
        };
        let theirs = until(evaluated, || self.http.get(format!("{}/api/v1/rules", self.prometheus)));
        let ours = until(evaluated, || self.administrator.request(Method::GET, "/api/v1/rules"));
        (theirs.await, ours.await)
    }
}

/// An answer to the letter.
async fn text(request: RequestBuilder) -> (StatusCode, String) {
    let answer = request.send().await.expect("it answers");
    let status = answer.status();
    (status, answer.text().await.expect("an answer can be read"))
}

/// Asks again until the answer is as it should be.
async fn until(says: impl Fn(&Value) -> bool, ask: impl Fn() -> RequestBuilder) -> Value {
    let asking = async {
        loop {
            let (_, found) = answer(ask()).await;
            if says(&found) {
                return found;
            }
        }
    };
    timeout(PATIENCE, asking).await.expect("it says so in time")
}

async fn start_prometheus(folder: &Path, known: &[Written]) -> (String, Child) {
    let file = |name: &str| folder.join(name);
    let lines: String = known.iter().map(Written::to_openmetrics).collect();
    std::fs::write(file("samples"), lines + "# EOF\n").expect("it can be written");
    let program = peers::prometheus();
    let mut promtool = command(program.with_file_name("promtool"));
    promtool.args(["tsdb", "create-blocks-from", "openmetrics"]).arg(file("samples")).arg(file("series"));
    let made = timeout(PATIENCE, promtool.output()).await.expect("it ends").expect("promtool is beside it");
    assert!(made.status.success(), "{made:?}");

    let mut prometheus = command(program);
    prometheus.arg("--config.file").arg(file("prometheus.yml"));
    prometheus.arg("--storage.tsdb.path").arg(file("series"));
    prometheus.args(["--storage.tsdb.retention.time=100y", "--web.listen-address=127.0.0.1:0"]);
    let mut child = prometheus.stderr(Stdio::piped()).spawn().expect("Prometheus starts");
    let mut log = Log::of(child.stderr.take().expect("its log can be read"));
    let listening = log.line_with("Listening on").await.unwrap_or_else(|| panic!("{}", log.text()));
    let ready = log.line_with("ready to receive web requests").await;
    assert!(ready.is_some(), "{}", log.text());
    let port = listening.rsplit(':').next().expect("it says where").trim_end_matches('"').to_owned();
    (format!("http://127.0.0.1:{port}"), child)
}

async fn start_larum(folder: &Path) -> (Larum, Administrator) {
    let data = folder.join("larum");
    let mut serve = larum();
    serve.arg("serve").arg("--storage.path").arg(&data);
    serve.arg("--prometheus.config-file").arg(folder.join("prometheus.yml"));
    serve.args(["--web.listen-address", "127.0.0.1:0", "--metrics.retention-time", "31d"]);
    let larum = Larum::of(&mut serve).await.expect("larum starts");
    let administrator = Administrator::enter(&data, larum.address).await;
    (larum, administrator)
}
