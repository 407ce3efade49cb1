//! What every odd answer, and every missing one, means for a message.

use std::time::Duration;

use larum_slack::conversations::MAX_PAGES;
use larum_slack::{ChannelState, Directory, ErrorClass, Identity, PostOutcome, TokenKind};

use crate::fake::{Act, Fake, TOKEN, answer, client, ok};

const HTML: &str = "content-type: text/html\r\n";

async fn post_to(act: Act) -> PostOutcome {
    let fake = Fake::that([act]).await;
    fake.client.post_message("#ops", "id-1", r#"{"text":"hi"}"#).await
}

#[tokio::test]
async fn a_message_goes_out_byte_for_byte_with_its_address_in_front() {
    let fake = Fake::that([ok(r#"{"ok":true,"channel":"C0OPS00001","ts":"1700000000.000100"}"#)]).await;
    let outcome = fake.client.post_message("#ops", "id-1", r#"{"text": "caf\u00e9 <\/b>"}"#).await;
    let delivered = PostOutcome::Delivered {
        channel_id: "C0OPS00001".to_owned(),
        ts: "1700000000.000100".to_owned(),
        duplicate: false,
    };
    assert_eq!(outcome, delivered);
    let heard = &fake.heard().await[0];
    assert_eq!(heard.line, "POST /api/chat.postMessage HTTP/1.1");
    assert_eq!(heard.header("content-type"), Some("application/json; charset=utf-8"));
    assert_eq!(heard.header("authorization"), Some(format!("Bearer {TOKEN}").as_str()));
    assert_eq!(heard.header("user-agent"), Some(concat!("Larum/", env!("CARGO_PKG_VERSION"))));
    assert_eq!(heard.body, r##"{"channel":"#ops","client_msg_id":"id-1","text": "caf\u00e9 <\/b>"}"##);
}

#[tokio::test]
async fn a_delivered_message_is_delivered_whatever_else_the_answer_lacks_or_adds() {
    let bare = post_to(ok(r#"{"ok":true}"#)).await;
    assert_eq!(
        bare,
        PostOutcome::Delivered { channel_id: "#ops".to_owned(), ts: String::new(), duplicate: false }
    );
    let strange =
        post_to(ok(r#"{"message":7,"ts":"1.2","ok":true,"is_duplicate":true,"channel":"C1","new":[]}"#))
            .await;
    assert_eq!(
        strange,
        PostOutcome::Delivered { channel_id: "C1".to_owned(), ts: "1.2".to_owned(), duplicate: true }
    );
}

#[tokio::test]
async fn a_429_asks_for_a_pause_even_with_a_page_for_a_body() {
    let limited = answer("429 Too Many Requests", "retry-after: 30\r\n", "<html>");
    assert_eq!(post_to(limited).await, PostOutcome::RetryAfter(Duration::from_secs(30)));
}

#[tokio::test]
async fn a_refusal_says_why_and_is_certain() {
    let body =
        r#"{"ok":false,"error":"invalid_blocks","response_metadata":{"messages":["[ERROR] too long"]}}"#;
    let PostOutcome::Refused(error) = post_to(ok(body)).await else { panic!("refused") };
    assert_eq!(
        (error.class, error.messages.as_slice()),
        (ErrorClass::Payload, &["[ERROR] too long".to_owned()][..])
    );
    let scope = r#"{"ok":false,"error":"missing_scope","needed":"chat:write","provided":"channels:read"}"#;
    let PostOutcome::Refused(error) = post_to(ok(scope)).await else { panic!("refused") };
    assert_eq!(
        (error.needed.as_deref(), error.provided.as_deref()),
        (Some("chat:write"), Some("channels:read"))
    );
}

#[tokio::test]
async fn whatever_cannot_be_read_may_have_been_posted() {
    let long = "x".repeat(larum_slack::answer::MAX_ANSWER_BYTES);
    let odd = [
        answer("503 Service Unavailable", HTML, "<html>Server Error | Slack"),
        answer("302 Found", "location: http://127.0.0.1:1/elsewhere\r\n", ""),
        answer("200 OK", HTML, "<html>log in to the hotel's network</html>"),
        answer("404 Not Found", HTML, "<html>"),
        ok(r#"{"ok":true,"ts":"1.2""#),
        ok(&format!(r#"{{"ok":true,"padding":"{long}"}}"#)),
        Act::Send(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"ok\":true".to_vec()),
        Act::Send(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()),
        Act::Close,
        Act::Hang,
    ];
    for act in odd {
        let said = format!("{act:.60?}");
        let outcome = post_to(act).await;
        assert!(matches!(outcome, PostOutcome::Unknown(_)), "{said}: {outcome:?}");
    }
}

#[tokio::test]
async fn reasons_say_what_happened_and_never_the_token() {
    let reason = |outcome| match outcome {
        PostOutcome::Unknown(reason) | PostOutcome::Unreachable(reason) => reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(reason(post_to(Act::Hang).await), "127.0.0.1 did not answer in time");
    let redirected = reason(post_to(answer("302 Found", "location: /\r\n", "")).await);
    assert!(redirected.contains("a redirect, which Slack never does"), "{redirected}");
    let page = reason(post_to(answer("200 OK", HTML, "<html>")).await);
    assert!(page.contains("text/html instead of Slack's JSON"), "{page}");
    for said in [redirected, page, format!("{:?}", client("http://127.0.0.1:1/api/", None))] {
        assert!(!said.contains(TOKEN), "{said}");
    }
}

#[tokio::test]
async fn without_a_connection_it_is_certain_that_nothing_was_posted() {
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let outcome = client(&format!("http://{closed}/api/"), None).post_message("C1", "id", "{}").await;
    let PostOutcome::Unreachable(reason) = outcome else { panic!("{outcome:?}") };
    assert!(reason.starts_with("cannot connect to 127.0.0.1: ") && reason.contains("refused"), "{reason}");
}

#[tokio::test]
async fn a_body_that_is_no_object_is_refused_without_a_call() {
    let outcome = client("http://127.0.0.1:1/api/", None).post_message("C1", "id", "hello").await;
    let PostOutcome::Refused(error) = outcome else { panic!("{outcome:?}") };
    assert_eq!((error.code.as_str(), error.class), ("json_not_object", ErrorClass::Payload));
}

#[tokio::test]
async fn auth_test_takes_what_slack_gives() {
    let full = answer(
        "200 OK",
        "x-oauth-scopes: chat:write, channels:read\r\n",
        r#"{"ok":true,"url":"https:\/\/acme.slack.com\/","team":"Acme","user":"larum","team_id":"T1","user_id":"U1","bot_id":"B1"}"#,
    );
    let fake = Fake::that([full, ok(r#"{"ok":true,"team":null}"#)]).await;
    let identity = fake.client.auth_test().await.unwrap();
    assert_eq!((identity.team.as_str(), identity.user.as_str()), ("Acme", "larum"));
    assert_eq!((identity.kind, identity.bot_id.as_deref()), (TokenKind::Bot, Some("B1")));
    assert_eq!(identity.has_scope("channels:read"), Some(true));
    assert_eq!(identity.has_scope("groups:read"), Some(false));
    let bare = fake.client.auth_test().await.unwrap();
    assert_eq!((bare.team.as_str(), bare.scopes.as_ref()), ("", None));
    assert_eq!(bare.has_scope("chat:write"), None);
    let heard = &fake.heard().await[0];
    assert_eq!(heard.header("content-type"), Some("application/x-www-form-urlencoded"));
}

/// A page with one channel of this number.
fn page(number: usize, cursor: &str) -> Act {
    ok(&format!(
        r#"{{"ok":true,"channels":[{{"id":"C{number}","name":"Ops-{number}","is_member":true}},7],"response_metadata":{{"next_cursor":"{cursor}"}}}}"#
    ))
}

/// A bot whose scopes let it list everything.
fn identity() -> Identity {
    let scopes = ["channels:read", "groups:read"].map(str::to_owned).to_vec();
    Identity {
        team: String::new(),
        team_id: String::new(),
        url: String::new(),
        user: "larum".to_owned(),
        user_id: String::new(),
        bot_id: None,
        kind: TokenKind::Bot,
        scopes: Some(scopes),
    }
}

fn state(directory: &Directory, name: &str) -> (ChannelState, String) {
    let report = directory.reports(&identity(), &[name]).remove(0);
    (report.state, report.why)
}

const NOW: Duration = Duration::from_secs(1_000);

#[tokio::test]
async fn a_listing_is_read_page_by_page_and_ends_however_slack_behaves() {
    let fake = Fake::that([page(1, "a=b&c"), page(2, "")]).await;
    let mut directory = Directory::default();
    directory.ask(&fake.client, &identity(), &["ops-2", "gone"], NOW).await;
    assert_eq!(state(&directory, "ops-2").0, ChannelState::CanPost);
    assert_eq!(state(&directory, "gone").0, ChannelState::NotFound);
    let heard = fake.heard().await;
    assert!(heard[0].line.contains("types=public_channel%2Cprivate_channel&limit=200"), "{}", heard[0].line);
    assert!(heard[1].line.contains("&cursor=a%3Db%26c "), "{}", heard[1].line);

    let endless = Fake::that((0..MAX_PAGES).map(|number| page(number, "more"))).await;
    let mut directory = Directory::default();
    directory.ask(&endless.client, &identity(), &["gone"], NOW).await;
    let (unknown, why) = state(&directory, "gone");
    assert_eq!(unknown, ChannelState::Unknown);
    assert!(why.contains("too many channels"), "{why}");
    assert_eq!(endless.heard().await.len(), MAX_PAGES);
}

#[tokio::test]
async fn what_was_read_of_a_broken_listing_counts_and_it_is_read_on_from_there() {
    let limited = answer("429 Too Many Requests", "retry-after: 3\r\n", "");
    let fake = Fake::that([page(1, "x"), limited, page(2, "")]).await;
    let mut directory = Directory::default();
    let names = ["ops-1", "ops-2"];
    directory.ask(&fake.client, &identity(), &names, NOW).await;
    assert_eq!(state(&directory, "ops-1").0, ChannelState::CanPost);
    assert_eq!(state(&directory, "ops-2").1, "Slack could not be asked: Slack asks to wait 3 s.");
    directory.ask(&fake.client, &identity(), &names, NOW + Duration::from_secs(2)).await;
    assert_eq!(state(&directory, "ops-2").0, ChannelState::Unknown, "Slack asked to wait");
    directory.ask(&fake.client, &identity(), &names, NOW + Duration::from_secs(3)).await;
    assert_eq!(state(&directory, "ops-2").0, ChannelState::CanPost);
    assert!(fake.heard().await[2].line.contains("&cursor=x "));
}

#[tokio::test]
async fn whoever_gives_up_waiting_keeps_what_was_heard() {
    let fake = Fake::that([page(1, "x"), Act::Hang]).await;
    let (mut directory, identity) = (Directory::default(), identity());
    tokio::select! {
        () = directory.ask(&fake.client, &identity, &["ops-1", "ops-2"], NOW) => panic!("the second page never comes"),
        () = fake.was_asked(2) => {}
    }
    assert_eq!(state(&directory, "ops-1").0, ChannelState::CanPost);
    assert_eq!(state(&directory, "ops-2").1, "Slack did not answer in time.");
}
