//! A lane that is paused, and a channel that Slack asked to leave alone, are so after a kill.

use std::time::Duration;

use larum_sandbox::{Behaviour, Fault, Received};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::house::House;
use crate::larum::PATIENCE;

/// For how long Slack asks to be left alone: longer than Larum takes to start again.
const WAIT: Duration = Duration::from_secs(6);
/// Clocks are read in whole milliseconds, and not at the same moment.
const A_MOMENT: Duration = Duration::from_millis(20);

/// What was posted to this channel, or tried to be.
fn posts(house: &House, after: u64, channel: &str) -> Vec<Received> {
    let mut posts = house.slack.control().requests(after);
    posts.retain(|post| post.channel.as_deref().is_some_and(|name| channel.ends_with(name)));
    posts
}

/// What an administrator sees of a delivery, by its channel.
fn of_channel<'a>(log: &'a Value, channel: &str) -> &'a Value {
    let rows = log["deliveries"].as_array().into_iter().flatten();
    rows.into_iter().find(|row| row["channel"] == channel).unwrap_or(&Value::Null)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_and_slack_s_wish_to_wait_survive_kill_9() {
    let mut house = House::start().await;
    house
        .receiver(&["#alerts", "#random"], json!([{"label": "disk", "operator": "Exists", "values": []}]))
        .await;
    house.administrator.group(&["alertname"], "0s", "1s").await;
    let asked = Fault::of(Behaviour::RateLimited { retry_after: WAIT.as_secs() });
    let asked = asked.on("chat.postMessage").in_channel("#alerts").times(1);
    house.slack.control().inject(asked).expect("the sandbox can be in a hurry");

    let alert = json!([{"labels": {"alertname": "DiskFull", "disk": "sda", "severity": "critical"}}]);
    let (status, words) = house.administrator.post_alerts(&alert).await;
    assert_eq!(status, StatusCode::OK, "{words}");
    let refused = |log: &Value| {
        let error = |channel| &of_channel(log, channel)["error"];
        error("#alerts") == "ratelimited" && error("#random") == "not_in_channel"
    };
    house.administrator.read_until("/deliveries", refused).await;
    let pause = async |house: &House| {
        house.administrator.read("/receivers").await["receivers"][0]["channels"][1]["paused"].clone()
    };
    let before = pause(&house).await;
    assert_eq!(before["error"], "not_in_channel", "{before}");
    let last = house.slack.control().requests(0).last().map_or(0, |post| post.seq);

    house.larum.kill().await;
    house.start_again().await;
    assert_eq!(pause(&house).await, before, "the same reason, since the same time");
    let log = house.administrator.read("/deliveries").await;
    let waits = |channel| of_channel(&log, channel)["waits_for"].as_str().unwrap_or_default().to_owned();
    assert!(waits("#alerts").starts_with("Slack, which is asked again in"), "{log}");
    assert!(waits("#random").starts_with("paused: "), "{log}");

    let heard = house.slack.control().wait_for_messages(0, Some("#alerts"), 1, PATIENCE).await;
    assert_eq!(heard.expect("a channel").len(), 1);
    let refused = posts(&house, 0, "#alerts")[0].answered_at.expect("it was answered");
    let again = posts(&house, last, "#alerts")[0].at;
    let waited = Duration::from_micros((again - refused).unsigned_abs());
    assert!(waited + A_MOMENT >= WAIT, "it was asked again after {waited:?}");
    assert_eq!(posts(&house, last, "#random"), [], "the next probe is minutes away");
}
