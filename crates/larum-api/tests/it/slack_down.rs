//! Slack is what fails: it cannot say so, so everybody sees it in the console.

use std::time::Duration;

use larum_core::time::{Now, Steady, Timestamp};
use larum_engine::Hands;
use larum_sandbox::{Behaviour, Fault};
use serde_json::Value;

use crate::house::{Caller, House, Opening};
use crate::walk::{receiver, until};

const FIRING: &str = r#"[{"labels":{"alertname":"DiskFull"}}]"#;

/// A house whose clock stands still.
async fn open() -> (House, Hands) {
    let wall = Timestamp::from_millis(1_800_000_000_000);
    let hands = Hands::at(Now { wall, steady: Steady::default() });
    (House::open_as(Opening { clock: hands.clock(), ..Opening::default() }).await, hands)
}

async fn told(somebody: &Caller<'_>) -> Value {
    somebody.get("/status").await.ok()["told"].clone()
}

#[tokio::test]
async fn everybody_sees_that_slack_takes_nothing_unless_it_is_a_hiccup() {
    let (house, hands) = open().await;
    let administrator = house.administrator().await;
    receiver(&administrator, &["alerts"]).await;
    let down = Fault::of(Behaviour::ServerError { status: 503 }).on("chat.postMessage");
    house.slack.control().inject(down).unwrap();
    house.post_alerts(FIRING).await.ok();
    let tried = |answer: &Value| answer["deliveries"][0]["error"].is_string();
    until(&administrator, "/deliveries", tried).await;
    assert_eq!(told(&administrator).await["state"], "ok", "it may be back at once");

    hands.pass(Duration::from_secs(60));
    let failing = told(&administrator).await;
    assert_eq!(failing["state"], "failing");
    let sentence = failing["sentence"].as_str().unwrap();
    assert!(sentence.starts_with("Slack does not take messages: for 1 minute some have been"), "{sentence}");
    assert!(sentence.contains("503"), "{sentence}");

    let waits_again = |answer: &Value| {
        let delivery = &answer["deliveries"][0];
        delivery["attempts"] == 2 && delivery["state"] == "waiting"
    };
    until(&administrator, "/deliveries", waits_again).await;
    house.slack.control().clear_faults();
    hands.pass(Duration::from_secs(60));
    until(&administrator, "/deliveries", |answer| answer["counts"]["delivered"] == 1).await;
    assert_eq!(told(&administrator).await["state"], "ok");
}

#[tokio::test]
async fn what_waits_because_slack_asks_for_it_or_somebody_must_act_is_something_else() {
    for (behaviour, state) in [
        (Behaviour::RateLimited { retry_after: 120 }, "ok"),
        (Behaviour::Error { error: "channel_not_found".to_owned() }, "paused"),
    ] {
        let (house, hands) = open().await;
        let administrator = house.administrator().await;
        receiver(&administrator, &["alerts"]).await;
        house.slack.control().inject(Fault::of(behaviour).on("chat.postMessage")).unwrap();
        house.post_alerts(FIRING).await.ok();
        let tried = |answer: &Value| answer["deliveries"][0]["error"].is_string();
        until(&administrator, "/deliveries", tried).await;
        hands.pass(Duration::from_secs(90));
        assert_eq!(told(&administrator).await["state"], state);
    }
}

#[tokio::test]
async fn a_receiver_of_the_file_with_routes_that_is_not_told_is_named() {
    let wall = Timestamp::from_millis(1_800_000_000_000);
    let hands = Hands::at(Now { wall, steady: Steady::default() });
    let file = "{ route: { receiver: team, group_wait: 0s }, receivers: [{ name: team, \
                webhook_configs: [{ url: 'http://127.0.0.1:1/hush' }] }] }";
    let opening = Opening { clock: hands.clock(), route_file: Some(file.to_owned()), ..Opening::default() };
    let house = House::open_as(opening).await;
    let administrator = house.administrator().await;
    house.post_alerts(FIRING).await.ok();
    let tried = |answer: &Value| answer["deliveries"][0]["error"].is_string();
    until(&administrator, "/deliveries", tried).await;
    hands.pass(Duration::from_secs(60));
    let sentence = told(&administrator).await["sentence"].as_str().unwrap().to_owned();
    assert!(
        sentence.starts_with("Messages to the receiver \"team\" do not arrive: for 1 minute"),
        "{sentence}"
    );
    assert!(!sentence.contains("Slack"), "{sentence}");
}
