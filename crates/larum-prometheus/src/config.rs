//! Everything that is said about a server before it is asked.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use larum_http::{ConfigError, Credentials, Secret, Trust, header_name, header_value};
use reqwest::header::HeaderMap;
use tokio::sync::Semaphore;

use crate::address::ServerUrl;

/// A server and how to ask it. [`Config::new`] asks without credentials; the fields say the rest.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it is.
    pub url: ServerUrl,
    /// How to say who asks.
    pub auth: Auth,
    /// Whom to trust, and with which certificate to come.
    pub tls: Tls,
    /// The way to it.
    pub proxy: Proxy,
    /// Headers sent with every call, such as `X-Scope-OrgID` for Mimir.
    pub headers: Headers,
    /// Parameters sent with every call. Worth knowing: Thanos fails rather than leaving out what it cannot reach with
    /// `partial_response=false`; VictoriaMetrics leaves out the last 30 s of samples unless told `nocache=1`.
    pub parameters: Parameters,
    /// What a call may cost.
    pub limits: Limits,
}

impl Config {
    /// A server that asks for nothing; roots of the system and Mozilla's; usual limits.
    pub fn new(url: ServerUrl) -> Self {
        Self {
            url,
            auth: Auth::default(),
            tls: Tls::default(),
            proxy: Proxy::default(),
            headers: Headers::default(),
            parameters: Parameters::default(),
            limits: Limits::default(),
        }
    }
}

/// How to say who asks.
#[derive(Clone, Default, Debug)]
pub enum Auth {
    /// Not at all.
    #[default]
    None,
    /// `Authorization: Bearer …` (RFC 6750 §2.1).
    Bearer(Secret),
    /// `Authorization: Basic …` (RFC 7617).
    Basic {
        /// The user, without a colon.
        user: String,
        /// The password.
        password: Secret,
    },
}

impl Auth {
    pub(crate) fn credentials(self) -> Credentials {
        match self {
            Self::None => Credentials::None,
            Self::Bearer(token) => Credentials::bearer(token),
            Self::Basic { user, password } => {
                Credentials::Basic { user: Some(Secret::text(user)), password: Some(password) }
            }
        }
    }
}

/// Whom to trust, and with which certificate to come. The files are read again for every call, and connections made
/// anew when they have changed: certificates of clusters live for hours.
#[derive(Clone, Default, Debug)]
pub struct Tls {
    /// A file of certificates in PEM form that are trusted besides the roots of the system and Mozilla's.
    pub extra_ca: Option<PathBuf>,
    /// The certificate to come with (mutual TLS).
    pub certificate: Option<ClientCertificate>,
}

impl Tls {
    pub(crate) fn settings(self) -> larum_http::Tls {
        let certificate =
            self.certificate.map(|pair| larum_http::ClientCertificate::files(pair.certificate, pair.key));
        let trust = self.extra_ca.map_or(Trust::System, |file| Trust::SystemAnd(Secret::file(file)));
        larum_http::Tls { trust, certificate, ..larum_http::Tls::default() }
    }
}

/// A certificate to show to the server.
#[derive(Clone, Debug)]
pub struct ClientCertificate {
    /// A file with the certificate, and those between it and the root, in PEM form.
    pub certificate: PathBuf,
    /// A file with its private key in PEM form, not encrypted.
    pub key: PathBuf,
}

/// The way to the server.
#[derive(Clone, Default, Debug)]
pub enum Proxy {
    /// As `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` say; to this machine always directly.
    #[default]
    Environment,
    /// Directly, whatever the environment says.
    Direct,
}

impl Proxy {
    pub(crate) fn settings(&self) -> larum_http::Proxy {
        match self {
            Self::Environment => larum_http::Proxy::Environment { connect_headers: Vec::new() },
            Self::Direct => larum_http::Proxy::Direct,
        }
    }
}

/// What a call may cost. Each limit has a name, and reaching it is an error that tells it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// How long a call may take altogether, waiting for its turn included.
    pub timeout: Duration,
    /// The longest answer, in bytes after unpacking; 1 GiB at most.
    pub answer_bytes: u64,
    /// The most series of one answer, and the most entries of one list.
    pub series: usize,
    /// How many calls are in flight at a time; others wait for their turn. One at least.
    pub in_flight: usize,
}

impl Default for Limits {
    /// 30 s, 64 MiB, 100,000 series; 20 calls as Prometheus takes at a time (flag `query.max-concurrency`).
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            answer_bytes: 64 * 1024 * 1024,
            series: 100_000,
            in_flight: 20,
        }
    }
}

/// The longest answer that any limit allows, in bytes: what the text of one label set can hold is less than 4 GiB.
const MOST_ANSWER_BYTES: u64 = 1024 * 1024 * 1024;

impl Limits {
    /// These limits where they can be kept, else the nearest that can.
    pub(crate) fn within_bounds(self) -> Self {
        Self {
            answer_bytes: self.answer_bytes.min(MOST_ANSWER_BYTES),
            series: self.series.max(1),
            in_flight: self.in_flight.clamp(1, Semaphore::MAX_PERMITS),
            ..self
        }
    }
}

/// Headers that belong to the conversation itself, or are said by [`Auth`].
const RESERVED: [&str; 9] = [
    "authorization",
    "host",
    "content-length",
    "content-type",
    "content-encoding",
    "accept",
    "accept-encoding",
    "connection",
    "transfer-encoding",
];

/// Headers sent with every call. `Debug` shows their names alone: a value may be a key.
#[derive(Clone, Default, Debug)]
pub struct Headers(HeaderMap);

impl Headers {
    /// Adds a header; of two with one name the later is sent.
    ///
    /// # Errors
    /// [`ConfigError`] when it cannot be a header, or is one of those that Larum sets itself.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), ConfigError> {
        let known = header_name(name, &RESERVED)?;
        let value = header_value(&known, value)?;
        self.0.insert(known, value);
        Ok(())
    }

    pub(crate) fn map(&self) -> &HeaderMap {
        &self.0
    }
}

/// Parameters sent with every call. `Debug` shows their names alone, but this is no place for secrets: servers repeat
/// parameters in their refusals.
#[derive(Clone, Default)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Adds a parameter; one name may be sent with several values.
    pub fn add(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_secret_is_shown() {
        let mut config = Config::new(ServerUrl::parse("http://p").unwrap());
        config.auth = Auth::Basic { user: "me".to_owned(), password: Secret::text("hush-1") };
        config.headers.set("X-Api-Key", "hush-2").unwrap();
        config.parameters.add("key", "hush-3");
        let shown = format!("{config:?}");
        assert!(shown.contains("x-api-key") && !shown.contains("hush"), "{shown}");
        config.auth = Auth::Bearer(Secret::text("hush-4"));
        assert!(!format!("{config:?}").contains("hush"));
    }

    #[test]
    fn headers_that_are_none_or_not_free_are_refused() {
        let mut headers = Headers::default();
        let error = headers.set("X-Scope OrgID", "a").unwrap_err();
        assert_eq!(error, ConfigError::HeaderName("X-Scope OrgID".to_owned()));
        let error = headers.set("X-Scope-OrgID", "hush\nhush").unwrap_err();
        assert_eq!(error, ConfigError::HeaderValue("x-scope-orgid".to_owned()));
        let error = headers.set("Authorization", "Bearer x").unwrap_err();
        assert_eq!(error, ConfigError::ReservedHeader("authorization".to_owned()));
    }
}
