//! What policies evaluate: templates for nodes and workloads, and expressions.

use larum_core::label::LabelSet;
use larum_promql::{Sample, Series, SeriesList};
use serde_json::{Value, json};

use crate::house::{Caller, House, Opening};

/// A policy that evaluates this.
fn draft(rule: &Value) -> Value {
    let mut draft = json!({ "name": "Mine", "severity": "warning", "for": "5m", "enabled": true });
    for (field, value) in rule.as_object().unwrap() {
        draft[field] = value.clone();
    }
    draft
}

fn template(target: &Value, metric: &str) -> Value {
    json!({ "template": { "target": target, "metric": metric, "comparator": ">", "threshold": 0 } })
}

async fn refused(administrator: &Caller<'_>, rule: Value) -> (String, String) {
    let previewed = administrator.post("/policies/preview", rule.clone()).await;
    let made = administrator.post("/policies", draft(&rule)).await;
    let (status, code, field) = made.problem();
    assert_eq!((status, code.as_str()), (422, "invalid"), "{}", made.text);
    assert_eq!(previewed.problem(), (status, code, field.clone()), "a preview says the same");
    (field, made.detail())
}

async fn house() -> House {
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    let now = i64::try_from(now.as_millis()).unwrap();
    let series = |name: &str, labels: &[(&str, &str)], value: f64| Series {
        labels: LabelSet::from_pairs([("__name__", name)].iter().chain(labels).copied()),
        samples: [Sample::new(now - 10_000, value)].into(),
    };
    let mut all = Vec::new();
    for (node, available) in [("a", 40.0), ("b", 5.0)] {
        all.push(series("node_memory_MemAvailable_bytes", &[("node", node)], available));
        all.push(series("node_memory_MemTotal_bytes", &[("node", node)], 100.0));
    }
    for (set, ready) in [("db", 2.0), ("queue", 3.0)] {
        let labels = [("namespace", "shop"), ("statefulset", set)];
        all.push(series("kube_statefulset_status_replicas_ready", &labels, ready));
        all.push(series("kube_statefulset_replicas", &labels, 3.0));
    }
    House::open_as(Opening { series: SeriesList(all), ..Opening::default() }).await
}

/// The values of a label in a preview, and whether the condition holds for each.
fn found(preview: &Value, label: &str) -> Vec<(String, bool)> {
    let series = preview["series"].as_array().unwrap().iter();
    let one = |series: &Value| {
        (series["labels"][label].as_str().unwrap().to_owned(), series["holds"].as_bool().unwrap())
    };
    series.map(one).collect()
}

