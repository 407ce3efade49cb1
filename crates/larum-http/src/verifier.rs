//! Which certificates of servers are believed.

use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use crate::words::innermost;

type Verifier = Arc<dyn ServerCertVerifier>;
/// What a verifier says of a signature.
type Signed = Result<HandshakeSignatureValid, Error>;

/// Believes what the roots of the system and Mozilla's vouch for. There is one for the whole process, for these roots are
/// many and take a while to read.
pub(crate) fn usual(provider: &Arc<CryptoProvider>) -> Result<Verifier, String> {
    static USUAL: OnceLock<Verifier> = OnceLock::new();
    if let Some(known) = USUAL.get() {
        return Ok(Arc::clone(known));
    }
    let made = system(Vec::new(), provider)?;
    Ok(Arc::clone(USUAL.get_or_init(|| made)))
}

/// Believes what those roots vouch for, or these.
pub(crate) fn system(
    extra: Vec<CertificateDer<'static>>,
    provider: &Arc<CryptoProvider>,
) -> Result<Verifier, String> {
    let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned().chain(extra);
    let verifier = rustls_platform_verifier::Verifier::new_with_extra_roots(roots, Arc::clone(provider));
    Ok(Arc::new(verifier.map_err(|error| innermost(&error))?))
}

/// Believes what these vouch for, and nobody else.
pub(crate) fn only(
    roots: Vec<CertificateDer<'static>>,
    provider: &Arc<CryptoProvider>,
) -> Result<Verifier, String> {
    let mut store = RootCertStore::empty();
    for root in roots {
        store.add(root).map_err(|error| innermost(&error))?;
    }
    let builder = WebPkiServerVerifier::builder_with_provider(store.into(), Arc::clone(provider));
    Ok(builder.build().map_err(|error| innermost(&error))?)
}

/// Believes what `verifier` believes of a server with this name.
pub(crate) fn named(verifier: Verifier, name: ServerName<'static>) -> Verifier {
    Arc::new(Named { verifier, name })
}

/// Believes anybody.
pub(crate) fn anybody(provider: &CryptoProvider) -> Verifier {
    Arc::new(Anybody(provider.signature_verification_algorithms.supported_schemes()))
}

#[derive(Debug)]
struct Named {
    verifier: Verifier,
    name: ServerName<'static>,
}

impl ServerCertVerifier for Named {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        stapled: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.verifier.verify_server_cert(certificate, between, &self.name, stapled, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Signed {
        self.verifier.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Signed {
        self.verifier.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

/// With the schemes that it says to know.
#[derive(Debug)]
struct Anybody(Vec<SignatureScheme>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(&self, _: &[u8], _: &CertificateDer<'_>, _: &DigitallySignedStruct) -> Signed {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(&self, _: &[u8], _: &CertificateDer<'_>, _: &DigitallySignedStruct) -> Signed {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.clone()
    }
}
