//! The way to a server: directly, or through a proxy.

use std::sync::Arc;

use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName};
use secrecy::{ExposeSecret, SecretString};

use crate::bypass::Bypass;
use crate::error::ConfigError;
use crate::headers::{header_name, header_value};

/// Headers for the proxy itself, sent where it is asked for a tunnel (`CONNECT`), by their names.
pub type ConnectHeaders = Vec<(String, Vec<SecretString>)>;

/// The way to a server. `Debug` shows no secret.
#[derive(Clone, Default, Debug)]
pub enum Proxy {
    /// Directly, whatever the environment says.
    #[default]
    Direct,
    /// As `HTTP_PROXY`, `HTTPS_PROXY`, else `ALL_PROXY`, and `NO_PROXY` say, in capitals or small; to this machine
    /// always directly. The environment is read once, when the connection is set up.
    Environment {
        /// What the proxy is told.
        connect_headers: ConnectHeaders,
    },
    /// Through this one.
    Through {
        /// Its address: `http`, `https` or `socks5`, perhaps with a user and a password in it. A `socks5` proxy is given
        /// names, which it looks up itself, as Go does.
        url: SecretString,
        /// Hosts that are spoken to without it, as `NO_PROXY` has them. If it is given, this machine is spoken to
        /// directly too (as in Go, `golang.org/x/net/http/httpproxy`).
        no_proxy: Option<String>,
        /// What the proxy is told.
        connect_headers: ConnectHeaders,
    },
}

const SCHEMES: [&str; 4] = ["http", "https", "socks5", "socks5h"];

/// A proxy for each scheme, and for whom there is none.
#[derive(Default)]
pub(crate) struct Ways {
    plain: Option<Url>,
    secure: Option<Url>,
    bypass: Option<Bypass>,
    connect_headers: HeaderMap,
}

impl Ways {
    /// The ways that this is, with the environment as `variable` tells it.
    pub(crate) fn of(proxy: &Proxy, variable: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        match proxy {
            Proxy::Direct => Ok(Self::default()),
            Proxy::Through { url, no_proxy, connect_headers } => {
                let url = parse(url.expose_secret()).ok_or(ConfigError::Proxy("proxy_url"))?;
                let no_proxy = no_proxy.as_deref().filter(|list| !list.is_empty());
                Ok(Self {
                    plain: Some(url.clone()),
                    secure: Some(url),
                    bypass: no_proxy.map(Bypass::parse),
                    connect_headers: headers(connect_headers)?,
                })
            }
            Proxy::Environment { connect_headers } => {
                let either = |[loud, quiet]: [&'static str; 2]| {
                    let found = [loud, quiet].into_iter().find_map(|name| Some((name, variable(name)?)));
                    found.filter(|(_, text)| !text.is_empty())
                };
                let address = |names| match either(names).or_else(|| either(["ALL_PROXY", "all_proxy"])) {
                    Some((name, text)) => parse(&text).map(Some).ok_or(ConfigError::Proxy(name)),
                    None => Ok(None),
                };
                let list = either(["NO_PROXY", "no_proxy"]).map_or_else(String::new, |(_, list)| list);
                Ok(Self {
                    plain: address(["HTTP_PROXY", "http_proxy"])?,
                    secure: address(["HTTPS_PROXY", "https_proxy"])?,
                    bypass: Some(Bypass::parse(&list)),
                    connect_headers: headers(connect_headers)?,
                })
            }
        }
    }

    /// The proxy through which this address is reached, if it is not reached directly.
    pub(crate) fn to(&self, url: &Url) -> Option<Url> {
        let proxy = if url.scheme() == "https" { &self.secure } else { &self.plain };
        let directly = self.bypass.as_ref().is_some_and(|bypass| bypass.covers(url));
        proxy.clone().filter(|_| !directly)
    }

    /// The same as rules of the client. The headers are for tunnels alone: where there is none the proxy would hand
    /// them on.
    pub(crate) fn rules(self: Arc<Self>) -> Vec<reqwest::Proxy> {
        if self.plain.is_none() && self.secure.is_none() {
            return Vec::new();
        }
        let headers = self.connect_headers.clone();
        let rule = |scheme: &'static str| {
            let ways = Arc::clone(&self);
            reqwest::Proxy::custom(move |url| ways.to(url).filter(|_| url.scheme() == scheme))
        };
        vec![rule("https").headers(headers), rule("http")]
    }
}

