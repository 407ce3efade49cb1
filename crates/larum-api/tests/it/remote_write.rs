//! Samples that another Prometheus pushes.

use axum::http::{Method, StatusCode, header};
use larum_core::label::LabelSet;
use larum_store::accounts::Role;
use tokio::time::timeout;

use crate::house::{Answer, Asking, House, Opening, PATIENCE, endless};
use larum_api::PostAuth;

/// A field of protobuf's wire format with a length.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![number << 3 | 2];
    let mut length = bytes.len();
    while length >= 0x80 {
        out.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
    out.extend(bytes);
    out
}

fn varint(mut number: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
    out
}

/// A request with one series: its labels, and its samples in milliseconds.
fn pushed(labels: &[(&str, &str)], samples: &[(i64, f64)]) -> Vec<u8> {
    let label = |(name, value): &(&str, &str)| {
        field(1, &[field(1, name.as_bytes()), field(2, value.as_bytes())].concat())
    };
    let sample = |(at, value): &(i64, f64)| {
        let value = [&[0x09][..], &value.to_bits().to_le_bytes()].concat();
        field(2, &[value, vec![0x10], varint(at.cast_unsigned())].concat())
    };
    let series: Vec<u8> = labels.iter().map(label).chain(samples.iter().map(sample)).flatten().collect();
    snap::raw::Encoder::new().compress_vec(&field(1, &series)).unwrap()
}

fn asking<'a>(house: &'a House, body: Vec<u8>) -> Asking<'a> {
    let asking = house.ask(Method::POST, "/api/v1/write").body(body);
    let asking = asking.header(header::CONTENT_TYPE, "application/x-protobuf");
    asking.header(header::CONTENT_ENCODING, "snappy").header("X-Prometheus-Remote-Write-Version", "0.1.0")
}

async fn push(house: &House, labels: &[(&str, &str)], samples: &[(i64, f64)]) -> Answer {
    asking(house, pushed(labels, samples)).send().await
}

fn now(house: &House) -> i64 {
    house.engine.now().wall.as_millis()
}

#[tokio::test]
async fn what_is_pushed_can_be_asked_for() {
    let house = House::open().await;
    let now = now(&house);
    let answer = push(&house, &[("__name__", "up"), ("job", "x")], &[(now - 1_000, 1.0), (now, 0.0)]).await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::NO_CONTENT, ""));
    let again = push(&house, &[("__name__", "up"), ("job", "x")], &[(now, 0.0)]).await;
    assert_eq!(again.status, StatusCode::NO_CONTENT, "a sender that did not hear the answer sends again");
    let viewer = house.token(Role::Viewer).await;
    let found = viewer.prometheus("/query?query=sum_over_time(up%5B1m%5D)").await.ok();
    assert_eq!(found["data"]["result"][0]["metric"], serde_json::json!({ "job": "x" }));
    assert_eq!(found["data"]["result"][0]["value"][1], "1");
}

