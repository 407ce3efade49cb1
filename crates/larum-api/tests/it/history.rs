//! The history of alerts and policies, and the timeline of one policy.

use std::time::Duration;

use larum_core::alert::PolicyId;
use larum_core::policy::Outcome;
use serde_json::{Value, json};

use crate::house::{Caller, House};

fn posted(name: &str, node: &str, ends: &str) -> String {
    let mut alert = json!({ "labels": { "alertname": name, "severity": "warning", "node": node },
        "annotations": { "summary": "It is hot" } });
    if !ends.is_empty() {
        alert["endsAt"] = json!(ends);
    }
    json!([alert]).to_string()
}

/// `firing → resolved Hot web-1`, the newest first.
async fn told(caller: &Caller<'_>, query: &str) -> Vec<String> {
    let history = caller.get(&format!("/history{query}")).await.ok();
    history["entries"].as_array().unwrap().iter().map(in_words).collect()
}

fn in_words(entry: &Value) -> String {
    let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    let node = entry["labels"]["node"].as_str().unwrap_or_default();
    format!("{} → {} {} {node}", text("from"), text("to"), text("name"))
}

#[tokio::test]
async fn what_fires_and_ends_stands_in_the_history_the_newest_first() {
    let house = House::open().await;
    let viewer = house.administrator().await;
    house.post_alerts(posted("Hot", "web-1", "")).await.ok();
    house.post_alerts(posted("Wet", "web-2", "")).await.ok();
    let now = house.engine.now().wall;
    let ended = jiff::Timestamp::from_millisecond(now.as_millis()).unwrap().to_string();
    house.post_alerts(posted("Hot", "web-1", &ended)).await.ok();
    assert_eq!(
        told(&viewer, "").await,
        ["firing → resolved Hot web-1", "inactive → firing Wet web-2", "inactive → firing Hot web-1"]
    );
    let history = viewer.get("/history").await.ok();
    assert_eq!(history["counts"], json!({ "firing": 2, "resolved": 1 }));
    let first = &history["entries"][0];
    assert_eq!((&first["reason"], &first["summary"]), (&json!("resolved"), &json!("It is hot")));
    assert_eq!(
        viewer.get(&format!("/alerts/{}", first["alert"].as_str().unwrap())).await.ok()["name"],
        "Hot"
    );
}

#[tokio::test]
async fn the_history_is_searched_by_matchers_text_state_and_time() {
    let house = House::open().await;
    let viewer = house.administrator().await;
    for node in ["web-1", "web-2", "db-1"] {
        house.post_alerts(posted("Hot", node, "")).await.ok();
    }
    assert_eq!(
        told(&viewer, "?filter=node%3D~%22web-.*%22&filter=node!%3Dweb-1").await,
        ["inactive → firing Hot web-2"]
    );
    assert_eq!(told(&viewer, "?q=DB").await, ["inactive → firing Hot db-1"]);
    assert_eq!(told(&viewer, "?state=resolved").await, [""; 0]);
    assert_eq!(told(&viewer, "?severity=critical").await, [""; 0]);
    assert_eq!(told(&viewer, "?to=2001-01-01T00:00:00Z").await, [""; 0]);
    for (query, field) in [
        ("filter=%7B", "filter"),
        ("filter=node%3D~%22(%22", "filter"),
        ("state=odd", "state"),
        ("from=yesterday", "from"),
        ("before=1.2", "before"),
        ("from=2001-01-02T00:00:00Z&to=2001-01-01T00:00:00Z", "from"),
    ] {
        let (status, code, place) = viewer.get(&format!("/history?{query}")).await.problem();
        assert_eq!((status, code.as_str(), place.as_str()), (422, "invalid", field), "{query}");
    }
}

#[tokio::test]
async fn pages_follow_one_another_and_leave_nothing_out() {
    let house = House::open().await;
    let viewer = house.administrator().await;
    for i in 0..7 {
        house.post_alerts(posted("Hot", &format!("n{i}"), "")).await.ok();
    }
    for filter in ["", "&q=hot"] {
        let mut seen = Vec::new();
        let mut before = String::new();
        for _ in 0..4 {
            let page = viewer.get(&format!("/history?limit=3{filter}&before={before}")).await.ok();
            seen.extend(page["entries"].as_array().unwrap().iter().map(in_words));
            let Some(next) = page["next"].as_str() else { break };
            next.clone_into(&mut before);
        }
        let expected: Vec<String> = (0..7).rev().map(|i| format!("inactive → firing Hot n{i}")).collect();
        assert_eq!(seen, expected);
    }
}

#[tokio::test]
async fn a_policy_that_fails_and_is_switched_off_shows_it_in_its_timeline() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let draft = json!({ "name": "Up", "severity": "warning", "for": "5m", "enabled": true,
        "expr": "up == 0", "summary": "Down", "details": "" });
    let policy = administrator.post("/policies", draft).await.ok();
    let id = PolicyId(policy["id"].as_u64().unwrap());
    let failed = Outcome::Failed("the source is down".into());
    house.engine.evaluated(id, 1, failed, Duration::from_millis(3)).await;
    // What is answered after it is known after it.
    house.post_alerts(posted("Hot", "web-1", "")).await.ok();
    let path = format!("/policies/{id}");
    let timeline = administrator.get(&format!("{path}/timeline")).await.ok();
    assert_eq!(timeline["policy"][0]["state"], "error");
    assert_eq!(timeline["policy"][0]["to"], Value::Null);
    assert_eq!((&timeline["series"], &timeline["fired"]), (&json!([]), &json!(0)));
    administrator.put(&format!("{path}/enabled"), json!({ "enabled": false, "version": 1 })).await.ok();
    let timeline = administrator.get(&format!("{path}/timeline")).await.ok();
    let states: Vec<&Value> =
        timeline["policy"].as_array().unwrap().iter().map(|span| &span["state"]).collect();
    assert_eq!(states, ["error", "disabled"]);
    assert!(timeline["policy"][0]["to"].is_string());
    assert_eq!(
        told(&administrator, &format!("?policy={id}")).await,
        ["error → disabled Up ", "inactive → error Up "]
    );
    let entry = &administrator.get(&format!("/history?policy={id}&state=error")).await.ok()["entries"][0];
    assert_eq!((&entry["detail"], &entry["policy"]["name"]), (&json!("the source is down"), &json!("Up")));
    assert_eq!(administrator.get("/policies/999999/timeline").await.problem().1, "not_found");
}
