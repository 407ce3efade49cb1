//! A real Prometheus with Larum where its Alertmanager would be.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::routing::get;
use serde_json::json;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::process::Child;

use crate::house::House;
use crate::larum::{Log, PATIENCE, command};
use crate::peers;

const RULES: &str = r#"
groups:
  - name: tank
    rules:
      - alert: TankTooFull
        expr: tank_level > 80
        labels: {severity: critical}
        annotations:
          summary: "The tank is {{ $value }} % full"
"#;

/// Something that Prometheus scrapes, with a level that the test sets.
struct Tank {
    level: Arc<AtomicI64>,
    address: std::net::SocketAddr,
}

impl Tank {
    async fn open(level: i64) -> Self {
        let level = Arc::new(AtomicI64::new(level));
        let shown = Arc::clone(&level);
        let metrics = move || {
            let shown = shown.load(Ordering::Relaxed);
            async move { format!("# TYPE tank_level gauge\ntank_level {shown}\n") }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        tokio::spawn(axum::serve(listener, Router::new().route("/metrics", get(metrics))).into_future());
        Self { level, address }
    }
}

/// A running Prometheus, which ends with the test.
struct Prometheus {
    log: Log,
    _child: Child,
    _data: TempDir,
}

impl Prometheus {
    fn start(tank: &Tank, alertmanager: std::net::SocketAddr) -> Self {
        let data = tempfile::tempdir().expect("there is room for Prometheus");
        let write =
            |name: &str, text: &str| std::fs::write(data.path().join(name), text).expect("it can be written");
        write("rules.yml", RULES);
        write(
            "prometheus.yml",
            &format!(
                "global: {{scrape_interval: 1s, evaluation_interval: 1s, external_labels: {{cluster: east}}}}\n\
                 rule_files: [rules.yml]\n\
                 alerting: {{alertmanagers: [{{static_configs: [{{targets: ['{alertmanager}']}}]}}]}}\n\
                 scrape_configs: [{{job_name: tank, static_configs: [{{targets: ['{}']}}]}}]\n",
                tank.address
            ),
        );
        let mut prometheus = command(peers::prometheus());
        prometheus.args(["--web.listen-address=127.0.0.1:0", "--rules.alert.resend-delay=1s"]);
        prometheus.arg(flag("--config.file", data.path(), "prometheus.yml"));
        prometheus.arg(flag("--storage.tsdb.path", data.path(), "series"));
        let mut child = prometheus.stderr(Stdio::piped()).spawn().expect("Prometheus starts");
        let log = Log::of(child.stderr.take().expect("its log can be read"));
        Self { log, _child: child, _data: data }
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- the log of Prometheus ---\n{}", self.log.text());
        }
    }
}

fn flag(name: &str, folder: &Path, file: &str) -> String {
    format!("{name}={}", folder.join(file).display())
}

#[tokio::test(flavor = "multi_thread")]
async fn prometheus_fires_and_resolves_through_larum() {
    let house = House::start().await;
    house
        .receiver(&["#alerts"], json!([{"label": "alertname", "operator": "In", "values": ["TankTooFull"]}]))
        .await;
    house.administrator.group(&["alertname"], "0s", "1s").await;
    let tank = Tank::open(93).await;
    let _prometheus = Prometheus::start(&tank, house.larum.address);

    let heard =
        house.slack.control().wait_for_messages(0, Some("#alerts"), 1, PATIENCE).await.expect("a channel");
    let [firing] = heard.as_slice() else { panic!("one message: {heard:?}") };
    assert!(firing.text().contains("FIRING: TankTooFull [critical]"), "{}", firing.text());
    assert!(firing.message.to_string().contains("The tank is 93 % full"), "{}", firing.message);
    assert!(firing.message.to_string().contains("cluster=east"), "{}", firing.message);
    let alerts = house.administrator.read("/alerts").await;
    let alert =
        alerts["alerts"].as_array().and_then(|all| all.iter().find(|one| one["name"] == "TankTooFull"));
    let alert = alert.unwrap_or_else(|| panic!("it is not in {alerts}"));
    assert_eq!((&alert["origin"], &alert["state"]), (&json!("prometheus"), &json!("firing")));

    tank.level.store(20, Ordering::Relaxed);
    let after = firing.seq;
    let heard = house
        .slack
        .control()
        .wait_for_messages(after, Some("#alerts"), 1, PATIENCE)
        .await
        .expect("a channel");
    let [resolved] = heard.as_slice() else { panic!("one message more: {heard:?}") };
    assert!(resolved.text().contains("RESOLVED: TankTooFull"), "{}", resolved.text());
    assert!(!house.larum.log().contains("panicked"));
}
