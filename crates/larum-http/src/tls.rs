//! Whom we trust, with which certificate we come, and which TLS we speak.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, SupportedProtocolVersion};

use crate::error::{ConfigError, Unusable};
use crate::secret::Secret;
use crate::verifier;
use crate::words::innermost;

/// The largest file of certificates that is read, in bytes; all roots of an operating system take a quarter of it.
pub const MAX_PEM_BYTES: u64 = 1024 * 1024;

/// Whom to trust, and with which certificate to come. Files are read again for every call, and connections made anew
/// when what is in them has changed: certificates of clusters live for hours.
#[derive(Clone, Default, Debug)]
pub struct Tls {
    /// Whose word counts.
    pub trust: Trust,
    /// The certificate to come with (mutual TLS).
    pub certificate: Option<ClientCertificate>,
    /// The name that the server's certificate is to have, if not that of the address. The server is called by it
    /// too (SNI), unless a proxy stands in between: that must be told where to go.
    pub server_name: Option<String>,
    /// Whether any certificate is taken.
    pub insecure_skip_verify: bool,
    /// The oldest version that is spoken; never one older than 1.2.
    pub min_version: Option<TlsVersion>,
    /// The newest version that is spoken.
    pub max_version: Option<TlsVersion>,
}

/// Whose word counts. Certificates are in PEM form.
#[derive(Clone, Default, Debug)]
pub enum Trust {
    /// The roots of the system and Mozilla's, so that it works in a container that has none.
    #[default]
    System,
    /// Those and these.
    SystemAnd(Secret),
    /// These alone.
    Only(Secret),
}

/// A certificate to show to the server.
#[derive(Clone, Debug)]
pub struct ClientCertificate {
    /// The certificate, and those between it and the root, in PEM form.
    pub certificate: Secret,
    /// Its private key in PEM form, not encrypted.
    pub key: Secret,
}

impl ClientCertificate {
    /// A certificate and its key in files.
    pub fn files(certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        Self { certificate: Secret::file(certificate), key: Secret::file(key) }
    }
}

/// A version of TLS.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[expect(missing_docs, reason = "each is the version of its number")]
pub enum TlsVersion {
    Tls10,
    Tls11,
    Tls12,
    Tls13,
}

/// What was in the files.
#[derive(PartialEq, Eq)]
pub(crate) struct Papers {
    authorities: Option<Vec<u8>>,
    /// The certificate and its key.
    certificate: Option<[Vec<u8>; 2]>,
}

impl Tls {
    /// Finds what can never work.
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        self.name()?;
        match self.versions().is_empty() {
            true => Err(ConfigError::TlsVersions),
            false => Ok(()),
        }
    }

    fn name(&self) -> Result<Option<ServerName<'static>>, ConfigError> {
        let Some(name) = &self.server_name else { return Ok(None) };
        let known = ServerName::try_from(name.clone());
        known.map(Some).map_err(|_| ConfigError::ServerName(name.clone()))
    }

    fn versions(&self) -> Vec<&'static SupportedProtocolVersion> {
        let spoken = [(TlsVersion::Tls12, &TLS12), (TlsVersion::Tls13, &TLS13)];
        let fits = |version: TlsVersion| {
            self.min_version.is_none_or(|min| version >= min)
                && self.max_version.is_none_or(|max| version <= max)
        };
        spoken.into_iter().filter(|(version, _)| fits(*version)).map(|(_, spoken)| spoken).collect()
    }

    /// Reads the files as they are now.
    pub(crate) async fn papers(&self) -> Result<Papers, Unusable> {
        let authorities = match &self.trust {
            Trust::System => None,
            Trust::SystemAnd(pem) => Some(read("the extra CA file", pem).await?),
            Trust::Only(pem) => Some(read("the CA", pem).await?),
        };
        let certificate = match &self.certificate {
            Some(pair) => Some([
                read("the client certificate", &pair.certificate).await?,
                read("the key of the client certificate", &pair.key).await?,
            ]),
            None => None,
        };
        Ok(Papers { authorities, certificate })
    }

    /// How TLS is spoken with these papers. A stranger, to whom a redirect leads, is not shown our certificate and goes
    /// by its own name.
    pub(crate) fn client_config(&self, papers: &Papers, stranger: bool) -> Result<ClientConfig, Unusable> {
        let provider = CryptoProvider::get_default().ok_or_else(|| no(&ConfigError::NoCryptoProvider))?;
        let verifier = match (&self.trust, &papers.authorities) {
            _ if self.insecure_skip_verify => verifier::anybody(provider),
            (Trust::SystemAnd(_), Some(pem)) => {
                let extra = certificates("the extra CA file", pem)?;
                verifier::system(extra, provider).map_err(|why| unusable("the extra CA file", &why))?
            }
            (Trust::Only(_), Some(pem)) => {
                let only = certificates("the CA", pem)?;
                verifier::only(only, provider).map_err(|why| unusable("the CA", &why))?
            }
            _ => verifier::usual(provider).map_err(|why| unusable("the system's roots", &why))?,
        };
        let name = self.name().map_err(|why| no(&why))?.filter(|_| !stranger);
        let verifier = match name {
            Some(name) => verifier::named(verifier, name),
            None => verifier,
        };
        let builder = ClientConfig::builder_with_provider(Arc::clone(provider))
            .with_protocol_versions(&self.versions())
            .map_err(|error| Unusable(innermost(&error)))?
            .dangerous()
            .with_custom_certificate_verifier(verifier);
        let Some([certificate, key]) = papers.certificate.as_ref().filter(|_| !stranger) else {
            return Ok(builder.with_no_client_auth());
        };
        let ours = "the client certificate with its key";
        let chain = certificates(ours, certificate)?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| unusable(ours, &innermost(&error)))?;
        builder.with_client_auth_cert(chain, key).map_err(|error| unusable(ours, &innermost(&error)))
    }
}

async fn read(what: &str, pem: &Secret) -> Result<Vec<u8>, Unusable> {
    pem.bytes(MAX_PEM_BYTES).await.map_err(|why| Unusable(format!("{what} {why}")))
}

fn certificates(what: &str, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Unusable> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let read = read.map_err(|error| unusable(what, &innermost(&error)))?;
    if read.is_empty() {
        return Err(unusable(what, "no BEGIN CERTIFICATE in it"));
    }
    Ok(read)
}

fn unusable(what: &str, why: &str) -> Unusable {
    Unusable(format!("{what} cannot be used: {why}"))
}

fn no(error: &ConfigError) -> Unusable {
    Unusable(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_that_nobody_should_speak_are_not_spoken() {
        let tls = |min_version, max_version| Tls { min_version, max_version, ..Tls::default() };
        assert_eq!(tls(Some(TlsVersion::Tls10), None).versions().len(), 2);
        assert_eq!(tls(Some(TlsVersion::Tls13), None).versions().len(), 1);
        assert_eq!(tls(None, Some(TlsVersion::Tls12)).versions().len(), 1);
        assert_eq!(tls(None, Some(TlsVersion::Tls11)).check(), Err(ConfigError::TlsVersions));
        let named = Tls { server_name: Some("a b".to_owned()), ..Tls::default() };
        assert_eq!(named.check(), Err(ConfigError::ServerName("a b".to_owned())));
    }
}
