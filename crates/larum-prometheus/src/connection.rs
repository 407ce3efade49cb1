//! The HTTP client: trust, certificate, proxy. Made anew when one of its files has changed.

use std::path::Path;
use std::time::Duration;

use parking_lot::Mutex;
use reqwest::{Certificate, Client, Identity, redirect};

use crate::config::{Proxy, Tls};
use crate::error::{SourceError, innermost};
use crate::secret::read_file;

/// The largest file of certificates that is read, in bytes; all roots of an operating system take a quarter of it.
const MAX_PEM_BYTES: u64 = 1024 * 1024;
/// How long a connection is kept for another call: shorter than servers and balancers keep theirs (60 s and more), so
/// that a call seldom goes into one that is just being closed.
const KEEP_IDLE: Duration = Duration::from_secs(50);
/// How long connecting may take; the time for the call limits it too.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// What Larum calls itself.
const USER_AGENT: &str = concat!("Larum/", env!("CARGO_PKG_VERSION"));

/// What was in the files when the client was built.
#[derive(PartialEq, Eq)]
struct Files {
    extra_ca: Option<Vec<u8>>,
    /// The certificate and its key, one after the other.
    certificate: Option<Vec<u8>>,
}

/// The client and what it was built from.
pub(crate) struct Connection {
    tls: Tls,
    directly: bool,
    built: Mutex<Option<(Files, Client)>>,
}

impl Connection {
    pub(crate) fn new(tls: Tls, proxy: &Proxy, to_this_machine: bool) -> Self {
        let directly = to_this_machine || matches!(proxy, Proxy::Direct);
        Self { tls, directly, built: Mutex::new(None) }
    }

    /// The client, built from the files as they are now.
    pub(crate) async fn client(&self) -> Result<Client, SourceError> {
        let files = self.files().await?;
        let mut built = self.built.lock();
        if let Some((known, client)) = &*built
            && *known == files
        {
            return Ok(client.clone());
        }
        let client = build(&files, self.directly)?;
        *built = Some((files, client.clone()));
        Ok(client)
    }

    async fn files(&self) -> Result<Files, SourceError> {
        let extra_ca = match &self.tls.extra_ca {
            Some(path) => Some(read("the extra CA file", path).await?),
            None => None,
        };
        let certificate = match &self.tls.certificate {
            Some(pair) => {
                let mut pem = read("the client certificate", &pair.certificate).await?;
                pem.push(b'\n');
                pem.extend(read("the key of the client certificate", &pair.key).await?);
                Some(pem)
            }
            None => None,
        };
        Ok(Files { extra_ca, certificate })
    }
}

async fn read(what: &str, path: &Path) -> Result<Vec<u8>, SourceError> {
    read_file(path, MAX_PEM_BYTES).await.map_err(|why| SourceError::Unreachable(format!("{what} {why}")))
}

fn build(files: &Files, directly: bool) -> Result<Client, SourceError> {
    let unusable =
        |what: &str, why: String| SourceError::Unreachable(format!("{what} cannot be used: {why}"));
    let bundled = webpki_root_certs::TLS_SERVER_ROOT_CERTS;
    let mut trusted: Vec<Certificate> =
        bundled.iter().filter_map(|root| Certificate::from_der(root).ok()).collect();
    if let Some(pem) = &files.extra_ca {
        let extra = Certificate::from_pem_bundle(pem)
            .map_err(|error| unusable("the extra CA file", innermost(&error)))?;
        if extra.is_empty() {
            return Err(unusable("the extra CA file", "no BEGIN CERTIFICATE in it".to_owned()));
        }
        trusted.extend(extra);
    }
    let mut builder = Client::builder()
        .user_agent(USER_AGENT)
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(KEEP_IDLE)
        // Credentials go to nobody but the server; whom a redirect names is told instead.
        .redirect(redirect::Policy::none())
        // Answers are unpacked where their length is counted.
        .no_gzip()
        .tls_certs_merge(trusted);
    if directly {
        builder = builder.no_proxy();
    }
    if let Some(pem) = &files.certificate {
        let identity = Identity::from_pem(pem)
            .map_err(|error| unusable("the client certificate with its key", innermost(&error)))?;
        builder = builder.identity(identity);
    }
    builder.build().map_err(|error| unusable("the HTTP client with its certificates", innermost(&error)))
}
