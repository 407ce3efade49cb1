//! Policies to and from rule files.

use serde_json::{Value, json};

use crate::house::{Caller, House};

const FILE: &str = r#"
groups:
  - name: shop
    interval: 30s
    rules:
      - record: shop:errors:rate5m
        expr: rate(errors[5m])
      - alert: ShopErrors
        expr: shop:errors:rate5m > 3
        for: 10m
        labels: { severity: critical, team: shop }
        annotations: { summary: "Errors in {{ $labels.namespace }}" }
      - alert: shoperrors
        expr: shop:errors:rate5m > 5
        annotations: { summary: again }
      - alert: NodeRebooted
        expr: up == 0
        annotations: { summary: mine }
      - alert: Odd
        expr: up == 0
        labels: { severity: "sev-1" }
        annotations: { summary: odd }
      - alert: Silent
        expr: up == 0
"#;

async fn import(administrator: &Caller<'_>, yaml: &str, dry_run: bool, replace: bool) -> Value {
    let wanted = json!({ "yaml": yaml, "dry_run": dry_run, "replace": replace });
    administrator.post("/policies/import", wanted).await.ok()
}

/// The name and what became of each rule.
fn became(answer: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let rules = answer["rules"].as_array().unwrap().iter();
    rules.map(|rule| (text(&rule["name"]), text(&rule["outcome"]))).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, outcome)| ((*name).to_owned(), (*outcome).to_owned())).collect()
}

#[tokio::test]
async fn a_file_says_first_what_becomes_of_each_rule_and_then_does_so() {
    let house = House::open().await;
    let known = larum_rules::builtins().iter().filter(|known| known.draft.name == "NodeRebooted");
    house
        .engine
        .seed_policies(known.map(|known| (known.key.clone(), known.draft.clone())).collect())
        .await
        .unwrap();
    let administrator = house.administrator().await;
    let expected = pairs(&[
        ("shop:errors:rate5m", "skipped"),
        ("ShopErrors", "created"),
        ("shoperrors", "skipped"),
        ("NodeRebooted", "skipped"),
        ("Odd", "skipped"),
        ("Silent", "created"),
    ]);
    let dry = import(&administrator, FILE, true, false).await;
    assert_eq!(became(&dry), expected);
    assert_eq!((&dry["created"], &dry["skipped"]), (&json!(2), &json!(4)));
    assert_eq!(dry["rules"][1]["policy"], Value::Null);
    assert_eq!(
        administrator.get("/policies").await.ok()["policies"].as_array().unwrap().len(),
        1,
        "a dry run changes nothing"
    );
    let why = |rule: usize| dry["rules"][rule]["remarks"][0].as_str().unwrap().to_owned();
    assert_eq!(why(0), "A recording rule, which no policy can be.");
    assert!(why(1).contains("interval"), "{}", why(1));
    assert!(why(2).contains("same name") && why(3).contains("built-in"), "{} {}", why(2), why(3));
    assert!(why(4).contains("severity") && why(5).contains("no severity"), "{} {}", why(4), why(5));

    let done = import(&administrator, FILE, false, false).await;
    assert_eq!(became(&done), expected);
    let policy = &done["rules"][1]["policy"];
    assert_eq!(
        (&policy["for"], &policy["severity"], &policy["labels"]),
        (&json!("10m"), &json!("critical"), &json!({ "team": "shop" }))
    );

    let again = import(&administrator, FILE, false, true).await;
    assert_eq!(became(&again)[1].1, "unchanged");
    let changed = FILE.replace("rate5m > 3", "rate5m > 4");
    assert_eq!(
        became(&import(&administrator, &changed, false, false).await)[1].1,
        "skipped",
        "nothing is replaced unasked"
    );
    let replaced = import(&administrator, &changed, false, true).await;
    assert_eq!((&replaced["changed"], &replaced["rules"][1]["policy"]["version"]), (&json!(1), &json!(2)));
}

#[tokio::test]
async fn what_is_exported_can_be_imported_elsewhere() {
    let (here, there) = (House::open().await, House::open().await);
    let (administrator, other) = (here.administrator().await, there.administrator().await);
    let draft = json!({ "name": "Memory is short", "alias": "RAM", "severity": "info", "for": "5m", "enabled": false,
        "keep_firing_for": "2m", "no_data_hold": "0s", "labels": { "team": "a" }, "runbook": "https://wiki.example",
        "template": { "metric": "memory", "comparator": ">", "threshold": 90 } });
    let made = administrator.post("/policies", draft).await.ok();
    let second = json!({ "name": "Gone", "severity": "critical", "for": "0s", "enabled": true, "expr": "up == 0", "summary": "gone" });
    administrator.post("/policies", second).await.ok();

    let all = administrator.get("/policies/export").await;
    assert_eq!(all.status, 200);
    assert!(all.text.contains("alert: Memory is short") && all.text.contains("alert: Gone"), "{}", all.text);
    let one = administrator.get(&format!("/policies/export?ids={}", made["id"])).await;
    assert!(!one.text.contains("Gone"), "{}", one.text);
    let arrived = import(&other, &all.text, false, false).await;
    assert_eq!(became(&arrived), pairs(&[("Memory is short", "created"), ("Gone", "created")]));
    let arrived = &arrived["rules"][0]["policy"];
    for field in [
        "name",
        "alias",
        "severity",
        "for",
        "enabled",
        "keep_firing_for",
        "no_data_hold",
        "labels",
        "runbook",
        "expr",
        "summary",
        "details",
        "description",
    ] {
        assert_eq!(arrived[field], made[field], "{field}");
    }
    let same = import(&administrator, &all.text, true, true).await;
    assert_eq!(became(&same), pairs(&[("Memory is short", "unchanged"), ("Gone", "unchanged")]));

    assert_eq!(administrator.get("/policies/export?ids=x").await.problem().2, "ids");
    assert_eq!(administrator.get("/policies/export?ids=99").await.problem().1, "not_found");
}

#[tokio::test]
async fn a_file_with_an_error_is_refused_as_a_whole() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    for wrong in
        ["groups: [", "<html>", "groups:\n  - name: a\n    rules:\n      - alert: A\n        expr: up ==\n"]
    {
        let refused = administrator.post("/policies/import", json!({ "yaml": wrong })).await;
        assert_eq!(refused.problem(), (422, "invalid".into(), "yaml".into()), "{wrong}");
    }
}

#[tokio::test]
async fn of_a_large_file_every_rule_becomes_a_policy() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let rule =
        |n: usize| format!("      - {{ alert: A{n}, expr: up == {n}, annotations: {{ summary: down }} }}\n");
    let rules: String = (0..150).map(rule).collect();
    let done =
        import(&administrator, &format!("groups:\n  - name: g\n    rules:\n{rules}"), false, false).await;
    assert_eq!((&done["created"], &done["skipped"]), (&json!(150), &json!(0)));
    let names: Vec<String> = became(&done).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, (0..150).map(|n| format!("A{n}")).collect::<Vec<_>>(), "in the order of the file");
    let policies = administrator.get("/policies").await.ok();
    assert_eq!(policies["policies"].as_array().unwrap().len(), 150);
}
