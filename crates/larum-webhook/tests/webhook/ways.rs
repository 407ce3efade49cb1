//! By which way a letter goes.

use larum_webhook::{Config, ConfigError, ConnectHeaders, Outcome, Proxy, Tls, WebhookClient};

use crate::authority::Authority;
use crate::middleman::Middleman;
use crate::server::{Server, status};
use crate::world::{Time, client, install_provider, post, reason};

fn through(url: &str, no_proxy: Option<&str>) -> Proxy {
    let connect_headers: ConnectHeaders = vec![("X-Gate".to_owned(), vec!["one".into(), "two".into()])];
    Proxy::Through { url: url.into(), no_proxy: no_proxy.map(str::to_owned), connect_headers }
}

fn with(proxy: Proxy, tls: Tls) -> WebhookClient {
    client(Config { proxy, tls, ..Config::default() })
}

fn delivered(outcome: &Outcome) {
    assert!(matches!(outcome, Outcome::Delivered(_)), "{outcome:?}");
}

#[tokio::test]
async fn with_tls_a_tunnel_is_dug_and_the_proxy_is_told_its_headers() {
    let authority = Authority::new();
    let server = Server::with_tls(authority.server("hooks.example"), |_, _| status(200, "")).await;
    let proxy = Middleman::leading_to(server.port()).await;
    let through = through(&format!("http://me:open%20sesame@{}", proxy.address), None);
    delivered(&post(&with(through, authority.trusted()), "https://hooks.example/hush").await);
    assert_eq!(server.last().line, "POST /hush");
    assert_eq!(server.last().header("x-gate"), "", "what the proxy is told is for the proxy");
    let asked = &proxy.asked()[0];
    assert!(asked.starts_with("connect hooks.example:443 http/1.1\r\n"), "{asked}");
    assert!(asked.contains("x-gate: one\r\n") && asked.contains("x-gate: two\r\n"), "{asked}");
    // `me:open sesame`
    assert!(asked.contains("proxy-authorization: basic bwu6b3blbibzzxnhbwu=\r\n"), "{asked}");
    assert!(!asked.contains("hush"), "{asked}");
}

#[tokio::test]
async fn without_tls_the_proxy_passes_the_letter_on_and_is_told_nothing_else() {
    let proxy = Middleman::leading_to("1").await;
    let client = with(through(&format!("http://{}", proxy.address), None), Tls::default());
    delivered(&post(&client, "http://hooks.example/hook?a=b").await);
    let asked = &proxy.asked()[0];
    assert!(asked.starts_with("post http://hooks.example/hook?a=b http/1.1\r\n"), "{asked}");
    assert!(!asked.contains("x-gate"), "it would be passed on: {asked}");
}

#[tokio::test]
async fn some_hosts_are_spoken_to_directly() {
    let server = Server::that(|_, _| status(200, "")).await;
    let proxy = Middleman::leading_to(server.port()).await;
    let url = format!("http://{}", proxy.address);
    let client = with(through(&url, Some("10.0.0.0/8, .internal")), Tls::default());
    delivered(&post(&client, &server.url).await);
    assert_eq!((server.heard().len(), proxy.asked().len()), (1, 0));
    delivered(&post(&client, "http://hooks.example/").await);
    assert_eq!((server.heard().len(), proxy.asked().len()), (1, 1));
    delivered(&post(&with(through(&url, None), Tls::default()), &server.url).await);
    assert_eq!((server.heard().len(), proxy.asked().len()), (1, 2));
}

#[tokio::test]
async fn a_proxy_of_socks_is_given_the_name() {
    let server = Server::that(|_, _| status(200, "")).await;
    let proxy = Middleman::of_socks_leading_to(server.port()).await;
    let client = with(through(&format!("socks5://{}", proxy.address), None), Tls::default());
    delivered(&post(&client, "http://hooks.example/hook").await);
    assert_eq!(
        (server.last().line.as_str(), proxy.asked()),
        ("POST /hook", vec!["hooks.example".to_owned()])
    );
}

#[tokio::test]
async fn a_proxy_that_is_none_or_not_there_is_told_without_its_secrets() {
    install_provider();
    let proxy = through("ftp://me:hush@proxy", None);
    let config = Config { proxy, ..Config::default() };
    let error = WebhookClient::new(config, Time::default().clock()).unwrap_err();
    assert_eq!(error, ConfigError::Proxy("proxy_url"));
    let client = with(through("http://me:hush@127.0.0.1:1", None), Tls::default());
    for url in ["https://hooks.example/hush", "http://hooks.example/hush"] {
        let outcome = post(&client, url).await;
        assert!(matches!(outcome, Outcome::TryAgain(_)) && !reason(&outcome).contains("hush"), "{outcome:?}");
    }
}
