//! What a policy would have done.

use larum_core::label::LabelSet;
use larum_promql::{Sample, Series, SeriesList};
use serde_json::{Value, json};

use crate::house::{House, Opening};

/// Two lines, a sample a minute for the last two hours: `a` is 1, and 9 from 90 to 60 minutes ago; `b` is 5 throughout.
async fn house() -> House {
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    let now = i64::try_from(now.as_millis()).unwrap();
    let line = |name: &str, node: &str, value: fn(i64) -> f64| Series {
        labels: LabelSet::from_pairs([("__name__", name), ("node", node)]),
        samples: (0..120).rev().map(|ago| Sample::new(now - ago * 60_000, value(ago))).collect(),
    };
    let all = vec![
        line("heat", "a", |ago| if (60..90).contains(&ago) { 9.0 } else { 1.0 }),
        line("heat", "b", |_| 5.0),
        line("awake", "a", |ago| if ago < 75 { 0.0 } else { 1.0 }),
    ];
    House::open_as(Opening { series: SeriesList(all), ..Opening::default() }).await
}

/// The values and firing periods of a series by its node.
fn series<'a>(preview: &'a Value, node: &str) -> &'a Value {
    let series = preview["rehearsal"]["series"].as_array().unwrap();
    series.iter().find(|series| series["labels"]["node"] == node).unwrap()
}

fn about(value: &Value, expected: f64, slack: f64) -> bool {
    (value.as_f64().unwrap() - expected).abs() <= slack
}

#[tokio::test]
async fn a_preview_says_when_a_policy_would_have_fired() {
    let house = house().await;
    let administrator = house.administrator().await;
    let ask = async |expr: &str, hold: &str| {
        let draft = json!({ "expr": expr, "for": hold, "range": "100m", "steps": 100 });
        administrator.post("/policies/preview", draft).await.ok()
    };
    let hot = ask("heat > 8", "0s").await;
    assert_eq!(hot["threshold"], json!({ "comparator": ">", "value": 8.0 }));
    assert_eq!((&hot["rehearsal"]["fired"], &hot["rehearsal"]["step_seconds"]), (&json!(1), &json!(60.0)));
    assert!(
        about(&hot["rehearsal"]["firing_seconds"], 1800.0, 120.0),
        "{}",
        hot["rehearsal"]["firing_seconds"]
    );
    let a = series(&hot, "a");
    assert_eq!((a["values"].as_array().unwrap().len(), a["firing"].as_array().unwrap().len()), (101, 1));
    assert!(
        a["values"].as_array().unwrap().contains(&json!(1.0)),
        "values show where the condition does not hold"
    );
    assert_eq!(series(&hot, "b")["firing"], json!([]));
    assert_eq!(hot["rehearsal"]["series"][0]["labels"]["node"], "a", "what fires comes first");
    assert_eq!((&hot["total"], &hot["series"][0]["holds"]), (&json!(2), &json!(false)), "nothing fires now");

    let held = ask("heat > 8", "10m").await;
    assert!(about(&held["rehearsal"]["firing_seconds"], 1200.0, 120.0));
    assert_eq!(ask("heat > 8", "40m").await["rehearsal"]["fired"], 0);
    let still = ask("heat > 4", "0s").await;
    assert_eq!(series(&still, "b")["firing"][0]["to"], Value::Null);
    assert!(about(&still["rehearsal"]["firing_seconds"], 6000.0, 120.0), "each moment counts once");
}

#[tokio::test]
async fn a_condition_beside_the_comparison_counts() {
    let house = house().await;
    let administrator = house.administrator().await;
    let draft = json!({ "expr": "heat > 8 and on (node) awake == 1", "range": "100m", "steps": 100 });
    let preview = administrator.post("/policies/preview", draft).await.ok();
    assert_eq!(preview["threshold"]["value"], 8.0);
    assert!(about(&preview["rehearsal"]["firing_seconds"], 900.0, 120.0), "half of the time it was asleep");
    let values = series(&preview, "b")["values"].as_array().unwrap();
    assert!(values.iter().all(|value| *value == 5.0), "all that is measured is drawn");

    let absent = json!({ "expr": "absent(cold)", "range": "1h" });
    let preview = administrator.post("/policies/preview", absent).await.ok();
    assert_eq!((&preview["threshold"], &preview["rehearsal"]["fired"]), (&Value::Null, &json!(1)));
}

