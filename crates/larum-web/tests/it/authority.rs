//! Somebody who signs certificates.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

/// Who signs.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    /// A new one, whom nobody trusts yet.
    pub fn new() -> Self {
        // Another test may have said so already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut parameters = CertificateParams::new(Vec::new()).expect("no name is wrong");
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key can be made");
        Self(CertifiedIssuer::self_signed(parameters, key).expect("it signs itself"))
    }

    /// Its own certificate.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate for this name, and its key.
    pub fn sign(&self, name: &str) -> [String; 2] {
        let key = KeyPair::generate().expect("a key can be made");
        let certificate = CertificateParams::new(vec![name.to_owned()]).expect("it is a name");
        [certificate.signed_by(&key, &self.0).expect("it signs").pem(), key.serialize_pem()]
    }
}
