//! Real servers, with the same few samples in each.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use larum_core::time::Timestamp;
use larum_prometheus::{Config, PrometheusClient, ServerUrl};
use larum_promql::Span;
use procfs::net::TcpState;
use procfs::process::{FDTarget, Process};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader, Lines};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::fake::{PATIENCE, client};

/// When the first sample was taken; the second came 15 s later.
pub const FIRST: Timestamp = Timestamp::from_millis(1_700_000_000_000);
/// A moment soon after the last sample.
pub const SOON: Timestamp = Timestamp::from_millis(1_700_000_016_123);

/// All samples, at every `step` from the first one on.
pub fn every(step: Duration) -> Span {
    Span { start: FIRST, end: SOON, step }
}

/// Where `cargo xtask test` says that a program is.
pub fn provided(variable: &str) -> PathBuf {
    let path = std::env::var_os(variable);
    path.unwrap_or_else(|| {
        panic!("{variable} is not set: run `cargo xtask test`, which installs what it names")
    })
    .into()
}

/// A running server, which ends with the test.
pub struct Server {
    pub client: PrometheusClient,
    pub url: String,
    _child: Child,
    _data: TempDir,
}

impl Server {
    fn at(url: String, child: Child, data: TempDir) -> Self {
        let client = client(Config::new(ServerUrl::parse(&url).unwrap()));
        Self { client, url, _child: child, _data: data }
    }

    /// Prometheus, over a block of samples made for it.
    pub async fn prometheus() -> Self {
        Self::prometheus_behind("http", "").await
    }

    /// The same behind what its file for the web says (Prometheus, "HTTPS and authentication").
    pub async fn prometheus_behind(scheme: &str, web: &str) -> Self {
        let program = provided("LARUM_TEST_PROMETHEUS");
        let data = tempfile::tempdir().unwrap();
        let file = |name: &str| data.path().join(name);
        let samples = "tank_level{tank=\"a\"} 93 1700000000\ntank_level{tank=\"a\"} 94.5 1700000015\n\
                       tank_level{tank=\"b\"} NaN 1700000000\ntank_level{tank=\"c\"} +Inf 1700000000\n# EOF\n";
        std::fs::write(file("samples"), format!("# TYPE tank_level gauge\n{samples}")).unwrap();
        std::fs::write(file("prometheus.yml"), "global: {scrape_interval: 1m}\n").unwrap();
        std::fs::write(file("web.yml"), web).unwrap();
        let mut promtool = Command::new(program.with_file_name("promtool"));
        promtool.args(["tsdb", "create-blocks-from", "openmetrics"]).arg(file("samples")).arg(file("series"));
        let made =
            timeout(PATIENCE, promtool.output()).await.unwrap().expect("promtool is beside Prometheus");
        assert!(made.status.success(), "{made:?}");

        let mut prometheus = Command::new(program);
        prometheus.arg("--config.file").arg(file("prometheus.yml"));
        prometheus.arg("--storage.tsdb.path").arg(file("series"));
        prometheus.arg("--web.config.file").arg(file("web.yml"));
        prometheus.args(["--storage.tsdb.retention.time=100y", "--web.listen-address=127.0.0.1:0"]);
        let (child, mut log) = start(&mut prometheus);
        let [listening, _] = lines_with(&mut log, ["Listening on", "ready to receive web requests"]).await;
        let port = listening.rsplit(':').next().expect("it says where").to_owned();
        drain(log);
        Self::at(format!("{scheme}://localhost:{port}"), child, data)
    }

