//! How long the client waits, how many calls are in flight, and what it remembers of it.

use std::time::Duration;

use larum_core::time::Timestamp;
use larum_prometheus::{Limits, SourceError, Terms};

use crate::fake::{AT, Act, Fake, PATIENCE, answer, client, one};

/// Long enough for a busy machine to send something, short enough to wait for.
const SHORT: Duration = Duration::from_millis(300);
/// What a caller says who has no more time.
const IN_SHORT: Terms = Terms { timeout: Some(SHORT), lookback: None };

#[tokio::test]
async fn a_server_that_says_nothing_or_stops_in_the_middle_is_given_up_in_time() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n{\"status\":\"success\",\"da";
    for said in ["", head] {
        let fake = Fake::that([Act::Stall(said.into()), one()]).await;
        let mut config = fake.config();
        config.limits.in_flight = 1;
        let client = client(config);
        let error = client.instant("up", AT, IN_SHORT).await.unwrap_err();
        assert_eq!(error, SourceError::Timeout { after: SHORT });
        assert!(error.to_string().starts_with("no answer within 300ms: "), "{error}");
        let heard = fake.was_asked(1).await;
        assert!(heard[0].body.ends_with("&timeout=0.293"), "{heard:?}");
        client.check().await.expect("whoever is given up makes room");
    }
}

#[tokio::test]
async fn what_is_wrong_already_is_not_waited_for() {
    let fake =
        Fake::that([Act::Stall(b"HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n<html>".to_vec())]).await;
    let error = fake.client().instant("up", AT, Terms::default()).await.unwrap_err();
    assert!(matches!(error, SourceError::NotPrometheus(_)), "{error:?}");
}

#[tokio::test]
async fn a_call_waits_for_its_turn_within_its_time() {
    let Act::Send(bytes) = one() else { panic!("it is sent") };
    let hold = || Act::Hold(bytes.clone());
    let fake = Fake::that([hold(), hold(), hold()]).await;
    let mut config = fake.config();
    config.limits = Limits { in_flight: 2, timeout: PATIENCE, ..Limits::default() };
    let client = client(config);
    let ask = || {
        let client = client.clone();
        tokio::spawn(async move { client.instant("up", AT, Terms::default()).await })
    };
    let (first, second) = (ask(), ask());
    fake.was_asked(2).await;
    let third = client.instant("up", AT, IN_SHORT).await.unwrap_err();
    assert_eq!(third, SourceError::Timeout { after: SHORT });
    let health = client.health();
    assert_eq!((health.in_flight, health.waiting), (2, 0), "whoever gave up does not wait any more");
    assert_eq!(fake.heard().len(), 2, "the third was never sent");
    let fourth = ask();
    let waits = async {
        while client.health().waiting == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, waits).await.expect("the fourth waits");
    fake.release(3);
    for call in [first, second, fourth] {
        call.await.unwrap().unwrap();
    }
    assert_eq!(client.health().in_flight, 0);
}

#[tokio::test]
async fn the_health_tells_since_when_and_why() {
    let refused = r#"{"status":"error","errorType":"execution","error":"many-to-many"}"#;
    let fake = Fake::that([
        one(),
        answer("502 Bad Gateway", "", ""),
        answer("401 Unauthorized", "", ""),
        answer("422 Unprocessable Entity", "", refused),
    ])
    .await;
    let client = fake.client();
    client.check().await.unwrap();
    let health = client.health();
    assert_eq!((health.trouble, health.last_success.is_some()), (None, true));
    client.instant("up", AT, Terms::default()).await.unwrap_err();
    let since = client.health().trouble.unwrap().since;
    client.instant("up", AT, Terms::default()).await.unwrap_err();
    let trouble = client.health().trouble.unwrap();
    assert!(matches!(trouble.error, SourceError::Unauthorized(_)), "{trouble:?}");
    assert_eq!((trouble.since, trouble.failures), (since, 2));
    assert!(trouble.latest > since && since > Timestamp::from_millis(1_700_000_000_000));
    client.instant("up", AT, Terms::default()).await.unwrap_err();
    assert_eq!(client.health().trouble, None, "an expression that is refused shows that the server is well");
}
