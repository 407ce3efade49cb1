//! The switch, the metrics source, rule files, runbooks and heartbeats.

use std::sync::Arc;
use std::time::Duration;

use larum_core::alert::Measured;
use larum_core::label::LabelSet;
use larum_core::policy::{Outcome, PolicyDraft, SeriesValue};
use larum_core::severity::Severity;
use larum_core::time::{Now, Steady, Timestamp};
use larum_engine::{Handle, Hands, KnownFile, RuleFiles};
use larum_rules::RuleFile;
use larum_store::accounts::Role;
use serde_json::{Value, json};

use crate::house::{House, Opening};

const PROMETHEUS_SAYS: &str = r#"[{"labels":{"alertname":"DiskFull","severity":"critical"}}]"#;

/// A policy that fires.
async fn firing(house: &House, draft: PolicyDraft) -> u64 {
    let policy = house.engine.save_policy(None, draft, "test").await.unwrap().policy;
    let series = vec![SeriesValue {
        labels: LabelSet::from_pairs([("tank", "a")]),
        set_labels: Vec::new(),
        annotations: LabelSet::default(),
        generator_url: "".into(),
        measured: Measured { value: 93.0, text: "93 %".into() },
    }];
    let outcome = Outcome::Series { series, complete: true, warnings: Vec::new() };
    house.engine.evaluated(policy.id, policy.version, outcome, Duration::ZERO).await;
    // What comes later is answered later: then the evaluation is taken in.
    assert!(house.post_alerts(PROMETHEUS_SAYS).await.status.is_success());
    policy.id.0
}

fn tank() -> PolicyDraft {
    PolicyDraft {
        name: "TankTooFull".into(),
        expr: "tank_level > 80".into(),
        summary: "Too full".into(),
        hold: Duration::ZERO,
        ..PolicyDraft::default()
    }
}

