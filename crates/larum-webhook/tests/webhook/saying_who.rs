//! Who we say we are.

use larum_webhook::{Config, ConfigError, Credentials, Outcome, Secret, Trouble, TroubleKind, WebhookClient};

use crate::authority::Papers;
use crate::server::{Server, status};
use crate::world::{Time, client, install_provider, post, reason};

fn with(credentials: Credentials) -> WebhookClient {
    client(Config { credentials, ..Config::default() })
}

async fn said(credentials: Credentials, user: &str) -> String {
    let server = Server::that(|_, _| status(200, "")).await;
    let outcome = post(&with(credentials), &server.url.replace("://", &format!("://{user}"))).await;
    assert!(matches!(outcome, Outcome::Delivered(_)), "{outcome:?}");
    server.last().header("authorization")
}

fn basic(user: &str, password: &str) -> Credentials {
    Credentials::Basic { user: Some(Secret::text(user)), password: Some(Secret::text(password)) }
}

#[tokio::test]
async fn all_forms_of_credentials_are_said_as_the_rules_have_them() {
    assert_eq!(said(Credentials::None, "").await, "");
    // The example of RFC 7617, section 2.
    assert_eq!(said(basic("Aladdin", "open sesame"), "").await, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    assert_eq!(said(Credentials::Basic { user: None, password: None }, "").await, "Basic Og==");
    assert_eq!(said(Credentials::bearer(Secret::text("t-1")), "").await, "Bearer t-1");
    let key = Credentials::Scheme { scheme: "GenieKey".to_owned(), credentials: Some(Secret::text("k")) };
    assert_eq!(said(key, "").await, "GenieKey k");
    let address = said(Credentials::bearer(Secret::text("t")), "Aladdin:open%20sesame@").await;
    assert_eq!(address, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "what the address says comes first");
}

#[tokio::test]
async fn files_are_read_again_for_every_letter() {
    let server = Server::that(|_, _| status(200, "")).await;
    let papers = Papers::new();
    let bearer = with(Credentials::bearer(papers.write("token", "t-1\n")));
    let basic = with(Credentials::Basic {
        user: Some(papers.write("user", "Aladdin")),
        password: Some(papers.write("password", "closed")),
    });
    post(&bearer, &server.url).await;
    assert_eq!(server.last().header("authorization"), "Bearer t-1");
    papers.write("token", "t-2\n");
    papers.write("password", "open sesame\n");
    post(&bearer, &server.url).await;
    assert_eq!(server.last().header("authorization"), "Bearer t-2");
    post(&basic, &server.url).await;
    assert_eq!(server.last().header("authorization"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    papers.write("user", "a:b");
    assert!(reason(&post(&basic, &server.url).await).contains("no colon"));
    assert_eq!(server.heard().len(), 3);
}

#[tokio::test]
async fn without_its_credentials_a_letter_is_not_sent() {
    let server = Server::that(|_, _| status(200, "")).await;
    let papers = Papers::new();
    let missing = Secret::file(papers.path("missing"));
    let wrong = [
        (missing, "the bearer token is missing"),
        (papers.write("empty", " \n"), "is empty"),
        (papers.write("torn", "hush\nhush"), "a line break"),
    ];
    for (secret, words) in wrong {
        let outcome = post(&with(Credentials::bearer(secret)), &server.url).await;
        let Outcome::TryAgain(Trouble { kind, may_have_arrived, reason, .. }) = outcome else {
            panic!("{outcome:?}")
        };
        assert_eq!((kind, may_have_arrived), (TroubleKind::Credentials, false));
        assert!(reason.contains(words) && !reason.contains("hush"), "{reason}");
    }
    assert!(server.heard().is_empty());
    install_provider();
    let config = Config { credentials: basic("a:b", "c"), ..Config::default() };
    assert_eq!(WebhookClient::new(config, Time::default().clock()).unwrap_err(), ConfigError::User);
}

#[tokio::test]
async fn a_401_is_final_where_no_new_token_can_be_had() {
    let server = Server::that(|_, _| status(401, "who?")).await;
    let outcome = post(&with(Credentials::bearer(Secret::text("t"))), &server.url).await;
    assert!(matches!(outcome, Outcome::Refused(_)), "{outcome:?}");
    assert_eq!(server.heard().len(), 1);
}
