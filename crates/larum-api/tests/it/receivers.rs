//! The Slack page's conversation: tokens, channels, conditions, test messages, two administrators at once.

use larum_sandbox::{Behaviour, Fault, TokenChange, TokenKind};
use larum_store::accounts::Role;
use serde_json::{Value, json};

use crate::house::{Caller, House, PATIENCE};

fn draft(house: &House, name: &str, channels: &[&str]) -> Value {
    json!({ "name": name, "token": house.slack.bot_token, "channels": channels, "conditions": null, "enabled": true })
}

/// The draft as an update of the receiver: without a token, which keeps the saved one.
fn update(receiver: &Value, changes: &Value) -> Value {
    let channels: Vec<&Value> = receiver["channels"].as_array().unwrap().iter().map(|c| &c["name"]).collect();
    let mut update = json!({
        "name": receiver["name"], "channels": channels, "conditions": receiver["conditions"],
        "enabled": receiver["enabled"], "version": receiver["version"],
    });
    for (key, value) in changes.as_object().unwrap() {
        update[key] = value.clone();
    }
    update
}

async fn refused(administrator: &Caller<'_>, draft: Value) -> (String, String) {
    let answer = administrator.post("/receivers", draft).await;
    let (status, code, field) = answer.problem();
    assert_eq!((status, code.as_str()), (422, "invalid"));
    (field, answer.detail())
}

#[tokio::test]
async fn a_receiver_is_made_with_what_slack_says_of_its_token_and_channels() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let made = administrator
        .post("/receivers", draft(&house, "Slack", &["#alerts", "Random", "old-alerts", "nope"]))
        .await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert!(!made.text.contains(&house.slack.bot_token));
    let receiver = made.ok();
    assert_eq!(receiver["version"], 1);
    assert_eq!(receiver["sentence"], "Every alert.");
    assert_eq!(receiver["updated_by"], "token test");
    let token = &receiver["token"];
    assert_eq!(token["state"], "checked");
    assert_eq!(
        (&token["kind"], &token["as_name"], &token["app_mention"]),
        (&json!("bot"), &json!("larum"), &json!("@larum"))
    );
    assert_eq!(token["sentence"], "Messages are posted by the app larum in the workspace Larum Sandbox.");
    assert!(token["hint"].as_str().unwrap().starts_with("xoxb-…"));
    let state = |index: usize| {
        (receiver["channels"][index]["name"].clone(), receiver["channels"][index]["state"].clone())
    };
    assert_eq!(state(0), (json!("#alerts"), json!("can_post")));
    assert_eq!(state(1), (json!("#random"), json!("invite_needed")));
    assert_eq!(receiver["channels"][1]["invite"], "/invite @larum");
    assert_eq!(state(2).1, "archived");
    assert_eq!(state(3).1, "not_found");

    let listed = administrator.get("/receivers").await;
    assert_eq!(listed.ok()["receivers"][0]["id"], receiver["id"]);
    assert_eq!(listed.ok()["channel_limit"], 20);
    assert!(!listed.text.contains(&house.slack.bot_token));
    let viewer = house.token(Role::Viewer).await;
    assert_eq!(viewer.get("/status").await.ok()["told"]["state"], "ok");
}

