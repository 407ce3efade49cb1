//! How targets are spoken to: who we are, and whom we trust.

use std::fmt;
use std::path::{Path, PathBuf};

use larum_files::{named_in, read_text};
use secrecy::{ExposeSecret, SecretString};

use super::error::ConfigError;
use super::shape::{Authorization, BasicAuth, Job, Tls};

/// The largest file that is read for a secret or a certificate, in bytes.
const MOST_BYTES: u64 = 1 << 20;

/// How a job's targets are spoken to.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpConfig {
    /// Who we say we are.
    pub credentials: Option<Credentials>,
    /// Whom we trust, and our own certificate.
    pub tls: TlsConfig,
    /// Whether a redirect is followed.
    pub follow_redirects: bool,
    /// Whether HTTP/2 may be spoken.
    pub enable_http2: bool,
    /// A proxy that all is sent through.
    pub proxy_url: Option<String>,
}

/// Who we say we are.
#[derive(Clone, Debug, PartialEq)]
pub enum Credentials {
    /// `basic_auth`
    Basic {
        /// The name.
        username: Secret,
        /// The password.
        password: Secret,
    },
    /// `authorization`, or a bearer token.
    Scheme {
        /// `Bearer`, unless said otherwise.
        scheme: String,
        /// What follows it.
        credentials: Secret,
    },
}

/// Something that is not shown: given in the configuration, or in a file that is read each time.
#[derive(Clone)]
pub enum Secret {
    /// Given.
    Given(SecretString),
    /// In a file; white space around it does not count.
    File(PathBuf),
}

impl Secret {
    fn new(given: Option<String>, file: Option<String>, folder: &Path) -> Option<Self> {
        match (given, file) {
            (_, Some(file)) => Some(Self::File(named_in(folder, &file))),
            (Some(given), None) => Some(Self::Given(given.into())),
            (None, None) => None,
        }
    }

    /// What it is now.
    ///
    /// # Errors
    /// When its file cannot be read.
    pub fn read(&self) -> std::io::Result<SecretString> {
        match self {
            Self::Given(given) => Ok(given.clone()),
            Self::File(path) => Ok(read_text(path, MOST_BYTES)?.trim().into()),
        }
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Given(one), Self::Given(two)) => one.expose_secret() == two.expose_secret(),
            (Self::File(one), Self::File(two)) => one == two,
            _ => false,
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Whom we trust, and our own certificate; all in PEM form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TlsConfig {
    /// The authorities that are trusted in place of the system's.
    pub ca: Option<Secret>,
    /// Our certificate.
    pub cert: Option<Secret>,
    /// Its key.
    pub key: Option<Secret>,
    /// Whether any certificate is taken.
    pub insecure_skip_verify: bool,
    /// Whether TLS 1.2 is too old.
    pub only_tls13: bool,
}

/// Takes out of a job what concerns this.
pub(super) fn http(job: &mut Job, folder: &Path) -> Result<HttpConfig, ConfigError> {
    let tls = match job.tls_config.take() {
        Some(tls) => {
            let place = tls.defined;
            tls_config(tls.value, folder).map_err(|message| ConfigError::at(place, message))?
        }
        None => TlsConfig::default(),
    };
    if let Some(url) = &job.proxy_url
        && reqwest::Proxy::all(url.value.as_str()).is_err()
    {
        return Err(ConfigError::at(url.defined, "the proxy_url is no URL"));
    }
    Ok(HttpConfig {
        credentials: credentials(job, folder)?,
        tls,
        follow_redirects: job.follow_redirects.unwrap_or(true),
        enable_http2: job.enable_http2.unwrap_or(true),
        proxy_url: job.proxy_url.take().map(|url| url.value),
    })
}

fn credentials(job: &mut Job, folder: &Path) -> Result<Option<Credentials>, ConfigError> {
    let name = job.job_name.clone().unwrap_or_default();
    let wrong = |what: &str| Err(ConfigError::nowhere(format!("job {name:?}: {what}")));
    let bearer = Secret::new(job.bearer_token.take(), job.bearer_token_file.take(), folder);
    let basic = job.basic_auth.take();
    let given = job.authorization.take();
    if usize::from(bearer.is_some()) + usize::from(basic.is_some()) + usize::from(given.is_some()) > 1 {
        return wrong("at most one of basic_auth, authorization and bearer_token can be given");
    }
    if let Some(BasicAuth { username, username_file, password, password_file }) = basic {
        if (username.is_some() && username_file.is_some()) || (password.is_some() && password_file.is_some())
        {
            return wrong("basic_auth has the same in the configuration and in a file");
        }
        let empty = || Secret::Given(String::new().into());
        return Ok(Some(Credentials::Basic {
            username: Secret::new(username, username_file, folder).unwrap_or_else(empty),
            password: Secret::new(password, password_file, folder).unwrap_or_else(empty),
        }));
    }
    let Some(given) = given else {
        return Ok(bearer.map(|credentials| Credentials::Scheme { scheme: "Bearer".to_owned(), credentials }));
    };
    let Authorization { scheme, credentials, credentials_file } = given.value;
    let scheme = scheme.map(|scheme| scheme.trim().to_owned()).filter(|scheme| !scheme.is_empty());
    let scheme = scheme.unwrap_or_else(|| "Bearer".to_owned());
    if scheme.eq_ignore_ascii_case("basic") {
        return Err(ConfigError::at(given.defined, "basic credentials belong into basic_auth"));
    }
    if credentials.is_some() && credentials_file.is_some() {
        return Err(ConfigError::at(given.defined, "credentials and credentials_file exclude each other"));
    }
    let credentials = Secret::new(credentials, credentials_file, folder);
    Ok(credentials.map(|credentials| Credentials::Scheme { scheme, credentials }))
}

fn tls_config(tls: Tls, folder: &Path) -> Result<TlsConfig, &'static str> {
    let twice = |given: &Option<String>, file: &Option<String>| given.is_some() && file.is_some();
    if twice(&tls.ca, &tls.ca_file) || twice(&tls.cert, &tls.cert_file) || twice(&tls.key, &tls.key_file) {
        return Err("tls_config has the same in the configuration and in a file");
    }
    let version = |version: Option<serde_saphyr::Spanned<String>>| version.map(|version| version.value);
    let only_tls13 = match version(tls.min_version).as_deref() {
        None | Some("TLS10" | "TLS11" | "TLS12") => false,
        Some("TLS13") => true,
        Some(_) => return Err("min_version is none of TLS10, TLS11, TLS12, TLS13"),
    };
    if !matches!(version(tls.max_version).as_deref(), None | Some("TLS13")) {
        return Err("a max_version other than TLS13 is not supported");
    }
    let (cert, key) =
        (Secret::new(tls.cert, tls.cert_file, folder), Secret::new(tls.key, tls.key_file, folder));
    if cert.is_some() != key.is_some() {
        return Err("a certificate needs its key, and a key its certificate");
    }
    Ok(TlsConfig {
        ca: Secret::new(tls.ca, tls.ca_file, folder),
        cert,
        key,
        insecure_skip_verify: tls.insecure_skip_verify.unwrap_or(false),
        only_tls13,
    })
}
