//! `http_config`: who we say we are, whom we trust, and by which way we go (Prometheus, "Configuration",
//! `<http_config>`; prometheus/common, `config/http_config.go`, `Validate`).

use std::collections::BTreeMap;
use std::path::Path;

use super::field::{At, Section};
use super::secret::{self, Kind, Secret, SecretSource};
use crate::yaml::HIDDEN;

/// How a server is spoken to.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpConfig {
    /// Who we say we are.
    pub credentials: Option<Credentials>,
    /// Whom we trust, and our own certificate.
    pub tls: TlsConfig,
    /// By which way we go.
    pub proxy: Proxy,
    /// Whether a redirect is followed.
    pub follow_redirects: bool,
    /// Whether HTTP/2 may be spoken.
    pub enable_http2: bool,
    /// Headers that are added, by their names.
    pub headers: BTreeMap<String, HttpHeader>,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self {
            credentials: None,
            tls: TlsConfig::default(),
            proxy: Proxy::default(),
            follow_redirects: true,
            enable_http2: true,
            headers: BTreeMap::new(),
        }
    }
}

/// Who we say we are.
#[derive(Clone, Debug, PartialEq)]
pub enum Credentials {
    /// `basic_auth`
    Basic {
        /// The name; none is the empty one.
        username: Option<SecretSource>,
        /// The password; none is the empty one.
        password: Option<SecretSource>,
    },
    /// `authorization`, or a bearer token.
    Scheme {
        /// `Bearer`, unless said otherwise.
        scheme: String,
        /// What follows it.
        credentials: Option<SecretSource>,
    },
    /// `oauth2`
    Oauth2(Box<Oauth2>),
}

/// Credentials that another server gives for those of a client (RFC 6749, section 4.4).
#[derive(Clone, Debug, PartialEq)]
pub struct Oauth2 {
    /// The client's name.
    pub client_id: String,
    /// Its secret; none is the empty one.
    pub client_secret: Option<SecretSource>,
    /// Where a token is asked for.
    pub token_url: String,
    /// What it is asked for.
    pub scopes: Vec<String>,
    /// Parameters of the question, by their names.
    pub endpoint_params: BTreeMap<String, String>,
    /// Whom we trust there.
    pub tls: TlsConfig,
    /// By which way we go there.
    pub proxy: Proxy,
}

/// Whom we trust, and our own certificate; all in PEM form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TlsConfig {
    /// The authorities that are trusted in place of the system's.
    pub ca: Option<SecretSource>,
    /// Our certificate; there is a key then.
    pub cert: Option<SecretSource>,
    /// Its key.
    pub key: Option<SecretSource>,
    /// The name that the server's certificate is to have, if not that of the URL.
    pub server_name: Option<String>,
    /// Whether any certificate is taken.
    pub insecure_skip_verify: bool,
    /// The oldest version that is spoken.
    pub min_version: Option<TlsVersion>,
    /// The newest version that is spoken; not older than the oldest.
    pub max_version: Option<TlsVersion>,
}

/// A version of TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TlsVersion {
    /// `TLS10`
    Tls10,
    /// `TLS11`
    Tls11,
    /// `TLS12`
    Tls12,
    /// `TLS13`
    Tls13,
}

/// By which way we go.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Proxy {
    /// A proxy that all is sent through.
    pub url: Option<Secret>,
    /// Hosts that are spoken to without it, between commas.
    pub no_proxy: Option<String>,
    /// Whether `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` say by which way; then `url` is none.
    pub from_environment: bool,
    /// Headers for the proxy, by their names.
    pub connect_headers: BTreeMap<String, Vec<Secret>>,
}

/// The values of one header, in this order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HttpHeader {
    /// Values that anybody may see.
    pub values: Vec<String>,
    /// Values that nobody may see.
    pub secrets: Vec<SecretSource>,
}

const WAYS: [&str; 5] = ["basic_auth", "authorization", "oauth2", "bearer_token", "bearer_token_file"];

/// Headers that are set otherwise (prometheus/common, `config/headers.go`, `ReservedHeaders`).
const RESERVED: [&str; 9] = [
    "authorization",
    "host",
    "content-encoding",
    "content-length",
    "content-type",
    "user-agent",
    "connection",
    "keep-alive",
    "proxy-authenticate",
];

pub(super) fn read(at: &At<'_>, folder: &Path) -> Option<HttpConfig> {
    let section = at.section()?;
    section.exclusive(&WAYS);
    Some(HttpConfig {
        credentials: credentials(&section, folder),
        tls: tls(&section, folder),
        proxy: proxy(&section),
        follow_redirects: section.boolean_or("follow_redirects", true),
        enable_http2: section.boolean_or("enable_http2", true),
        headers: headers(&section, folder),
    })
}

fn credentials(section: &Section<'_>, folder: &Path) -> Option<Credentials> {
    let text = |section: &Section<'_>, names| secret::source(section, Kind::Text, names, folder);
    // All of them are read, so that all errors are found.
    let basic = section.take("basic_auth").and_then(|at| at.section()).map(|basic| {
        basic.exclusive(&["username", "username_file"]);
        let name = basic.text("username").map(|name| SecretSource::Given(Secret::new(name)));
        let file = basic.text("username_file").map(|path| SecretSource::File(folder.join(path)));
        let password = text(&basic, ["password", "password_file"]);
        Credentials::Basic { username: file.or(name), password }
    });
    let scheme = section.take("authorization").and_then(|at| at.section()).map(|given| {
        let scheme = given.take("type").and_then(|at| {
            let scheme = at.text()?.trim().to_owned();
            if scheme.eq_ignore_ascii_case("basic") {
                at.wrong("cannot be basic: basic_auth is there for that");
            }
            Some(scheme).filter(|scheme| !scheme.is_empty())
        });
        let credentials = text(&given, ["credentials", "credentials_file"]);
        Credentials::Scheme { scheme: scheme.unwrap_or_else(|| "Bearer".to_owned()), credentials }
    });
    let oauth2 = section.take("oauth2").and_then(|at| oauth2(&at.section()?, folder));
    let bearer = text(section, ["bearer_token", "bearer_token_file"])
        .map(|token| Credentials::Scheme { scheme: "Bearer".to_owned(), credentials: Some(token) });
    basic.or(scheme).or(oauth2).or(bearer)
}

