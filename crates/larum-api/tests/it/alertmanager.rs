//! Alertmanager's API, as its clients speak it.

use std::time::Duration;

use axum::http::{Method, StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use larum_api::PostAuth;
use larum_core::config::Limits;
use larum_store::accounts::Role;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::house::{Answer, Caller, House, Opening, PATIENCE, endless};

const ALERTS: &str = "/api/v2/alerts";

pub async fn list(caller: &Caller<'_>, query: &str) -> Answer {
    let bearer = format!("Bearer {}", caller.token);
    caller
        .house
        .ask(Method::GET, &format!("{ALERTS}{query}"))
        .header(header::AUTHORIZATION, &bearer)
        .send()
        .await
}

pub fn names(answer: &Answer) -> Vec<String> {
    let mut names: Vec<String> = answer
        .ok()
        .as_array()
        .unwrap()
        .iter()
        .map(|alert| alert["labels"]["alertname"].as_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn what_prometheus_posts_is_listed_as_alertmanager_lists_it() {
    let house = House::open().await;
    let posted = house
        .post_alerts(
            r#"[{"labels":{"alertname":"test1","severity":"warning"},"annotations":{"summary":"<!channel> \"q\" \n \u202e"},
                "startsAt":"2026-11-22T07:30:00.123456Z","generatorURL":"http://p:9090/graph?g0.expr=up&g0.tab=1"}]"#,
        )
        .await;
    assert_eq!((posted.status, posted.text.as_str()), (StatusCode::OK, ""));
    let viewer = house.token(Role::Viewer).await;
    let listed = list(&viewer, "").await;
    assert_eq!(listed.headers[header::CONTENT_TYPE], "application/json");
    let alert = &listed.ok()[0];
    assert_eq!(alert["fingerprint"], "8f14a41207c8456c");
    assert_eq!(alert["startsAt"], "2026-11-22T07:30:00.123Z");
    assert_eq!(alert["labels"], json!({ "alertname": "test1", "severity": "warning" }));
    assert_eq!(alert["annotations"]["summary"], "<!channel> \"q\" \n \u{202e}");
    assert_eq!(alert["generatorURL"], "http://p:9090/graph?g0.expr=up&g0.tab=1");
    assert_eq!(alert["receivers"], json!([]));
    let status = json!({ "inhibitedBy": [], "mutedBy": [], "silencedBy": [], "state": "active" });
    assert_eq!(alert["status"], status);

    let now = r#"[{"labels":{"alertname":"test1","severity":"warning"},"endsAt":"2026-11-22T07:31:00Z"}]"#;
    assert_eq!(house.post_alerts(now).await.status, StatusCode::OK);
    assert_eq!(list(&viewer, "").await.ok(), json!([]));
}

#[tokio::test]
async fn alerts_are_found_by_matchers() {
    let house = House::open().await;
    let body = json!([
        { "labels": { "alertname": "A", "severity": "critical" } },
        { "labels": { "alertname": "B", "severity": "warning", "team": "x y" } },
        { "labels": { "alertname": "C" } },
    ]);
    house.post_alerts(body.to_string()).await.ok();
    let viewer = house.token(Role::Viewer).await;
    let found = async |query: &str| names(&list(&viewer, query).await);
    assert_eq!(found("").await, ["A", "B", "C"]);
    assert_eq!(found("?filter=severity%3D%22critical%22").await, ["A"]);
    assert_eq!(found("?filter=severity%3D~crit.%2A%7Cwarn.%2A&filter=alertname%21%3DA").await, ["B"]);
    assert_eq!(found("?filter=severity%3D").await, ["C"]);
    assert_eq!(found("?filter=team%3D%22x%20y%22").await, ["B"]);
    assert_eq!(found("?active=maybe").await, [""; 0]);
    assert_eq!(
        found("?active=&silenced=false&inhibited=0&unprocessed=false&unknown=1").await,
        ["A", "B", "C"]
    );
    assert_eq!(found("?receiver=anyone").await, [""; 0]);

    let refused = list(&viewer, "?filter=foo").await;
    assert_eq!(
        (refused.status, refused.text.as_str()),
        (StatusCode::BAD_REQUEST, "\"bad matcher format: foo\"\n")
    );
    assert_eq!(list(&viewer, "?filter=a%3D~(").await.status, StatusCode::BAD_REQUEST);
    let refused = list(&viewer, "?receiver=(").await;
    assert!(refused.json().as_str().unwrap().starts_with("failed to parse receiver param: "));
}

#[tokio::test]
async fn many_alerts_are_one_sound_list() {
    let house = House::open().await;
    let alert = |n: usize| json!({ "labels": { "alertname": "Many", "n": n.to_string() }, "annotations": { "text": "x".repeat(300) } });
    let body: Value = (0..1000).map(alert).collect();
    house.post_alerts(body.to_string()).await.ok();
    let viewer = house.token(Role::Viewer).await;
    let listed = list(&viewer, "").await.ok();
    let fingerprints: Vec<&str> =
        listed.as_array().unwrap().iter().map(|alert| alert["fingerprint"].as_str().unwrap()).collect();
    assert_eq!(fingerprints.len(), 1000);
    assert!(fingerprints.is_sorted());
}

#[tokio::test]
async fn what_alertmanager_refuses_is_refused_in_its_shapes() {
    let house = House::open().await;
    let framework = |answer: &Answer| {
        let json = answer.json();
        (answer.status.as_u16(), json["code"].as_u64().unwrap(), json["message"].as_str().unwrap().to_owned())
    };
    let post = async |body: &'static str| framework(&house.post_alerts(body).await);
    assert_eq!(post("").await, (422, 602, "alerts in body is required".into()));
    assert_eq!(post("[{}]").await, (422, 602, "0.labels in body is required".into()));
    assert_eq!(post(r#"{"a":"#).await.0, 400);
    assert_eq!(post(r#"[{"labels":{"a":1}}]"#).await.1, 400);
    let broken = house.post_alerts(b"[{\"labels\":{\"a\":\"\xff\"}}]".to_vec()).await;
    assert_eq!(framework(&broken).0, 400);

    let ask = async |method: Method, path: &str| {
        framework(&house.ask(method, path).header(header::AUTHORIZATION, "").send().await)
    };
    assert_eq!(ask(Method::PUT, ALERTS).await.0, 401);
    let administrator = house.administrator().await;
    let bearer = format!("Bearer {}", administrator.token);
    let ask = async |method: Method, path: &str| {
        framework(&house.ask(method, path).header(header::AUTHORIZATION, &bearer).send().await)
    };
    assert_eq!(
        ask(Method::PUT, ALERTS).await,
        (405, 405, "method PUT is not allowed, but [GET,POST] are".into())
    );
    assert_eq!(ask(Method::GET, "/api/v2/nope").await, (404, 404, "path /api/v2/nope was not found".into()));
    let untyped = house.ask(Method::POST, ALERTS).body("[]").send().await;
    let words = "unsupported media type \"application/octet-stream\", only [application/json] are allowed";
    assert_eq!(framework(&untyped), (415, 415, words.into()));

    let one_wrong = house.post_alerts(r#"[{"labels":{}},{"labels":{"alertname":"Right"}}]"#).await;
    assert_eq!(one_wrong.status, StatusCode::BAD_REQUEST);
    assert_eq!(one_wrong.text, "\"at least one label pair required\"\n");
    assert_eq!(names(&list(&administrator, "").await), ["Right"]);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_with_the_limit() {
    let house = House::open().await;
    let answer = house.post_alerts(vec![b' '; (32 << 20) + 1]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.json()["message"].as_str().unwrap().contains("33554432 bytes"));
    let mut large = vec![b' '; 300 << 10];
    large.extend_from_slice(b"[]");
    assert_eq!(house.post_alerts(large).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_alertmanagers_webhook_comes_in_by_the_same_door() {
    let house = House::open().await;
    let alert = |status: &str| {
        json!({ "version": "4", "status": status, "alerts": [{ "status": status, "labels": { "alertname": "Hooked" },
            "annotations": {}, "startsAt": "2026-11-22T07:30:00Z", "endsAt": "0001-01-01T00:00:00Z" }] })
    };
    let viewer = house.token(Role::Viewer).await;
    house.post_alerts(alert("firing").to_string()).await.ok();
    assert_eq!(names(&list(&viewer, "").await), ["Hooked"]);
    house.post_alerts(alert("resolved").to_string()).await.ok();
    assert_eq!(names(&list(&viewer, "").await), [""; 0]);
}

#[tokio::test]
async fn an_alert_shows_when_it_ends_unless_its_sender_speaks_again() {
    let webhook_resolve_timeout = Duration::from_secs(2 * 60 * 60);
    let house = House::open_as(Opening { webhook_resolve_timeout, ..Opening::default() }).await;
    let viewer = house.token(Role::Viewer).await;
    let hook = json!({ "alerts": [{ "status": "firing", "labels": { "alertname": "Hooked" } }] });
    house.post_alerts(hook.to_string()).await.ok();
    let shown = viewer.get("/alerts").await.ok()["alerts"][0].clone();
    assert_eq!((&shown["origin"], &shown["ends_at"]), (&json!("alertmanager"), &Value::Null));
    let at = |key: &str| shown[key].as_str().unwrap().parse::<Timestamp>().unwrap();
    // It came without a start: it fires from when it came.
    assert_eq!(at("expires_at").duration_since(at("starts_at")), SignedDuration::from_hours(2));
    let one = viewer.get(&format!("/alerts/{}", shown["id"].as_str().unwrap())).await.ok();
    assert_eq!(one["expires_at"], shown["expires_at"]);

    let over = json!({ "alerts": [{ "status": "resolved", "labels": { "alertname": "Hooked" } }] });
    house.post_alerts(over.to_string()).await.ok();
    let ended = viewer.get("/alerts?state=resolved").await.ok()["alerts"][0].clone();
    assert_eq!((&ended["expires_at"], &ended["end_reason"]), (&Value::Null, &json!("resolved")));

    house
        .post_alerts(r#"[{"labels":{"alertname":"Sent"},"startsAt":"2026-01-01T00:00:00Z","endsAt":"2126-01-01T00:00:00Z"}]"#)
        .await
        .ok();
    let sent = viewer.get("/alerts").await.ok()["alerts"][0].clone();
    assert_eq!(
        (&sent["origin"], &sent["expires_at"]),
        (&json!("prometheus"), &json!("2126-01-01T00:00:00.000Z"))
    );
}

#[tokio::test]
async fn off_loopback_posting_is_protected_as_chosen() {
    use base64::Engine;
    let open_as = async |post_auth| {
        House::open_as(Opening { post_auth, listen_address: [0, 0, 0, 0], ..Opening::default() }).await
    };
    let house = open_as(PostAuth::Bearer).await;
    let secret = house.token(Role::Sender).await.token;
    let post = async |house: &House, credentials: &str| {
        let asking = house.ask(Method::POST, ALERTS).json(&json!([])).at_peer([10, 0, 0, 7]);
        asking.header(header::AUTHORIZATION, credentials).send().await.status
    };
    let basic = |secret: &str| {
        format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("p:{secret}")))
    };
    let refused = house.post_alerts("[]").await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert!(refused.headers.contains_key(header::WWW_AUTHENTICATE));
    assert_eq!(post(&house, &format!("Bearer {secret}")).await, StatusCode::OK);
    assert_eq!(post(&house, "Bearer larum_no").await, StatusCode::UNAUTHORIZED);
    assert_eq!(post(&house, &basic(&secret)).await, StatusCode::UNAUTHORIZED);
    let viewer = house.token(Role::Viewer).await.token;
    assert_eq!(post(&house, &format!("Bearer {viewer}")).await, StatusCode::FORBIDDEN, "it reads only");
    let administrator = house.administrator().await.token;
    assert_eq!(post(&house, &format!("Bearer {administrator}")).await, StatusCode::OK);

    let house = open_as(PostAuth::Basic).await;
    let secret = house.token(Role::Sender).await.token;
    assert_eq!(post(&house, &basic(&secret)).await, StatusCode::OK);
    assert_eq!(post(&house, &format!("Bearer {secret}")).await, StatusCode::UNAUTHORIZED);

    let house = open_as(PostAuth::None).await;
    assert_eq!(post(&house, "Bearer whatever").await, StatusCode::OK);
}

#[tokio::test]
async fn status_and_receivers_have_what_amtool_and_karma_read() {
    let house = House::open().await;
    let viewer = house.token(Role::Viewer).await;
    let bearer = format!("Bearer {}", viewer.token);
    let ask = |path| house.ask(Method::GET, path).header(header::AUTHORIZATION, &bearer);
    let status = ask("/api/v2/status").send().await.ok();
    assert!(status["versionInfo"]["version"].as_str().unwrap().starts_with("0.33.1"));
    assert_eq!(status["cluster"]["status"], "disabled");
    assert!(status["config"]["original"].as_str().unwrap().contains("receiver: nobody"));
    assert_eq!(ask("/api/v2/receivers").send().await.ok(), json!([]));
    let gone = house.ask(Method::POST, "/api/v1/alerts").json(&json!([])).send().await;
    assert_eq!(gone.status, StatusCode::GONE);
}

#[tokio::test]
async fn what_there_is_no_room_for_is_refused_in_words_and_the_rest_is_kept() {
    let limits = Limits { alerts: 2, ..Limits::default() };
    let house = House::open_as(Opening { limits, ..Opening::default() }).await;
    let alerts: Value = (0..3).map(|n| json!({ "labels": { "alertname": format!("A{n}") } })).collect();
    let refused = house.post_alerts(alerts.to_string()).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.json().as_str().unwrap().len() > 10, "{}", refused.text);
    let viewer = house.token(Role::Viewer).await;
    assert_eq!(names(&list(&viewer, "").await), ["A0", "A1"]);
}

#[tokio::test]
async fn while_larum_stops_nothing_is_accepted() {
    let house = House::open().await;
    house.engine.stop(PATIENCE).await;
    let refused = house.post_alerts(r#"[{"labels":{"alertname":"Late"}}]"#).await;
    assert_eq!(
        (refused.status, refused.text.as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, "\"Larum is stopping\"\n")
    );
}

#[tokio::test]
async fn as_many_lists_are_written_at_a_time_as_may_be_and_no_more() {
    let house = House::open().await;
    house.post_alerts(r#"[{"labels":{"alertname":"Listed"}}]"#).await.ok();
    let bearer = format!("Bearer {}", house.token(Role::Viewer).await.token);
    let ask = || house.ask(Method::GET, ALERTS).header(header::AUTHORIZATION, &bearer).begin();
    let mut unread = Vec::new();
    let refused = loop {
        let answer = ask().await;
        if answer.status() != StatusCode::OK {
            break answer;
        }
        unread.push(answer);
        assert!(unread.len() < 4096, "there is no end to it");
    };
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(unread.len() >= 8, "{}", unread.len());
    unread.pop();
    assert_eq!(ask().await.status(), StatusCode::OK);
}

#[tokio::test]
async fn large_bodies_take_turns_and_keep_no_small_one_waiting() {
    let house = House::open().await;
    let (reads, mut read) = tokio::sync::mpsc::unbounded_channel();
    let post = || tokio::spawn(house.ask(Method::POST, ALERTS).json_text(endless(&reads)).begin());
    let posting: Vec<_> = (0..5).map(|_| post()).collect();
    for _ in 0..4 {
        read.recv().await.unwrap();
    }
    house.post_alerts("[]").await.ok();
    assert!(read.try_recv().is_err(), "there is no turn for the fifth");
    posting.iter().take(4).for_each(tokio::task::JoinHandle::abort);
    timeout(PATIENCE, read.recv()).await.unwrap().unwrap();
    posting[4].abort();
}
