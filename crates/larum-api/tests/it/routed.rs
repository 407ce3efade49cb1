//! The routes of an `alertmanager.yml`, as people look at them.

use larum_api::FailedReload;
use larum_store::accounts::Role;
use serde_json::{Value, json};

use crate::house::{Caller, House, Opening, route_file};
use crate::walk::{receiver, until};

/// A file with every kind of route; the webhook stands at an address that refuses everything.
fn file(url: &str) -> String {
    format!(
        "
route:
  receiver: team
  group_by: [alertname]
  group_wait: 0s
  routes:
  - {{ receiver: pager, matchers: [severity=critical], continue: true, group_wait: 1s }}
  - matchers: ['team=~\"a|b\"']
    group_by: ['...']
    routes:
    - {{ receiver: mail, matchers: [severity=info], mute_time_intervals: [always, never], labels: {{ k: v }} }}
receivers:
- name: team
  slack_configs: [{{ api_url: 'https://hooks.slack.com/services/T/B/hush', channel: '#team' }}]
- name: pager
  labels: {{ floor: '2' }}
  webhook_configs: [{{ url: '{url}' }}]
  pagerduty_configs: [{{ service_key: hush }}]
- name: mail
  email_configs: [{{ to: a@b.c, from: a@b.c, smarthost: 'localhost:25' }}]
time_intervals:
- {{ name: always, time_intervals: [{{}}] }}
- {{ name: never, time_intervals: [{{ years: ['1970'] }}, {{ weekdays: ['monday:friday'], times: [{{ start_time: '09:00', end_time: '17:30' }}], years: ['1971'] }}] }}
"
    )
}

async fn house() -> House {
    House::open_as(Opening { route_file: Some(file("http://127.0.0.1:1/hush")), ..Opening::default() }).await
}

async fn shown(caller: &Caller<'_>) -> Value {
    caller.get("/routing").await.ok()["file"].clone()
}

#[tokio::test]
async fn without_a_file_there_are_no_routes() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    assert_eq!(administrator.get("/routing").await.ok(), json!({ "file": null }));
    assert_eq!(administrator.get("/status").await.ok()["has_route_file"], false);
}

#[tokio::test]
async fn routes_are_shown_with_what_they_inherit_and_when_they_are_mute() {
    let house = house().await;
    let administrator = house.administrator().await;
    let file = shown(&administrator).await;
    assert_eq!(file["path"], "/etc/larum/alertmanager.yml");
    let routes = file["routes"].as_array().unwrap();
    let lines: Vec<Value> = routes
        .iter()
        .map(|route| json!([route["id"], route["parent"], route["receiver"], route["matchers"]]))
        .collect();
    assert_eq!(
        Value::from(lines),
        json!([
            [0, null, "team", []],
            [1, 0, "pager", ["severity=\"critical\""]],
            [2, 0, "team", ["team=~\"a|b\""]],
            [3, 2, "mail", ["severity=\"info\""]],
        ])
    );
    let (pager, all, mail) = (&routes[1], &routes[2], &routes[3]);
    assert_eq!((&pager["continue"], &pager["group_wait"]), (&json!(true), &json!("1s")));
    assert_eq!(pager["inherited"], json!(["group_by", "group_interval", "repeat_interval"]));
    assert_eq!(
        routes[0]["inherited"],
        json!(["group_interval", "repeat_interval"]),
        "as where nothing is said"
    );
    assert_eq!((&all["group_by"], &mail["group_by"]), (&json!(["..."]), &json!(["..."])));
    assert_eq!(
        (&mail["mute"], &mail["labels"]),
        (&json!({ "by": ["always"], "outside": false }), &json!({ "k": "v" }))
    );
    assert_eq!((&mail["changes_at"], &pager["mute"]), (&Value::Null, &Value::Null));
    let intervals = json!([
        { "name": "always", "parts": ["always, UTC"], "now": true, "changes_at": null },
        { "name": "never", "parts": ["1970, UTC", "Monday to Friday, 1971, 09:00-17:30, UTC"], "now": false, "changes_at": null },
    ]);
    assert_eq!(file["intervals"], intervals);
}

