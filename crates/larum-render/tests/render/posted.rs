//! Every state's message, posted to a workspace: taken without a word of complaint, and kept as it was.

use std::time::Duration;

use larum_core::alert::EndReason;
use larum_core::notification::{Notification, NotifyReason, Replaced, Voice};
use larum_core::severity::Severity;
use larum_render::{Links, TestMessage, fallback_text, message, test_message};
use larum_sandbox::{Sandbox, SandboxConfig, Switches};
use serde_json::{Value, json};

use crate::world::{START, disk, ended, minutes, notification, pod, told};

fn every_state() -> Vec<Notification> {
    let firing = || told(pod("api-1"), Voice::Firing);
    let over = |voice| told(ended(pod("api-2"), 9, EndReason::Resolved), voice);
    let changed = told(disk(), Voice::SeverityChanged { from: Severity::Critical });
    vec![
        notification(NotifyReason::FirstNotification, 1, vec![firing()]),
        notification(NotifyReason::NewAlerts, 1, vec![firing(), told(disk(), Voice::Firing)]),
        notification(NotifyReason::RepeatInterval, 600, vec![firing()]),
        notification(NotifyReason::SomeResolved, 10, vec![firing(), over(Voice::Resolved)]),
        notification(NotifyReason::AllResolved, 10, vec![over(Voice::Resolved)]),
        notification(NotifyReason::SeverityChanged, 10, vec![changed]),
        Notification {
            replaced: Some(Replaced { messages: 3, first_turn: 1, since: minutes(2), unnamed: 0 }),
            ..notification(NotifyReason::AllResolved, 10, vec![over(Voice::FiredAndResolved)])
        },
        notification(
            NotifyReason::NewAlerts,
            1,
            (0..200).map(|n| told(pod(&format!("<!channel>{n}")), Voice::Firing)).collect(),
        ),
    ]
}

#[tokio::test]
async fn slack_takes_every_message_without_a_warning() {
    let links = Links::to("https://larum.example");
    let test = TestMessage {
        receiver: "team-a",
        sent_by: "anna",
        channel: "#alerts",
        workspace: "Acme",
        posted_as: "larum",
        at: START,
    };
    let mut bodies = vec![test_message(&test, &links)];
    for notification in every_state() {
        bodies.extend([message(&notification, &links), fallback_text(&notification, &Links::none())]);
    }
    // Many messages in a moment: that is not what is tried here.
    let switches = Switches { posting_limits: false, ..Switches::default() };
    let slack = Sandbox::start(SandboxConfig { switches, ..SandboxConfig::in_memory() }).await.unwrap();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().timeout(Duration::from_secs(10)).no_proxy().build().unwrap();
    for body in bodies {
        let mut sent: Value = serde_json::from_str(&body).unwrap();
        sent["channel"] = json!("#alerts");
        let request = http
            .post(format!("{}chat.postMessage", slack.api_url()))
            .bearer_auth(&slack.bot_token)
            .header("content-type", "application/json; charset=utf-8")
            .body(sent.to_string());
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["ok"], true, "{answer}\n{body}");
        assert_eq!((answer.get("warning"), answer.get("response_metadata")), (None, None), "{answer}");
        assert_eq!(answer["message"]["text"], sent["text"]);
        if let Some(color) = sent["attachments"][0]["color"].as_str() {
            assert_eq!(format!("#{}", answer["message"]["attachments"][0]["color"].as_str().unwrap()), color);
        }
    }
}
