//! One alert, seen from the console: due, told, resolved; its delivery; what waits and why; live.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use larum_sandbox::{Behaviour, ChannelChange, Fault};
use serde_json::{Value, json};

use crate::house::{Caller, House, PATIENCE};

const FIRING: &str = r#"[{"labels":{"alertname":"DiskFull","severity":"critical","namespace":"prod","pod":"db-0"},
    "annotations":{"summary":"It is <full>","description":"Really."},"generatorURL":"javascript:alert(1)"}]"#;

pub async fn receiver(administrator: &Caller<'_>, channels: &[&str]) -> Value {
    let grouping = json!({ "group_by": ["alertname"], "group_wait": "0s", "group_interval": "1s", "repeat_interval": "1h", "version": 0 });
    administrator.put("/settings/grouping", grouping).await.ok();
    let token = &administrator.house.slack.bot_token;
    let draft =
        json!({ "name": "Slack", "token": token, "channels": channels, "conditions": null, "enabled": true });
    administrator.post("/receivers", draft).await.ok()
}

/// Asks again after each change until the answer is as it should be.
pub async fn until(administrator: &Caller<'_>, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let mut changes = administrator.house.engine.changes();
    let asking = async {
        loop {
            let answer = administrator.get(path).await.ok();
            if wanted(&answer) {
                return answer;
            }
            changes.recv().await.unwrap();
        }
    };
    tokio::time::timeout(PATIENCE, asking)
        .await
        .unwrap_or_else(|_| panic!("{path} never came to be as wanted"))
}

#[tokio::test]
async fn an_alert_is_shown_with_who_was_told_and_its_delivery_with_what_was_sent() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    receiver(&administrator, &["alerts"]).await;
    house.post_alerts(FIRING).await.ok();
    house.slack.control().wait_for_messages(0, Some("#alerts"), 1, PATIENCE).await.unwrap();
    let told = |answer: &Value| answer["alerts"][0]["receivers"][0]["state"] == "told";
    let alerts = until(&administrator, "/alerts", told).await;
    assert_eq!(
        alerts["counts"],
        json!({ "state": { "firing": 1, "pending": 0, "resolved": 0 }, "severity": { "critical": 1 } })
    );
    let alert = &alerts["alerts"][0];
    assert_eq!(
        (&alert["state"], &alert["summary"], &alert["details"]),
        (&json!("firing"), &json!("It is <full>"), &json!("Really."))
    );
    assert_eq!((&alert["target"], &alert["origin"]), (&json!("pod prod/db-0"), &json!("prometheus")));
    assert_eq!(alert["generator_url"], "", "only links to the web are links");
    let one = administrator.get(&format!("/alerts/{}", alert["id"].as_str().unwrap())).await.ok();
    assert_eq!(one["receivers"][0]["state"], "told");

    let deliveries = until(&administrator, "/deliveries?state=delivered", |answer| {
        answer["deliveries"][0]["id"].is_string()
    })
    .await;
    let delivery = &deliveries["deliveries"][0];
    assert_eq!(
        (&delivery["state"], &delivery["channel"], &delivery["reason"]),
        (&json!("delivered"), &json!("#alerts"), &json!("first notification"))
    );
    assert!(delivery["headline"].as_str().unwrap().contains("DiskFull"));
    assert!(delivery["permalink"].as_str().unwrap().contains("/archives/"));
    assert_eq!(delivery["group"]["labels"], json!({ "alertname": "DiskFull" }));
    let detail = administrator.get(&format!("/deliveries/{}", delivery["id"].as_str().unwrap())).await.ok();
    assert_eq!(detail["alerts"], json!([alert["id"]]));
    let message: Value = serde_json::from_str(detail["message"].as_str().unwrap()).unwrap();
    assert!(message["text"].as_str().unwrap().contains("DiskFull"));

    let now = jiff::Timestamp::from_millisecond(house.engine.now().wall.as_millis()).unwrap();
    let ended = format!("\"endsAt\":\"{now}\",\"annotations\"");
    house.post_alerts(FIRING.replace("\"annotations\"", &ended)).await.ok();
    let resolved = until(&administrator, "/alerts?state=resolved", |answer| answer["total"] == 1).await;
    assert_eq!(
        (&resolved["alerts"][0]["state"], &resolved["alerts"][0]["end_reason"]),
        (&json!("resolved"), &json!("resolved"))
    );
    assert_eq!(administrator.get("/alerts").await.ok()["total"], 0);
}