#[tokio::test]
async fn what_is_wrong_for_good_is_not_to_be_sent_again() {
    let house = House::open().await;
    let now = now(&house);
    let labels = [("__name__", "up")];
    assert_eq!(push(&house, &labels, &[(now, 1.0)]).await.status, StatusCode::NO_CONTENT);
    for (samples, words) in [
        ([(now - 5_000, 1.0)], "out of order"),
        ([(now, 2.0)], "duplicate"),
        ([(now - 86_400_000, 2.0)], "older than what is kept"),
        ([(now + 3_600_000, 2.0)], "too far in the future"),
    ] {
        let answer = push(&house, &labels, &samples).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
        assert!(answer.text.contains(words), "{}", answer.text);
        assert!(!answer.headers.contains_key(header::RETRY_AFTER));
    }
    let nameless = push(&house, &[("job", "x")], &[(now, 1.0)]).await;
    assert_eq!(nameless.status, StatusCode::BAD_REQUEST);
    assert!(nameless.text.contains("no __name__"), "{}", nameless.text);

    let garbage = asking(&house, b"no snappy".to_vec()).send().await;
    assert_eq!(garbage.status, StatusCode::BAD_REQUEST);
    let message = snap::raw::Encoder::new().compress_vec(&[0xff; 3]).unwrap();
    assert_eq!(asking(&house, message).send().await.status, StatusCode::BAD_REQUEST);
    let bomb = snap::raw::Encoder::new().compress_vec(&vec![0; (32 << 20) + 1]).unwrap();
    assert_eq!(asking(&house, bomb).send().await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn what_can_be_taken_is_taken_although_the_rest_is_refused() {
    let house = House::open().await;
    let now = now(&house);
    let answer =
        push(&house, &[("__name__", "up")], &[(now, 1.0), (now - 1_000, 2.0), (now + 1_000, 3.0)]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(
        answer.text.starts_with("2 samples were taken, not taken were 1 (out of order"),
        "{}",
        answer.text
    );
    let from = house.engine.now().wall.minus(std::time::Duration::from_secs(60));
    let to = house.engine.now().wall.plus(std::time::Duration::from_secs(60));
    assert_eq!(house.series.series(&[], from, to), [LabelSet::from_pairs([("__name__", "up")])]);
}

#[tokio::test]
async fn only_remote_write_1_is_spoken() {
    let house = House::open().await;
    let body = || pushed(&[("__name__", "up")], &[(now(&house), 1.0)]);
    for (name, value) in [
        ("content-type", "application/x-protobuf;proto=io.prometheus.write.v2.Request"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("content-encoding", "gzip"),
    ] {
        let answer = asking(&house, body()).header(name, value).send().await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{name}: {value}");
    }
    let named =
        asking(&house, body()).header("content-type", "application/x-protobuf;proto=prometheus.WriteRequest");
    assert_eq!(named.send().await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn who_may_post_alerts_may_push_samples() {
    let opening = Opening {
        listen_address: [0, 0, 0, 0],
        external_url: "https://larum.example",
        post_auth: PostAuth::Bearer,
        ..Opening::default()
    };
    let house = House::open_as(opening).await;
    let body = pushed(&[("__name__", "up")], &[(now(&house), 1.0)]);
    let nobody = asking(&house, body.clone()).send().await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    for (role, expected) in [(Role::Viewer, StatusCode::FORBIDDEN), (Role::Sender, StatusCode::NO_CONTENT)] {
        let token = house.token(role).await.token;
        let asking = asking(&house, body.clone()).header(header::AUTHORIZATION, &format!("Bearer {token}"));
        assert_eq!(asking.send().await.status, expected);
    }
    let open = House::open().await;
    let foreign = asking(&open, body).header("sec-fetch-site", "cross-site").send().await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn whoever_pushes_slowly_keeps_no_alerts_waiting() {
    let house = House::open().await;
    let (reads, mut read) = tokio::sync::mpsc::unbounded_channel();
    let slow = || {
        let asking = asking(&house, Vec::new()).body(endless(&reads));
        tokio::spawn(asking.begin())
    };
    let pushing: Vec<_> = (0..5).map(|_| slow()).collect();
    for _ in 0..4 {
        read.recv().await.unwrap();
    }
    let mut large = vec![b' '; 300 << 10];
    large.extend_from_slice(b"[]");
    house.post_alerts(large).await.ok();
    assert!(read.try_recv().is_err(), "there is no turn for the fifth");
    pushing[0].abort();
    timeout(PATIENCE, read.recv()).await.unwrap().unwrap();
    pushing[1].abort();
    let small = push(&house, &[("__name__", "up")], &[(now(&house), 1.0)]).await;
    assert_eq!(small.status, StatusCode::NO_CONTENT);
    pushing.iter().for_each(tokio::task::JoinHandle::abort);
}
