//! Messages of a configuration file's receivers that are refused for good: the log says why, and the next turn tells again.

use larum_sandbox::{Running, Sandbox, SandboxConfig, Switches};
use serde_json::{Value, json};

use crate::drop_in::{DropIn, file, webhook};
use crate::larum::PATIENCE;
use crate::sink::Sink;

impl DropIn {
    /// The delivery log, the oldest first, once it is like this.
    async fn log_until(&self, is: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let asking = async {
            loop {
                let log = self.get("/api/larum/v1/deliveries").await;
                let mut rows = log["deliveries"].as_array().expect("a list").clone();
                rows.reverse();
                if is(&rows) {
                    return rows;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, asking).await.expect("it comes to that")
    }
}

fn are(rows: &[Value], states: &[&str]) -> bool {
    rows.iter().map(|row| &row["state"]).eq(states)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_a_webhook_refuses_is_posted_once_a_turn_until_it_is_taken() {
    let mut sink = Sink::open().await;
    let house = DropIn::start(&file("", &webhook(&sink)), &[]).await;
    house.fires(json!({ "alertname": "Disk" })).await;
    assert_eq!(sink.next().await.1["status"], "firing");
    sink.refuse(2);
    house.end([json!({ "alertname": "Disk" })]).await;
    for _ in 0..3 {
        assert_eq!(sink.next().await.1["status"], "resolved");
    }
    let rows = house.log_until(|rows| are(rows, &["delivered", "dead", "dead", "delivered"])).await;
    assert!(rows.iter().all(|row| row["attempts"] == 1), "{rows:?}");
    let error = rows[1]["error"].as_str().expect("it says why");
    assert!(error.contains("400"), "{error}");
    assert_eq!(sink.rest(), []);
}

async fn slack() -> Running {
    let switches = Switches { posting_limits: false, ..Switches::default() };
    let slack = Sandbox::start(SandboxConfig { switches, ..SandboxConfig::in_memory() }).await;
    slack.expect("the sandbox starts")
}

/// A receiver with an app's token whose title cannot be filled in, in this channel.
fn in_plain_words(slack: &Running, channel: &str) -> String {
    let (token, url) = (&slack.bot_token, slack.api_url());
    let receiver = format!(
        "slack_configs: [{{ app_token: '{token}', app_url: '{url}chat.postMessage', channel: '{channel}', \
         title: '{{{{ .Nope }}}}' }}]"
    );
    file("", &receiver)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_that_fails_is_named_in_the_log_and_the_alerts_are_told_in_plain_words() {
    let slack = slack().await;
    let house = DropIn::start(&in_plain_words(&slack, "#{{ .CommonLabels.team }}"), &[]).await;
    house.fires(json!({ "alertname": "Disk", "team": "alerts" })).await;
    let rows = house.log_until(|rows| are(rows, &["delivered"])).await;
    let why = rows[0]["template_error"].as_str().expect("it says why");
    assert!(why.starts_with("title cannot be filled in: "), "{why}");
    let heard = slack.control().messages(0, Some("alerts")).expect("there is such a channel");
    assert!(heard[0].message["text"].as_str().is_some_and(|text| text.contains("Disk")), "{heard:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_channel_nothing_is_asked_of_slack_and_the_log_says_what_is_missing() {
    let slack = slack().await;
    let house = DropIn::start(&in_plain_words(&slack, "{{ .Nope }}"), &[]).await;
    house.fires(json!({ "alertname": "Disk" })).await;
    let rows = house.log_until(|rows| rows.first().is_some_and(|row| row["state"] == "dead")).await;
    let error = rows[0]["error"].as_str().expect("it says why");
    assert!(error.starts_with("the message has no channel: "), "{error}");
    assert!(rows[0]["advice"].as_str().is_some_and(|advice| advice.contains("alertmanager.yml")), "{rows:?}");
    assert_eq!(slack.control().requests(0).len(), 0);
}