#[tokio::test]
async fn what_was_typed_wrong_is_refused_at_its_field() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let with = |key: &str, value: Value| {
        let mut draft = draft(&house, "Slack", &["a"]);
        draft[key] = value;
        draft
    };
    let field = async |key: &str, value: Value| refused(&administrator, with(key, value)).await.0;
    assert_eq!(field("name", json!(" ")).await, "name");
    assert_eq!(field("name", json!("a\nb")).await, "name");
    assert_eq!(field("channels", json!([])).await, "channels");
    assert_eq!(field("channels", json!(["#a", " A "])).await, "channels[1]");
    assert_eq!(field("channels", json!(["a b"])).await, "channels[0]");
    assert_eq!(field("channels", json!("a")).await, "channels");
    let many: Vec<String> = (0..21).map(|n| format!("c{n}")).collect();
    let (place, words) = refused(&administrator, with("channels", json!(many))).await;
    assert_eq!(place, "channels");
    assert!(words.contains("at most 20 channels; this would be number 21"), "{words}");
    assert_eq!(field("conditions", json!([])).await, "conditions");
    let condition = |label: &str, operator: &str, values: Value| json!([{ "label": label, "operator": operator, "values": values }]);
    assert_eq!(field("conditions", condition("", "Exists", json!([]))).await, "conditions[0].label");
    assert_eq!(field("conditions", condition("a", "In", json!([]))).await, "conditions[0].values");
    assert_eq!(field("conditions", condition("a", "Like", json!(["b"]))).await, "conditions[0].operator");
    for token in
        ["xoxb-with\nline break", "xapp-1-abc", "https://hooks.slack.com/services/T/B/x", "hello", "xoxb-"]
    {
        assert_eq!(field("token", json!(token)).await, "token", "{token}");
    }
    assert_eq!(field("token", Value::Null).await, "token");
    let (place, words) = refused(&administrator, with("token", json!("xoxb-not-a-real-token"))).await;
    assert_eq!(place, "token");
    assert!(words.contains("Slack does not know this token"), "{words}");
    assert_eq!(administrator.get("/receivers").await.ok()["receivers"], json!([]));
    assert!(house.slack.control().requests(0).len() <= 2, "what cannot be a token is not sent to Slack");
}

#[tokio::test]
async fn a_name_and_an_id_of_the_same_channel_are_told_apart() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let id = house.slack.control().channel_id("alerts").unwrap();
    let (field, words) = refused(&administrator, draft(&house, "Slack", &["critical", "alerts", &id])).await;
    assert_eq!(field, "channels[2]");
    assert_eq!(words, format!("#alerts and {id} are the same channel: remove one of them."));
}

#[tokio::test]
async fn what_slack_said_to_a_check_is_not_asked_again_by_the_save() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let control = house.slack.control();
    let channels = [&control.channel_id("critical").unwrap(), "alerts"];
    let check = json!({ "token": house.slack.bot_token, "channels": channels });
    let checked = administrator.post("/receivers/check", check).await.ok();
    let receiver = administrator.post("/receivers", draft(&house, "Slack", &channels)).await.ok();
    for answer in [checked, receiver] {
        let states = [0, 1].map(|index| answer["channels"][index]["state"].clone());
        assert_eq!(states, ["can_post", "can_post"]);
    }
    let asked = |method: &str| control.requests(0).iter().filter(|request| request.method == method).count();
    assert_eq!((asked("conversations.list"), asked("conversations.info")), (1, 1));
}

#[tokio::test]
async fn chat_write_alone_will_do_and_without_it_the_page_says_so() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let scopes = |scopes: &[&str]| {
        let scopes = Some(scopes.iter().map(ToString::to_string).collect());
        house
            .slack
            .control()
            .change_token(TokenKind::Bot, &TokenChange { scopes, ..TokenChange::default() })
            .unwrap();
    };
    scopes(&["chat:write"]);
    let receiver = administrator.post("/receivers", draft(&house, "One", &["alerts"])).await.ok();
    assert_eq!(receiver["token"]["state"], "checked");
    assert_eq!(receiver["channels"][0]["state"], "unknown");
    assert!(receiver["channels"][0]["sentence"].as_str().unwrap().len() > 10);
    scopes(&["channels:read"]);
    let receiver = administrator.post("/receivers", draft(&house, "Two", &["alerts"])).await.ok();
    assert_eq!(receiver["token"]["missing_scopes"], json!(["chat:write"]));
    assert!(receiver["token"]["sentence"].as_str().unwrap().contains("chat:write"));
}

