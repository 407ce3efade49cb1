//! Which certificates of clients are asked for, and believed.

use std::sync::Arc;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::{CertificateDer, IpAddr, ServerName, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{DigitallySignedStruct, DistinguishedName, Error, RootCertStore, SignatureScheme};

use crate::error::Wrong;
use crate::file::Text;
use crate::pem::Pem;

/// What is asked of clients (`client_auth_type`; Go, `crypto/tls`, `ClientAuthType`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ClientAuth {
    None,
    Request,
    RequireAny,
    VerifyIfGiven,
    RequireAndVerify,
}

impl ClientAuth {
    pub fn read(text: Option<&Text>) -> Result<Self, Wrong> {
        let Some(text) = text else { return Ok(Self::None) };
        Ok(match text.value.as_str() {
            "" | "NoClientCert" => Self::None,
            "RequestClientCert" => Self::Request,
            "RequireAnyClientCert" | "RequireClientCert" => Self::RequireAny,
            "VerifyClientCertIfGiven" => Self::VerifyIfGiven,
            "RequireAndVerifyClientCert" => Self::RequireAndVerify,
            other => {
                let words = "NoClientCert, RequestClientCert, RequireAnyClientCert, VerifyClientCertIfGiven or RequireAndVerifyClientCert";
                return Err(Wrong::with(text, format!("client_auth_type is {words}, not {other:?}")));
            }
        })
    }

    pub fn requires(self) -> bool {
        matches!(self, Self::RequireAny | Self::RequireAndVerify)
    }

    pub fn verifies(self) -> bool {
        matches!(self, Self::VerifyIfGiven | Self::RequireAndVerify)
    }
}

/// Who may come in by a certificate.
#[derive(Clone, Debug)]
pub(crate) struct Clients {
    pub auth: ClientAuth,
    /// Who vouches for them.
    pub authorities: Option<Pem>,
    /// One of these names has to stand in the certificate; none asks for none.
    pub names: Vec<String>,
}

impl Clients {
    /// What checks them; `None` if nothing is asked for.
    pub fn verifier(
        &self,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Option<Arc<dyn ClientCertVerifier>>, Wrong> {
        let verifier = match (self.auth, &self.authorities) {
            (ClientAuth::None, _) => return Ok(None),
            (auth, Some(pem)) if auth.verifies() => believing(pem, auth.requires(), provider)?,
            (auth, _) => Arc::new(Anybody {
                required: auth.requires(),
                algorithms: provider.signature_verification_algorithms,
            }),
        };
        Ok(Some(match self.names.as_slice() {
            [] => verifier,
            names => Arc::new(Named { verifier, names: names.to_vec() }),
        }))
    }
}

fn believing(
    authorities: &Pem,
    required: bool,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ClientCertVerifier>, Wrong> {
    let mut roots = RootCertStore::empty();
    for root in authorities.certificates()? {
        roots.add(root).map_err(|error| authorities.wrong(error))?;
    }
    let builder = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider));
    let builder = if required { builder } else { builder.allow_unauthenticated() };
    builder.build().map_err(|error| authorities.wrong(error))
}

type Signed = Result<HandshakeSignatureValid, Error>;

/// Takes any certificate whose key the client has.
#[derive(Debug)]
struct Anybody {
    required: bool,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ClientCertVerifier for Anybody {
    fn client_auth_mandatory(&self) -> bool {
        self.required
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Signed {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Signed {
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

/// Takes those whose certificate has one of these names as well (`client_allowed_sans`).
#[derive(Debug)]
struct Named {
    verifier: Arc<dyn ClientCertVerifier>,
    names: Vec<String>,
}

impl ClientCertVerifier for Named {
    fn offer_client_auth(&self) -> bool {
        self.verifier.offer_client_auth()
    }

    fn client_auth_mandatory(&self) -> bool {
        self.verifier.client_auth_mandatory()
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.verifier.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let verified = self.verifier.verify_client_cert(certificate, between, now)?;
        if has_one_of(certificate, &self.names) {
            return Ok(verified);
        }
        Err(Error::General("none of client_allowed_sans is in the certificate of the client".to_owned()))
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

fn has_one_of(certificate: &CertificateDer<'_>, names: &[String]) -> bool {
    let Ok(certificate) = webpki::EndEntityCert::try_from(certificate) else { return false };
    let is_wanted = |found: &str| names.iter().any(|name| name == found);
    let addresses = names.iter().filter_map(|name| name.parse::<std::net::IpAddr>().ok());
    certificate.valid_dns_names().any(is_wanted)
        || certificate.valid_uri_names().any(is_wanted)
        || addresses
            .map(|address| ServerName::IpAddress(IpAddr::from(address)))
            .any(|name| certificate.verify_is_valid_for_subject_name(&name).is_ok())
}
