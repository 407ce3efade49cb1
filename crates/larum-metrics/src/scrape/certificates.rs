//! Whom a job trusts, and who it says we are, in PEM form: what lies in files is replaced while Larum runs.

use reqwest::{Certificate, Identity};
use secrecy::{ExposeSecret, SecretString};

use super::config::{Secret, TlsConfig};
use super::error::ScrapeError;

/// The certificates of a job as they are at a time.
#[derive(Clone)]
pub(super) struct Certificates {
    ca: Option<SecretString>,
    /// Our key and our certificate, one after the other.
    own: Option<SecretString>,
}

impl PartialEq for Certificates {
    fn eq(&self, other: &Self) -> bool {
        let same = |one: &Option<SecretString>, two: &Option<SecretString>| {
            one.as_ref().map(ExposeSecret::expose_secret) == two.as_ref().map(ExposeSecret::expose_secret)
        };
        same(&self.ca, &other.ca) && same(&self.own, &other.own)
    }
}

impl Certificates {
    /// Reads them.
    pub(super) fn read(config: &TlsConfig) -> Result<Self, ScrapeError> {
        let read = |what: &str, secret: &Option<Secret>| {
            let read = secret.as_ref().map(Secret::read).transpose();
            read.map_err(|error| ScrapeError::unusable(what, &error))
        };
        let ca = read("the CA", &config.ca)?;
        let certificate = read("the certificate", &config.cert)?;
        let key = read("the key of the certificate", &config.key)?;
        let both = key.zip(certificate);
        let own = both.map(|(key, own)| format!("{}\n{}", key.expose_secret(), own.expose_secret()).into());
        Ok(Self { ca, own })
    }

    /// The authorities in place of the system's, if any are given.
    pub(super) fn authorities(&self) -> Result<Option<Vec<Certificate>>, ScrapeError> {
        let Some(pem) = &self.ca else { return Ok(None) };
        let found = Certificate::from_pem_bundle(pem.expose_secret().as_bytes());
        match found.map_err(|error| ScrapeError::unusable("the CA", &error))? {
            found if found.is_empty() => {
                Err(ScrapeError::Credentials("the CA holds no certificate".to_owned()))
            }
            found => Ok(Some(found)),
        }
    }

    /// Our own certificate with its key, if it is given.
    pub(super) fn identity(&self) -> Result<Option<Identity>, ScrapeError> {
        let identity =
            self.own.as_ref().map(|pem| Identity::from_pem(pem.expose_secret().as_bytes())).transpose();
        identity.map_err(|error| ScrapeError::unusable("the certificate", &error))
    }
}
