//! Another server as the metrics source: a real Prometheus evaluates, Larum decides.

use std::process::Stdio;

use serde_json::{Value, json};

use crate::house::Administrator;
use crate::larum::{Larum, Log, command, larum};
use crate::peers;

/// What the policy of this name is, by the list of all.
fn policy<'l>(list: &'l Value, name: &str) -> Option<&'l Value> {
    list["policies"].as_array()?.iter().find(|policy| policy["name"] == name)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fires_goes_on_when_the_server_goes_away() {
    let folder = tempfile::tempdir().expect("there is room");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("it can be written");
        path
    };
    let recorded = write("recorded.yml", "groups: [{name: g, rules: [{record: tank, expr: vector(7)}]}]");
    let config = json!({"global": {"evaluation_interval": "1s"}, "rule_files": [recorded]});
    let config = write("prometheus.yml", &config.to_string());
    let mut prometheus = command(peers::prometheus());
    prometheus.arg("--config.file").arg(config).arg("--storage.tsdb.path").arg(folder.path().join("tsdb"));
    prometheus.arg("--web.listen-address=127.0.0.1:0");
    let mut prometheus = prometheus.stderr(Stdio::piped()).spawn().expect("prometheus starts");
    let mut log = Log::of(prometheus.stderr.take().expect("its log can be read"));
    let line = log.line_with("Listening on").await.expect("prometheus listens");
    let address = line.split_once("address=").expect("it says where").1.split(' ').next().unwrap_or_default();
    log.line_with("ready to receive web requests").await.expect("prometheus is ready");

    let rules = write(
        "rules.yml",
        "groups: [{name: g, interval: 200ms, rules: [{alert: TankFull, expr: tank > 5,
          annotations: {summary: '{{ query \"tank * 2\" | first | value }} litres'}},
          {alert: PondFull, expr: pond > 5}]}]",
    );
    let data = folder.path().join("data");
    let mut serve = larum();
    serve.arg("serve").arg("--storage.path").arg(&data).args(["--web.listen-address", "127.0.0.1:0"]);
    serve.arg("--metrics-source").arg(format!("prometheus=http://{address}")).arg("--rule-files").arg(rules);
    let larum = Larum::of(&mut serve).await.expect("larum starts");
    let administrator = Administrator::enter(&data, larum.address).await;

    let stands =
        |list: &Value, name: &str, state: &str| policy(list, name).is_some_and(|it| it["state"] == state);
    administrator.read_until("/policies", |list| stands(list, "TankFull", "firing")).await;
    administrator.read_until("/policies", |list| stands(list, "PondFull", "no_data")).await;
    let alerts = administrator.read("/alerts").await;
    assert!(alerts.to_string().contains("14 litres"), "{alerts}");
    assert!(alerts.to_string().contains("/graph?g0.expr=tank+%3E+5&g0.tab=1"), "{alerts}");

    prometheus.kill().await.expect("it can be killed");
    let in_trouble =
        |list: &Value| policy(list, "TankFull").is_some_and(|it| it["health"]["state"] == "error");
    let list = administrator.read_until("/policies", in_trouble).await;
    assert!(stands(&list, "TankFull", "firing"), "{list}");
    let source = administrator.read("/metrics-source").await;
    assert_eq!(
        (&source["kind"], &source["health"]["state"]),
        (&json!("prometheus"), &json!("trouble")),
        "{source}"
    );
}
