//! Asking a target over HTTP.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName,
    HeaderValue,
};
use reqwest::{Client, Proxy, Response, StatusCode, redirect, tls};
use secrecy::{ExposeSecret, SecretString};

use super::answer::{Answer, Body};
use super::certificates::Certificates;
use super::config::{Credentials, HttpConfig, JobConfig, ScrapeProtocol};
use super::error::{ScrapeError, innermost};
use super::target::Target;
use crate::exposition::Format;

/// What Larum calls itself towards targets.
const USER_AGENT: &str = concat!("Larum/", env!("CARGO_PKG_VERSION"));
/// Tells the target how long it has, in seconds (Prometheus, `scrape/scrape.go`).
const TIMEOUT: HeaderName = HeaderName::from_static("x-prometheus-scrape-timeout-seconds");
/// How long a connection is kept for the next scrape.
const KEEP_IDLE: Duration = Duration::from_secs(300);
/// How many redirects are followed, as in Go's client.
const MOST_REDIRECTS: usize = 10;

/// Asks the targets of one job.
#[derive(Clone)]
pub(super) struct TargetClient {
    http: Client,
    made_of: Arc<(HttpConfig, Certificates)>,
}

impl PartialEq for TargetClient {
    /// Clones are the same.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.made_of, &other.made_of)
    }
}

impl TargetClient {
    /// A client as the job wants it, with the certificates that its files hold.
    pub(super) fn new(config: &HttpConfig, certificates: Certificates) -> Result<Self, ScrapeError> {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            return Err(ScrapeError::Credentials(
                "no rustls crypto provider is installed in this process".into(),
            ));
        }
        let redirects = match config.follow_redirects {
            true => redirect::Policy::limited(MOST_REDIRECTS),
            false => redirect::Policy::none(),
        };
        let mut builder = Client::builder()
            .user_agent(USER_AGENT)
            .redirect(redirects)
            .pool_idle_timeout(KEEP_IDLE)
            .no_proxy()
            .tls_danger_accept_invalid_certs(config.tls.insecure_skip_verify);
        if !config.enable_http2 {
            builder = builder.http1_only();
        }
        if config.tls.only_tls13 {
            builder = builder.tls_version_min(tls::Version::TLS_1_3);
        }
        if let Some(url) = &config.proxy_url {
            builder =
                builder.proxy(Proxy::all(url).map_err(|error| ScrapeError::unusable("proxy_url", &error))?);
        }
        if let Some(authorities) = certificates.authorities()? {
            builder = builder.tls_certs_only(authorities);
        }
        if let Some(identity) = certificates.identity()? {
            builder = builder.identity(identity);
        }
        let http = builder.build().map_err(|error| ScrapeError::unusable("the HTTP client", &error))?;
        Ok(Self { http, made_of: Arc::new((config.clone(), certificates)) })
    }

    /// Whether it is what these settings and certificates come to.
    pub(super) fn was_made_of(&self, config: &HttpConfig, certificates: &Certificates) -> bool {
        self.made_of.0 == *config && self.made_of.1 == *certificates
    }

    /// Asks a target once. Takes no longer than its timeout and no more memory than the limit of its body.
    pub(super) async fn ask(&self, target: &Target, job: &JobConfig) -> Result<Answer, ScrapeError> {
        let answer = async {
            let request = self.http.get(target.url.clone()).headers(headers(target, job).await?);
            let response = request.send().await.map_err(|error| broken(&error))?;
            read(response, job).await
        };
        let in_time = tokio::time::timeout(target.timeout, answer).await;
        in_time.unwrap_or(Err(ScrapeError::Timeout(target.timeout)))
    }
}

async fn headers(target: &Target, job: &JobConfig) -> Result<HeaderMap, ScrapeError> {
    let mut headers = HeaderMap::new();
    let mut set = |name: HeaderName, value: &str| {
        let value = HeaderValue::from_str(value);
        let value =
            value.map_err(|_| ScrapeError::Credentials(format!("{name} cannot hold what is given for it")));
        value.map(|value| drop(headers.insert(name, value)))
    };
    set(ACCEPT, &ScrapeProtocol::accept(&job.scrape_protocols))?;
    set(ACCEPT_ENCODING, if job.enable_compression { "gzip" } else { "identity" })?;
    set(TIMEOUT, &target.timeout.as_secs_f64().to_string())?;
    if let Some(credentials) = job.http.credentials.clone() {
        // A file may lie where reading hangs.
        let read = tokio::task::spawn_blocking(move || authorization(&credentials)).await;
        let read = read.unwrap_or_else(|error| Err(io::Error::other(error)));
        let read = read
            .map_err(|error| ScrapeError::Credentials(format!("the credentials cannot be read: {error}")))?;
        set(AUTHORIZATION, read.expose_secret())?;
    }
    if let Some(value) = headers.get_mut(AUTHORIZATION) {
        value.set_sensitive(true);
    }
    Ok(headers)
}

/// The value of `Authorization`.
fn authorization(credentials: &Credentials) -> io::Result<SecretString> {
    let value = match credentials {
        Credentials::Scheme { scheme, credentials } => {
            format!("{scheme} {}", credentials.read()?.expose_secret())
        }
        Credentials::Basic { username, password } => {
            let both = format!("{}:{}", username.read()?.expose_secret(), password.read()?.expose_secret());
            format!("Basic {}", BASE64.encode(both))
        }
    };
    Ok(value.into())
}

async fn read(mut response: Response, job: &JobConfig) -> Result<Answer, ScrapeError> {
    if response.status() != StatusCode::OK {
        return Err(ScrapeError::Status(response.status().to_string()));
    }
    let header = |name: HeaderName| {
        response.headers().get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let choice = Format::choose(header(CONTENT_TYPE).as_deref(), job.fallback)?;
    let mut body = Body::new(header(CONTENT_ENCODING).as_deref(), job.limits.most_body_bytes())?;
    while let Some(piece) = response.chunk().await.map_err(|error| broken(&error))? {
        body.take(&piece)?;
    }
    Ok(Answer { body: body.end()?, format: choice.format, doubt: choice.doubt })
}

fn broken(error: &reqwest::Error) -> ScrapeError {
    let what = if error.is_connect() { "cannot connect" } else { "the connection broke" };
    ScrapeError::Connection(format!("{what}: {}", innermost(error)))
}