    /// VictoriaMetrics, given the same samples.
    pub async fn victoria_metrics() -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut victoria = Command::new(provided("LARUM_TEST_VICTORIA_METRICS"));
        victoria.arg("-storageDataPath").arg(data.path().join("series"));
        victoria.args(["-retentionPeriod=100y", "-httpListenAddr=127.0.0.1:0", "-memory.allowedBytes=64MB"]);
        let (child, mut log) = start(&mut victoria);
        lines_with(&mut log, ["started VictoriaMetrics"]).await;
        drain(log);
        let id = i32::try_from(child.id().unwrap()).unwrap();
        let url = format!("http://{}", timeout(PATIENCE, listening(id)).await.expect("it listens"));
        let samples = "tank_level{tank=\"a\"} 93 1700000000000\ntank_level{tank=\"a\"} 94.5 1700000015000\n\
                       tank_level{tank=\"b\"} NaN 1700000000000\ntank_level{tank=\"c\"} +Inf 1700000000000\n";
        let http = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        let taken = http.post(format!("{url}/api/v1/import/prometheus")).body(samples).send().await.unwrap();
        assert!(taken.status().is_success(), "{taken:?}");
        let flushed = http.get(format!("{url}/internal/force_flush")).send().await.unwrap();
        assert!(flushed.status().is_success(), "{flushed:?}");
        Self::at(url, child, data)
    }
}

type Log = Lines<BufReader<Box<dyn AsyncRead + Send + Unpin>>>;

fn start(command: &mut Command) -> (Child, Log) {
    crate::fake::install_provider();
    command.kill_on_drop(true).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let log: Box<dyn AsyncRead + Send + Unpin> = Box::new(child.stderr.take().unwrap());
    (child, BufReader::new(log).lines())
}

/// VictoriaMetrics' gate, which lets those with this token through to what is behind it.
pub async fn gate(token: &str, behind: &Server) -> Server {
    let data = tempfile::tempdir().unwrap();
    let config = data.path().join("auth.yml");
    std::fs::write(&config, format!("users: [{{bearer_token: {token}, url_prefix: '{}'}}]\n", behind.url))
        .unwrap();
    let mut gate = Command::new(provided("LARUM_TEST_VICTORIA_METRICS").with_file_name("vmauth"));
    gate.arg("-auth.config").arg(config).arg("-httpListenAddr=127.0.0.1:0");
    let (child, mut log) = start(&mut gate);
    lines_with(&mut log, ["started vmauth"]).await;
    drain(log);
    let id = i32::try_from(child.id().unwrap()).unwrap();
    let address = timeout(PATIENCE, listening(id)).await.expect("it listens");
    Server::at(format!("http://{address}"), child, data)
}

/// Reads the log until each of these words stood in a line, in whichever order, and answers with those lines.
async fn lines_with<const N: usize>(log: &mut Log, words: [&str; N]) -> [String; N] {
    let mut found: [Option<String>; N] = std::array::from_fn(|_| None);
    let mut said = Vec::new();
    while found.iter().any(Option::is_none) {
        let line = timeout(PATIENCE, log.next_line()).await;
        let line = line.unwrap_or_else(|_| panic!("it stopped before {words:?}: {said:#?}")).unwrap();
        let line = line.unwrap_or_else(|| panic!("it ended before {words:?}: {said:#?}"));
        for (words, found) in words.iter().zip(&mut found) {
            if line.contains(words) {
                *found = Some(line.clone());
            }
        }
        said.push(line);
    }
    found.map(Option::unwrap)
}

/// Reads the rest of the log, so that whoever writes it never has to wait.
fn drain(mut log: Log) {
    tokio::spawn(async move { while let Ok(Some(_)) = log.next_line().await {} });
}

/// Where a process listens that does not say so.
async fn listening(id: i32) -> String {
    loop {
        let open = Process::new(id).unwrap().fd().unwrap();
        let sockets: Vec<u64> = open
            .filter_map(|file| match file.ok()?.target {
                FDTarget::Socket(inode) => Some(inode),
                _ => None,
            })
            .collect();
        let all = procfs::net::tcp().unwrap();
        let own = all.iter().find(|one| one.state == TcpState::Listen && sockets.contains(&one.inode));
        if let Some(own) = own {
            return own.local_address.to_string();
        }
        tokio::task::yield_now().await;
    }
}