#[tokio::test]
async fn a_token_is_saved_unchecked_while_slack_is_down_and_checked_later() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let down =
        Fault { method: Some("auth.test".into()), ..Fault::of(Behaviour::ServerError { status: 503 }) };
    house.slack.control().inject(down).unwrap();
    let receiver = administrator.post("/receivers", draft(&house, "Slack", &["alerts"])).await.ok();
    assert_eq!(receiver["token"]["state"], "not_checked");
    assert!(receiver["token"]["sentence"].as_str().unwrap().contains("not checked yet"));
    house.slack.control().clear_faults();
    let path = format!("/receivers/{}", receiver["id"]);
    let receiver = administrator.put(&path, update(&receiver, &json!({}))).await.ok();
    assert_eq!((&receiver["token"]["state"], &receiver["version"]), (&json!("checked"), &json!(2)));
    house.slack.control().inject(Fault::of(Behaviour::ServerError { status: 503 })).unwrap();
    let receiver = administrator.put(&path, update(&receiver, &json!({ "enabled": false }))).await.ok();
    assert_eq!(receiver["token"]["state"], "checked", "what Slack said before still holds");
}

#[tokio::test]
async fn the_second_of_two_administrators_gets_a_conflict_with_what_there_is() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let receiver = administrator.post("/receivers", draft(&house, "Slack", &["alerts"])).await.ok();
    let path = format!("/receivers/{}", receiver["id"]);
    administrator.put(&path, update(&receiver, &json!({ "channels": ["critical"] }))).await.ok();
    let stale = administrator.put(&path, update(&receiver, &json!({ "name": "Mine" }))).await;
    assert_eq!(stale.problem().1, "conflict");
    assert!(stale.detail().starts_with("token test changed this receiver"));
    let current = &stale.json()["current"];
    assert_eq!((&current["version"], &current["channels"][0]["name"]), (&json!(2), &json!("#critical")));
    assert_eq!(administrator.delete(&format!("{path}?version=1")).await.problem().1, "conflict");
    assert_eq!(administrator.delete(&path).await.problem().1, "invalid");
    administrator.delete(&format!("{path}?version=2")).await.ok();
    assert_eq!(administrator.put(&path, update(&receiver, &json!({}))).await.problem().1, "not_found");
    assert_eq!(administrator.get("/status").await.ok()["told"]["state"], "nobody");
}

#[tokio::test]
async fn a_name_can_be_taken_only_once() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    administrator.post("/receivers", draft(&house, "Slack", &["alerts"])).await.ok();
    let (field, words) = refused(&administrator, draft(&house, "SLACK", &["critical"])).await;
    assert_eq!((field.as_str(), words.contains("is taken")), ("name", true));
}

#[tokio::test]
async fn conditions_say_what_they_let_through_before_they_are_saved() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let alerts = json!([
        { "labels": { "alertname": "Disk <!channel>", "severity": "critical", "node": "web 1" }, "annotations": { "summary": "full" } },
        { "labels": { "alertname": "Load", "severity": "warning" } },
        { "labels": { "alertname": "Watchdog", "severity": "none" } },
    ]);
    house.post_alerts(alerts.to_string()).await.ok();
    let conditions = json!([{ "label": "severity", "operator": "In", "values": ["critical", "error"] }]);
    let preview = administrator.post("/receivers/preview", json!({ "conditions": conditions })).await.ok();
    assert_eq!(preview["sentence"], "Alerts whose severity is critical or error.");
    assert_eq!((&preview["matched"], &preview["total"]), (&json!(1), &json!(2)));
    assert_eq!(preview["alerts"][0]["name"], "Disk <!channel>");
    assert_eq!(preview["alerts"][0]["target"], "node web 1");
    let everything = administrator.post("/receivers/preview", json!({ "conditions": null })).await.ok();
    assert_eq!(everything["matched"], 2);

    let suggested = administrator.get("/label-suggestions?label=node").await.ok();
    assert_eq!(suggested["values"], json!(["web 1"]));
    assert_eq!(suggested["labels"][0], json!({ "name": "alertname", "title": "Alert name" }));
    let severities = administrator.get("/label-suggestions?label=severity").await.ok();
    assert_eq!(severities["values"], json!(["critical", "error", "info", "none", "warning"]));
}

