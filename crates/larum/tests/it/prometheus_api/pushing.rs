//! A real Prometheus that pushes what it scrapes into Larum.

use std::process::Stdio;
use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use reqwest::Method;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::house::{House, answer};
use crate::larum::{Log, PATIENCE, command};
use crate::peers;

#[tokio::test(flavor = "multi_thread")]
async fn what_a_prometheus_pushes_can_be_asked_for() {
    let house = House::start().await;
    let scraped = Arc::new(Notify::new());
    let shown = Arc::clone(&scraped);
    let metrics = move || {
        shown.notify_one();
        async { "# HELP tank_level How full it is.\n# TYPE tank_level gauge\ntank_level{tank=\"a\"} 93.5\n" }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let target = listener.local_addr().expect("it has an address");
    tokio::spawn(axum::serve(listener, Router::new().route("/metrics", get(metrics))).into_future());

    let data = tempfile::tempdir().expect("there is room for Prometheus");
    let config = data.path().join("prometheus.yml");
    let text = format!(
        "global: {{scrape_interval: 1s, external_labels: {{cluster: east}}}}\n\
         scrape_configs: [{{job_name: tank, static_configs: [{{targets: ['{target}']}}]}}]\n\
         remote_write: [{{url: 'http://{}/api/v1/write', queue_config: {{batch_send_deadline: 100ms}}, \
         metadata_config: {{send_interval: 1s}}}}]\n",
        house.larum.address
    );
    std::fs::write(&config, text).expect("it can be written");
    let mut prometheus = command(peers::prometheus());
    prometheus.arg("--config.file").arg(&config).arg("--web.listen-address=127.0.0.1:0");
    prometheus.arg("--storage.tsdb.path").arg(data.path().join("series"));
    let mut child = prometheus.stderr(Stdio::piped()).spawn().expect("Prometheus starts");
    let log = Log::of(child.stderr.take().expect("its log can be read"));

    let found = async {
        loop {
            scraped.notified().await;
            let asking = house.administrator.request(Method::GET, "/api/v1/query?query=tank_level");
            let (_, found) = answer(asking).await;
            let (_, said) =
                answer(house.administrator.request(Method::GET, "/api/v1/metadata?metric=tank_level")).await;
            if !found["data"]["result"][0].is_null() && !said["data"]["tank_level"].is_null() {
                return (found, said);
            }
        }
    };
    let (found, said) = timeout(PATIENCE, found).await.unwrap_or_else(|_| panic!("{}", log.text()));
    let metric = serde_json::json!({ "__name__": "tank_level", "cluster": "east", "instance": target.to_string(),
        "job": "tank", "tank": "a" });
    assert_eq!(found["data"]["result"][0]["metric"], metric);
    assert_eq!(found["data"]["result"][0]["value"][1], "93.5");
    assert_eq!(said["data"]["tank_level"][0]["type"], "gauge");
    assert_eq!(said["data"]["tank_level"][0]["help"], "How full it is.");
    for wrong in ["level=error", "non-recoverable", "Failed to send"] {
        assert!(!log.text().contains(wrong), "{}", log.text());
    }
}