#[tokio::test]
async fn a_paused_channel_says_why_and_a_retry_after_the_invitation_delivers() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let saved = receiver(&administrator, &["alerts", "random"]).await;
    house.post_alerts(FIRING).await.ok();
    let paused = |answer: &Value| !answer["receivers"][0]["channels"][1]["paused"].is_null();
    let receivers = until(&administrator, "/receivers", paused).await;
    let channel = &receivers["receivers"][0]["channels"][1];
    assert_eq!(
        (&channel["state"], &channel["waiting"], &channel["invite"]),
        (&json!("invite_needed"), &json!(1), &json!("/invite @larum"))
    );
    assert_eq!(channel["paused"]["error"], "not_in_channel");
    assert!(channel["paused"]["sentence"].as_str().unwrap().contains("/invite @larum"));
    let status = administrator.get("/status").await.ok();
    assert_eq!((&status["told"]["state"], &status["paused_channels"]), (&json!("paused"), &json!(1)));

    let path = "/deliveries?state=waiting,sending&channel=%23random";
    let refused = |answer: &Value| answer["deliveries"][0]["error"] == "not_in_channel";
    let waiting = until(&administrator, path, refused).await;
    let delivery = &waiting["deliveries"][0];
    assert!(delivery["waits_for"].as_str().unwrap().starts_with("paused: "), "{delivery}");
    assert_eq!(delivery["paused_since"], channel["paused"]["since"]);
    assert_eq!(waiting["counts"]["waiting"], 1);
    let invited = ChannelChange { bot_is_member: Some(true), ..ChannelChange::default() };
    house.slack.control().change_channel("random", invited).unwrap();
    let retry = administrator
        .post(&format!("/deliveries/{}/retry", delivery["id"].as_str().unwrap()), json!({}))
        .await;
    assert_eq!(retry.status, StatusCode::ACCEPTED);
    house.slack.control().wait_for_messages(0, Some("#random"), 1, PATIENCE).await.unwrap();
    until(&administrator, "/status", |answer| answer["told"]["state"] == "ok").await;
    let again = administrator
        .post(&format!("/deliveries/{}/retry", delivery["id"].as_str().unwrap()), json!({}))
        .await;
    assert_eq!(again.problem().1, "not_found");
    assert_eq!(saved["channels"][1]["state"], "invite_needed");
}

#[tokio::test]
async fn what_waits_says_behind_which_other_one() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    receiver(&administrator, &["alerts"]).await;
    let silent = Fault::of(Behaviour::Hang).on("chat.postMessage");
    house.slack.control().inject(silent).unwrap();
    house.post_alerts(FIRING).await.ok();
    let first = until(&administrator, "/deliveries", |answer| answer["deliveries"][0]["state"] == "sending");
    let first = first.await["deliveries"][0].clone();
    assert_eq!((&first["waits_for"], &first["waits_behind"]), (&json!("Slack's answer"), &Value::Null));
    house.post_alerts(FIRING.replace("db-0", "db-1")).await.ok();
    let both = |answer: &Value| answer["deliveries"].as_array().unwrap().len() == 2;
    let second = until(&administrator, "/deliveries", both).await["deliveries"][0].clone();
    assert_eq!(second["waits_for"], "what its group said before, which arrives first");
    assert_eq!((&second["waits_behind"], &second["paused_since"]), (&first["id"], &Value::Null));
}

