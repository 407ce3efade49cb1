//! Targets that come and go while the pool runs.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use larum_core::matcher::Matcher;
use larum_metrics::scrape::{Health, ScrapePool, TargetStatus};
use larum_promql::{Querier, is_stale};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::world::{Fake, START, World, configuration, install_provider, job};

const TEXT: &str = "text/plain; version=0.0.4";

fn up(targets: &[TargetStatus]) -> Option<()> {
    (!targets.is_empty() && targets.iter().all(|target| target.health == Health::Up)).then_some(())
}

/// The values of a series, and whether each is a marker of its end.
fn samples(world: &World, name: &str) -> Vec<(i64, f64)> {
    let later = START.plus(Duration::from_secs(3600));
    let found = world.store.select(&[Matcher::equal("__name__", name)], START, later).unwrap();
    found.iter().flat_map(|series| series.samples.iter().map(|s| (s.at.as_millis(), s.value))).collect()
}

#[tokio::test]
async fn a_target_is_asked_as_prometheus_asks_it() {
    let folder = tempfile::tempdir().unwrap();
    let token = folder.path().join("token");
    std::fs::write(&token, "s3cret\n").unwrap();
    let mut fake = Fake::with(TEXT, "x 1\n").await;
    let settings = format!(
        "  scrape_timeout: 90ms\n  metrics_path: /m\n  params: {{a: ['1']}}\n  authorization: {{credentials_file: {}}}\n",
        token.display()
    );
    let world = World::scraping(&job(&fake.address, &settings));
    let request = fake.request().await.to_lowercase();
    for line in [
        "get /m?a=1 http/1.1\r\n",
        "accept-encoding: gzip\r\n",
        "authorization: bearer s3cret\r\n",
        "x-prometheus-scrape-timeout-seconds: 0.09\r\n",
        "accept: application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,\
         application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,\
         text/plain;version=0.0.4;q=0.2,*/*;q=0.1\r\n",
        &format!("user-agent: larum/{}\r\n", env!("CARGO_PKG_VERSION")),
    ] {
        assert!(request.contains(line), "{line} is missing in {request}");
    }
    world.until(up).await;
    world.stop().await;

    let mut fake = Fake::with(TEXT, "x 1\n").await;
    let settings = "  enable_compression: false\n  basic_auth: {username: u, password: p}\n";
    let world = World::scraping(&job(&fake.address, settings));
    let request = fake.request().await.to_lowercase();
    assert!(
        request.contains("accept-encoding: identity\r\n")
            && request.contains("authorization: basic dtpw\r\n")
    );
    world.stop().await;
}

#[tokio::test]
async fn targets_in_files_come_and_go_and_the_series_of_those_that_are_gone_end() {
    let folder = tempfile::tempdir().unwrap();
    let (stays, goes) = (Fake::with(TEXT, "stays 1\n").await, Fake::with(TEXT, "goes 1\n").await);
    let file = folder.path().join("t.json");
    let write = |addresses: &[&str]| {
        std::fs::write(&file, serde_json::json!([{ "targets": addresses }]).to_string()).unwrap();
    };
    write(&[]);
    let yaml = "global: {scrape_interval: 100ms}\nscrape_configs: [{job_name: j, file_sd_configs: [{files: [t.json]}]}]";
    let world = World::scraping_in(yaml, folder.path());
    write(&[&stays.address, &goes.address]);
    world.until(|targets| up(targets).filter(|()| targets.len() == 2)).await;
    write(&[&stays.address]);
    let before = world.until(|targets| (targets.len() == 1).then(|| samples(&world, "stays").len())).await;
    // Another target's scrapes are the clock that the end of this one is waited for by.
    world.until(|_| samples(&world, "goes").last().is_some_and(|last| is_stale(last.1)).then_some(())).await;
    assert!(samples(&world, "goes").iter().rev().skip(1).all(|sample| sample.1 == 1.0), "it ended once");
    let stays = samples(&world, "stays");
    assert!(
        stays.len() > before && stays.iter().all(|sample| sample.1 == 1.0),
        "the other went on: {stays:?}"
    );
    world.stop().await;
}

