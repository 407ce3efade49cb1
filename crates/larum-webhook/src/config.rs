//! Everything that is said about a receiver's server before something is posted to it.

use larum_http::{ConfigError, Credentials, Proxy, Secret, Tls, header_name, header_value};
use reqwest::header::{HeaderName, HeaderValue};
use secrecy::ExposeSecret;

/// How a server is spoken to, as `http_config` says it (Prometheus, "Configuration", `<http_config>`).
#[derive(Clone, Debug)]
pub struct Config {
    /// Who we say we are. A user or a password in the URL takes precedence.
    pub credentials: Credentials,
    /// Whom to trust, with which certificate to come, which versions are spoken.
    pub tls: Tls,
    /// The way to it.
    pub proxy: Proxy,
    /// Headers that are added.
    pub headers: Vec<Header>,
    /// Whether a redirect is followed, ten times at most.
    pub follow_redirects: bool,
    /// Whether HTTP/2 may be spoken, where TLS is.
    pub http2: bool,
}

impl Default for Config {
    /// As `http_config` is when nothing is said: no credentials, no proxy, redirects are followed, HTTP/2 may be spoken.
    fn default() -> Self {
        Self {
            credentials: Credentials::default(),
            tls: Tls::default(),
            proxy: Proxy::default(),
            headers: Vec::new(),
            follow_redirects: true,
            http2: true,
        }
    }
}

/// A header that is added, once for each value, in this order.
#[derive(Clone, Debug)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Values that anybody may see: they are sent wherever a redirect leads.
    pub values: Vec<String>,
    /// Values that nobody may see: they are sent to the server alone.
    pub secrets: Vec<Secret>,
}

/// Headers that belong to the conversation itself, or are said by [`Credentials`].
const RESERVED: [&str; 5] = ["authorization", "host", "content-length", "content-type", "connection"];

/// The same header, checked.
pub(crate) struct Checked {
    pub(crate) name: HeaderName,
    pub(crate) values: Vec<HeaderValue>,
    pub(crate) secrets: Vec<Secret>,
}

impl Checked {
    pub(crate) fn of(header: Header) -> Result<Self, ConfigError> {
        let name = header_name(&header.name, &RESERVED)?;
        for secret in &header.secrets {
            if let Secret::Text(text) = secret {
                header_value(&name, text.expose_secret())?;
            }
        }
        let values = header.values.iter().map(|value| header_value(&name, value));
        let values = values.collect::<Result<_, _>>()?;
        Ok(Self { name, values, secrets: header.secrets })
    }
}