#[tokio::test]
async fn switching_alerting_off_ends_what_policies_say_and_nothing_else() {
    let house = House::open().await;
    let ada = house.administrator().await;
    firing(&house, tank()).await;
    let before = ada.get("/settings/alerting").await.ok();
    assert_eq!(
        before,
        json!({
            "enabled": true, "version": 0, "updated_at": null, "updated_by": null,
            "from_policies": { "pending": 0, "firing": 1 }, "from_outside": 1,
        })
    );
    let off = ada.put("/settings/alerting", json!({ "enabled": false, "version": 0 })).await.ok();
    assert_eq!((&off["enabled"], &off["version"]), (&json!(false), &json!(1)));
    assert_eq!(off["from_policies"], json!({ "pending": 0, "firing": 0 }));
    assert_eq!(off["from_outside"], 1);

    let status = ada.get("/status").await.ok();
    assert_eq!(status["alerting"]["enabled"], false);
    assert_eq!(
        (&status["alerting"]["since"], &status["alerting"]["by"]),
        (&off["updated_at"], &off["updated_by"])
    );
    let alerts = ada.get("/alerts?state=firing,resolved").await.ok();
    let told: Vec<(&Value, &Value)> = alerts["alerts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|alert| (&alert["name"], &alert["end_reason"]))
        .collect();
    assert_eq!(told, [(&json!("DiskFull"), &Value::Null), (&json!("TankTooFull"), &json!("alerting off"))]);
}

#[tokio::test]
async fn who_comes_late_to_the_switch_is_told_how_it_is() {
    let house = House::open().await;
    let ada = house.administrator().await;
    ada.put("/settings/alerting", json!({ "enabled": false, "version": 0 })).await.ok();
    let late = ada.put("/settings/alerting", json!({ "enabled": true, "version": 0 })).await;
    assert_eq!(late.problem(), (409, "conflict".to_owned(), String::new()));
    assert_eq!(late.detail(), "token test changed alerting in the meantime: see what it is now.");
    assert_eq!(
        (&late.json()["current"]["enabled"], &late.json()["current"]["version"]),
        (&json!(false), &json!(1))
    );
    let on = ada.put("/settings/alerting", json!({ "enabled": true, "version": 1 })).await.ok();
    assert_eq!((&on["enabled"], &on["version"]), (&json!(true), &json!(2)));
}

#[tokio::test]
async fn a_viewer_sees_that_alerting_is_off_but_cannot_switch_it() {
    let house = House::open().await;
    let viewer = house.token(Role::Viewer).await;
    let answer = viewer.put("/settings/alerting", json!({ "enabled": false, "version": 0 })).await;
    assert_eq!(answer.problem().0, 403);
    let status = viewer.get("/status").await.ok();
    assert_eq!(status["alerting"], json!({ "enabled": true, "since": null, "by": null }));
    assert_eq!(viewer.post("/rule-files/reload", Value::Null).await.problem().0, 403);
}

const RULES: &str = "groups:
- name: tanks
  interval: 1m
  rules:
  - record: tank:level:max
    expr: max(tank_level)
  - alert: TankTooFull
    expr: tank:level:max > 80
    labels: { severity: critical }
  - alert: Mistyped
    expr: tank_level >
";

/// Puts one file into force, as the binary does.
async fn put(engine: &Handle, text: &str) {
    let (sound, broken) = RuleFile::parse_sound(text).unwrap();
    let mut files = RuleFiles::default();
    let file = KnownFile { sound: Arc::new(sound), broken, error: None };
    files.files.insert("/etc/larum/tanks.yml".into(), file);
    engine.put_rule_files(files).await.unwrap();
}

#[tokio::test]
async fn rule_files_show_their_rules_and_what_is_wrong_at_its_place() {
    let house = House::open().await;
    put(&house.engine, RULES).await;
    let viewer = house.token(Role::Viewer).await;
    let file = viewer.get("/rule-files").await.ok()["files"][0].clone();
    assert_eq!((&file["path"], &file["error"]), (&json!("/etc/larum/tanks.yml"), &Value::Null));
    let broken = &file["broken"][0];
    assert_eq!(
        (&broken["group"], &broken["rule"], &broken["policy"]),
        (&json!("tanks"), &json!("Mistyped"), &Value::Null)
    );
    assert_eq!((&broken["line"], &broken["column"]), (&json!(11), &json!(11)));
    assert!(broken["message"].as_str().unwrap().contains("could not parse expression"), "{broken}");
    let group = &file["groups"][0];
    assert_eq!(
        (&group["name"], &group["interval"], &group["missed"]),
        (&json!("tanks"), &json!("1m"), &json!(0))
    );
    let rules: Vec<_> = group["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| (&rule["kind"], &rule["name"], &rule["line"]))
        .collect();
    assert_eq!(
        rules,
        [
            (&json!("recording"), &json!("tank:level:max"), &json!(5)),
            (&json!("alerting"), &json!("TankTooFull"), &json!(7)),
        ]
    );
    let policy = group["rules"][1]["policy"].as_u64().unwrap();
    assert_eq!(
        viewer.get(&format!("/policies/{policy}")).await.ok()["place"]["file"],
        "/etc/larum/tanks.yml"
    );
    assert_eq!(group["rules"][0]["policy"], Value::Null);
}

#[tokio::test]
async fn a_rule_that_breaks_later_leads_to_the_policy_that_it_was() {
    let house = House::open().await;
    put(&house.engine, &RULES.replace("tank_level >\n", "tank_level > 99\n")).await;
    let ada = house.administrator().await;
    let known = ada.get("/rule-files").await.ok()["files"][0]["groups"][0]["rules"][2]["policy"].clone();
    assert!(known.is_u64());
    put(&house.engine, RULES).await;
    assert_eq!(ada.get("/rule-files").await.ok()["files"][0]["broken"][0]["policy"], known);
}

#[tokio::test]
async fn a_reload_answers_with_the_files_or_with_what_is_wrong() {
    let (reload, mut asked) = larum_api::Reload::channel();
    let house = House::open_as(Opening { reload, ..Opening::default() }).await;
    let ada = house.administrator().await;
    let engine = house.engine.clone();
    let binary = tokio::spawn(async move {
        put(&engine, RULES).await;
        asked.recv().await.unwrap().send(Ok(())).unwrap();
        asked.recv().await.unwrap().send(Err("prometheus.yml:3:1: unknown field".to_owned())).unwrap();
    });
    let read = ada.post("/rule-files/reload", Value::Null).await.ok();
    assert_eq!(read["files"].as_array().unwrap().len(), 1);
    let refused = ada.post("/rule-files/reload", Value::Null).await;
    assert_eq!(refused.problem().0, 422);
    assert!(refused.detail().contains("prometheus.yml:3:1"), "{}", refused.detail());
    binary.await.unwrap();
}

#[tokio::test]
async fn series_in_memory_tell_how_much_room_they_take() {
    let house = House::open().await;
    let source = house.token(Role::Viewer).await.get("/metrics-source").await.ok();
    assert_eq!((&source["kind"], &source["server"]), (&json!("embedded"), &Value::Null));
    assert_eq!((&source["scrapes"], &source["jobs"]), (&json!(false), &json!([])));
    assert_eq!(source["health"]["state"], "unknown");
    let store = &source["store"];
    assert_eq!(
        (&store["retention"], &store["most_bytes"], &store["lost"]),
        (&json!("6h"), &json!(256 << 20), &json!([]))
    );
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_with_what_to_do() {
    let house =
        House::open_as(Opening { server: Some("http://127.0.0.1:1/prom"), ..Opening::default() }).await;
    let viewer = house.token(Role::Viewer).await;
    let source = viewer.get("/metrics-source").await.ok();
    assert_eq!((&source["kind"], &source["store"]), (&json!("prometheus"), &Value::Null));
    assert_eq!(source["server"]["url"], "http://127.0.0.1:1/prom");
    assert_eq!(source["health"]["state"], "trouble");
    assert!(source["health"]["since"].is_string() && source["health"]["error"].is_string(), "{source}");
    assert!(source["health"]["advice"].as_str().unwrap().contains("--metrics-source"), "{source}");
    assert_eq!(viewer.get("/metrics-source/targets").await.ok(), json!({ "targets": [], "total": 0 }));
}

#[tokio::test]
async fn runbooks_are_found_by_what_they_say() {
    let house = House::open().await;
    let viewer = house.token(Role::Viewer).await;
    let all = viewer.get("/runbooks").await.ok();
    assert_eq!(all["total"], all["runbooks"].as_array().unwrap().len());
    let found = viewer.get("/runbooks?q=etcdutl%20snapshot").await.ok();
    let names: Vec<&str> =
        found["runbooks"].as_array().unwrap().iter().map(|entry| entry["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"etcdNoLeader") && names.len() < 10, "{names:?}");
    let page = viewer.get("/runbooks/Watchdog").await.ok();
    assert!(page["markdown"].as_str().unwrap().starts_with("# Watchdog\n"));
    assert_eq!(viewer.get("/runbooks/..%2FCargo").await.problem().0, 404);
}

/// The heartbeat of this name.
async fn heartbeat(house: &House, name: &str) -> Value {
    let all = house.token(Role::Viewer).await.get("/heartbeats").await.ok();
    let found = all["heartbeats"].as_array().unwrap().iter().find(|beat| beat["name"] == name);
    found.cloned().unwrap_or(Value::Null)
}

#[tokio::test]
async fn a_heartbeat_from_outside_that_ends_is_shown_as_stopped() {
    let house = House::open().await;
    house.post_alerts(r#"[{"labels":{"alertname":"Watchdog","cluster":"a"}}]"#).await;
    let beat = heartbeat(&house, "Watchdog").await;
    assert_eq!((&beat["state"], &beat["origin"]), (&json!("beating"), &json!("prometheus")));
    assert!(
        beat["last_beat"].is_string() && beat["expires_at"].is_string() && beat["stopped_at"].is_null(),
        "{beat}"
    );

    let ended = r#"[{"labels":{"alertname":"Watchdog","cluster":"a"},"endsAt":"2020-01-01T00:00:00Z"}]"#;
    house.post_alerts(ended).await;
    let beat = heartbeat(&house, "Watchdog").await;
    assert_eq!((&beat["state"], &beat["expires_at"]), (&json!("stopped"), &Value::Null));
    assert!(
        beat["stopped_at"].is_string() && beat["sentence"].as_str().unwrap().contains("see its rule"),
        "{beat}"
    );

    house.post_alerts(r#"[{"labels":{"alertname":"Watchdog","cluster":"a"}}]"#).await;
    assert_eq!(heartbeat(&house, "Watchdog").await["state"], "beating");
}

#[tokio::test]
async fn a_heartbeat_that_somebody_switched_off_is_no_trouble() {
    let house = House::open().await;
    let watchdog = PolicyDraft {
        name: "Watchdog".into(),
        expr: "vector(1)".into(),
        summary: "Larum lives".into(),
        severity: Severity::None,
        ..PolicyDraft::default()
    };
    house.engine.seed_policies(vec![("watchdog".into(), watchdog)]).await.unwrap();
    assert_eq!(heartbeat(&house, "Watchdog").await["state"], "never");
    let ada = house.administrator().await;
    ada.put("/settings/alerting", json!({ "enabled": false, "version": 0 })).await.ok();
    let beat = heartbeat(&house, "Watchdog").await;
    assert_eq!((&beat["state"], &beat["sentence"]), (&json!("off"), &json!("Alerting is switched off.")));
}

#[tokio::test]
async fn everybody_sees_that_the_source_does_not_answer_unless_it_is_a_hiccup() {
    let wall = Timestamp::from_millis(1_800_000_000_000);
    let hands = Hands::at(Now { wall, steady: Steady::default() });
    let clock = hands.clock();
    let house =
        House::open_as(Opening { server: Some("http://127.0.0.1:1"), clock, ..Opening::default() }).await;
    let viewer = house.token(Role::Viewer).await;
    let silent_since = async || viewer.get("/status").await.ok()["source_silent_since"].clone();
    assert_eq!(silent_since().await, Value::Null);
    viewer.prometheus("/query?query=up").await;
    assert_eq!(silent_since().await, Value::Null, "it may be back at once");
    hands.pass(Duration::from_secs(30));
    assert_eq!(silent_since().await, json!("2027-01-15T08:00:00.000Z"));
}
