//! Slack behind the URL: an incoming webhook, and the Web API with an app token.

use std::time::Duration;

use larum_webhook::{Config, Credentials, Outcome, Secret, SlackMessage};

use crate::server::{Server, json, status, with};
use crate::world::{client, post, reason};

#[tokio::test]
async fn an_incoming_webhook_says_ok_or_a_word() {
    let server = Server::that(|_, number| match number {
        1 => with(200, "content-type", "text/html", "ok"),
        2 => with(410, "content-type", "text/html", "channel_is_archived"),
        3 => with(404, "content-type", "text/html", "no_service"),
        4 => with(429, "retry-after", "3", "rate_limited"),
        5 => json(429, r#"{"retry_after":4,"ok":false,"error":"rate_limited"}"#),
        6 => status(500, "rollup_error"),
        _ => with(200, "content-type", "text/html", "<html>log in to the hotel's network</html>"),
    })
    .await;
    let (client, url) = (client(Config::default()), format!("{}/services/T0/B0/hush", server.url));
    let ask = async || post(&client, &url).await.of_slack();
    assert!(matches!(ask().await, Outcome::Delivered(_)));
    for (status, word) in [(410, "channel_is_archived"), (404, "no_service")] {
        let outcome = ask().await;
        let Outcome::Refused(refusal) = &outcome else { panic!("{outcome:?}") };
        assert_eq!((refusal.code.as_deref(), outcome.status()), (Some(word), Some(status)));
        assert_eq!(refusal.reason, format!("Slack refuses: {word}"));
    }
    for seconds in [3, 4] {
        let outcome = ask().await;
        let Outcome::Wait(pause) = &outcome else { panic!("{outcome:?}") };
        assert_eq!((pause.length, outcome.status()), (Duration::from_secs(seconds), Some(429)));
    }
    let outcome = ask().await;
    assert!(matches!(outcome, Outcome::TryAgain(_)), "{outcome:?}");
    let outcome = ask().await;
    assert!(matches!(&outcome, Outcome::Refused(refusal) if refusal.code.is_none()), "{outcome:?}");
}

#[tokio::test]
async fn the_web_api_says_yes_and_no_in_json() {
    let server = Server::that(|_, number| match number {
        1 => json(200, r#"{"ok":true,"channel":"C0OPS","ts":"1700000000.000100"}"#),
        2 => json(200, r#"{"ok":false,"error":"channel_not_found"}"#),
        3 => json(200, r#"{"ok":false,"error":"internal_error"}"#),
        _ => json(200, r#"{"ok":true,"ts":"17"#),
    })
    .await;
    let credentials = Credentials::bearer(Secret::text("xoxb-1-hush"));
    let (client, url) =
        (client(Config { credentials, ..Config::default() }), format!("{}/api/chat.postMessage", server.url));
    let ask = async || post(&client, &url).await.of_slack();
    let outcome = ask().await;
    let Outcome::Delivered(answer) = outcome else { panic!("{outcome:?}") };
    let message = SlackMessage { channel: "C0OPS".to_owned(), ts: "1700000000.000100".to_owned() };
    assert_eq!(answer.slack_message(), Some(message));
    assert_eq!(server.last().header("authorization"), "Bearer xoxb-1-hush");
    assert_eq!(reason(&ask().await), "Slack refuses: channel_not_found");
    for _ in 0..2 {
        let outcome = ask().await;
        assert!(matches!(&outcome, Outcome::TryAgain(trouble) if trouble.may_have_arrived), "{outcome:?}");
    }
}
