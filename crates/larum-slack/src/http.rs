//! The HTTP client towards Slack: trust, proxy, time limits.

use std::time::Duration;

use reqwest::{Certificate, Client, NoProxy, Proxy, redirect};
use rustls::crypto::CryptoProvider;

/// How long one request may take altogether when nothing else is said.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection is kept for another request: shorter than servers keep theirs, so that a message seldom goes
/// into one that is just being closed and nobody knows whether it arrived.
const KEEP_IDLE: Duration = Duration::from_secs(30);
/// What Larum calls itself towards Slack.
const USER_AGENT: &str = concat!("Larum/", env!("CARGO_PKG_VERSION"));
/// Where the address of a proxy is looked for, the first that is there wins (curl's manual, "Environment"). Not
/// `HTTP_PROXY`: plain http goes to this machine only, and no proxy has business there.
const PROXY_VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// Why the client cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum HttpClientError {
    /// The process has installed no `rustls` crypto provider.
    #[error("no rustls crypto provider is installed in this process")]
    NoCryptoProvider,
    /// The extra certificates are not PEM, or there is none among them.
    #[error("the extra CA file holds no certificate in PEM form: {0}")]
    ExtraCa(String),
    /// The proxy's address is none.
    #[error("{variable} is not the address of a proxy")]
    Proxy {
        /// Where it was read.
        variable: &'static str,
    },
    /// The TLS library refuses.
    #[error("the HTTP client cannot be built: {0}")]
    Build(String),
}

/// Builds the client that every [`crate::SlackClient`] shares.
///
/// `timeout` limits a whole request, connecting takes at most half of it: so a host that does not answer is known
/// to have heard nothing. Trusted are the roots of the operating system, Mozilla's (so that it works in a container
/// that has none) and those in `extra_ca`, certificates in PEM form. `HTTPS_PROXY` and `NO_PROXY` are honoured.
///
/// # Errors
/// [`HttpClientError`] says what is wrong with the surroundings.
pub fn build_http_client(timeout: Duration, extra_ca: Option<&[u8]>) -> Result<Client, HttpClientError> {
    let found = PROXY_VARIABLES.into_iter().find_map(|variable| {
        let address = std::env::var(variable).ok().filter(|address| !address.is_empty())?;
        Some((variable, address))
    });
    let proxy = match found {
        Some((variable, address)) => Some(proxy(&address).ok_or(HttpClientError::Proxy { variable })?),
        None => None,
    };
    build(timeout, extra_ca, proxy.map(|proxy| proxy.no_proxy(NoProxy::from_env())))
}

fn proxy(address: &str) -> Option<Proxy> {
    Proxy::https(address).ok()
}

fn build(
    timeout: Duration,
    extra_ca: Option<&[u8]>,
    proxy: Option<Proxy>,
) -> Result<Client, HttpClientError> {
    if CryptoProvider::get_default().is_none() {
        return Err(HttpClientError::NoCryptoProvider);
    }
    let mut builder = Client::builder()
        .user_agent(USER_AGENT)
        .timeout(timeout)
        .connect_timeout(timeout / 2)
        .pool_idle_timeout(KEEP_IDLE)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .tls_certs_merge(trusted(extra_ca)?);
    if let Some(proxy) = proxy {
        builder = builder.proxy(proxy);
    }
    builder.build().map_err(|error| HttpClientError::Build(innermost(&error)))
}

fn trusted(extra_ca: Option<&[u8]>) -> Result<Vec<Certificate>, HttpClientError> {
    let bundled = webpki_root_certs::TLS_SERVER_ROOT_CERTS;
    let mut trusted: Vec<Certificate> =
        bundled.iter().filter_map(|root| Certificate::from_der(root).ok()).collect();
    if let Some(pem) = extra_ca {
        let extra =
            Certificate::from_pem_bundle(pem).map_err(|error| HttpClientError::ExtraCa(innermost(&error)))?;
        if extra.is_empty() {
            return Err(HttpClientError::ExtraCa("no BEGIN CERTIFICATE in it".to_owned()));
        }
        trusted.extend(extra);
    }
    Ok(trusted)
}

/// The innermost cause of an error, which is what a person can act on.
pub(crate) fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    fn install_provider() {
        // Another test of this process may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }

    #[test]
    fn an_extra_ca_that_is_none_is_refused_in_words() {
        install_provider();
        let error = build_http_client(REQUEST_TIMEOUT, Some(b"not a certificate")).unwrap_err();
        assert!(error.to_string().contains("no BEGIN CERTIFICATE"), "{error}");
    }

    #[tokio::test]
    async fn https_goes_through_the_proxy_and_plain_http_does_not() {
        install_provider();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let heard = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut line = String::new();
            BufReader::new(stream.try_clone().unwrap()).read_line(&mut line).unwrap();
            stream.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n").unwrap();
            line
        });
        let client = build(REQUEST_TIMEOUT, None, proxy(&format!("http://{address}"))).unwrap();
        let closed = {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            listener.local_addr().unwrap()
        };
        let direct = client.get(format!("http://{closed}/")).send().await.unwrap_err();
        assert!(direct.is_connect() && innermost(&direct).contains("refused"), "{direct:?}");
        let tunnelled = client.get("https://slack.invalid/api/auth.test").send().await.unwrap_err();
        assert!(tunnelled.is_connect(), "{tunnelled:?}");
        assert_eq!(heard.join().unwrap(), "CONNECT slack.invalid:443 HTTP/1.1\r\n");
    }
}
