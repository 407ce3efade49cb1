//! Tokens that another server gives (RFC 6749, section 4.4).

use larum_webhook::{
    Config, ConfigError, Credentials, Oauth2, Outcome, Proxy, Secret, Tls, TroubleKind, WebhookClient,
};

use crate::authority::{Authority, Papers};
use crate::middleman::Middleman;
use crate::server::{Server, json, status};
use crate::world::{Time, client_at, install_provider, post, reason};

fn oauth2(url: &str) -> Oauth2 {
    Oauth2 {
        client_id: "larum:1".to_owned(),
        client_secret: Some(Secret::text("hush hush")),
        token_url: format!("{url}/token"),
        scopes: Vec::new(),
        endpoint_params: Vec::new(),
        tls: Tls::default(),
        proxy: Proxy::Direct,
    }
}

fn with(settings: Oauth2, time: &Time) -> WebhookClient {
    client_at(Config { credentials: Credentials::Oauth2(Box::new(settings)), ..Config::default() }, time)
}

/// A server of tokens: `t-1`, `t-2` and so on, each for a minute.
async fn tokens() -> Server {
    Server::that(|_, number| json(200, &minute(number))).await
}

fn minute(number: usize) -> String {
    format!(r#"{{"access_token":"t-{number}","token_type":"bearer","expires_in":60}}"#)
}

/// What is taken with which token.
fn shown(server: &Server) -> Vec<String> {
    server.heard().iter().map(|heard| heard.header("authorization")).collect()
}

#[tokio::test]
async fn a_token_is_kept_until_shortly_before_it_expires() {
    let (issuer, server) = (tokens().await, Server::that(|_, _| status(200, "")).await);
    let time = Time::default();
    let mut settings = oauth2(&issuer.url);
    settings.scopes = vec!["alerts.write".to_owned(), "offline".to_owned()];
    settings.endpoint_params = vec![("audience".to_owned(), "a&b".to_owned())];
    let client = with(settings, &time);
    for seconds in [0, 49, 1, 0] {
        time.pass(seconds);
        let outcome = post(&client, &server.url).await;
        assert!(matches!(outcome, Outcome::Delivered(_)), "{outcome:?}");
    }
    assert_eq!(shown(&server), ["Bearer t-1", "Bearer t-1", "Bearer t-2", "Bearer t-2"]);
    let heard = issuer.last();
    assert_eq!(heard.line, "POST /token");
    assert_eq!(heard.header("content-type"), "application/x-www-form-urlencoded");
    assert_eq!(heard.body, "grant_type=client_credentials&scope=alerts.write+offline&audience=a%26b");
    // `larum%3A1:hush+hush`, both encoded as in a form.
    assert_eq!(heard.header("authorization"), "Basic bGFydW0lM0ExOmh1c2graHVzaA==");
    assert_eq!(issuer.heard().len(), 2);
}

#[tokio::test]
async fn a_server_of_tokens_that_wants_the_secret_in_the_form_is_asked_so_from_then_on() {
    let issuer = Server::that(|heard, number| match heard.body.contains("client_secret") {
        true => json(200, &minute(number)),
        false => json(401, r#"{"error":"invalid_client"}"#),
    })
    .await;
    let (server, time) = (Server::that(|_, _| status(200, "")).await, Time::default());
    let mut settings = oauth2(&issuer.url);
    settings.endpoint_params = vec![("grant_type".to_owned(), "password".to_owned())];
    let client = with(settings, &time);
    for _ in 0..2 {
        post(&client, &server.url).await;
        time.pass(60);
    }
    assert_eq!(shown(&server), ["Bearer t-2", "Bearer t-3"]);
    assert_eq!(issuer.last().body, "grant_type=password&client_id=larum%3A1&client_secret=hush+hush");
    assert_eq!(issuer.last().header("authorization"), "");
}

#[tokio::test]
async fn however_many_want_a_token_it_is_asked_for_once() {
    let issuer = Server::that_holds(|_, number| json(200, &minute(number))).await;
    let (server, time) = (Server::that(|_, _| status(200, "")).await, Time::default());
    let client = with(oauth2(&issuer.url), &time);
    let posts: Vec<_> = (0..20).map(|_| spawn(&client, &server.url)).collect();
    issuer.was_asked(1).await;
    issuer.release(1);
    for posted in posts {
        let outcome = posted.await.unwrap();
        assert!(matches!(outcome, Outcome::Delivered(_)), "{outcome:?}");
    }
    assert_eq!((issuer.heard().len(), server.heard().len()), (1, 20));
}

#[tokio::test]
async fn a_refusal_counts_for_all_who_wait_for_it() {
    let issuer = Server::that_holds(|_, _| json(401, r#"{"error":"invalid_client"}"#)).await;
    let server = Server::that(|_, _| status(200, "")).await;
    let client = with(oauth2(&issuer.url), &Time::default());
    let posts: Vec<_> = (0..20).map(|_| spawn(&client, &server.url)).collect();
    issuer.was_asked(1).await;
    issuer.release(2);
    for posted in posts {
        let outcome = posted.await.unwrap();
        assert!(reason(&outcome).ends_with("it answers 401: invalid_client"), "{outcome:?}");
    }
    assert_eq!((issuer.heard().len(), server.heard().len()), (2, 0), "by the header, then by the form");
    issuer.release(2);
    let later = post(&client, &server.url).await;
    assert!(later.reason().is_some() && issuer.heard().len() == 4, "who comes later asks again: {later:?}");
}

fn spawn(client: &WebhookClient, url: &str) -> tokio::task::JoinHandle<Outcome> {
    let (client, url) = (client.clone(), url.to_owned());
    tokio::spawn(async move { post(&client, &url).await })
}

#[tokio::test]
async fn a_token_that_is_not_given_is_trouble_that_may_pass_and_tells_no_secret() {
    let refusal = r#"{"error":"invalid_client","error_description":"hush hush is not the secret"}"#;
    let issuer = Server::that(move |_, number| match number {
        // By the header, then by the form.
        1 | 2 => json(401, refusal),
        3 => json(200, "{}"),
        4 => status(200, "<html>"),
        5 => status(503, ""),
        _ => json(200, &minute(number)),
    })
    .await;
    let server = Server::that(|_, _| status(200, "")).await;
    let client = with(oauth2(&issuer.url), &Time::default());
    let outcome = post(&client, &server.url).await;
    let Outcome::TryAgain(trouble) = &outcome else { panic!("{outcome:?}") };
    assert_eq!((trouble.kind, trouble.may_have_arrived), (TroubleKind::Credentials, false));
    let told =
        format!("no token from {}: it answers 401: invalid_client <secret> is not the secret", issuer.url);
    assert_eq!(reason(&outcome), told);
    assert!(server.heard().is_empty());
    let nothing = post(&client, &server.url).await;
    assert!(reason(&nothing).contains("its answer is no JSON"), "{nothing:?}");
    let outcome = post(&client, &server.url).await;
    assert!(matches!(outcome, Outcome::Delivered(_)), "{outcome:?}");
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let issuer = tokens().await;
    let server = Server::that(|heard, _| match heard.header("authorization").as_str() {
        "Bearer t-2" => status(200, ""),
        _ => status(401, "expired"),
    })
    .await;
    let (time, post_to) = (Time::default(), server.url.clone());
    let client = with(oauth2(&issuer.url), &time);
    assert!(matches!(post(&client, &post_to).await, Outcome::Delivered(_)));
    assert!(matches!(post(&client, &post_to).await, Outcome::Delivered(_)));
    assert_eq!(shown(&server), ["Bearer t-1", "Bearer t-2", "Bearer t-2"]);
    time.pass(60);
    let outcome = post(&client, &post_to).await;
    assert!(matches!(outcome, Outcome::Refused(_)), "{outcome:?}");
    assert_eq!(shown(&server)[3..], ["Bearer t-3", "Bearer t-4"], "once, and no more");
    assert!(server.heard().iter().all(|heard| heard.body == crate::world::BODY));
}

#[tokio::test]
async fn another_client_secret_buys_another_token() {
    let (issuer, server) = (tokens().await, Server::that(|_, _| status(200, "")).await);
    let papers = Papers::new();
    let mut settings = oauth2(&issuer.url);
    settings.client_secret = Some(papers.write("secret", "one"));
    let client = with(settings, &Time::default());
    post(&client, &server.url).await;
    post(&client, &server.url).await;
    papers.write("secret", "two");
    post(&client, &server.url).await;
    assert_eq!(shown(&server), ["Bearer t-1", "Bearer t-1", "Bearer t-2"]);
    std::fs::remove_file(papers.path("secret")).unwrap();
    let outcome = post(&client, &server.url).await;
    assert!(reason(&outcome).starts_with("the client secret for http://127.0.0.1:"), "{outcome:?}");
}

#[tokio::test]
async fn tokens_are_fetched_by_a_way_of_their_own() {
    let authority = Authority::new();
    let papers = Papers::new();
    let tls = authority.server_for("issuer.example", Some(&authority), rustls::ALL_VERSIONS);
    let issuer = Server::with_tls(tls, |_, number| json(200, &minute(number))).await;
    let proxy = Middleman::leading_to(issuer.port()).await;
    let server = Server::that(|_, _| status(200, "")).await;
    let mut settings = oauth2("https://issuer.example");
    settings.tls = Tls { certificate: Some(papers.renew(&authority)), ..authority.trusted() };
    settings.proxy = Proxy::Through {
        url: format!("http://{}", proxy.address).into(),
        no_proxy: None,
        connect_headers: Vec::new(),
    };
    let outcome = post(&with(settings, &Time::default()), &server.url).await;
    assert!(matches!(outcome, Outcome::Delivered(_)), "{outcome:?}");
    assert_eq!(shown(&server), ["Bearer t-1"]);
    assert!(proxy.asked()[0].starts_with("connect issuer.example:443 "), "{:?}", proxy.asked());
}

#[test]
fn settings_that_can_never_buy_a_token_are_refused() {
    install_provider();
    let mut settings = oauth2("http://issuer");
    settings.endpoint_params = vec![("password".to_owned(), "hush".to_owned())];
    assert!(!format!("{settings:?}").contains("hush"));
    let error = |settings: Oauth2| {
        let credentials = Credentials::Oauth2(Box::new(settings));
        WebhookClient::new(Config { credentials, ..Config::default() }, Time::default().clock()).unwrap_err()
    };
    assert_eq!(error(oauth2("hush")), ConfigError::TokenUrl);
    let mut settings = oauth2("http://issuer");
    settings.endpoint_params = vec![("client_id".to_owned(), "other".to_owned())];
    assert_eq!(error(settings), ConfigError::TokenParameter("client_id".to_owned()));
}
