//! TLS, and certificates that are renewed.

use std::time::Duration;

use larum_web::Limits;
use reqwest::StatusCode;
use reqwest::tls::Version;

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::authority::Authority;
use crate::door::{Door, PATIENCE, TLS, certify};

#[tokio::test]
async fn what_is_said_over_tls_is_answered_and_what_is_said_in_the_clear_is_told_so() {
    let door = Door::open(TLS).await;
    assert_eq!(door.greeting(door.client()).await.as_deref(), Some("hello"));
    let clear = door.ask(door.client(), "http").send().await.expect("it is answered");
    assert_eq!(clear.status(), StatusCode::BAD_REQUEST);
    assert_eq!(clear.text().await.expect("in words"), "TLS is spoken here: use https.\n");
    let stranger = Authority::new();
    assert_eq!(door.greeting(door.client_that_trusts(&stranger)).await, None);
}

#[tokio::test]
async fn a_renewed_certificate_is_shown_to_who_comes_next() {
    let door = Door::open(TLS).await;
    let newer = Authority::new();
    assert_eq!(door.greeting(door.client_that_trusts(&newer)).await, None);
    certify(door.folder.path(), &newer);
    assert_eq!(door.greeting(door.client_that_trusts(&newer)).await.as_deref(), Some("hello"));
    assert_eq!(door.greeting(door.client()).await, None);
}

#[tokio::test]
async fn what_is_wrong_after_a_change_changes_nothing_until_it_is_right() {
    let door = Door::open(TLS).await;
    let [certificate, key] = Authority::new().sign("larum.test");
    for (name, text) in [
        // The certificate is renewed and its key is not yet.
        ("cert.pem", certificate.as_str()),
        ("cert.pem", "half a certifi"),
        ("web.yml", "tls_server_config: {cert_file: [}"),
        ("web.yml", ""),
        ("key.pem", &key[..key.len() / 2]),
    ] {
        door.write(name, text);
        assert_eq!(door.greeting(door.client()).await.as_deref(), Some("hello"), "{name}: {text}");
    }
    std::fs::remove_file(door.folder.path().join("web.yml")).expect("it was there");
    assert_eq!(door.greeting(door.client()).await.as_deref(), Some("hello"));
    certify(door.folder.path(), &door.authority);
    door.write("web.yml", TLS);
    assert_eq!(door.greeting(door.client()).await.as_deref(), Some("hello"));
}

#[tokio::test]
async fn only_the_versions_that_are_asked_for_are_spoken() {
    let door = Door::open(&format!("{TLS}  min_version: TLS13\n")).await;
    assert_eq!(door.greeting(door.client().tls_version_max(Version::TLS_1_2)).await, None);
    assert_eq!(door.greeting(door.client()).await.as_deref(), Some("hello"));
    door.write(
        "web.yml",
        &format!("{TLS}  max_version: TLS12\n  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]\n"),
    );
    assert_eq!(door.greeting(door.client().tls_version_min(Version::TLS_1_3)).await, None);
    assert_eq!(door.greeting(door.client()).await.as_deref(), Some("hello"));
}

#[tokio::test]
async fn headers_of_the_file_stand_in_every_answer() {
    let web =
        format!("{TLS}http_server_config:\n  headers:\n    Strict-Transport-Security: max-age=31536000\n");
    let door = Door::open(&web).await;
    let answer = door.ask(door.client(), "https").send().await.expect("it is answered");
    assert_eq!(answer.headers()["strict-transport-security"], "max-age=31536000");
}

#[tokio::test]
async fn who_never_agrees_on_anything_is_hung_up_on() {
    let limits = Limits { handshake: Duration::from_millis(20), ..Limits::default() };
    let door = Door::open_with(TLS, limits).await;
    let mut silent = TcpStream::connect(door.address).await.expect("somebody listens");
    let mut said = Vec::new();
    timeout(PATIENCE, silent.read_to_end(&mut said)).await.expect("an end").expect("no reset");
    assert!(said.is_empty(), "{said:?}");
}
