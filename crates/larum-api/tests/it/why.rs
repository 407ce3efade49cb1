//! Why: of each alert and each receiver whether it was told, when, where, and why not; now, and as of a time before.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use larum_core::inhibit::InhibitRule;
use larum_core::matcher::Matcher;
use larum_core::time::{Now, Steady, Timestamp};
use larum_engine::Hands;
use larum_sandbox::{Behaviour, Fault};
use larum_store::accounts::Role;
use serde_json::{Value, json};

use crate::doorway::metrics;
use crate::house::{Answer, Caller, House, Opening};
use crate::walk::{receiver, until};

/// `/why` for what is called like this, with more behind it.
fn path(name: &str, more: &str) -> String {
    format!("/why?filter=alertname%3D%22{name}%22{more}")
}

/// A house whose clock stands still at 2027-01-15T08:00:00Z until it is moved.
async fn open() -> (House, Hands) {
    let wall = Timestamp::from_millis(1_800_000_000_000);
    let hands = Hands::at(Now { wall, steady: Steady::default() });
    let inhibits = InhibitRule {
        name: "node-down".into(),
        source: vec![Matcher::equal("alertname", "NodeDown")],
        target: vec![Matcher::equal("alertname", "Slow")],
        equal: vec!["node".into()],
    };
    let opening = Opening { clock: hands.clock(), inhibitions: [inhibits].into(), ..Opening::default() };
    (House::open_as(opening).await, hands)
}

async fn says(house: &House, name: &str, over: bool) {
    let mut alert = json!({ "labels": { "alertname": name, "node": "web-1", "severity": "critical" } });
    if over {
        alert["endsAt"] = now(house).into();
    }
    house.post_alerts(json!([alert]).to_string()).await.ok();
}

async fn fires(house: &House, name: &str) {
    says(house, name, false).await;
}

async fn is_over(house: &House, name: &str) {
    says(house, name, true).await;
}

fn now(house: &House) -> String {
    jiff::Timestamp::from_millisecond(house.engine.now().wall.as_millis()).unwrap().to_string()
}

/// The answer for the first receiver of the newest alert of this name, once it is as it should be.
async fn why(caller: &Caller<'_>, name: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let first = |answer: &Value| answer["alerts"][0]["receivers"][0].clone();
    first(&until(caller, &path(name, ""), |answer| wanted(&first(answer))).await)
}

fn state(word: &str) -> impl Fn(&Value) -> bool {
    move |receiver| receiver["state"] == word
}

