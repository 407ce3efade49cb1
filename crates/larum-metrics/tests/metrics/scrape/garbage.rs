//! Targets that send garbage, or never end: each is down with its reason, and nothing of it is kept.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use larum_metrics::scrape::Health;

use super::world::{Fake, World, job, response};

const TEXT: &str = "text/plain; version=0.0.4";

/// Why a target that answers so cannot be scraped.
async fn failure(fake: &Fake, settings: &str) -> String {
    let world = World::scraping(&job(&fake.address, settings));
    let error = world.error().await;
    assert!(world.board.targets().iter().all(|target| target.health == Health::Down));
    let names = world.store.label_values(
        "__name__",
        &[],
        super::world::START,
        super::world::START.plus(std::time::Duration::from_secs(60)),
    );
    assert!(names.iter().all(|name| name == "up" || name.starts_with("scrape_")), "{names:?}");
    world.stop().await;
    error
}

fn gzipped(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_body_that_never_ends_is_cut_by_time_or_by_its_limit() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\nx 1\n".to_vec();
    let slow = Fake::new([head.clone(), b"y".to_vec()].concat(), b"".to_vec()).await;
    let endless = Fake::new(head, b"endless 1\n".repeat(1000)).await;
    let error = failure(&endless, "  body_size_limit: 100KB\n").await;
    assert_eq!(error, "the answer has more bytes than the limit of 102400");
    let error = failure(&endless, "  scrape_interval: 1s\n  scrape_timeout: 1ms\n").await;
    assert_eq!(error, "the target did not answer within 1ms");
    // A connection that is closed ends a body of unknown length, so the last line stands there half.
    let error = failure(&slow, "").await;
    assert!(error.starts_with("line 2, column 2: "), "{error}");
}

#[tokio::test]
async fn an_answer_without_a_limit_of_its_own_ends_at_64_mebibytes() {
    let bomb = gzipped(&vec![b'#'; (64 << 20) + 1]);
    assert!(bomb.len() < 1 << 20, "{} bytes grow to 64 MiB", bomb.len());
    let fake = Fake::answering(response(TEXT, "content-encoding: gzip\r\n", &bomb)).await;
    let error = failure(&fake, "  scrape_interval: 5s\n  scrape_timeout: 5s\n").await;
    assert_eq!(error, "the answer has more bytes than the limit of 67108864");
}

#[tokio::test]
async fn gzip_that_is_broken_or_cut_is_refused() {
    let whole = gzipped(b"x 1\ny 2\n");
    for bytes in [&whole[..whole.len() - 4], b"x 1\n"] {
        let fake = Fake::answering(response(TEXT, "content-encoding: gzip\r\n", bytes)).await;
        let error = failure(&fake, "").await;
        assert!(error.starts_with("the answer is not the gzip that it says it is: "), "{error}");
    }
    let fake = Fake::answering(response(TEXT, "content-encoding: br\r\n", b"x 1\n")).await;
    assert_eq!(failure(&fake, "").await, r#"the answer is encoded as "br", which was not asked for"#);
}

#[tokio::test]
async fn what_is_no_metrics_is_refused_with_its_reason() {
    let html = Fake::with("text/html", "<html>x</html>").await;
    assert_eq!(
        failure(&html, "").await,
        r#"the Content-Type "text/html" is none of metrics; a fallback_scrape_protocol would say how to read it"#
    );
    let error = failure(&html, "  fallback_scrape_protocol: PrometheusText0.0.4\n").await;
    assert!(error.starts_with("line 1, column 1: a metric name was expected"), "{error}");
    let garbage = Fake::with(TEXT, "x 1\n\u{0}\u{1}garbage\n").await;
    assert!(failure(&garbage, "").await.starts_with("line 2, column 1: "));
    let broken =
        Fake::answering(*b"HTTP/1.1 500 Oops\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await;
    assert_eq!(failure(&broken, "").await, "the target answered with HTTP status 500 Internal Server Error");
    let nonsense = Fake::answering(*b"SSH-2.0-OpenSSH_9.2\r\n").await;
    assert!(failure(&nonsense, "").await.starts_with("the connection broke: "));
}

#[tokio::test]
async fn nobody_there_is_said_so() {
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let world = World::scraping(&job(&closed.to_string(), ""));
    let error = world.error().await;
    assert!(error.starts_with("cannot connect: Connection refused"), "{error}");
    world.stop().await;
}

#[tokio::test]
async fn redirects_are_followed_unless_they_are_not_to_be() {
    let there = Fake::with(TEXT, "x 1\n").await;
    let moved = format!(
        "HTTP/1.1 302 Found\r\nlocation: http://{}/metrics\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        there.address
    );
    let here = Fake::answering(moved).await;
    assert_eq!(
        failure(&here, "  follow_redirects: false\n").await,
        "the target answered with HTTP status 302 Found"
    );
    let world = World::scraping(&job(&here.address, ""));
    world.until(|targets| (targets.first()?.health == Health::Up).then_some(())).await;
    world.stop().await;
}
