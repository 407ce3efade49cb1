//! What is inhibited, as clients of Alertmanager and as people see it.

use axum::http::StatusCode;
use larum_core::inhibit::InhibitRule;
use larum_core::matcher::Matcher;
use serde_json::{Value, json};

use crate::alertmanager::{list, names};
use crate::doorway::metrics;
use crate::house::{Caller, House, Opening, PATIENCE};
use crate::walk::{receiver, until};

const DOWN: &str = r#"{"alertname":"NodeDown","node":"web-1"}"#;
const SLOW: &str = r#"{"alertname":"Slow","node":"web-1"}"#;

/// A node that is down inhibits what is slow on it.
async fn house() -> House {
    let rule = InhibitRule {
        name: "node-down".into(),
        source: vec![Matcher::equal("alertname", "NodeDown")],
        target: vec![Matcher::equal("alertname", "Slow")],
        equal: vec!["node".into()],
    };
    House::open_as(Opening { inhibitions: [rule].into(), ..Opening::default() }).await
}

async fn fire(house: &House, alerts: &[&str]) {
    let alerts: Vec<String> = alerts.iter().map(|labels| format!(r#"{{"labels":{labels}}}"#)).collect();
    let answer = house.post_alerts(format!("[{}]", alerts.join(","))).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

async fn end(house: &House, labels: &str) {
    let now = jiff::Timestamp::from_millisecond(house.engine.now().wall.as_millis()).unwrap();
    house.post_alerts(format!(r#"[{{"labels":{labels},"endsAt":"{now}"}}]"#)).await.ok();
}

/// The alert of this name, with all that is known of it, once it is as it should be.
async fn shown(caller: &Caller<'_>, name: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let found = |answer: &Value| answer["alerts"].as_array()?.iter().find(|a| a["name"] == name).cloned();
    let answer = until(caller, "/alerts?state=firing,resolved", |answer| {
        found(answer).is_some_and(|alert| wanted(&alert))
    });
    let id = found(&answer.await).unwrap()["id"].as_str().unwrap().to_owned();
    caller.get(&format!("/alerts/{id}")).await.ok()
}

#[tokio::test]
async fn alertmanagers_clients_see_what_is_suppressed_and_by_what() {
    let house = house().await;
    fire(&house, &[DOWN, SLOW, r#"{"alertname":"Slow","node":"web-2"}"#]).await;
    let administrator = house.administrator().await;
    let all = list(&administrator, "?filter=node%3Dweb-1").await.ok();
    let by_name = |name: &str| {
        all.as_array().unwrap().iter().find(|alert| alert["labels"]["alertname"] == name).unwrap().clone()
    };
    let (down, slow) = (by_name("NodeDown"), by_name("Slow"));
    let nobody = json!({ "inhibitedBy": [], "mutedBy": [], "silencedBy": [], "state": "active" });
    assert_eq!(down["status"], nobody);
    let by = json!([down["fingerprint"]]);
    assert_eq!(
        slow["status"],
        json!({ "inhibitedBy": by, "mutedBy": [], "silencedBy": [], "state": "suppressed" })
    );
    let found = async |query: &str| names(&list(&administrator, query).await);
    assert_eq!(found("").await, ["NodeDown", "Slow", "Slow"]);
    assert_eq!(found("?inhibited=false").await, ["NodeDown", "Slow"]);
    assert_eq!(found("?active=false").await, ["Slow"]);
    assert_eq!(found("?active=false&inhibited=maybe").await, [""; 0]);
    end(&house, DOWN).await;
    assert_eq!(found("?active=false").await, [""; 0], "its end inhibits nothing");
}

#[tokio::test]
async fn people_see_by_what_an_alert_is_inhibited_and_that_it_is_told_after_that() {
    let house = house().await;
    let administrator = house.administrator().await;
    receiver(&administrator, &["alerts"]).await;
    fire(&house, &[DOWN, SLOW]).await;
    let slow = shown(&administrator, "Slow", |alert| !alert["inhibited"].is_null()).await;
    let down = shown(&administrator, "NodeDown", |_| true).await;
    let by = json!({ "rule": "node-down", "alert": down["id"], "name": "NodeDown", "target": "node web-1" });
    assert_eq!((&slow["inhibited"], &down["inhibited"]), (&by, &Value::Null));
    let told = &slow["receivers"][0];
    assert_eq!((&told["state"], &told["inhibited"]), (&json!("not_told"), &by));
    let words = "Inhibited by NodeDown (node web-1), rule node-down. Told at its group's next turn once that is over.";
    assert_eq!(told["sentence"], words);
    let rules = administrator.get("/inhibitions").await.ok();
    assert_eq!(
        rules["inhibitions"],
        json!([{ "name": "node-down", "source": ["alertname=\"NodeDown\""], "target": ["alertname=\"Slow\""],
            "equal": ["node"], "sources": 1, "hides": 1 }])
    );
    let hidden = administrator.get("/alerts?inhibited_by=node-down").await.ok();
    assert_eq!((&hidden["total"], &hidden["alerts"][0]["name"]), (&json!(1), &json!("Slow")));
    assert_eq!(administrator.get("/alerts?inhibited_by=another").await.ok()["total"], 0);
    let counted = "alertmanager_notifications_suppressed_total{reason=\"inhibition\"} 1";
    assert!(metrics(&house).await.contains(counted), "in Alertmanager's word");
    house.slack.control().wait_for_messages(0, Some("#alerts"), 1, PATIENCE).await.unwrap();
    end(&house, DOWN).await;
    let told = |alert: &Value| alert["receivers"][0]["state"] == "told";
    let slow = shown(&administrator, "Slow", told).await;
    assert_eq!(slow["inhibited"], Value::Null);
    end(&house, SLOW).await;
    let over = until(&administrator, "/alerts?state=resolved", |answer| answer["total"] == 2).await;
    assert_eq!(over["counts"]["state"]["firing"], 0);
}

#[tokio::test]
async fn what_ended_untold_says_by_what_it_was_inhibited() {
    let house = house().await;
    let administrator = house.administrator().await;
    receiver(&administrator, &["alerts"]).await;
    fire(&house, &[DOWN, SLOW]).await;
    house.slack.control().wait_for_messages(0, Some("#alerts"), 1, PATIENCE).await.unwrap();
    end(&house, SLOW).await;
    let slow = shown(&administrator, "Slow", |alert| alert["state"] == "resolved").await;
    let told = &slow["receivers"][0];
    let words = "Inhibited by NodeDown (node web-1), rule node-down.";
    assert_eq!((&told["state"], &told["sentence"]), (&json!("not_told"), &json!(words)));
    assert_eq!(told["inhibited"]["name"], "NodeDown");
}
