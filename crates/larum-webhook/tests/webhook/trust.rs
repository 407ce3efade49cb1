//! Whom the client believes, with which certificate it comes, and what it speaks.

use axum::http::Version;
use larum_webhook::{Config, Outcome, Proxy, Secret, Tls, TlsVersion, Trouble, TroubleKind, Trust};
use rustls::ALL_VERSIONS;
use rustls::version::{TLS12, TLS13};

use crate::authority::{Authority, Papers};
use crate::middleman::Middleman;
use crate::server::{Server, status};
use crate::world::{client, post, reason};

async fn post_with(tls: Tls, server: &Server) -> Outcome {
    post(&client(Config { tls, ..Config::default() }), &server.url).await
}

fn distrusted(outcome: &Outcome) {
    let trouble =
        matches!(outcome, Outcome::TryAgain(Trouble { kind: TroubleKind::Tls, may_have_arrived: false, .. }));
    assert!(trouble, "{outcome:?}");
}

fn delivered(outcome: &Outcome) {
    assert!(matches!(outcome, Outcome::Delivered(_)), "{outcome:?}");
}

#[tokio::test]
async fn a_private_authority_is_believed_once_it_is_given() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let server = Server::with_tls(authority.server("localhost"), |_, _| status(200, "")).await;
    let outcome = post_with(Tls::default(), &server).await;
    distrusted(&outcome);
    assert!(
        reason(&outcome).starts_with(&format!("no trust between Larum and {}: ", server.url)),
        "{outcome:?}"
    );
    distrusted(&post_with(stranger.trusted(), &server).await);
    delivered(&post_with(authority.trusted(), &server).await);
    let besides = Trust::SystemAnd(Secret::text(authority.pem()));
    delivered(&post_with(Tls { trust: besides, ..Tls::default() }, &server).await);
    delivered(&post_with(Tls { insecure_skip_verify: true, ..Tls::default() }, &server).await);
    assert_eq!(server.heard().len(), 3);
}

#[tokio::test]
async fn a_member_is_let_in_and_a_renewed_certificate_is_used_at_once() {
    let (authority, members) = (Authority::new(), Authority::new());
    for versions in [&[&TLS12][..], &[&TLS13]] {
        let config = authority.server_for("localhost", Some(&members), versions);
        let server = Server::with_tls(config, |_, _| status(200, "")).await;
        distrusted(&post_with(authority.trusted(), &server).await);
        let papers = Papers::new();
        let certificate = Some(papers.renew(&authority));
        let client = client(Config { tls: Tls { certificate, ..authority.trusted() }, ..Config::default() });
        distrusted(&post(&client, &server.url).await);
        papers.renew(&members);
        delivered(&post(&client, &server.url).await);
        papers.write("key.pem", "no key");
        let broken = post(&client, &server.url).await;
        assert!(reason(&broken).contains("client certificate with its key cannot be used"), "{broken:?}");
        std::fs::remove_file(papers.path("certificate.pem")).unwrap();
        let missing = post(&client, &server.url).await;
        assert!(reason(&missing).contains("cannot be read"), "{missing:?}");
        assert_eq!(server.heard().len(), 1);
    }
}

#[tokio::test]
async fn an_authority_in_a_file_is_read_again() {
    let (old, new) = (Authority::new(), Authority::new());
    let server = Server::with_tls(new.server("localhost"), |_, _| status(200, "")).await;
    let papers = Papers::new();
    let trust = Trust::Only(papers.write("ca.pem", &old.pem()));
    let client = client(Config { tls: Tls { trust, ..Tls::default() }, ..Config::default() });
    distrusted(&post(&client, &server.url).await);
    papers.write("ca.pem", &new.pem());
    delivered(&post(&client, &server.url).await);
    papers.write("ca.pem", "nothing");
    let outcome = post(&client, &server.url).await;
    assert!(reason(&outcome).contains("no BEGIN CERTIFICATE in it"), "{outcome:?}");
}

#[tokio::test]
async fn a_server_may_have_another_name_than_its_address() {
    let authority = Authority::new();
    let server = Server::with_tls(authority.server("hooks.internal"), |_, _| status(200, "")).await;
    distrusted(&post_with(authority.trusted(), &server).await);
    let named = |name: &str| Tls { server_name: Some(name.to_owned()), ..authority.trusted() };
    distrusted(&post_with(named("other.internal"), &server).await);
    delivered(&post_with(named("hooks.internal"), &server).await);
}

#[tokio::test]
async fn a_server_with_many_names_is_called_by_the_one_that_is_given() {
    let authority = Authority::new();
    let config = authority.server_of_many(&["one.internal", "two.internal"]);
    let server = Server::with_tls(config, |_, _| status(200, "")).await;
    let insecure = Tls { insecure_skip_verify: true, ..Tls::default() };
    distrusted(&post_with(insecure, &server).await);
    for host in ["localhost", "127.0.0.1"] {
        let url = format!("https://{host}:{}", server.port());
        let server_name = Some("two.internal".to_owned());
        let tls = Tls { server_name, ..authority.trusted() };
        delivered(&post(&client(Config { tls, ..Config::default() }), &format!("{url}/hook")).await);
        let heard = server.last();
        assert_eq!((heard.line.as_str(), heard.header("host")), ("POST /hook", url.replace("https://", "")));
    }
}

#[tokio::test]
async fn behind_a_proxy_the_server_is_asked_for_by_its_address_and_checked_by_its_name() {
    let authority = Authority::new();
    let server = Server::with_tls(authority.server("hooks.internal"), |_, _| status(200, "")).await;
    let proxy = Middleman::leading_to(server.port()).await;
    let tls = Tls { server_name: Some("hooks.internal".to_owned()), ..authority.trusted() };
    let url = format!("http://{}", proxy.address).into();
    let proxied = Proxy::Through { url, no_proxy: None, connect_headers: Vec::new() };
    let client = client(Config { tls, proxy: proxied, ..Config::default() });
    delivered(&post(&client, "https://hooks.example/hook").await);
    assert!(proxy.asked()[0].starts_with("connect hooks.example:443 "), "{:?}", proxy.asked());
}

#[tokio::test]
async fn only_the_versions_that_are_allowed_are_spoken() {
    let authority = Authority::new();
    let config = authority.server_for("localhost", None, &[&TLS12]);
    let old = Server::with_tls(config, |_, _| status(200, "")).await;
    let config = authority.server_for("localhost", None, &[&TLS13]);
    let new = Server::with_tls(config, |_, _| status(200, "")).await;
    let at_least = |version| Tls { min_version: Some(version), ..authority.trusted() };
    distrusted(&post_with(at_least(TlsVersion::Tls13), &old).await);
    delivered(&post_with(at_least(TlsVersion::Tls10), &old).await);
    delivered(&post_with(at_least(TlsVersion::Tls13), &new).await);
    let at_most = Tls { max_version: Some(TlsVersion::Tls12), ..authority.trusted() };
    distrusted(&post_with(at_most, &new).await);
}

#[tokio::test]
async fn http_2_is_spoken_where_it_is_allowed_and_understood() {
    let authority = Authority::new();
    let config = authority.server_for("localhost", None, ALL_VERSIONS);
    let server = Server::with_tls(config, |_, _| status(200, "")).await;
    for (http2, version) in [(true, Version::HTTP_2), (false, Version::HTTP_11)] {
        let client = client(Config { tls: authority.trusted(), http2, ..Config::default() });
        delivered(&post(&client, &format!("{}/hook", server.url)).await);
        let heard = server.last();
        assert_eq!((heard.version, heard.line.as_str()), (version, "POST /hook"));
    }
}
