//! The real node_exporter, scraped.

use std::process::Command;
use std::time::Duration;

use larum_metrics::exposition::MetricType;
use larum_metrics::scrape::Health;
use larum_promql::{Options, Query};

use super::process::{Process, provided};
use super::world::{START, World, job};

#[tokio::test]
async fn node_exporter_is_scraped_and_its_series_can_be_queried() {
    let mut command = Command::new(provided("LARUM_TEST_NODE_EXPORTER"));
    let exporter = Process::start(command.arg("--web.listen-address=127.0.0.1:0"));
    let world = World::scraping(&job(&exporter.address, "  scrape_interval: 2s\n  scrape_timeout: 2s\n"));
    let samples = world
        .until(|targets| {
            let target = targets.first().filter(|target| target.written.appended > 2 * target.samples)?;
            (target.health == Health::Up).then_some(target.samples)
        })
        .await;
    assert!(samples > 300, "{samples} samples");
    let now = world.board.targets()[0].last_scrape.unwrap();
    let value = |expr: &str| {
        let query = Query::parse(expr).unwrap();
        let evaluation = query.instant(world.store.as_ref(), now, &Options::default()).unwrap();
        evaluation.value.elements().first().map(|element| element.value)
    };
    assert_eq!(value("up{job=\"j\"}"), Some(1.0));
    let known: u64 = std::fs::read_to_string("/proc/meminfo")
        .unwrap()
        .lines()
        .next()
        .unwrap()
        .split_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(value("node_memory_MemTotal_bytes"), Some(known as f64 * 1024.0));
    assert_eq!(value("count(node_uname_info{instance=~\"127.*\"})"), Some(1.0));
    assert!(value("count(node_cpu_seconds_total{mode=\"idle\"})").is_some_and(|cores| cores >= 1.0));
    assert_eq!(value("scrape_samples_scraped"), value("scrape_samples_post_metric_relabeling"));
    let metadata = world.store.metadata();
    assert!(metadata.iter().any(
        |(name, said)| name.starts_with("node_cpu_seconds") && said[0].metric_type == MetricType::Counter
    ));
    let names = world.store.label_values("__name__", &[], START, START.plus(Duration::from_secs(60)));
    assert!(names.len() > 150, "{} metrics", names.len());
    world.stop().await;
}
