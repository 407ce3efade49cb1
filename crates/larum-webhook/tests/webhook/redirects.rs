//! Letters that a server sends elsewhere.

use larum_webhook::{Config, Credentials, Header, Outcome, Secret, Tls, TroubleKind};
use rustls::ALL_VERSIONS;

use crate::authority::{Authority, Papers};
use crate::server::{Server, status, with};
use crate::world::{BODY, client, post, reason};

/// Settings with every kind of secret.
fn config() -> Config {
    let key = Header {
        name: "X-Key".to_owned(),
        values: vec!["plain".to_owned()],
        secrets: vec![Secret::text("hush-key")],
    };
    Config {
        credentials: Credentials::bearer(Secret::text("hush-token")),
        headers: vec![key],
        ..Config::default()
    }
}

#[tokio::test]
async fn on_the_same_server_everything_goes_along() {
    for code in [307, 308] {
        let server = Server::that(move |heard, _| match heard.line.as_str() {
            "POST /old" => with(code, "location", "/new?a=b", ""),
            _ => status(200, "ok"),
        })
        .await;
        let outcome = post(&client(config()), &format!("{}/old", server.url)).await;
        assert!(matches!(&outcome, Outcome::Delivered(answer) if !answer.redirected), "{outcome:?}");
        let heard = server.last();
        assert_eq!((heard.line.as_str(), heard.body.as_str()), ("POST /new?a=b", BODY));
        assert_eq!(heard.header("authorization"), "Bearer hush-token");
        assert_eq!(heard.header("x-key"), "plain, hush-key");
    }
}

#[tokio::test]
async fn to_another_server_no_secret_goes_along() {
    let other = Server::that(|_, _| status(200, "ok")).await;
    let target = format!("{}/there", other.url);
    let server = Server::that(move |_, _| with(307, "location", &target, "")).await;
    let outcome = post(&client(config()), &format!("{}/hush", server.url)).await;
    assert!(matches!(outcome, Outcome::Delivered(_)), "{outcome:?}");
    let heard = other.last();
    assert_eq!((heard.line.as_str(), heard.body.as_str()), ("POST /there", BODY));
    assert_eq!(heard.header("x-key"), "plain");
    let secrets = heard.headers.values().filter(|value| value.to_str().unwrap().contains("hush"));
    assert_eq!(secrets.count(), 0, "{heard:?}");
}

#[tokio::test]
async fn to_another_server_the_certificate_does_not_go_along() {
    let authority = Authority::new();
    let papers = Papers::new();
    let private = authority.server_for("localhost", Some(&authority), ALL_VERSIONS);
    let other = Server::with_tls(private.clone(), |_, _| status(200, "ok")).await;
    let target = other.url.clone();
    let server = Server::with_tls(private, move |_, _| with(308, "location", &target, "")).await;
    let tls = Tls { certificate: Some(papers.renew(&authority)), ..authority.trusted() };
    let client = client(Config { tls, ..Config::default() });
    let outcome = post(&client, &server.url).await;
    let Outcome::TryAgain(trouble) = &outcome else { panic!("{outcome:?}") };
    assert_eq!((trouble.kind, server.heard().len()), (TroubleKind::Tls, 1));
    assert!(matches!(post(&client, &other.url).await, Outcome::Delivered(_)), "asked itself, it is shown");
}

#[tokio::test]
async fn some_redirects_are_followed_without_the_letter_as_go_does() {
    for code in [301, 302, 303] {
        let server = Server::that(move |heard, _| match heard.line.as_str() {
            "POST /old" => with(code, "location", "new#part", ""),
            "GET /new" => with(307, "location", "/newer", ""),
            _ => status(200, "a page"),
        })
        .await;
        let outcome = post(&client(config()), &format!("{}/old", server.url)).await;
        assert!(matches!(&outcome, Outcome::Delivered(answer) if answer.redirected), "{outcome:?}");
        let heard = server.last();
        assert_eq!((heard.line.as_str(), heard.body.as_str()), ("GET /newer", ""));
        assert_eq!(heard.header("content-type"), "");
    }
}

#[tokio::test]
async fn a_redirect_that_is_not_wanted_or_leads_nowhere_is_a_refusal() {
    let server = Server::that(|heard, _| match heard.line.as_str() {
        "POST /nowhere" => status(307, ""),
        "POST /mail" => with(307, "location", "mailto:hush@example.com", ""),
        _ => with(307, "location", "/hush", "<html>moved</html>"),
    })
    .await;
    let still = client(Config { follow_redirects: false, ..Config::default() });
    let outcome = post(&still, &format!("{}/old", server.url)).await;
    let told = format!(
        "{} sends elsewhere (307), which is not followed; it answers with a page of HTML",
        server.url
    );
    assert!(matches!(outcome, Outcome::Refused(_)), "{outcome:?}");
    assert_eq!(reason(&outcome), told);
    assert_eq!(server.heard().len(), 1);
    for path in ["nowhere", "mail"] {
        let outcome = post(&client(Config::default()), &format!("{}/{path}", server.url)).await;
        assert!(matches!(outcome, Outcome::Refused(_)), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_letter_that_goes_in_circles_is_stopped() {
    let server = Server::that(|_, _| with(307, "location", "/hush", "")).await;
    let outcome = post(&client(Config::default()), &server.url).await;
    assert!(matches!(outcome, Outcome::TryAgain(_)), "{outcome:?}");
    assert_eq!(reason(&outcome), format!("{} sends elsewhere more than 10 times", server.url));
    assert_eq!(server.heard().len(), 11);
}