#[tokio::test]
async fn metrics_say_how_things_stand_when_they_are_read() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    receiver(&administrator, &["alerts", "random"]).await;
    house.post_alerts(FIRING).await.ok();
    until(&administrator, "/status", |answer| answer["paused_channels"] == 1).await;
    until(&administrator, "/deliveries", |answer| answer["counts"]["delivered"] == 1).await;
    let bearer = format!("Bearer {}", administrator.token);
    let metric = async |name: &str| -> f64 {
        let asking = house.ask(Method::GET, "/metrics").header("authorization", &bearer);
        let text = asking.send().await.text;
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("there is no {name} in {text}")).parse().unwrap()
    };
    let age = metric("larum_outbox_oldest_age_seconds").await;
    let growing = async { while metric("larum_outbox_oldest_age_seconds").await <= age {} };
    tokio::time::timeout(PATIENCE, growing).await.expect("what waits grows older while nothing happens");
    assert_eq!(metric("larum_outbox_waiting").await, 1.0);
    let attempts = metric("alertmanager_notifications_total{integration=\"slack\"}").await;
    let failed =
        metric("alertmanager_notifications_failed_total{integration=\"slack\",reason=\"clientError\"}").await;
    assert_eq!((attempts, failed), (2.0, 1.0), "attempts count, as they do in Alertmanager");
    for limit in ["alerts", "groups", "receivers", "policies", "commands"] {
        let used = metric(&format!("larum_limit_used_ratio{{limit=\"{limit}\"}}")).await;
        assert!((0.0..1.0).contains(&used), "{limit}: {used}");
    }
    assert_eq!(metric("larum_limit_used_ratio{limit=\"receivers\"}").await, 0.01);
}

#[tokio::test]
async fn who_is_not_told_is_shown_with_the_reason() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let saved = receiver(&administrator, &["alerts"]).await;
    let mut update = json!({ "name": "Slack", "channels": ["alerts"], "enabled": true, "version": 1,
        "conditions": [{ "label": "severity", "operator": "In", "values": ["info"] }] });
    administrator.put(&format!("/receivers/{}", saved["id"]), update.clone()).await.ok();
    house.post_alerts(FIRING).await.ok();
    let reason = async || {
        let alert = administrator.get("/alerts").await.ok()["alerts"][0].clone();
        (alert["receivers"][0]["state"].clone(), alert["receivers"][0]["sentence"].clone())
    };
    let words = "Its notification conditions do not let this alert through.";
    assert_eq!(reason().await, (json!("not_told"), json!(words)));
    update["enabled"] = json!(false);
    update["version"] = json!(2);
    administrator.put(&format!("/receivers/{}", saved["id"]), update).await.ok();
    assert_eq!(reason().await, (json!("not_told"), json!("Receive Notifications is off.")));
    assert_eq!(administrator.get("/status").await.ok()["told"]["state"], "all_off");
}

#[tokio::test]
async fn severities_that_a_sender_invents_are_counted_as_far_as_they_are_frequent() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let severity = |n: usize| match n {
        0 => "info".to_owned(),
        1..=2 => "page".to_owned(),
        n => format!("invented {n}"),
    };
    let alert = |n: usize| json!({ "labels": { "alertname": format!("A{n}"), "severity": severity(n) } });
    house.post_alerts((0..100).map(alert).collect::<Value>().to_string()).await.ok();
    let counts = administrator.get("/alerts").await.ok()["counts"]["severity"].clone();
    assert_eq!(counts.as_object().unwrap().len(), 20);
    assert_eq!((&counts["info"], &counts["page"]), (&json!(1), &json!(2)));
}

