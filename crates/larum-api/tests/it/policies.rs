//! Policies: templates, previews, saving, switching.

use larum_core::alert::{Observation, Origin, RESOLVE_TIMEOUT, Says};
use larum_core::label::LabelSet;
use larum_engine::OWN;
use serde_json::{Value, json};

use crate::house::{Caller, House};

fn draft() -> Value {
    json!({ "name": "Memory is short", "severity": "warning", "for": "5m", "enabled": true,
        "template": { "metric": "memory", "comparator": ">", "threshold": 90 },
        "summary": "Memory of {{ $labels.node }} is short", "details": "" })
}

fn with(key: &str, value: Value) -> Value {
    let mut draft = draft();
    draft[key] = value;
    draft
}

async fn refused(administrator: &Caller<'_>, draft: Value) -> String {
    let (status, code, field) = administrator.post("/policies", draft).await.problem();
    assert_eq!((status, code.as_str()), (422, "invalid"));
    field
}

#[tokio::test]
async fn a_policy_is_made_changed_switched_and_deleted() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let made = administrator.post("/policies", draft()).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let policy = made.ok();
    assert_eq!(
        (&policy["kind"], &policy["state"], &policy["for"]),
        (&json!("custom"), &json!("inactive"), &json!("5m"))
    );
    assert!(policy["expr"].as_str().unwrap().ends_with("> 90"));
    let every_node = json!({ "kind": "nodes", "label": "node", "names": [] });
    let template = json!({ "target": every_node, "metric": "memory", "comparator": ">", "threshold": 90.0 });
    assert_eq!(policy["template"], template);
    let path = format!("/policies/{}", policy["id"]);
    let mut update = with("severity", json!("critical"));
    update["version"] = policy["version"].clone();
    let changed = administrator.put(&path, update.clone()).await.ok();
    assert_eq!((&changed["severity"], &changed["version"]), (&json!("critical"), &json!(2)));
    let stale = administrator.put(&path, update).await;
    assert_eq!((stale.problem().1.as_str(), &stale.json()["current"]["version"]), ("conflict", &json!(2)));
    let off =
        administrator.put(&format!("{path}/enabled"), json!({ "enabled": false, "version": 2 })).await.ok();
    assert_eq!((&off["state"], &off["enabled"]), (&json!("disabled"), &json!(false)));
    assert_eq!(administrator.get(&path).await.ok(), off);
    assert_eq!(administrator.get("/policies").await.ok()["policies"][0], off);
    assert_eq!(administrator.delete(&format!("{path}?version=1")).await.problem().1, "conflict");
    administrator.delete(&format!("{path}?version=3")).await.ok();
    assert_eq!(administrator.get(&path).await.problem().1, "not_found");
}

#[tokio::test]
async fn what_nobody_says_of_an_alert_fits_its_template() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let mut given = draft();
    given["template"]["threshold"] = json!(0);
    given.as_object_mut().unwrap().remove("details");
    given["summary"] = Value::Null;
    let made = administrator.post("/policies", given).await.ok();
    assert!(made["summary"].as_str().unwrap().ends_with("is above 0 %"), "{made}");
    assert!(made["details"].as_str().unwrap().contains("Memory usage of"), "{made}");
}

#[tokio::test]
async fn what_is_wrong_with_a_policy_is_said_at_its_field() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    assert_eq!(refused(&administrator, with("name", json!(" "))).await, "name");
    assert_eq!(refused(&administrator, with("name", json!("x".repeat(101)))).await, "name");
    assert_eq!(refused(&administrator, with("for", json!("soon"))).await, "for");
    assert_eq!(refused(&administrator, with("for", json!("25h"))).await, "for");
    for hold in [json!("soon"), json!("-5m"), json!(""), json!("25h"), json!("1y"), json!(60)] {
        assert_eq!(refused(&administrator, with("no_data_hold", hold)).await, "no_data_hold");
    }
    assert_eq!(refused(&administrator, with("severity", json!("none"))).await, "severity");
    assert_eq!(refused(&administrator, with("severity", json!("awful"))).await, "severity");
    assert_eq!(refused(&administrator, with("summary", json!("{{ .Broken"))).await, "summary");
    assert_eq!(refused(&administrator, with("details", json!("{{ if }}"))).await, "details");
    let template =
        |threshold: Value| json!({ "metric": "memory", "comparator": ">", "threshold": threshold });
    assert_eq!(refused(&administrator, with("template", template(json!(101)))).await, "template.threshold");
    assert_eq!(
        refused(&administrator, with("template", template(json!("many")))).await,
        "template.threshold"
    );
    let comparator = json!({ "metric": "memory", "comparator": "=~", "threshold": 1 });
    assert_eq!(refused(&administrator, with("template", comparator)).await, "template.comparator");
    administrator.post("/policies", draft()).await.ok();
    assert_eq!(refused(&administrator, with("name", json!("MEMORY is short"))).await, "name");
}