#[tokio::test]
async fn a_template_shows_what_it_finds_now() {
    let house = house().await;
    let administrator = house.administrator().await;
    let all = json!({ "template": { "metric": "memory", "comparator": ">=", "threshold": 90 } });
    let preview = administrator.post("/policies/preview", all).await.ok();
    assert!(preview["expr"].as_str().unwrap().ends_with(">= 90"));
    assert_eq!(found(&preview, "node"), [("b".into(), true), ("a".into(), false)]);
    assert_eq!(preview["no_data"], json!([]));

    let one = template(&json!({ "kind": "nodes", "names": ["a"] }), "memory");
    let preview = administrator.post("/policies/preview", one).await.ok();
    assert_eq!(found(&preview, "node"), [("a".into(), true)]);
    assert_eq!(preview["sentence"], "Memory usage of node a is above 0 %.");

    let sets = template(
        &json!({ "kind": "workloads", "workload": "StatefulSet", "namespace": "shop" }),
        "unavailable_replicas",
    );
    let preview = administrator.post("/policies/preview", sets).await.ok();
    assert_eq!(found(&preview, "statefulset"), [("db".into(), true), ("queue".into(), false)]);
    assert_eq!(
        preview["summary"],
        "Unavailable replica ratio of StatefulSet {{ $labels.namespace }}/{{ $labels.statefulset }} is above 0 %"
    );

    let nobody = template(&json!({ "kind": "nodes", "names": ["nobody"] }), "available_memory");
    let preview = administrator.post("/policies/preview", nobody).await.ok();
    assert_eq!(preview["series"], json!([]));
    assert_eq!(preview["no_data"], json!([r#"node_memory_MemAvailable_bytes{node="nobody"}"#]));
}

#[tokio::test]
async fn every_choice_makes_a_policy_as_it_is_offered() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let choices = administrator.get("/policies/templates").await.ok();
    assert_eq!(choices["durations"], json!(["0s", "1m", "5m", "15m", "30m", "60m"]));
    let choices = choices["templates"].as_array().unwrap();
    let on = |target: &str| choices.iter().filter(|choice| choice["target"] == target).count();
    assert_eq!((on("nodes"), on("workloads"), choices.len()), (17, 6, 23));
    for choice in choices {
        assert_eq!(choice["comparators"], json!([">", ">=", "<", "<=", "==", "!="]));
        assert_eq!(choice["min"], 0.0, "a threshold of 0 is allowed");
        let draft = json!({ "name": choice["title"], "severity": "info", "for": "0s", "enabled": true, "summary": choice["summary"],
            "details": choice["details"],
            "template": { "metric": choice["metric"], "comparator": choice["comparator"], "threshold": choice["threshold"] } });
        let made = administrator.post("/policies", draft).await.ok();
        assert_eq!(made["template"]["target"]["kind"], choice["target"]);
    }
    let unit =
        |metric: &str| choices.iter().find(|choice| choice["metric"] == metric).unwrap()["unit"].clone();
    let units = ["cpu", "load", "available_memory", "disk_reads", "network_sent", "workload_cpu"].map(unit);
    assert_eq!(units, ["%", "", "GiB", "/s", "Mbit/s", "cores"]);
}

#[tokio::test]
async fn what_a_template_looks_at_is_kept_and_shown() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let api = json!({ "kind": "workloads", "workload": "Deployment", "namespace": "shop", "names": ["api", "web", "api"] });
    let made = administrator.post("/policies", draft(&template(&api, "workload_cpu"))).await.ok();
    let once = json!({ "kind": "workloads", "workload": "Deployment", "namespace": "shop", "names": ["api", "web"] });
    assert_eq!(made["template"]["target"], once);
    assert!(made["expr"].as_str().unwrap().contains(r#"owner_name=~"api|web""#), "{made}");
    assert_eq!(made["description"], "CPU consumption of Deployment api or web in shop is above 0 cores.");
    let path = format!("/policies/{}", made["id"]);
    assert_eq!(administrator.get(&path).await.ok()["template"]["target"], once);

    let scraped = draft(&template(&json!({ "kind": "nodes", "names": ["10.0.0.1:9100"] }), "disk"));
    let mut update = scraped;
    update["version"] = json!(1);
    let changed = administrator.put(&path, update).await.ok();
    let instance = json!({ "kind": "nodes", "label": "instance", "names": ["10.0.0.1:9100"] });
    assert_eq!(changed["template"]["target"], instance, "a name with a port is an instance");
}

#[tokio::test]
async fn an_expression_is_as_good_as_a_template() {
    let house = house().await;
    let administrator = house.administrator().await;
    let expr = r#"node_memory_MemAvailable_bytes{node="b"} < 10"#;
    let preview = administrator.post("/policies/preview", json!({ "expr": expr })).await.ok();
    assert_eq!(found(&preview, "node"), [("b".into(), true)]);
    assert_eq!((&preview["expr"], &preview["sentence"]), (&json!(expr), &json!("")));
    let mut given = draft(&json!({ "expr": format!("  {expr}\n") }));
    given["summary"] = json!("{{ $labels.node }} is short of memory");
    let made = administrator.post("/policies", given).await.ok();
    assert_eq!((&made["expr"], &made["template"]), (&json!(expr), &Value::Null));

    // What a template evaluates can be taken and changed freely.
    let path = format!("/policies/{}", made["id"]);
    let mut update = draft(&template(&json!({ "kind": "nodes" }), "load15"));
    update["version"] = made["version"].clone();
    let from_template = administrator.put(&path, update).await.ok();
    let mut free = draft(
        &json!({ "expr": format!("{} and on () hour() > 8", from_template["expr"].as_str().unwrap()) }),
    );
    free["summary"] = from_template["summary"].clone();
    free["version"] = from_template["version"].clone();
    let free = administrator.put(&path, free).await.ok();
    assert_eq!(free["template"], Value::Null);
    assert!(free["expr"].as_str().unwrap().ends_with("> 0 and on () hour() > 8"));
}

#[tokio::test]
async fn what_is_wrong_with_it_is_said_at_its_field() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let said = async |rule: Value| refused(&administrator, rule).await;
    let words = "Give a template or an expression.";
    assert_eq!(said(json!({})).await, ("template".into(), words.into()));
    let mut both = template(&json!({ "kind": "nodes" }), "cpu");
    both["expr"] = json!("up");
    let words = "Give a template or an expression, not both.";
    assert_eq!(said(both).await, ("expr".into(), words.into()));
    assert_eq!(said(json!({ "expr": "up >" })).await.0, "expr");
    assert_eq!(said(json!({ "expr": " " })).await.0, "expr");
    assert_eq!(said(json!({ "expr": "up[5m]" })).await.0, "expr");
    assert_eq!(said(template(&json!({ "kind": "pods" }), "cpu")).await.0, "template.target.kind");
    let job = json!({ "kind": "workloads", "workload": "Job", "namespace": "shop" });
    assert_eq!(said(template(&job, "workload_cpu")).await.0, "template.target");
    let words = "This metric is measured on workloads: choose workloads.";
    assert_eq!(
        said(template(&json!({ "kind": "nodes" }), "workload_cpu")).await,
        ("template.target".into(), words.into())
    );
    let many: Vec<String> = (0..101).map(|n| n.to_string()).collect();
    let many = json!({ "kind": "nodes", "names": many });
    assert_eq!(said(template(&many, "cpu")).await.0, "template.target");
    assert_eq!(said(template(&json!({ "kind": "nodes", "names": [""] }), "cpu")).await.0, "template.target");
    assert_eq!(said(template(&json!({ "kind": "nodes" }), "heat")).await.0, "template.metric");

    let made = administrator.post("/policies", draft(&json!({ "expr": "up == 0" }))).await;
    assert_eq!(made.problem().2, "summary", "nobody can guess what an expression means");
}
