//! Somebody who signs certificates, and the papers of those who have them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use larum_webhook::{ClientCertificate, Secret, Tls, Trust};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ResolvesServerCertUsingSni, WebPkiClientVerifier};
use rustls::sign::CertifiedKey;
use rustls::{ALL_VERSIONS, RootCertStore, ServerConfig, SupportedProtocolVersion};
use tempfile::TempDir;

use crate::world::install_provider;

pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub fn new() -> Self {
        install_provider();
        let mut parameters = CertificateParams::new(Vec::new()).unwrap();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap())
    }

    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// Settings of a client that trusts this authority alone.
    pub fn trusted(&self) -> Tls {
        Tls { trust: Trust::Only(Secret::text(self.pem())), ..Tls::default() }
    }

    /// A certificate for this name, and its key, in PEM form.
    pub fn sign(&self, name: &str) -> [String; 2] {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec![name.to_owned()]).unwrap();
        [certificate.signed_by(&key, &self.0).unwrap().pem(), key.serialize_pem()]
    }

    /// A server of this name, whom anybody may ask.
    pub fn server(&self, name: &str) -> ServerConfig {
        self.server_for(name, None, ALL_VERSIONS)
    }

    /// A server that has these names, and talks to nobody who calls it by another.
    pub fn server_of_many(&self, names: &[&str]) -> ServerConfig {
        let mut known = ResolvesServerCertUsingSni::new();
        for name in names {
            let [certificate, key] = self.sign(name);
            let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()];
            let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
            let key = rustls::crypto::ring::sign::any_supported_type(&key).unwrap();
            known.add(name, CertifiedKey::new(chain, key)).unwrap();
        }
        ServerConfig::builder().with_no_client_auth().with_cert_resolver(Arc::new(known))
    }

    /// A server of this name that speaks these versions and wants a certificate of `members`.
    pub fn server_for(
        &self,
        name: &str,
        members: Option<&Self>,
        versions: &[&'static SupportedProtocolVersion],
    ) -> ServerConfig {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let certificate = certificate.signed_by(&key, &self.0).unwrap();
        let builder = ServerConfig::builder_with_protocol_versions(versions);
        let builder = match members {
            None => builder.with_no_client_auth(),
            Some(members) => {
                let mut roots = RootCertStore::empty();
                roots.add(members.0.der().clone()).unwrap();
                let verifier = WebPkiClientVerifier::builder(roots.into()).build().unwrap();
                builder.with_client_cert_verifier(verifier)
            }
        };
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let mut config = builder.with_single_cert(vec![certificate.der().clone()], key).unwrap();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        config
    }
}

/// Files that change while a client uses them.
pub struct Papers(TempDir);

impl Papers {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        Path::join(self.0.path(), name)
    }

    /// Writes a file, and answers with what is read from it.
    pub fn write(&self, name: &str, text: &str) -> Secret {
        std::fs::write(self.path(name), text).unwrap();
        Secret::file(self.path(name))
    }

    /// A member's certificate of this authority.
    pub fn renew(&self, authority: &Authority) -> ClientCertificate {
        let [certificate, key] = authority.sign("larum");
        ClientCertificate {
            certificate: self.write("certificate.pem", &certificate),
            key: self.write("key.pem", &key),
        }
    }
}
