//! Whom the client believes to be Slack.

use std::sync::Arc;

use larum_slack::{PostOutcome, SlackClient};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::fake::{client, install_provider};

/// A private authority in PEM form, and a server of its own that answers every request with `ok`.
async fn relay() -> (String, String) {
    install_provider();
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A caller that does not trust the certificate hangs up here.
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let body = r#"{"ok":true,"channel":"C1","ts":"1.2"}"#;
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    (authority.pem(), format!("https://localhost:{port}/api/"))
}

async fn post(client: SlackClient) -> PostOutcome {
    client.post_message("C1", "id", "{}").await
}

#[tokio::test]
async fn a_relay_with_a_private_certificate_is_trusted_once_its_authority_is_given() {
    let (authority, api) = relay().await;
    let outcome = post(client(&api, None)).await;
    let PostOutcome::Unreachable(reason) = outcome else { panic!("{outcome:?}") };
    assert!(reason.contains("certificate"), "{reason}");
    let outcome = post(client(&api, Some(authority.as_bytes()))).await;
    assert!(matches!(outcome, PostOutcome::Delivered { .. }), "{outcome:?}");
}