#[tokio::test]
async fn alerts_are_found_by_state_severity_and_text_and_in_pages() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let alert = |n: usize| {
        json!({ "labels": { "alertname": format!("A{n}"), "severity": if n < 3 { "critical" } else { "info" }, "zone": "Zürich" },
        "startsAt": format!("2026-11-22T07:{:02}:00Z", n) })
    };
    let body: Value = (0..10).map(alert).collect();
    house.post_alerts(body.to_string()).await.ok();
    let names = async |query: &str| -> Vec<String> {
        let answer = administrator.get(&format!("/alerts{query}")).await.ok();
        answer["alerts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|alert| alert["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names("?severity=critical").await, ["A2", "A1", "A0"]);
    assert_eq!(names("?q=%20z%C3%9CRICH&limit=2&offset=1").await, ["A8", "A7"]);
    assert_eq!(names("?q=a7&state=firing").await, ["A7"]);
    assert_eq!(names("?policy=7").await, [""; 0]);
    assert_eq!(administrator.get("/alerts?limit=1").await.ok()["total"], 10);
    let now = jiff::Timestamp::from_millisecond(house.engine.now().wall.as_millis()).unwrap();
    let over = json!([{ "labels": alert(9)["labels"], "endsAt": now.to_string() }]);
    house.post_alerts(over.to_string()).await.ok();
    for query in ["", "?state=resolved"] {
        let counts = administrator.get(&format!("/alerts{query}")).await.ok()["counts"]["state"].clone();
        assert_eq!(counts, json!({ "firing": 9, "pending": 0, "resolved": 1 }), "{query}");
    }
    assert_eq!(names("?state=resolved").await, ["A9"]);
    assert_eq!(
        administrator.get("/alerts?state=burning").await.problem(),
        (422, "invalid".into(), "state".into())
    );
    assert_eq!(administrator.get("/alerts/0").await.problem().1, "not_found");
    assert_eq!(administrator.get("/alerts/%F0%9F%94%A5").await.problem().1, "not_found");
    assert_eq!(administrator.get("/deliveries?before=x").await.problem().2, "before");
    assert_eq!(administrator.get("/deliveries/1").await.problem().1, "not_found");
}

#[tokio::test]
async fn grouping_is_read_and_changed_with_its_limits() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let grouping = administrator.get("/settings/grouping").await.ok();
    let expected = json!({ "group_by": ["alertname", "namespace"], "group_wait": "30s", "group_interval": "5m", "repeat_interval": "12h", "version": 0, "updated_at": null, "updated_by": null });
    assert_eq!(grouping, expected);
    let with = |key: &str, value: Value| {
        let mut changed = grouping.clone();
        changed[key] = value;
        changed
    };
    let saved = administrator.put("/settings/grouping", with("group_wait", json!("0s"))).await.ok();
    assert_eq!((&saved["group_wait"], &saved["version"]), (&json!("0s"), &json!(1)));
    let stale = administrator.put("/settings/grouping", grouping.clone()).await;
    let current = &stale.json()["current"];
    assert_eq!(
        (stale.problem().1.as_str(), &current["group_wait"], &current["updated_by"]),
        ("conflict", &json!("0s"), &json!("token test"))
    );
    assert!(current["updated_at"].is_string());
    for (key, value) in [
        ("group_wait", json!("soon")),
        ("group_interval", json!("0s")),
        ("repeat_interval", json!("100d")),
        ("group_by", json!(["", "a"])),
        ("group_by", json!(["...", "a"])),
    ] {
        let refused = administrator.put("/settings/grouping", with(key, value)).await.problem();
        assert_eq!(refused, (422, "invalid".into(), key.into()));
    }
}

#[tokio::test]
async fn a_page_is_told_what_to_fetch_again() {
    use futures_util::StreamExt;
    use tower::ServiceExt;
    let house = House::open().await;
    let administrator = house.administrator().await;
    let request = axum::http::Request::builder()
        .method(Method::GET)
        .uri("/api/larum/v1/events")
        .header("host", "127.0.0.1:9093")
        .header("authorization", format!("Bearer {}", administrator.token))
        .body(axum::body::Body::empty())
        .unwrap();
    let response = house.doors.clone().oneshot(request).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut events = response.into_body().into_data_stream();
    house.post_alerts(FIRING).await.ok();
    let mut text = String::new();
    let reading = async {
        while !text.contains("\"alerts\"") {
            text.push_str(&String::from_utf8_lossy(&events.next().await.unwrap().unwrap()));
        }
    };
    tokio::time::timeout(PATIENCE, reading).await.unwrap();
    assert!(text.starts_with("event: changed\ndata: {\"topics\":["), "{text}");
    house.closing.close();
    let rest = async { while events.next().await.is_some() {} };
    tokio::time::timeout(Duration::from_secs(5), rest).await.expect("the stream ends when Larum stops");
    assert_eq!(house.ask(Method::GET, "/-/ready").send().await.status, StatusCode::SERVICE_UNAVAILABLE);
}
