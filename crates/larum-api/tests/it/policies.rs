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
async fn names_aliases_labels_and_links_are_kept_until_somebody_speaks_of_them() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let mut given = draft();
    for (field, value) in [
        ("alias", json!("  Speicher ")),
        ("description", json!("Watches what is left")),
        ("runbook", json!("https://wiki.example/memory")),
        ("keep_firing_for", json!("10m")),
        ("labels", json!({ "team": "storage", "tier": "{{ $labels.tier }}" })),
        ("annotations", json!({ "dashboard": "https://graphs.example" })),
    ] {
        given[field] = value;
    }
    let made = administrator.post("/policies", given.clone()).await.ok();
    let told = |policy: &Value| {
        ["alias", "description", "runbook", "keep_firing_for", "labels", "annotations"]
            .map(|field| policy[field].clone())
    };
    let mut expected = told(&given);
    expected[0] = json!("Speicher");
    assert_eq!(told(&made), expected);
    assert_eq!(made["sentence"], "Memory usage of a node is above 90 %.");
    assert_eq!((&made["builtin"], &made["place"]), (&Value::Null, &Value::Null));

    let path = format!("/policies/{}", made["id"]);
    let mut update = draft();
    update["version"] = json!(1);
    assert_eq!(told(&administrator.put(&path, update).await.ok()), expected, "silence changes nothing");
    let mut update = draft();
    update["version"] = json!(2);
    for (field, value) in
        [("alias", json!("")), ("labels", json!({})), ("runbook", json!("")), ("description", json!(""))]
    {
        update[field] = value;
    }
    let changed = administrator.put(&path, update).await.ok();
    assert_eq!(
        [&changed["alias"], &changed["labels"], &changed["runbook"], &changed["description"]],
        [&json!(""), &json!({}), &Value::Null, &json!("")]
    );

    for (field, wrong) in [
        ("alias", json!("x".repeat(101))),
        ("keep_firing_for", json!("25h")),
        ("runbook", json!("wiki")),
        ("labels", json!({ "severity": "x" })),
        ("labels", json!({ "team": "{{ end }}" })),
        ("annotations", json!({ "summary": "x" })),
    ] {
        assert_eq!(refused(&administrator, with(field, wrong)).await, field);
    }
}

/// A house with the built-in policies, and the one of this key as it is shown.
async fn with_builtins(house: &House) -> Vec<Value> {
    let known = larum_rules::builtins().iter().map(|known| (known.key.clone(), known.draft.clone()));
    house.engine.seed_policies(known.collect()).await.unwrap();
    let listed = house.administrator().await.get("/policies").await.ok();
    listed["policies"].as_array().unwrap().clone()
}

fn named<'a>(policies: &'a [Value], name: &str) -> &'a Value {
    policies.iter().find(|policy| policy["name"] == name).unwrap()
}