#[tokio::test]
async fn a_new_configuration_leaves_alone_what_stays_the_same() {
    let fake = Fake::with(TEXT, "x{a=\"1\"} 1\n").await;
    let world = World::scraping(&job(&fake.address, ""));
    world.until(up).await;
    let written = |targets: &[TargetStatus]| targets.first().map(|target| target.written.appended);
    let before = world.until(written).await;
    let other = format!(
        "{}- job_name: k\n  static_configs: [{{targets: ['{}']}}]\n",
        job(&fake.address, ""),
        fake.address
    );
    world.configure(&other);
    world.until(|targets| up(targets).filter(|()| targets.len() == 2)).await;
    assert!(world.until(written).await >= before, "what it was is not forgotten");
    world.configure(&job(&fake.address, "  metric_relabel_configs: [{target_label: a, replacement: '2'}]\n"));
    world
        .until(|targets| {
            let values = world.store.label_values("a", &[], START, START.plus(Duration::from_secs(60)));
            (targets.len() == 1 && values == ["1", "2"]).then_some(())
        })
        .await;
    world.stop().await;
}

#[tokio::test]
async fn a_target_that_is_back_before_its_last_scrape_has_ended_is_shown() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let yaml = job(&silent.local_addr().unwrap().to_string(), "").replace("100ms", "1s");
    let world = World::scraping(&yaml);
    let _asks = silent.accept().await.unwrap();
    world.configure("");
    world.until(|_| world.board.jobs().is_empty().then_some(())).await;
    world.configure(&yaml);
    let _asks_again = silent.accept().await.unwrap();
    world.until(|targets| targets.first()?.last_scrape).await;
    world.stop().await;
}

#[tokio::test]
async fn a_worker_that_breaks_ends_the_pool() {
    install_provider();
    let pool = ScrapePool::new(Arc::default(), || panic!("the clock is broken"));
    let (_configuration, configured) = watch::channel(configuration(&job("a", ""), Path::new("")));
    let (_stop, stopping) = watch::channel(false);
    let pool = tokio::spawn(pool.looking_every(Duration::from_millis(20)).run(configured, stopping));
    let ended = tokio::time::timeout(Duration::from_secs(20), pool).await.expect("it ends");
    assert!(ended.unwrap_err().is_panic());
}

#[tokio::test]
async fn stopping_ends_no_series() {
    let fake = Fake::with(TEXT, "x 1\n").await;
    let world = World::scraping(&job(&fake.address, ""));
    world.until(up).await;
    let store = Arc::clone(&world.store);
    world.stop().await;
    let all =
        store.select(&[Matcher::equal("job", "j")], START, START.plus(Duration::from_secs(60))).unwrap();
    assert!(
        all.len() > 5 && all.iter().all(|series| series.samples.iter().all(|sample| !is_stale(sample.value)))
    );
}

#[tokio::test]
async fn a_job_with_too_many_targets_fails_as_a_whole() {
    let fake = Fake::with(TEXT, "x 1\n").await;
    let settings =
        "  target_limit: 1\n  relabel_configs: [{source_labels: [__address__], target_label: a}]\n";
    let yaml = job(&fake.address, settings)
        .replace(&format!("'{}'", fake.address), &format!("'{}', 'b:1'", fake.address));
    let world = World::scraping(&yaml);
    let error = world.error().await;
    assert_eq!(error, "the job has 2 targets, its limit is 1");
    assert_eq!(world.board.targets().len(), 2);
    world.stop().await;
}

#[tokio::test]
async fn what_is_wrong_with_targets_is_told_with_their_job() {
    let yaml = job("a/b", "  relabel_configs: [{source_labels: [x], regex: y, action: drop}]\n")
        .replace("['a/b']", "['a/b'], labels: {}}, {targets: [gone], labels: {x: y}");
    let world = World::scraping(&yaml);
    world.until(|_| world.board.jobs().get("j").map(drop)).await;
    let status = &world.board.jobs()["j"];
    assert!(status.problems[0].ends_with(r#""a/b" is not an address of a host"#), "{status:?}");
    assert_eq!((status.dropped_count, status.dropped[0].value("__address__")), (1, "gone"));
    world.stop().await;
}

#[tokio::test]
async fn credentials_that_cannot_be_read_are_the_reason() {
    let fake = Fake::with(TEXT, "x 1\n").await;
    let world = World::scraping(&job(&fake.address, "  bearer_token_file: no/such\n"));
    let error = world.error().await;
    assert!(error.starts_with("the credentials cannot be read: No such file"), "{error}");
    world.stop().await;
    let world = World::scraping(&job(&fake.address, "  tls_config: {ca_file: no/such}\n"));
    let error = world.error().await;
    assert!(error.starts_with("the CA cannot be used: No such file"), "{error}");
    world.stop().await;
}
