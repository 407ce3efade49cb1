//! `update_message`: a group has one message in Slack, which is kept up to date (Alertmanager 0.32).

use larum_sandbox::{Behaviour, Fault, Posted, Running, Sandbox, SandboxConfig, Switches};
use serde_json::json;

use crate::drop_in::{DropIn, file};
use crate::larum::PATIENCE;

async fn slack() -> Running {
    let switches = Switches { posting_limits: false, ..Switches::default() };
    let slack = Sandbox::start(SandboxConfig { switches, ..SandboxConfig::in_memory() }).await;
    slack.expect("the sandbox starts")
}

/// A file whose messages are kept up to date, with an app's token.
fn kept_up_to_date(slack: &Running) -> String {
    let receiver = format!(
        "slack_configs: [{{ app_token: '{}', app_url: '{}chat.postMessage', channel: '#alerts', \
         send_resolved: true, update_message: true, title: '{{{{ .Status }}}} {{{{ len .Alerts }}}}' }}]",
        slack.bot_token,
        slack.api_url()
    );
    file("", &receiver)
}

/// How often these methods were called.
fn calls(slack: &Running) -> String {
    let requests = slack.control().requests(0);
    let count = |method| requests.iter().filter(|request| request.method == method).count();
    format!("{} posted, {} updated", count("chat.postMessage"), count("chat.update"))
}

/// Waits until the last message in the channel has this title; answers all of them.
async fn until_it_says(slack: &Running, title: &str) -> Vec<Posted> {
    let messages = || slack.control().messages(0, Some("alerts")).expect("there is such a channel");
    let says = |posted: &Posted| posted.message["attachments"][0]["title"] == title;
    let waiting = async {
        while !messages().last().is_some_and(says) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting)
        .await
        .unwrap_or_else(|_| panic!("it never says {title:?}: {:?}", messages()));
    messages()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_has_one_message_also_after_kill_9_and_the_next_story_another() {
    let slack = slack().await;
    let mut house = DropIn::start(&kept_up_to_date(&slack), &[]).await;
    house.fires(json!({ "alertname": "Disk", "i": "1" })).await;
    let first = until_it_says(&slack, "firing 1").await;
    house.fires(json!({ "alertname": "Disk", "i": "2" })).await;
    let second = until_it_says(&slack, "firing 2").await;
    assert_eq!((second.len(), second[0].ts()), (1, first[0].ts()));
    assert_eq!(calls(&slack), "1 posted, 1 updated");
    // Whether the answer to the update was read before is not known, and does not matter.
    house.again().await;
    house.fires(json!({ "alertname": "Disk", "i": "3" })).await;
    let third = until_it_says(&slack, "firing 3").await;
    assert_eq!((third.len(), third[0].ts()), (1, first[0].ts()));
    assert!(calls(&slack).starts_with("1 posted"), "{}", calls(&slack));

    let over = ["1", "2", "3"].map(|i| json!({ "alertname": "Disk", "i": i }));
    house.end(over).await;
    until_it_says(&slack, "resolved 3").await;
    house.fires(json!({ "alertname": "Disk", "i": "4" })).await;
    let story = until_it_says(&slack, "firing 1").await;
    assert_eq!(story.len(), 2, "{story:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_whose_answer_is_lost_is_made_again_and_one_that_cannot_be_is_posted() {
    let slack = slack().await;
    let house = DropIn::start(&kept_up_to_date(&slack), &[]).await;
    house.fires(json!({ "alertname": "Disk", "i": "1" })).await;
    until_it_says(&slack, "firing 1").await;
    let lost = Fault::of(Behaviour::Reset).after().on("chat.update").times(1);
    slack.control().inject(lost).expect("it can be unkind");
    house.fires(json!({ "alertname": "Disk", "i": "2" })).await;
    let messages = until_it_says(&slack, "firing 2").await;
    assert_eq!(messages.len(), 1, "{messages:?}");
    slack.control().clear_messages(Some("alerts")).expect("somebody deletes them");
    house.fires(json!({ "alertname": "Disk", "i": "3" })).await;
    let fresh = until_it_says(&slack, "firing 3").await;
    assert_eq!(fresh.len(), 1);
    house.fires(json!({ "alertname": "Disk", "i": "4" })).await;
    let anew = until_it_says(&slack, "firing 4").await;
    assert_eq!((anew.len(), anew[0].ts()), (1, fresh[0].ts()), "the new message is the one that is kept");
}