#[tokio::test]
async fn without_data_nothing_would_have_fired_and_the_preview_says_why() {
    let house = house().await;
    let administrator = house.administrator().await;
    let draft = json!({ "expr": "cold{node=\"a\"} < 3", "range": "1h" });
    let preview = administrator.post("/policies/preview", draft).await.ok();
    assert_eq!(preview["no_data"], json!(["cold{node=\"a\"}"]));
    assert_eq!((&preview["rehearsal"]["fired"], &preview["rehearsal"]["series"]), (&json!(0), &json!([])));
}

#[tokio::test]
async fn a_template_and_a_built_in_policy_are_tried_out_with_their_units() {
    let house = house().await;
    let administrator = house.administrator().await;
    for choice in administrator.get("/policies/templates").await.ok()["templates"].as_array().unwrap() {
        let template = json!({ "metric": choice["metric"], "comparator": choice["comparator"], "threshold": choice["threshold"] });
        let draft = json!({ "template": template, "range": "1h", "steps": 10 });
        let preview = administrator.post("/policies/preview", draft).await.ok();
        let compared = json!({ "comparator": choice["comparator"], "value": choice["threshold"] });
        assert_eq!(preview["threshold"], compared, "{}", choice["metric"]);
    }
    let known = larum_rules::builtins().iter().find(|known| known.draft.name == "NodeCPUHighUsage").unwrap();
    house.engine.seed_policies(vec![(known.key.clone(), known.draft.clone())]).await.unwrap();
    let policy = administrator.get("/policies").await.ok()["policies"][0].clone();
    let draft = json!({ "builtin": { "id": policy["id"], "threshold": 42 }, "for": "5m", "range": "1h" });
    let preview = administrator.post("/policies/preview", draft).await.ok();
    assert!(preview["expr"].as_str().unwrap().contains("42"), "{preview}");
    assert_eq!(preview["unit"], policy["builtin"]["threshold"]["unit"]);
    let below = json!({ "builtin": { "id": policy["id"], "threshold": -1 } });
    assert_eq!(administrator.post("/policies/preview", below).await.problem().2, "threshold");
}

#[tokio::test]
async fn what_cannot_be_tried_out_is_said_at_its_field() {
    let house = house().await;
    let administrator = house.administrator().await;
    let refused = async |draft: Value| {
        let (status, _, field) = administrator.post("/policies/preview", draft).await.problem();
        (status, field)
    };
    let said = |field: &str| (422, field.to_owned());
    assert_eq!(refused(json!({ "expr": "heat", "range": "16d" })).await, said("range"));
    assert_eq!(refused(json!({ "expr": "heat", "range": "0s" })).await, said("range"));
    assert_eq!(refused(json!({ "expr": "heat", "range": "soon" })).await, said("range"));
    assert_eq!(refused(json!({ "expr": "heat", "range": "1h", "steps": 9 })).await, said("steps"));
    assert_eq!(refused(json!({ "expr": "heat", "range": "1h", "steps": 1441 })).await, said("steps"));
    assert_eq!(refused(json!({ "expr": "heat", "for": "x" })).await, said("for"));
    assert_eq!(refused(json!({ "expr": "heat * on () heat" })).await, said("expr"));
    assert_eq!(refused(json!({ "expr": "heat", "builtin": { "id": 1 } })).await, said("builtin"));
    assert_eq!(refused(json!({ "builtin": { "id": 99 } })).await.0, 404);
}

#[tokio::test]
async fn the_twenty_series_that_fire_longest_are_drawn() {
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    let now = i64::try_from(now.as_millis()).unwrap();
    let line = |node: i64| Series {
        labels: LabelSet::from_pairs([("__name__", "heat"), ("node", &node.to_string())]),
        samples: (0..60)
            .rev()
            .map(|ago| Sample::new(now - ago * 60_000, if ago < node { 9.0 } else { 1.0 }))
            .collect(),
    };
    let series = SeriesList((0..30).map(line).collect());
    let house = House::open_as(Opening { series, ..Opening::default() }).await;
    let administrator = house.administrator().await;
    let draft = json!({ "expr": "heat > 5", "range": "1h", "steps": 60 });
    let preview = administrator.post("/policies/preview", draft).await.ok();
    let rehearsal = &preview["rehearsal"];
    assert_eq!((rehearsal["series"].as_array().unwrap().len(), &rehearsal["more"]), (20, &json!(10)));
    assert_eq!((&rehearsal["series"][0]["labels"]["node"], &rehearsal["fired"]), (&json!("29"), &json!(29)));
}
