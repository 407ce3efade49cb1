//! Rules and alerts as Prometheus shows them.

use larum_core::alert::{Measured, PolicyId};
use larum_core::label::LabelSet;
use larum_core::policy::{Outcome, PolicyDraft, SeriesValue};
use larum_store::accounts::Role;
use serde_json::{Value, json};
use std::time::Duration;

use crate::house::House;

/// Makes a policy that fires at once.
async fn policy(house: &House, name: &str, hold: Duration) -> PolicyId {
    let draft = PolicyDraft {
        name: name.into(),
        expr: "tank_level>80".into(),
        hold,
        summary: "The tank is {{ $value }} % full".into(),
        ..PolicyDraft::default()
    };
    house.engine.save_policy(None, draft, "test").await.unwrap().policy.id
}

/// Lets an evaluation find one tank too full.
async fn found(house: &House, policy: PolicyId, level: f64) {
    let value = SeriesValue {
        labels: LabelSet::from_pairs([("__name__", "tank_level"), ("tank", "a")]),
        set_labels: Vec::new(),
        annotations: LabelSet::from_pairs([("summary", "The tank is 93 % full")]),
        generator_url: "".into(),
        measured: Measured { value: level, text: "93 %".into() },
    };
    let outcome = Outcome::Series { series: vec![value], complete: true, warnings: Vec::new() };
    evaluated(house, policy, outcome).await;
}

/// Lets an evaluation come to this.
async fn evaluated(house: &House, policy: PolicyId, outcome: Outcome) {
    house.engine.evaluated(policy, 1, outcome, Duration::from_millis(250)).await;
    // What comes later is answered later: then the evaluation is taken in.
    let answer = house.post_alerts(r#"[{"labels":{"alertname":"Later"}}]"#).await;
    assert!(answer.status.is_success());
}

/// The rules of the group `custom`.
fn custom(answer: &Value) -> Value {
    let groups = answer["data"]["groups"].as_array().unwrap();
    let group = groups.iter().find(|group| group["name"] == "custom");
    group.map_or(Value::Null, |group| group["rules"].clone())
}

#[tokio::test]
async fn a_policy_is_a_rule_with_its_alerts() {
    let house = House::open().await;
    let id = policy(&house, "TankTooFull", Duration::from_secs(300)).await;
    let viewer = house.token(Role::Viewer).await;
    let fresh = &custom(&viewer.prometheus("/rules").await.ok())[0];
    assert_eq!(
        (&fresh["health"], &fresh["lastEvaluation"]),
        (&json!("unknown"), &json!("0001-01-01T00:00:00Z"))
    );

    found(&house, id, 93.0).await;
    let answer = viewer.prometheus("/rules").await.ok();
    let group = answer["data"]["groups"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&group["file"], &group["interval"], &group["limit"]),
        (&json!("larum"), &json!(15), &json!(0))
    );
    let rule = &custom(&answer)[0];
    let active_at = rule["alerts"][0]["activeAt"].clone();
    assert!(active_at.as_str().unwrap().ends_with('Z'));
    let mut shown = rule.clone();
    let last = shown["lastEvaluation"].take();
    assert_eq!(last, group["lastEvaluation"]);
    assert_eq!(
        shown,
        json!({
            "state": "pending", "name": "TankTooFull", "query": "tank_level > 80", "duration": 300,
            "keepFiringFor": 0, "labels": { "severity": "warning" },
            "annotations": { "summary": "The tank is {{ $value }} % full" },
            "alerts": [{
                "labels": { "alertname": "TankTooFull", "severity": "warning", "tank": "a" },
                "annotations": { "summary": "The tank is 93 % full" },
                "state": "pending", "activeAt": active_at, "value": "9.3e+01",
            }],
            "health": "ok", "evaluationTime": 0.25, "lastEvaluation": null, "type": "alerting",
        })
    );
    assert_eq!(viewer.prometheus("/alerts").await.ok()["data"]["alerts"], rule["alerts"]);
}

