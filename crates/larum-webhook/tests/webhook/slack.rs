//! Slack behind the URL: an incoming webhook, and the Web API with an app token.

use std::time::Duration;

use larum_sandbox::{Behaviour, Fault, Sandbox, SandboxConfig, TokenChange, TokenKind, TokenState};
use larum_webhook::{Config, Credentials, Outcome, Secret, SlackMessage};

use crate::server::{Server, json, status, with};
use crate::world::{PATIENCE, SHORT, client, post, reason};

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
    for _ in 0..2 {
        let outcome = ask().await;
        assert!(matches!(&outcome, Outcome::TryAgain(trouble) if trouble.may_have_arrived), "{outcome:?}");
    }
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

/// A message with a legacy attachment, as Alertmanager sends it.
fn message(channel: &str) -> String {
    format!(
        r##"{{"channel":"{channel}","attachments":[{{"fallback":"f","title":"disk full","text":"","color":"danger"}}]}}"##
    )
}

#[tokio::test]
async fn a_workspace_takes_what_an_app_token_posts_and_says_no_in_all_its_ways() {
    let slack = Sandbox::start(SandboxConfig::in_memory()).await.unwrap();
    let credentials = Credentials::bearer(Secret::text(slack.bot_token.as_str()));
    let client = client(Config { credentials, ..Config::default() });
    let url = Secret::text(format!("{}chat.postMessage", slack.api_url()));
    let ask = async |channel: &str, timeout| client.post(&url, &message(channel), timeout).await.of_slack();

    let outcome = ask("#alerts", PATIENCE).await;
    let Outcome::Delivered(answer) = &outcome else { panic!("{outcome:?}") };
    let posted = slack.control().wait_for_messages(0, Some("#alerts"), 1, PATIENCE).await.unwrap();
    assert_eq!((posted.len(), answer.slack_message().unwrap().channel.starts_with('C')), (1, true));

    for (channel, code) in
        [("#old-alerts", "is_archived"), ("#random", "not_in_channel"), ("#no", "channel_not_found")]
    {
        let outcome = ask(channel, PATIENCE).await;
        let code = Some(code.to_owned());
        assert!(matches!(&outcome, Outcome::Refused(refusal) if refusal.code == code), "{outcome:?}");
    }
    let once = |behaviour| slack.control().inject(Fault::of(behaviour).times(1)).unwrap();
    once(Behaviour::RateLimited { retry_after: 7 });
    let outcome = ask("#alerts", PATIENCE).await;
    assert!(matches!(&outcome, Outcome::Wait(pause) if pause.length.as_secs() == 7), "{outcome:?}");
    for behaviour in [
        Behaviour::ServerError { status: 503 },
        Behaviour::Html,
        Behaviour::Error { error: "fatal_error".to_owned() },
        Behaviour::Reset,
    ] {
        once(behaviour);
        let outcome = ask("#alerts", PATIENCE).await;
        assert!(matches!(&outcome, Outcome::TryAgain(trouble) if trouble.may_have_arrived), "{outcome:?}");
    }
    once(Behaviour::Hang);
    assert!(reason(&ask("#alerts", SHORT).await).ends_with("did not answer within 0.3 s"));
    let revoked = TokenChange { state: Some(TokenState::Revoked), scopes: None };
    slack.control().change_token(TokenKind::Bot, &revoked).unwrap();
    let outcome = ask("#alerts", PATIENCE).await;
    assert_eq!(reason(&outcome), "Slack refuses: token_revoked");
    slack.shutdown().await;
}
