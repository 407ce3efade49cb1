//! What nobody should send, over HTTP: each is answered in words, nothing is lost, nothing panics.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::house::{House, answer};
use crate::larum::PATIENCE;

/// A body and what Alertmanager's API answers to it.
fn bad_alerts() -> Vec<(&'static str, Vec<u8>, StatusCode)> {
    let many: serde_json::Map<String, Value> =
        (0..10_000).map(|n| (format!("label_{n}"), json!("x"))).collect();
    let text = |value: Value| value.to_string().into_bytes();
    vec![
        ("no JSON", b"{[".to_vec(), StatusCode::BAD_REQUEST),
        ("nothing", Vec::new(), StatusCode::BAD_REQUEST),
        ("a word", text(json!("alert")), StatusCode::BAD_REQUEST),
        ("labels as a list", text(json!([{"labels": ["a"]}])), StatusCode::BAD_REQUEST),
        ("a number as a label", text(json!([{"labels": {"alertname": 1}}])), StatusCode::BAD_REQUEST),
        ("no labels", text(json!([{"labels": {}}])), StatusCode::BAD_REQUEST),
        ("10,000 labels", text(json!([{"labels": many}])), StatusCode::BAD_REQUEST),
        ("broken UTF-8", b"[{\"labels\":{\"alertname\":\"\xff\xfe\"}}]".to_vec(), StatusCode::BAD_REQUEST),
        (
            "a time that is none",
            text(json!([{"labels": {"a": "b"}, "startsAt": "today"}])),
            StatusCode::BAD_REQUEST,
        ),
        ("too much", vec![b' '; 64 << 20], StatusCode::PAYLOAD_TOO_LARGE),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_that_make_no_sense_are_refused_in_words() {
    let house = House::start().await;
    for (what, body, expected) in bad_alerts() {
        let post = house.administrator.request(Method::POST, "/api/v2/alerts");
        let sent = post.header("Content-Type", "application/json").body(body).send().await;
        // Whoever sends far too much may find the door closed before the end.
        let Ok(answered) = sent else {
            assert_eq!(expected, StatusCode::PAYLOAD_TOO_LARGE, "{what}");
            continue;
        };
        let status = answered.status();
        let words = answered.text().await.unwrap_or_default();
        let refused = [expected, StatusCode::UNPROCESSABLE_ENTITY].contains(&status);
        assert!(refused && words.len() > 10, "{what}: {status} {words}");
    }
    let kept = house.administrator.read("/alerts").await;
    let kept = kept["alerts"].as_array().expect("alerts are listed");
    assert!(kept.iter().all(|alert| alert["origin"] == "policy"), "{kept:?}");
    assert!(!house.larum.log().contains("panicked"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_in_an_alert_is_only_text() {
    let house = House::start().await;
    house.receiver(&["#alerts"], json!([{"label": "hostile", "operator": "Exists", "values": []}])).await;
    house.administrator.group(&["alertname"], "0s", "1s").await;
    let nasty =
        "<!channel> <@U1> \"quoted\" 'single'\n*line* `code` \u{202e}right to left\u{2066} & <script>";
    let alert = json!([{
        "labels": {"alertname": nasty, "hostile": nasty, "severity": "critical"},
        "annotations": {"summary": nasty, "description": nasty},
    }]);
    let (status, words) = house.administrator.post_alerts(&alert).await;
    assert_eq!(status, StatusCode::OK, "{words}");

    let heard =
        house.slack.control().wait_for_messages(0, Some("#alerts"), 1, PATIENCE).await.expect("a channel");
    let message = heard[0].message.to_string();
    assert!(message.contains("&lt;!channel&gt;"), "{message}");
    for ping in ["<!channel>", "<@U1>", "<script>", "\u{202e}", "\\u202e"] {
        assert!(!message.contains(ping), "{ping:?} in {message}");
    }
    let shown = house.administrator.read("/alerts?state=firing").await;
    let kept =
        shown["alerts"].as_array().is_some_and(|all| all.iter().any(|one| one["labels"]["hostile"] == nasty));
    assert!(kept, "the console has it as it came: {shown}");
    assert!(
        !house.larum.log().lines().any(|line| line.starts_with("*line*")),
        "a line of the log was forged"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn larums_own_api_names_the_field_that_is_wrong() {
    let house = House::start().await;
    let receiver = |token: &str, channels: Value, conditions: Value| json!({"name": "ops", "token": token, "channels": channels, "conditions": conditions, "enabled": true});
    let token = house.slack.bot_token.as_str();
    let many: Vec<String> = (0..21).map(|number| format!("#channel-{number}")).collect();
    let policy = |change: Value| {
        let mut draft = json!({
            "name": "Memory", "severity": "critical", "for": "0s", "summary": "", "details": "", "enabled": true,
            "template": {"metric": "memory", "comparator": ">", "threshold": 1},
        });
        draft.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
        draft
    };
    let bad = [
        ("/receivers", receiver("xoxb-1\n2", json!(["#alerts"]), Value::Null), "token"),
        ("/receivers", receiver("", json!(["#alerts"]), Value::Null), "token"),
        ("/receivers", receiver("xoxb-0-0-nobody", json!(["#alerts"]), Value::Null), "token"),
        ("/receivers", receiver(token, json!([]), Value::Null), "channels"),
        ("/receivers", receiver(token, json!(many), Value::Null), "channels"),
        ("/receivers", receiver(token, json!(["#alerts", " Alerts "]), Value::Null), "channels"),
        ("/receivers", receiver(token, json!(["#alerts"]), json!([])), "conditions"),
        ("/policies", policy(json!({"name": ""})), "name"),
        ("/policies", policy(json!({"for": "-5m"})), "for"),
        ("/policies", policy(json!({"summary": "{{ nonsense"})), "summary"),
    ];
    for (path, body, field) in bad {
        let (status, problem) = house.administrator.ask(Method::POST, path, &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {problem}");
        let named = problem["field"].as_str().is_some_and(|named| named.starts_with(field));
        assert!(named, "{body}: {problem}");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.len() > 15), "{problem}");
        assert!(!problem.to_string().contains("xoxb-1\\n2"), "a secret comes back: {problem}");
    }
    let (status, problem) = house.administrator.ask(Method::POST, "/receivers", &json!([1])).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    assert!(!house.larum.log().contains("panicked"));
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_are_kept_out() {
    let house = House::start().await;
    let stranger = crate::house::http_client();
    let at = |path: &str| format!("http://{}{path}", house.larum.address);
    for path in
        ["/api/v2/alerts", "/api/larum/v1/alerts", "/api/larum/v1/receivers", "/api/larum/v1/deliveries"]
    {
        let (status, _) = answer(stranger.get(at(path))).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{path}");
    }
    let (status, _) = answer(stranger.get(at("/api/larum/v1/status")).header("Host", "evil.example")).await;
    assert!(status.is_client_error(), "another host's name was taken: {status}");
    let elsewhere = stranger.post(at("/api/larum/v1/session")).header("Origin", "http://evil.example");
    let (status, problem) = answer(elsewhere.json(&json!({"name": "admin", "password": "x"}))).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "{problem}");
}