#[tokio::test]
async fn the_state_of_a_rule_is_that_of_its_worst_alert() {
    let house = House::open().await;
    let id = policy(&house, "TankTooFull", Duration::ZERO).await;
    let viewer = house.token(Role::Viewer).await;
    assert_eq!(custom(&viewer.prometheus("/rules").await.ok())[0]["state"], "inactive");
    found(&house, id, 93.0).await;
    assert_eq!(custom(&viewer.prometheus("/rules").await.ok())[0]["state"], "firing");
    evaluated(&house, id, Outcome::Failed("no source".to_owned())).await;
    let rule = custom(&viewer.prometheus("/rules?exclude_alerts=true").await.ok())[0].clone();
    assert_eq!(
        (&rule["state"], &rule["health"], &rule["lastError"]),
        (&json!("firing"), &json!("err"), &json!("no source"))
    );
    assert_eq!(rule["alerts"], Value::Null);
}

#[tokio::test]
async fn no_data_is_not_shown_as_healthy() {
    let house = House::open().await;
    let id = policy(&house, "TankTooFull", Duration::ZERO).await;
    let nothing = Outcome::NoData { selectors: vec!["tank_level".to_owned()], complete: true };
    evaluated(&house, id, nothing).await;
    let viewer = house.token(Role::Viewer).await;
    let rule = custom(&viewer.prometheus("/rules").await.ok())[0].clone();
    assert_eq!((&rule["state"], &rule["health"]), (&json!("inactive"), &json!("unknown")));
    assert!(rule["lastError"].as_str().unwrap().starts_with("no data: nothing matches tank_level since "));
}

#[tokio::test]
async fn rules_are_chosen_by_name_group_file_label_and_type() {
    let house = House::open().await;
    policy(&house, "One", Duration::ZERO).await;
    policy(&house, "Two", Duration::ZERO).await;
    let viewer = house.token(Role::Viewer).await;
    let names = async |question: &str| -> Vec<String> {
        let rules = custom(&viewer.prometheus(&format!("/rules?{question}")).await.ok());
        let rules = rules.as_array().cloned().unwrap_or_default();
        rules.iter().map(|rule| rule["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("").await, ["One", "Two"]);
    assert_eq!(names("rule_name[]=Two&rule_name[]=Three").await, ["Two"]);
    assert_eq!(names("rule_group[]=custom&file[]=larum&type=ALERT").await, ["One", "Two"]);
    assert_eq!(names("match[]=%7Bseverity=%22warning%22%7D").await, ["One", "Two"]);
    for nothing in
        ["type=record", "rule_group[]=other", "file[]=other", "match[]=%7Bseverity=%22critical%22%7D"]
    {
        assert_eq!(names(nothing).await, [""; 0], "{nothing}");
    }
}

#[tokio::test]
async fn groups_come_in_pages() {
    let house = House::open().await;
    policy(&house, "One", Duration::ZERO).await;
    let built_in = PolicyDraft {
        name: "Two".into(),
        expr: "up == 0".into(),
        summary: "It is down".into(),
        ..PolicyDraft::default()
    };
    house.engine.seed_policies(vec![("two".into(), built_in)]).await.unwrap();
    let viewer = house.token(Role::Viewer).await;
    let first = viewer.prometheus("/rules?group_limit=1").await.ok();
    assert_eq!(first["data"]["groups"][0]["name"], "built-in");
    let token = first["data"]["groupNextToken"].as_str().unwrap();
    let second = viewer.prometheus(&format!("/rules?group_limit=1&group_next_token={token}")).await.ok();
    assert_eq!(second["data"]["groups"][0]["name"], "custom");
    assert_eq!(second["data"]["groupNextToken"], Value::Null);
    let both = viewer.prometheus("/rules?group_limit=2").await.ok();
    assert_eq!(
        (both["data"]["groups"].as_array().unwrap().len(), &both["data"]["groupNextToken"]),
        (2, &Value::Null)
    );
}