#[tokio::test]
async fn of_a_built_in_policy_threshold_duration_and_severity_can_be_changed_and_set_back() {
    let house = House::open().await;
    let policies = with_builtins(&house).await;
    let administrator = house.administrator().await;
    let policy = named(&policies, "NodeCPUHighUsage");
    let comes = &policy["builtin"];
    assert_eq!((&policy["kind"], &policy["no_data_hold"]), (&json!("builtin"), &json!("1h")));
    assert_eq!((&comes["category"], &comes["edited"]), (&json!("node"), &json!(false)));
    assert_eq!(policy["runbook"], "/runbooks/NodeCPUHighUsage");
    let threshold = comes["threshold"]["default"].as_f64().unwrap();
    assert_eq!(comes["threshold"]["value"].as_f64(), Some(threshold));

    let path = format!("/policies/{}", policy["id"]);
    let mut update = draft();
    update["version"] = json!(1);
    assert_eq!(administrator.put(&path, update).await.problem().1, "forbidden");
    let refused = administrator.delete(&format!("{path}?version=1")).await;
    assert_eq!(refused.problem().1, "forbidden");
    assert_eq!(refused.detail(), "A built-in policy can be disabled, not deleted.");

    let edit = json!({ "threshold": threshold + 1.0, "for": "7m", "severity": "critical", "enabled": true, "version": 1 });
    let changed = administrator.put(&format!("{path}/builtin"), edit.clone()).await.ok();
    assert_eq!((&changed["for"], &changed["severity"]), (&json!("7m"), &json!("critical")));
    assert_eq!(changed["builtin"]["edited"], true);
    assert_eq!(changed["builtin"]["threshold"]["value"].as_f64(), Some(threshold + 1.0));
    assert_eq!(changed["builtin"]["default"], comes["default"]);
    assert_ne!(changed["expr"], policy["expr"]);
    let stale = administrator.put(&format!("{path}/builtin"), edit).await;
    assert_eq!((stale.problem().1.as_str(), &stale.json()["current"]["version"]), ("conflict", &json!(2)));

    let off =
        administrator.put(&format!("{path}/enabled"), json!({ "enabled": false, "version": 2 })).await.ok();
    assert_eq!((&off["state"], &off["for"]), (&json!("disabled"), &json!("7m")));
    for (field, wrong) in [("threshold", json!(-1)), ("for", json!("25h")), ("severity", json!("none"))] {
        let edit = json!({ field: wrong, "version": 3 });
        let refused = administrator.put(&format!("{path}/builtin"), edit).await.problem();
        assert_eq!((refused.0, refused.2.as_str()), (422, field));
    }
    let back = administrator.post(&format!("{path}/reset"), json!({ "version": 3 })).await.ok();
    assert_eq!(
        (&back["expr"], &back["for"], &back["enabled"]),
        (&policy["expr"], &policy["for"], &json!(true))
    );
    assert_eq!(back["builtin"], policy["builtin"]);

    let same = json!({ "threshold": threshold, "for": policy["for"], "severity": policy["severity"], "enabled": true, "version": 4 });
    let same = administrator.put(&format!("{path}/builtin"), same).await.ok();
    assert_eq!(same["builtin"]["edited"], false, "what is as it comes is no change");
    let watchdog = named(&policies, "Watchdog");
    let edit = json!({ "threshold": 2, "version": 1 });
    let refused = administrator.put(&format!("/policies/{}/builtin", watchdog["id"]), edit).await;
    assert_eq!(
        (refused.problem().2.as_str(), refused.detail().as_str()),
        ("threshold", "This policy has no threshold.")
    );

    let custom = administrator.post("/policies", draft()).await.ok();
    let reset =
        administrator.post(&format!("/policies/{}/reset", custom["id"]), json!({ "version": 1 })).await;
    assert_eq!(reset.problem().1, "forbidden");
}

#[tokio::test]
async fn one_thing_is_done_to_several_policies_and_to_each_by_itself() {
    let house = House::open().await;
    let policies = with_builtins(&house).await;
    let administrator = house.administrator().await;
    let first = administrator.post("/policies", draft()).await.ok();
    let second = administrator.post("/policies", with("name", json!("Second"))).await.ok();
    let builtin = named(&policies, "NodeRebooted");
    let act = async |action: &str, policies: &[(&Value, u64)]| {
        let policies: Vec<Value> =
            policies.iter().map(|(id, version)| json!({ "id": id, "version": version })).collect();
        administrator.post("/policies/actions", json!({ "action": action, "policies": policies })).await.ok()
    };
    let off =
        act("disable", &[(&first["id"], 1), (&second["id"], 9), (&builtin["id"], 1), (&json!(0), 1)]).await;
    let became = |answer: &Value| -> Vec<String> {
        let one = |result: &Value| match result["problem"].as_object() {
            Some(problem) => problem["code"].as_str().unwrap().to_owned(),
            None => result["policy"]["state"].as_str().unwrap_or("gone").to_owned(),
        };
        answer["results"].as_array().unwrap().iter().map(one).collect()
    };
    assert_eq!(became(&off), ["disabled", "conflict", "disabled", "not_found"]);
    assert_eq!(off["done"], 2);
    let on = act("enable", &[(&first["id"], 2), (&builtin["id"], 2)]).await;
    assert_eq!(became(&on), ["inactive", "inactive"]);
    assert_eq!(on["results"][1]["policy"]["builtin"]["edited"], false, "on again is as it comes");
    let again = act("enable", &[(&first["id"], 3)]).await;
    assert_eq!(again["results"][0]["policy"]["version"], 3, "what is so already is not saved again");
    let deleted = act("delete", &[(&first["id"], 3), (&builtin["id"], 3), (&second["id"], 1)]).await;
    assert_eq!(became(&deleted), ["gone", "forbidden", "gone"]);
    act("disable", &[(&builtin["id"], 3)]).await;
    let reset = act("reset", &[(&builtin["id"], 4)]).await;
    assert_eq!(became(&reset), ["inactive"]);
    assert_eq!(
        administrator.get("/policies").await.ok()["policies"].as_array().unwrap().len(),
        policies.len()
    );

    let many: Vec<Value> = (0..1001).map(|id| json!({ "id": id, "version": 1 })).collect();
    let many = json!({ "action": "enable", "policies": many });
    assert_eq!(administrator.post("/policies/actions", many).await.problem().2, "policies");
    let unknown = json!({ "action": "paint", "policies": [] });
    assert_eq!(administrator.post("/policies/actions", unknown).await.problem().2, "action");
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