#[tokio::test]
async fn receivers_are_shown_without_their_secrets() {
    let house = house().await;
    let administrator = house.administrator().await;
    let file = shown(&administrator).await;
    let ways: Vec<Value> = file["receivers"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|receiver| receiver["integrations"].as_array().unwrap())
        .map(|one| json!([one["name"], one["place"], one["state"], one["send_resolved"]]))
        .collect();
    assert_eq!(
        Value::from(ways),
        json!([
            ["slack[0]", "#team", "ok", false],
            ["webhook[0]", "", "ok", true],
            ["pagerduty[0]", "", "unsupported", false],
            ["email[0]", "", "unsupported", false],
        ])
    );
    assert_eq!(file["receivers"][1]["labels"], json!({ "floor": "2" }));
    let words = "Larum has no pagerduty (line 18): nobody is told by it.";
    assert_eq!(file["receivers"][1]["integrations"][1]["sentence"], words);
    assert!(file["text"].as_str().unwrap().contains("<secret>"));
    assert!(!file.to_string().contains("hush"), "{file}");
    let viewer = house.token(Role::Viewer).await;
    assert_eq!(viewer.get("/routing").await.problem().1, "forbidden");
}

#[tokio::test]
async fn labels_lead_to_receivers_by_routes_and_by_conditions() {
    let house = house().await;
    let administrator = house.administrator().await;
    receiver(&administrator, &["alerts"]).await;
    let asked = async |labels: &str| administrator.post("/routing/test", json!({ "labels": labels })).await;
    let answer = asked(r#"{alertname="Disk", severity="critical"}"#).await.ok();
    assert_eq!(answer["labels"], json!({ "alertname": "Disk", "severity": "critical" }));
    assert_eq!(answer["ways"], json!([0, 1]));
    assert_eq!(
        answer["hears"],
        json!([
            { "receiver": "pager", "route": 1, "group": { "alertname": "Disk" }, "told": true, "sentence": "Told by webhook[0]." },
            { "receiver": "Slack", "route": null, "group": { "alertname": "Disk" }, "told": true, "sentence": "Told in #alerts." },
        ])
    );
    let both = asked("severity=critical, team=a").await.ok();
    assert_eq!((&both["ways"], both["hears"].as_array().unwrap().len()), (&json!([0, 1, 2]), 3));
    let mail = asked("severity=info, team=b").await.ok();
    assert_eq!((&mail["ways"], &mail["hears"][0]["told"]), (&json!([0, 2, 3]), &json!(false)));
    assert_eq!(mail["hears"][0]["sentence"], "Nobody is told: Larum has no email.");
    for (labels, words) in [
        ("severity=~critical", "An alert has one value for each label: write severity=\"…\"."),
        ("a=b, a=c", "An alert has each label once: one stands here twice."),
        ("foo", "Bad matcher format: foo."),
    ] {
        let refused = asked(labels).await;
        assert_eq!(refused.problem(), (422, "invalid".into(), "labels".into()));
        assert_eq!(refused.detail(), words);
    }
}

#[tokio::test]
async fn a_reload_that_failed_is_told_until_one_succeeds() {
    let (reload, reloads) = larum_api::Reload::channel();
    let route_file_text = file("http://127.0.0.1:1/");
    let opening = Opening { reload, route_file: Some(route_file_text.clone()), ..Opening::default() };
    let (clock, house) = (opening.clock, House::open_as(opening).await);
    let administrator = house.administrator().await;
    assert_eq!(shown(&administrator).await["failed"], Value::Null);
    let at = house.engine.now().wall;
    reloads.note(Some(FailedReload { at, error: "alertmanager.yml:3:1: unknown field".to_owned() }));
    let file = shown(&administrator).await;
    assert_eq!(file["failed"]["error"], "alertmanager.yml:3:1: unknown field");
    assert_eq!(file["routes"].as_array().unwrap().len(), 4, "what was in force stays");
    let another = route_file_text.replace("receiver: pager", "receiver: team");
    house.engine.put_route_file(route_file(&another, clock), "a reload").await.unwrap();
    reloads.note(None);
    let file = shown(&administrator).await;
    assert_eq!((&file["failed"], &file["routes"][1]["receiver"]), (&Value::Null, &json!("team")));
}

#[tokio::test]
async fn a_way_that_is_paused_says_why() {
    let refusing = House::open().await;
    let url = refusing.slack.api_url().replace("/api/", "/nowhere");
    let house = House::open_as(Opening { route_file: Some(file(&url)), ..Opening::default() }).await;
    let administrator = house.administrator().await;
    let three = ["Disk", "Load", "Fan"];
    let three = three.map(|name| json!({ "labels": { "alertname": name, "severity": "critical" } }));
    house.post_alerts(json!(three).to_string()).await.ok();
    let paused = |answer: &Value| answer["file"]["receivers"][1]["integrations"][0]["state"] == "paused";
    let routing = until(&administrator, "/routing", paused).await;
    let webhook = &routing["file"]["receivers"][1]["integrations"][0];
    assert_eq!(webhook["waiting"], 3);
    assert!(webhook["sentence"].as_str().unwrap().starts_with("It refuses what it is sent: "), "{webhook}");
    let status = administrator.get("/status").await.ok();
    assert_eq!(status["told"]["state"], "paused");
    let names = administrator.get("/deliveries/receivers").await.ok();
    assert!(names.to_string().contains("pager webhook[0]"), "{names}");
    let log = administrator.get("/deliveries").await.ok();
    assert_eq!(log["deliveries"][0]["receiver"]["in_file"], true);
}

#[tokio::test]
async fn alerts_stand_in_the_groups_in_which_they_are_told() {
    let house = house().await;
    let administrator = house.administrator().await;
    let alerts = json!([
        { "labels": { "alertname": "Disk", "node": "web-1" } },
        { "labels": { "alertname": "Disk", "node": "web-2" } },
        { "labels": { "alertname": "Load", "severity": "info", "team": "a" } },
    ]);
    house.post_alerts(alerts.to_string()).await.ok();
    let groups = administrator.get("/alerts/groups").await.ok();
    assert_eq!(groups["total"], 2);
    let disk = &groups["groups"][0];
    assert_eq!((&disk["receiver"], &disk["route"], &disk["total"]), (&json!("team"), &json!(0), &json!(2)));
    assert_eq!((&disk["labels"], disk["due"].is_string()), (&json!({ "alertname": "Disk" }), true));
    let mail = &groups["groups"][1];
    assert_eq!(
        (&mail["receiver"], &mail["muted_by"], &mail["due"]),
        (&json!("mail"), &json!(["always"]), &Value::Null)
    );
    assert_eq!(
        administrator.get("/alerts/groups?limit=1&offset=1").await.ok()["groups"][0]["receiver"],
        "mail"
    );
    assert_eq!(administrator.get("/alerts/groups?receiver=team").await.ok()["total"], 1);

    let found =
        async |query: &str| administrator.get(&format!("/alerts?{query}")).await.ok()["total"].clone();
    assert_eq!(found("receiver=team").await, 2);
    assert_eq!(found("receiver=nobody").await, 0);
    assert_eq!(found("q=%7Bnode%3D~%22web-.%2A%22%2C%20alertname%3D%22Disk%22%7D").await, 2);
    assert_eq!(found("q=%7B%7D").await, 3);
    let refused = administrator.get("/alerts?q=%7Bnode%3D~%22(%22%7D").await;
    assert_eq!(refused.problem(), (422, "invalid".into(), "q".into()));
}