#[tokio::test]
async fn how_long_no_data_is_borne_with_is_an_hour_unless_somebody_says_otherwise() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let policy = administrator.post("/policies", draft()).await.ok();
    assert_eq!(policy["no_data_hold"], "1h");
    let path = format!("/policies/{}", policy["id"]);
    let update = async |version: u64, mut draft: Value| {
        draft["version"] = json!(version);
        administrator.put(&path, draft).await.ok();
        administrator.get(&path).await.ok()["no_data_hold"].clone()
    };
    assert_eq!(update(1, with("no_data_hold", json!("90m"))).await, "1h30m");
    assert_eq!(update(2, draft()).await, "1h30m", "who does not speak of it does not change it");
    assert_eq!(update(3, with("no_data_hold", json!("24h"))).await, "1d");
    assert_eq!(update(4, with("no_data_hold", json!("0s"))).await, "0s");
    administrator.put(&format!("{path}/enabled"), json!({ "enabled": false, "version": 5 })).await.ok();
    assert_eq!(administrator.get(&path).await.ok()["no_data_hold"], "0s");

    let mut other = with("no_data_hold", json!("6h"));
    other["name"] = json!("Another");
    assert_eq!(administrator.post("/policies", other).await.ok()["no_data_hold"], "6h");
    for choice in administrator.get("/policies/templates").await.ok()["no_data_holds"].as_array().unwrap() {
        let mut other = with("no_data_hold", choice.clone());
        other["name"] = choice.clone();
        let made = administrator.post("/policies", other).await.ok();
        assert_eq!(made["no_data_hold"], *choice, "a form finds its choice again");
    }
}

#[tokio::test]
async fn a_built_in_policy_can_be_switched_off_and_no_more() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let known = larum_rules::builtins().iter().map(|known| (known.key.clone(), known.draft.clone())).take(1);
    house.engine.seed_policies(known.collect()).await.unwrap();
    let policy = administrator.get("/policies").await.ok()["policies"][0].clone();
    assert_eq!((&policy["kind"], &policy["no_data_hold"]), (&json!("builtin"), &json!("1h")));
    let path = format!("/policies/{}", policy["id"]);
    let mut update = draft();
    update["version"] = json!(1);
    assert_eq!(administrator.put(&path, update).await.problem().1, "forbidden");
    let refused = administrator.delete(&format!("{path}?version=1")).await;
    assert_eq!(refused.problem().1, "forbidden");
    assert_eq!(refused.detail(), "A built-in policy can be disabled, not deleted.");
    let off =
        administrator.put(&format!("{path}/enabled"), json!({ "enabled": false, "version": 1 })).await.ok();
    assert_eq!(off["state"], "disabled");
}

#[tokio::test]
async fn what_larum_says_of_itself_is_no_policys() {
    let house = House::open().await;
    let now = house.engine.now().wall;
    let seen = Observation {
        origin: Origin::Policy(OWN),
        labels: LabelSet::from_pairs([("alertname", "LarumStorageFull")]),
        annotations: LabelSet::default(),
        generator_url: "".into(),
        starts_at: now,
        says: Says::Firing { ends_at: now.plus(RESOLVE_TIMEOUT), timeout: true },
        measured: None,
        continues: None,
    };
    house.engine.observe(vec![seen]).await.unwrap();
    let shown = house.administrator().await.get("/alerts").await.ok()["alerts"][0].clone();
    assert_eq!((&shown["name"], &shown["policy"]), (&json!("LarumStorageFull"), &Value::Null));
}
