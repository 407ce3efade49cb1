//! The same configuration and the same target, for Larum and for a real Prometheus: the same series.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::Duration;

use larum_core::label::LabelSet;
use larum_core::matcher::Matcher;
use larum_metrics::scrape::Health;

use super::process::{Process, provided};
use super::world::{Fake, START, World};

const TEXT: &str = "# HELP x_total Some.\n# TYPE x_total counter\nx_total{job=\"own\",exported_job=\"taken\",path=\"/A\"} 1\n\
    x_total{job=\"own\",path=\"/b\",code=\"200\"} 2\ndropped 1\nkept{tmp_a=\"1\",tmp_b=\"2\"} 3\n\
    # TYPE h histogram\nh_bucket{le=\"0.5\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 1.5\nh_count 2\nempty{a=\"\"} 1\n";

/// What relabelling can do to a target and to its series.
const JOB: &str = r#"
  params: {a: [x, y]}
  relabel_configs:
  - {source_labels: [__param_a, __scheme__], separator: '-', regex: '(.*)-(h)(.*)', target_label: how, replacement: '${2}_$1'}
  - {source_labels: [zone], target_label: shard, modulus: 7, action: hashmod}
  - {regex: 'zo(.)e', replacement: 'mapped_$1', action: labelmap}
  - {source_labels: [zone], target_label: zone, action: uppercase}
  - {source_labels: [__meta_gone, nothing], target_label: never}
  - {source_labels: [zone], regex: 'EU.*', action: drop}
  - {target_label: instance, replacement: i}
  metric_relabel_configs:
  - {source_labels: [__name__], regex: dropped, action: drop}
  - {regex: 'tmp_.*', action: labeldrop}
  - {source_labels: [path], regex: '/(.*)', target_label: path, action: replace}
  - {source_labels: [path], target_label: path, action: lowercase}
  - {source_labels: [code], regex: '(\d)..', target_label: class, replacement: '${1}xx'}
"#;

fn yaml(address: &str, settings: &str) -> String {
    format!(
        "global: {{scrape_interval: 100ms, scrape_timeout: 100ms, external_labels: {{cluster: c}}}}\nscrape_configs:\n- job_name: j\n  static_configs:\n  - {{targets: ['{address}'], labels: {{zone: us, __meta_gone: m}}}}\n  - {{targets: ['gone:1'], labels: {{zone: eu}}}}{settings}"
    )
}

async fn of_larum(address: &str, settings: &str) -> BTreeSet<String> {
    let world = World::scraping(&yaml(address, settings));
    world.until(|targets| (targets.first()?.health == Health::Up).then_some(())).await;
    let later = START.plus(Duration::from_secs(600));
    let series = world.store.series(&[vec![Matcher::equal("instance", "i")]], START, later);
    world.stop().await;
    series.iter().map(ToString::to_string).collect()
}

async fn of_prometheus(fake: &mut Fake, settings: &str) -> BTreeSet<String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("prometheus.yml");
    std::fs::write(&file, yaml(&fake.address, settings)).unwrap();
    let mut command = Command::new(provided("LARUM_TEST_PROMETHEUS"));
    command.arg("--config.file").arg(&file).arg("--storage.tsdb.path").arg(folder.path().join("series"));
    let prometheus = Process::start(command.arg("--web.listen-address=127.0.0.1:0"));
    // Who asks a second time has kept the first answer.
    for _ in 0..2 {
        fake.request().await;
    }
    // Another test of this process may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap();
    let url = format!("http://{}/api/v1/series?match[]=%7Binstance%3D%22i%22%7D", prometheus.address);
    let answer: serde_json::Value =
        serde_json::from_str(&http.get(url).send().await.unwrap().text().await.unwrap()).unwrap();
    let labels = |series: &serde_json::Value| {
        let pairs = series.as_object().unwrap().iter().map(|(name, value)| (name, value.as_str().unwrap()));
        LabelSet::from_pairs(pairs).to_string()
    };
    answer["data"].as_array().unwrap().iter().map(labels).collect()
}

#[tokio::test]
async fn series_of_larum_and_of_prometheus_are_the_same() {
    for settings in [JOB.to_owned(), format!("\n  honor_labels: true{JOB}")] {
        let mut fake = Fake::with("text/plain; version=0.0.4", TEXT).await;
        let prometheus = of_prometheus(&mut fake, &settings).await;
        let larum = of_larum(&fake.address, &settings).await;
        assert!(larum.len() > 10, "{larum:#?}");
        assert_eq!(larum, prometheus);
    }
}