/// What its messages say of the alert, and what became of each.
fn messages(receiver: &Value) -> Vec<(String, String)> {
    let messages = receiver["notifications"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    messages.map(|message| (text(&message["says"]), text(&message["state"]))).collect()
}

fn reasons(receiver: &Value) -> Vec<&str> {
    receiver["verdicts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|verdict| verdict["reason"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn who_was_told_of_an_alert_when_where_and_that_it_is_over() {
    let (house, hands) = open().await;
    let administrator = house.administrator().await;
    receiver(&administrator, &["alerts", "critical"]).await;
    fires(&house, "Disk").await;
    let delivered =
        |receiver: &Value| messages(receiver).iter().filter(|(_, state)| state == "delivered").count();
    let told = why(&administrator, "Disk", |receiver| delivered(receiver) == 2).await;
    assert_eq!(told["sentence"], "Told in #alerts and #critical.");
    assert_eq!(
        (&told["name"], &told["source"], &told["at"]),
        (&json!("Slack"), &json!("console"), &json!("2027-01-15T08:00:00.000Z"))
    );
    assert_eq!(
        told["ways"],
        json!([{ "route": null, "met": true, "stored": true,
                 "sentence": "Its notification conditions let it through: Every alert." }])
    );
    let group = &told["groups"][0];
    assert_eq!((&group["labels"], &group["turn"]), (&json!({ "alertname": "Disk" }), &json!(1)));
    assert_eq!(group["next_turn_at"], "2027-01-15T08:00:01.000Z");
    assert_eq!(group["repeats_at"], "2027-01-15T09:00:00.000Z");
    let first = &told["notifications"][0];
    assert_eq!((&first["reason"], &first["attempts"]), (&json!("first notification"), &json!(1)));
    assert!(first["permalink"].as_str().unwrap().contains("/archives/C"), "{first}");

    hands.pass(Duration::from_secs(60));
    is_over(&house, "Disk").await;
    hands.pass(Duration::from_secs(60));
    let over = why(&administrator, "Disk", |receiver| delivered(receiver) == 4).await;
    assert_eq!(over["sentence"], "Told in #alerts and #critical. Told that it is over, too.");
    assert_eq!(over["groups"], json!([]), "its group is done with it");
    let both =
        ["firing", "firing", "resolved", "resolved"].map(|says| (says.to_owned(), "delivered".to_owned()));
    assert_eq!(messages(&over), both);
}

#[tokio::test]
async fn a_silence_that_hid_an_alert_is_named_also_when_it_was_told_after_that() {
    let (house, hands) = open().await;
    let administrator = house.administrator().await;
    receiver(&administrator, &["alerts"]).await;
    let draft = json!({ "text": "alertname=Disk", "duration": "2h", "comment": "a new disk comes" });
    let silence = administrator.post("/silences", draft).await.ok();
    fires(&house, "Disk").await;
    let hidden = why(&administrator, "Disk", |receiver| !reasons(receiver).is_empty()).await;
    assert_eq!(hidden["state"], "not_told");
    let verdict = &hidden["verdicts"][0];
    assert_eq!(verdict["silenced"][0]["id"], silence["id"]);
    let counted = "alertmanager_notifications_suppressed_total{reason=\"silence\"} 1";
    assert!(metrics(&house).await.contains(counted), "in Alertmanager's word");
    assert_eq!(verdict["silenced"][0]["comment"], "a new disk comes");
    assert_eq!(verdict["group"], json!({ "alertname": "Disk" }));
    assert!(verdict["sentence"].as_str().unwrap().starts_with("Silenced by token test until 2027-01-15T10:"));
    assert_eq!(hidden["groups"][0]["muted_until"], silence["ends_at"]);

    let then = now(&house);
    hands.pass(Duration::from_secs(60));
    administrator.delete(&format!("/silences/{}", silence["id"].as_str().unwrap())).await.ok();
    hands.pass(Duration::from_secs(60));
    let told = why(&administrator, "Disk", state("told")).await;
    assert_eq!(reasons(&told), ["silenced", "silenced_before"]);
    assert_eq!(messages(&told), [("firing".to_owned(), "delivered".to_owned())]);

    let before = administrator.get(&path("Disk", &format!("&at={then}"))).await.ok();
    assert_eq!((&before["live"], &before["at"]), (&json!(false), &json!("2027-01-15T08:00:00.000Z")));
    let before = &before["alerts"][0]["receivers"][0];
    assert_eq!((&before["state"], reasons(before)), (&json!("not_told"), vec!["silenced"]));
    assert_eq!(messages(before), []);
}

#[tokio::test]
async fn the_alert_and_the_rule_that_inhibited_another_are_named() {
    let (house, _) = open().await;
    let administrator = house.administrator().await;
    receiver(&administrator, &["alerts"]).await;
    fires(&house, "NodeDown").await;
    fires(&house, "Slow").await;
    let hidden = why(&administrator, "Slow", |receiver| !reasons(receiver).is_empty()).await;
    assert_eq!((&hidden["state"], reasons(&hidden)), (&json!("not_told"), vec!["inhibited"]));
    let by = &hidden["verdicts"][0]["inhibited"];
    assert_eq!(
        (&by["rule"], &by["name"], &by["target"]),
        (&json!("node-down"), &json!("NodeDown"), &json!("node web-1"))
    );
    assert_eq!(hidden["inhibited"], *by);
    is_over(&house, "Slow").await;
    let over = administrator.get(&path("Slow", "")).await.ok();
    assert_eq!(over["alerts"][0]["state"], "resolved");
    let words = "Inhibited by NodeDown (node web-1), rule node-down.";
    assert_eq!(over["alerts"][0]["receivers"][0]["sentence"], words);
}

/// What becomes of a message when Slack answers like this.
async fn refused(behaviour: Behaviour, wanted: impl Fn(&Value) -> bool) -> (House, Hands, Value) {
    let (house, hands) = open().await;
    let administrator = house.administrator().await;
    receiver(&administrator, &["alerts"]).await;
    house.slack.control().inject(Fault::of(behaviour).on("chat.postMessage")).unwrap();
    fires(&house, "Disk").await;
    let told = why(&administrator, "Disk", |receiver| wanted(&receiver["notifications"][0])).await;
    (house, hands, told)
}

#[tokio::test]
async fn what_waits_because_slack_asks_for_it_says_until_when() {
    let limited = Behaviour::RateLimited { retry_after: 120 };
    let (_house, _, told) = refused(limited, |message| message["error"].is_string()).await;
    assert_eq!(told["state"], "due");
    let message = &told["notifications"][0];
    assert_eq!((&message["state"], &message["settled"]), (&json!("waiting"), &json!(false)));
    assert_eq!(message["waits_until"], "2027-01-15T08:02:00.000Z");
    assert_eq!(told["at"], message["waits_until"]);
    let sentence = told["sentence"].as_str().unwrap();
    assert!(
        sentence.starts_with("The message to #alerts waits for ") && sentence.contains("2m"),
        "{sentence}"
    );
}

#[tokio::test]
async fn what_waits_until_somebody_acts_says_what_to_do() {
    let archived = Behaviour::Error { error: "is_archived".to_owned() };
    let (_house, _, told) = refused(archived, |message| !message["paused_since"].is_null()).await;
    assert_eq!(told["state"], "due");
    let sentence = told["sentence"].as_str().unwrap();
    assert!(sentence.starts_with("The message to #alerts is paused: "), "{sentence}");
    assert!(sentence.contains("unarchive the channel #alerts"), "{sentence}");
    assert_eq!(told["notifications"][0]["waits_until"], "2027-01-15T08:05:00.000Z", "it is tried again then");
}

#[tokio::test]
async fn what_slack_refused_for_good_says_why_and_what_it_was_before_that() {
    let malformed = Behaviour::Error { error: "invalid_blocks".to_owned() };
    let (house, hands, told) = refused(malformed, |message| message["state"] == "dead").await;
    assert_eq!(told["state"], "not_told");
    let sentence = told["sentence"].as_str().unwrap();
    assert!(sentence.starts_with("#alerts refused it for good: invalid_blocks"), "{sentence}");
    hands.pass(Duration::from_secs(1));
    let administrator = house.administrator().await;
    let just_before = "2027-01-15T07:59:59Z";
    let before = administrator.get(&path("Disk", &format!("&at={just_before}"))).await.ok();
    assert_eq!(before["alerts"], json!([]), "it did not fire then");
}

#[tokio::test]
async fn what_was_over_before_its_first_turn_was_not_told_for_that() {
    let (house, _) = open().await;
    let administrator = house.administrator().await;
    receiver(&administrator, &["alerts"]).await;
    let slow = json!({ "group_by": ["alertname"], "group_wait": "1m", "group_interval": "5m", "repeat_interval": "1h", "version": 1 });
    administrator.put("/settings/grouping", slow).await.ok();
    fires(&house, "Disk").await;
    let due = why(&administrator, "Disk", |_| true).await;
    assert_eq!((&due["state"], &due["at"]), (&json!("due"), &json!("2027-01-15T08:01:00.000Z")));
    assert_eq!(due["groups"][0]["next_turn_at"], due["at"]);
    assert_eq!((&due["groups"][0]["repeats_at"], &due["verdicts"]), (&Value::Null, &json!([])));
    is_over(&house, "Disk").await;
    let over = why(&administrator, "Disk", state("not_told")).await;
    assert_eq!(reasons(&over), ["resolved_before_first_turn"]);
    assert_eq!(over["sentence"], "It was over before its group's first turn.");
}

#[tokio::test]
async fn a_receiver_that_was_deleted_keeps_its_name_and_what_became_of_its_messages() {
    let archived = Behaviour::Error { error: "is_archived".to_owned() };
    let (house, _, told) = refused(archived, |message| !message["paused_since"].is_null()).await;
    let administrator = house.administrator().await;
    let slow = json!({ "group_by": ["alertname"], "group_wait": "1m", "group_interval": "5m", "repeat_interval": "1h", "version": 1 });
    administrator.put("/settings/grouping", slow).await.ok();
    fires(&house, "Untold").await;
    administrator.delete(&format!("/receivers/{}?version=1", told["id"])).await.ok();
    let cancelled = why(&administrator, "Disk", state("not_told")).await;
    assert_eq!((&cancelled["name"], &cancelled["source"]), (&json!("Slack"), &json!("gone")));
    let words = "The message to #alerts was cancelled: receiver deleted by token test.";
    assert_eq!(cancelled["sentence"], words);
    let untold = why(&administrator, "Untold", state("not_told")).await;
    assert_eq!((&untold["name"], reasons(&untold)), (&json!("Slack"), vec!["receiver_deleted"]));
}

#[tokio::test]
async fn conditions_that_are_not_met_are_named_and_what_they_were_before_is_not_guessed() {
    let (house, hands) = open().await;
    let administrator = house.administrator().await;
    fires(&house, "Disk").await;
    let nobody = administrator.get(&path("Disk", "")).await.ok();
    assert_eq!(nobody["alerts"][0]["receivers"], json!([]));
    assert_eq!(nobody["alerts"][0]["verdicts"][0]["reason"], "no_receiver");
    let early = now(&house);
    hands.pass(Duration::from_secs(60));
    let draft = json!({ "name": "Nights", "token": house.slack.bot_token, "channels": ["alerts"], "enabled": true,
        "conditions": [{ "label": "severity", "operator": "In", "values": ["warning", "info"] }] });
    administrator.post("/receivers", draft).await.ok();
    let unmet = why(&administrator, "Disk", |_| true).await;
    let words =
        "A notification condition is not met: severity is warning or info; the alert's severity is critical.";
    assert_eq!((&unmet["state"], &unmet["sentence"]), (&json!("not_told"), &json!(words)));
    assert_eq!((&unmet["ways"][0]["met"], &unmet["ways"][0]["stored"]), (&json!(false), &json!(false)));
    let later = now(&house);
    hands.pass(Duration::from_secs(60));
    let then = |at: String| path("Disk", &format!("&at={at}"));
    let known = administrator.get(&then(later)).await.ok();
    assert_eq!(known["alerts"][0]["receivers"][0]["sentence"], words, "it is as it was saved then");
    let unknown = administrator.get(&then(early)).await.ok();
    assert_eq!(unknown["alerts"][0]["receivers"], json!([]), "nothing is known of then");
    assert_eq!(unknown["alerts"][0]["verdicts"][0]["reason"], "no_receiver");
}

#[tokio::test]
async fn a_receiver_that_is_switched_off_says_so_and_a_heartbeat_is_for_nobody() {
    let (house, _) = open().await;
    let administrator = house.administrator().await;
    let draft = json!({ "name": "Off", "token": house.slack.bot_token, "channels": ["alerts"], "enabled": false,
        "conditions": null });
    administrator.post("/receivers", draft).await.ok();
    fires(&house, "Disk").await;
    let off = why(&administrator, "Disk", state("not_told")).await;
    assert_eq!(
        (reasons(&off), &off["sentence"]),
        (vec!["switched_off"], &json!("Receive Notifications is off."))
    );
    assert_eq!(off["ways"][0]["met"], true, "it would be let through");
    house.post_alerts(r#"[{"labels":{"alertname":"Watchdog","severity":"none"}}]"#).await.ok();
    let heartbeat = administrator.get(&path("Watchdog", "")).await.ok();
    assert_eq!(heartbeat["alerts"][0]["verdicts"][0]["reason"], "heartbeat");
    let words = "A heartbeat is shown, never sent, unless a route leads to it.";
    assert_eq!(heartbeat["alerts"][0]["receivers"][0]["sentence"], words);
}

#[tokio::test]
async fn a_message_that_was_not_settled_by_then_is_said_to_be_so() {
    let limited = Behaviour::RateLimited { retry_after: 120 };
    let (house, hands, _) = refused(limited, |message| message["error"].is_string()).await;
    let administrator = house.administrator().await;
    let then = now(&house);
    house.slack.control().clear_faults();
    hands.pass(Duration::from_secs(121));
    let told = why(&administrator, "Disk", state("told")).await;
    assert_eq!(told["at"], "2027-01-15T08:02:01.000Z");
    let before = administrator.get(&path("Disk", &format!("&at={then}"))).await.ok();
    let before = &before["alerts"][0]["receivers"][0];
    assert_eq!((&before["state"], &before["notifications"][0]["settled"]), (&json!("due"), &json!(false)));
    assert_eq!(before["sentence"], "The message to #alerts was not settled by then.");
}

#[tokio::test]
async fn each_episode_has_an_answer_the_newest_first_page_by_page() {
    let (house, hands) = open().await;
    let administrator = house.administrator().await;
    for _ in 0..3 {
        fires(&house, "Disk").await;
        hands.pass(Duration::from_secs(60));
        is_over(&house, "Disk").await;
        hands.pass(Duration::from_secs(60));
    }
    fires(&house, "Disk").await;
    fires(&house, "Cpu").await;
    let found = async |path: &str| {
        let answer = administrator.get(path).await.ok();
        let alerts = answer["alerts"].as_array().unwrap().iter();
        let began: Vec<String> = alerts
            .map(|alert| {
                format!(
                    "{} {}",
                    alert["state"].as_str().unwrap(),
                    &alert["starts_at"].as_str().unwrap()[14..16]
                )
            })
            .collect();
        (began, answer["next"].clone())
    };
    let (all, next) = found(&path("Disk", "")).await;
    assert_eq!(
        (all.as_slice(), next),
        (
            ["firing 06", "resolved 04", "resolved 02", "resolved 00"].map(String::from).as_slice(),
            Value::Null
        )
    );
    let (first, next) = found(&path("Disk", "&limit=3")).await;
    assert_eq!(first, all[..3]);
    let (rest, end) = found(&path("Disk", &format!("&limit=3&before={}", next.as_str().unwrap()))).await;
    assert_eq!((rest.as_slice(), end), (&all[3..], Value::Null));
    let (then, _) = found(&path("Disk", "&at=2027-01-15T08:02:30Z")).await;
    assert_eq!(then, ["firing 02", "resolved 00"], "as of then");
    let (both, _) = found("/why?filter=%7Bnode%3D~%22web-.*%22%7D&filter=severity%3Dcritical&limit=2").await;
    assert_eq!(both, ["firing 06", "firing 06"]);
}

#[tokio::test]
async fn what_cannot_be_answered_says_what_is_wrong() {
    let (house, _) = open().await;
    let administrator = house.administrator().await;
    receiver(&administrator, &["alerts"]).await;
    fires(&house, "NodeDiskFull").await;
    let wrong = async |query: &str| {
        let answer: Answer = administrator.get(&format!("/why{query}")).await;
        (answer.problem(), answer.detail())
    };
    let invalid = |field: &str| (422, "invalid".to_owned(), field.to_owned());
    assert_eq!(wrong("").await.0, invalid("filter"));
    assert_eq!(wrong("?filter=a%3D~%22(%22").await.0, invalid("filter"));
    assert_eq!(wrong("?filter=a%3Db&at=yesterday").await.0, invalid("at"));
    assert_eq!(wrong("?filter=a%3Db&at=2099-01-01T00:00:00Z").await.0, invalid("at"));
    assert_eq!(wrong("?filter=a%3Db&limit=many").await.0, invalid("limit"));
    assert_eq!(wrong("?alert=99999999").await.0.0, 404);
    let (problem, detail) = wrong("?filter=alertname%3DNodeDiskFull&receiver=pager").await;
    assert_eq!(problem, invalid("receiver"));
    assert_eq!(detail, "There is no receiver \"pager\". There are: Slack.");
    let none = administrator.get(&path("DiskFull", "")).await.ok();
    assert_eq!((&none["alerts"], &none["similar"]), (&json!([]), &json!(["NodeDiskFull"])));
    let hers = administrator.get(&path("NodeDiskFull", "&receiver=Slack")).await.ok();
    assert_eq!(hers["alerts"][0]["receivers"].as_array().unwrap().len(), 1);
    let id = hers["alerts"][0]["id"].as_str().unwrap();
    let one = administrator.get(&format!("/why?alert={id}")).await.ok();
    assert_eq!(one["alerts"][0]["name"], "NodeDiskFull");
}

#[tokio::test]
async fn whoever_may_see_alerts_may_ask_why() {
    let (house, _) = open().await;
    let asked = async |caller: &Caller<'_>| caller.get(&path("Disk", "")).await.status;
    assert_eq!(asked(&house.token(Role::Viewer).await).await, StatusCode::OK);
    assert_eq!(asked(&house.token(Role::Sender).await).await, StatusCode::FORBIDDEN);
    let nobody = house.ask(Method::GET, "/api/larum/v1/why?filter=a%3Db").send().await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
}
