//! Targets behind TLS that know who asks.

use std::path::Path;
use std::sync::Arc;

use larum_metrics::scrape::Health;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::world::{World, answer, install_provider, job, response};

/// A target that answers only those with a certificate of the authority that signed its own. All certificates are
/// written to the folder. Answers the port.
async fn target(folder: &Path) -> u16 {
    install_provider();
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let signed = |purpose: ExtendedKeyUsagePurpose| {
        let key = KeyPair::generate().unwrap();
        let mut parameters = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        parameters.extended_key_usages = vec![purpose];
        (parameters.signed_by(&key, &authority).unwrap(), key)
    };
    let (client, client_key) = signed(ExtendedKeyUsagePurpose::ClientAuth);
    let (server, server_key) = signed(ExtendedKeyUsagePurpose::ServerAuth);
    let write = |name: &str, pem: String| std::fs::write(folder.join(name), pem).unwrap();
    write("ca.pem", authority.pem());
    write("cert.pem", client.pem());
    write("key.pem", client_key.serialize_pem());
    let mut roots = RootCertStore::empty();
    roots.add(authority.der().clone()).unwrap();
    let known = WebPkiClientVerifier::builder(Arc::new(roots)).build().unwrap();
    let key = PrivateKeyDer::try_from(server_key.serialize_der()).unwrap();
    let config = ServerConfig::builder()
        .with_client_cert_verifier(known)
        .with_single_cert(vec![server.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let bytes = Arc::new((response("text/plain", "", b"x 1\n"), Vec::new()));
        while let Ok((stream, _)) = listener.accept().await {
            // Who does not trust it, or is not trusted, is gone here.
            let Ok(stream) = acceptor.accept(stream).await else { continue };
            let (asked, _) = tokio::sync::mpsc::unbounded_channel();
            tokio::spawn(answer(stream, asked, Arc::clone(&bytes)));
        }
    });
    port
}

#[tokio::test]
async fn authorities_and_own_certificates_are_those_of_the_job() {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("localhost:{}", target(folder.path()).await);
    let world = |tls: &str| {
        let settings = format!("  scheme: https\n  tls_config: {{{tls}}}\n");
        World::scraping_in(&job(&address, &settings), folder.path())
    };
    for tls in [
        "ca_file: ca.pem, cert_file: cert.pem, key_file: key.pem",
        "ca_file: ca.pem, cert_file: cert.pem, key_file: key.pem, min_version: TLS13",
        "insecure_skip_verify: true, cert_file: cert.pem, key_file: key.pem",
    ] {
        let world = world(tls);
        world.until(|targets| (targets.first()?.health == Health::Up).then_some(())).await;
        world.stop().await;
    }
    let untrusted = world("cert_file: cert.pem, key_file: key.pem");
    let error = untrusted.error().await;
    assert!(error.starts_with("cannot connect: invalid peer certificate"), "{error}");
    untrusted.stop().await;
    let unknown = world("ca_file: ca.pem");
    unknown.until(|targets| (targets.first()?.health == Health::Down).then_some(())).await;
    unknown.stop().await;
}

#[tokio::test]
async fn a_certificate_that_is_replaced_in_its_file_is_used_at_once() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let address = format!("localhost:{}", target(folder.path()).await);
    target(other.path()).await;
    let ca = folder.path().join("ca.pem");
    let right = std::fs::read(&ca).unwrap();
    std::fs::copy(other.path().join("ca.pem"), &ca).unwrap();
    let tls = "  scheme: https\n  tls_config: {ca_file: ca.pem, cert_file: cert.pem, key_file: key.pem}\n";
    let world = World::scraping_in(&job(&address, tls), folder.path());
    world.until(|targets| (targets.first()?.health == Health::Down).then_some(())).await;
    std::fs::write(&ca, right).unwrap();
    world.until(|targets| (targets.first()?.health == Health::Up).then_some(())).await;
    world.stop().await;
}
