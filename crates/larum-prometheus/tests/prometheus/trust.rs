//! Whom the client believes, and with which certificate it comes.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use larum_prometheus::{ClientCertificate, Config, ServerUrl, SourceError};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::fake::{Act, client, install_provider, one};

/// Somebody who signs certificates.
pub type Authority = CertifiedIssuer<'static, KeyPair>;

/// A new one.
pub fn authority() -> Authority {
    let mut parameters = CertificateParams::new(Vec::new()).unwrap();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap()
}

/// A server that wants a certificate of its own authority from whoever asks.
async fn server(authority: &Authority) -> String {
    install_provider();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let certificate = certificate.signed_by(&key, authority).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(authority.der().clone()).unwrap();
    let config = ServerConfig::builder()
        .with_client_cert_verifier(WebPkiClientVerifier::builder(roots.into()).build().unwrap())
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A caller that is not trusted, or does not trust, hangs up here.
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let Act::Send(answer) = one() else { panic!("it is sent") };
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(&answer).await;
            let _ = stream.shutdown().await;
        }
    });
    format!("https://localhost:{port}")
}

/// The files of whoever asks.
pub struct Papers {
    folder: TempDir,
}

impl Papers {
    /// A certificate with its key, and the authority's own.
    pub fn signed_by(authority: &Authority) -> Self {
        let papers = Self { folder: tempfile::tempdir().unwrap() };
        papers.renew(authority);
        papers.write("ca.pem", &authority.pem());
        papers
    }

    fn renew(&self, authority: &Authority) {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let certificate = certificate.signed_by(&key, authority).unwrap();
        self.write("certificate.pem", &certificate.pem());
        self.write("key.pem", &key.serialize_pem());
    }

    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    pub fn certificate(&self) -> ClientCertificate {
        let file = |name: &str| Path::join(self.folder.path(), name);
        ClientCertificate { certificate: file("certificate.pem"), key: file("key.pem") }
    }
}

#[tokio::test]
async fn a_private_authority_and_a_certificate_open_the_door() {
    let authority = authority();
    let papers = Papers::signed_by(&authority);
    let mut config = Config::new(ServerUrl::parse(&server(&authority).await).unwrap());
    let error = client(config.clone()).check().await.unwrap_err();
    assert!(
        matches!(&error, SourceError::Unreachable(why) if why.ends_with("as an extra CA file")),
        "{error:?}"
    );
    config.tls.extra_ca = Some(papers.authority());
    let error = client(config.clone()).check().await.unwrap_err();
    assert!(matches!(error, SourceError::Unreachable(_)), "{error:?}");
    config.tls.certificate = Some(papers.certificate());
    client(config).check().await.unwrap();
}

#[tokio::test]
async fn a_certificate_that_is_renewed_is_used_at_once() {
    let (known, stranger) = (authority(), authority());
    let papers = Papers::signed_by(&stranger);
    let mut config = Config::new(ServerUrl::parse(&server(&known).await).unwrap());
    config.tls.extra_ca = Some(papers.write("ca.pem", &known.pem()));
    config.tls.certificate = Some(papers.certificate());
    let client = client(config);
    let error = client.check().await.unwrap_err();
    assert!(matches!(error, SourceError::Unreachable(_)), "{error:?}");
    papers.renew(&known);
    client.check().await.unwrap();
    papers.write("key.pem", "no key");
    let error = client.check().await.unwrap_err();
    assert!(error.to_string().contains("client certificate with its key cannot be used"), "{error}");
    std::fs::remove_file(papers.certificate().certificate).unwrap();
    let error = client.check().await.unwrap_err();
    assert!(error.to_string().contains("cannot be read"), "{error}");
}