fn headers(given: &ConnectHeaders) -> Result<HeaderMap, ConfigError> {
    let mut headers = HeaderMap::new();
    for (name, values) in given {
        let name: HeaderName = header_name(name, &[])?;
        for value in values {
            headers.append(name.clone(), header_value(&name, value.expose_secret())?);
        }
    }
    Ok(headers)
}

/// An address; one without a scheme is one of http, as curl and Go have it.
fn parse(text: &str) -> Option<Url> {
    let text = text.trim();
    let usable = |url: &Url| SCHEMES.contains(&url.scheme()) && url.host_str().is_some();
    let url = Url::parse(text).ok().filter(usable);
    let mut url = match url {
        None if !text.contains("://") => Url::parse(&format!("http://{text}")).ok().filter(usable)?,
        url => url?,
    };
    if url.scheme() == "socks5" {
        url.set_scheme("socks5h").ok()?;
    }
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(proxy: &Proxy, environment: &[(&str, &str)], url: &str) -> Option<String> {
        let variable = |name: &str| {
            let found = environment.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let ways = Ways::of(proxy, variable).unwrap();
        ways.to(&Url::parse(url).unwrap()).map(|url| url.to_string())
    }

    #[test]
    fn the_environment_says_the_way_for_each_scheme() {
        let proxy = Proxy::Environment { connect_headers: Vec::new() };
        let environment =
            [("https_proxy", "secure:3128"), ("HTTP_PROXY", "http://plain"), ("NO_PROXY", "direct.org")];
        let way_to = |url| way(&proxy, &environment, url);
        assert_eq!(way_to("https://a.org/x").as_deref(), Some("http://secure:3128/"));
        assert_eq!(way_to("http://a.org/x").as_deref(), Some("http://plain/"));
        assert_eq!(way_to("https://direct.org/x"), None);
        assert_eq!(way_to("http://127.0.0.1/"), None, "to this machine always directly");
        let all = [("ALL_PROXY", "socks5://all:1080")];
        assert_eq!(way(&proxy, &all, "http://a.org").as_deref(), Some("socks5h://all:1080"));
        assert_eq!(way(&Proxy::Direct, &environment, "https://a.org"), None);
    }

    #[test]
    fn a_given_proxy_leads_to_this_machine_too_unless_hosts_are_excepted() {
        let through = |no_proxy: Option<&str>| Proxy::Through {
            url: "http://me:pass@proxy:3128".into(),
            no_proxy: no_proxy.map(str::to_owned),
            connect_headers: Vec::new(),
        };
        assert!(way(&through(None), &[], "http://127.0.0.1/").is_some());
        assert!(way(&through(Some("a.org")), &[], "http://127.0.0.1/").is_none());
        assert!(way(&through(Some("a.org")), &[], "https://a.org/").is_none());
        assert!(way(&through(Some("a.org")), &[], "https://b.org/").is_some());
        assert!(!format!("{:?}", through(None)).contains("pass"));
    }

    #[test]
    fn what_is_no_proxy_is_refused_without_repeating_it() {
        let through = |url: &str, headers: ConnectHeaders| {
            let proxy = Proxy::Through { url: url.into(), no_proxy: None, connect_headers: headers };
            Ways::of(&proxy, |_| None).err()
        };
        for url in ["ftp://hush", "http://", "hush hush"] {
            assert_eq!(through(url, Vec::new()), Some(ConfigError::Proxy("proxy_url")), "{url}");
        }
        let headers = vec![("X-Token".to_owned(), vec!["hush\nhush".into()])];
        assert_eq!(through("http://p", headers), Some(ConfigError::HeaderValue("x-token".to_owned())));
        let variable = |name: &str| (name == "HTTPS_PROXY").then(|| "ftp://hush".to_owned());
        let wrong = Ways::of(&Proxy::Environment { connect_headers: Vec::new() }, variable).err();
        assert_eq!(wrong, Some(ConfigError::Proxy("HTTPS_PROXY")));
    }
}