fn oauth2(section: &Section<'_>, folder: &Path) -> Option<Credentials> {
    let client_id = section.text("client_id").filter(|id| !id.is_empty());
    let token_url = section.take("token_url").map(|at| at.url());
    let client_secret = secret::source(section, Kind::Text, ["client_secret", "client_secret_file"], folder);
    let scopes = section.texts("scopes").unwrap_or_default();
    let endpoint_params = section.texts_by_name("endpoint_params");
    let (tls, proxy) = (tls(section, folder), proxy(section));
    let client_id = client_id.or_else(|| section.missing("client_id", "oauth2 needs a client_id"));
    let token_url = token_url.or_else(|| section.missing("token_url", "oauth2 needs a token_url"));
    Some(Credentials::Oauth2(Box::new(Oauth2 {
        client_id: client_id?,
        client_secret,
        token_url: token_url??,
        scopes,
        endpoint_params,
        tls,
        proxy,
    })))
}

fn tls(section: &Section<'_>, folder: &Path) -> TlsConfig {
    let Some(section) = section.take("tls_config").and_then(|at| at.section()) else {
        return TlsConfig::default();
    };
    let text = |names| secret::source(&section, Kind::Text, names, folder);
    let (ca, cert, key) = (text(["ca", "ca_file"]), text(["cert", "cert_file"]), text(["key", "key_file"]));
    if cert.is_some() && key.is_none() {
        section.missing::<()>("key", "a certificate needs its key: key or key_file");
    }
    if key.is_some() && cert.is_none() {
        section.missing::<()>("cert", "a key needs its certificate: cert or cert_file");
    }
    let (min, max) = (section.take("min_version"), section.take("max_version"));
    let (min_version, max_version) = (min.as_ref().and_then(version), max.as_ref().and_then(version));
    if let (Some(min), Some(max), Some(at)) = (min_version, max_version, &max)
        && min > max
    {
        at.wrong("is older than min_version");
    }
    TlsConfig {
        ca,
        cert,
        key,
        server_name: section.text("server_name").filter(|name| !name.is_empty()),
        insecure_skip_verify: section.boolean_or("insecure_skip_verify", false),
        min_version,
        max_version,
    }
}

fn version(at: &At<'_>) -> Option<TlsVersion> {
    match at.text()?.as_str() {
        "TLS10" => Some(TlsVersion::Tls10),
        "TLS11" => Some(TlsVersion::Tls11),
        "TLS12" => Some(TlsVersion::Tls12),
        "TLS13" => Some(TlsVersion::Tls13),
        _ => {
            at.wrong("must be TLS10, TLS11, TLS12 or TLS13");
            None
        }
    }
}

fn proxy(section: &Section<'_>) -> Proxy {
    section.exclusive(&["proxy_from_environment", "proxy_url"]);
    let url = section.take("proxy_url").and_then(|at| {
        let url = at.text()?;
        if url.contains('@') {
            at.hide();
        }
        let has_scheme = ["http://", "https://", "socks5://"].iter().any(|scheme| url.starts_with(scheme));
        // What was shown can be read again.
        if !has_scheme && !url.is_empty() && url != HIDDEN {
            at.wrong("must be a URL that begins with http://, https:// or socks5://");
        }
        Some(Secret::new(url)).filter(|url| !url.expose().is_empty())
    });
    let no_proxy = section.take("no_proxy").and_then(|at| {
        if url.is_none() {
            at.wrong("needs a proxy_url");
        }
        at.text()
    });
    let headers = section.take("proxy_connect_header").map(|at| at.pairs()).unwrap_or_default();
    let secrets = |at: &At<'_>| at.items().iter().filter_map(At::secret).collect();
    Proxy {
        from_environment: section.boolean_or("proxy_from_environment", false),
        connect_headers: headers.into_iter().map(|(name, at)| (name, secrets(&at))).collect(),
        url,
        no_proxy,
    }
}

fn headers(section: &Section<'_>, folder: &Path) -> BTreeMap<String, HttpHeader> {
    let pairs = section.take("http_headers").map(|at| at.pairs()).unwrap_or_default();
    let header = |(name, at): (String, At<'_>)| {
        if RESERVED.contains(&name.to_ascii_lowercase().as_str()) {
            at.wrong("this header cannot be set here");
        }
        let section = at.section()?;
        let given = section.take("secrets").map(|at| at.items()).unwrap_or_default();
        let given = given.iter().filter_map(At::secret).map(SecretSource::Given);
        let files = section.texts("files").unwrap_or_default();
        let files = files.iter().map(|path| SecretSource::File(folder.join(path)));
        let values = section.texts("values").unwrap_or_default();
        Some((name, HttpHeader { values, secrets: given.chain(files).collect() }))
    };
    pairs.into_iter().filter_map(header).collect()
}
