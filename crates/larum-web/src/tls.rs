//! How TLS is spoken.

use std::path::Path;
use std::sync::Arc;

use rustls::crypto::{CryptoProvider, SupportedKxGroup};
use rustls::{ServerConfig, SupportedCipherSuite, SupportedProtocolVersion};
use serde_saphyr::Location;

use crate::client::Clients;
use crate::error::Wrong;
use crate::pem::Pem;

/// How TLS is to be spoken.
#[derive(Debug)]
pub(crate) struct TlsSettings {
    pub certificate: Pem,
    pub key: Pem,
    pub clients: Clients,
    pub versions: Vec<&'static SupportedProtocolVersion>,
    pub suites: Vec<SupportedCipherSuite>,
    /// Where suites are asked for.
    pub suites_at: Option<Location>,
    pub curves: Vec<&'static dyn SupportedKxGroup>,
    /// Whether our order of suites counts, and not the client's.
    pub ours_first: bool,
}

impl TlsSettings {
    /// The files that this depends on.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        let pems = [Some(&self.certificate), Some(&self.key), self.clients.authorities.as_ref()];
        pems.into_iter().flatten().filter_map(Pem::path)
    }

    /// Reads the files as they are now.
    pub fn build(&self, provider: &Arc<CryptoProvider>) -> Result<ServerConfig, Wrong> {
        let verifier = self.clients.verifier(provider)?;
        let chosen = CryptoProvider {
            cipher_suites: self.suites.clone(),
            kx_groups: self.curves.clone(),
            ..CryptoProvider::clone(provider)
        };
        let (certificates, key) = (self.certificate.certificates()?, self.key.key()?);
        let builder = ServerConfig::builder_with_provider(Arc::new(chosen))
            .with_protocol_versions(&self.versions)
            .map_err(|error| {
                Wrong::at(self.suites_at.unwrap_or(self.certificate.location), error.to_string())
            })?;
        let builder = match verifier {
            Some(verifier) => builder.with_client_cert_verifier(verifier),
            None => builder.with_no_client_auth(),
        };
        let built = builder.with_single_cert(certificates, key);
        let mut config = built.map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => self
                .key
                .wrong(format_args!("it is not the key of the certificate in {}", self.certificate.field)),
            error => self.certificate.wrong(error),
        })?;
        config.ignore_client_order = self.ours_first;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }
}