#[tokio::test]
async fn a_test_message_uses_the_form_as_it_stands_and_answers_for_each_channel() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let form = draft(&house, "Not <saved>", &["alerts", "random", "old-alerts"]);
    let test = administrator.post("/receivers/test", json!({ "draft": form })).await.ok();
    let result = |index: usize| &test["results"][index];
    assert_eq!((&result(0)["channel"], &result(0)["delivered"]), (&json!("#alerts"), &json!(true)));
    assert!(result(0)["permalink"].as_str().unwrap().contains("/archives/C"));
    assert_eq!(
        (&result(1)["error"], &result(1)["invite"]),
        (&json!("not_in_channel"), &json!("/invite @larum"))
    );
    assert!(result(1)["sentence"].as_str().unwrap().contains("/invite @larum"));
    assert_eq!(result(2)["error"], "is_archived");
    assert!(test["took_ms"].as_u64().unwrap() < 10_000);
    let posted = house.slack.control().wait_for_messages(0, Some("#alerts"), 1, PATIENCE).await.unwrap();
    assert!(posted[0].text().contains("TEST"));
    assert!(posted[0].message.to_string().contains("Not &lt;saved&gt;"));
    assert_eq!(administrator.get("/receivers").await.ok()["receivers"], json!([]));
    assert_eq!(administrator.get("/deliveries").await.ok()["deliveries"], json!([]));

    let mut wrong = draft(&house, "x", &["alerts", "critical"]);
    wrong["token"] = json!("xoxb-not-a-real-token");
    let test = administrator.post("/receivers/test", json!({ "draft": wrong })).await.ok();
    assert_eq!(test["results"].as_array().unwrap().len(), 2);
    assert_eq!(test["results"][0]["error"], "invalid_auth");
}

#[tokio::test]
async fn a_saved_token_is_used_where_none_is_typed() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let receiver = administrator.post("/receivers", draft(&house, "Slack", &["alerts"])).await.ok();
    let mut form = draft(&house, "Slack", &["critical"]);
    form["token"] = json!("");
    let test =
        administrator.post("/receivers/test", json!({ "id": receiver["id"], "draft": form })).await.ok();
    assert_eq!(test["results"][0]["delivered"], true);
    let check = json!({ "id": receiver["id"], "channels": ["random"] });
    let check = administrator.post("/receivers/check", check).await.ok();
    assert_eq!(
        (&check["token"]["state"], &check["channels"][0]["state"]),
        (&json!("checked"), &json!("invite_needed"))
    );
    let missing = administrator.post("/receivers/test", json!({ "id": 999, "draft": form })).await;
    assert_eq!(missing.problem(), (422, "invalid".into(), "token".into()));
    let wrong = json!({ "token": "xoxb-not-a-real-token", "channels": [] });
    let check = administrator.post("/receivers/check", wrong).await.ok();
    assert_eq!(check["token"]["state"], "refused");
}

#[tokio::test]
async fn a_user_token_speaks_as_the_person() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let mut form = draft(&house, "Slack", &["random", "leadership-private"]);
    form["token"] = json!(house.slack.user_token);
    let receiver = administrator.post("/receivers", form).await.ok();
    assert_eq!(
        (&receiver["token"]["kind"], &receiver["token"]["app_mention"]),
        (&json!("user"), &Value::Null)
    );
    assert_eq!(
        receiver["token"]["sentence"],
        "Messages are posted by the person olivia in the workspace Larum Sandbox."
    );
    assert_eq!(receiver["channels"][0]["state"], "can_post");
}

#[tokio::test]
async fn the_manifest_names_each_scope_and_why() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let manifest = administrator.get("/slack/manifest").await.ok();
    assert!(
        manifest["create_url"]
            .as_str()
            .unwrap()
            .starts_with("https://api.slack.com/apps?new_app=1&manifest_json=")
    );
    assert_eq!(
        (&manifest["scopes"][0]["scope"], &manifest["scopes"][0]["needed"]),
        (&json!("chat:write"), &json!(true))
    );
    serde_json::from_str::<Value>(manifest["manifest"].as_str().unwrap()).unwrap();
}
