//! Calling a server by another name than that of its address (TLS, server name indication: RFC 6066, section 3).

use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::HeaderValue;
use rustls::pki_types::ServerName;

/// How a server is called: the client names to it the host of the URL, so the name stands there, what is looked up is the
/// host of the address, and the header `Host` is said by itself.
pub(crate) struct Called {
    /// The address with the name in place of its host.
    pub(crate) url: Url,
    /// The host and port of the address.
    pub(crate) authority: HeaderValue,
    /// What is looked up.
    pub(crate) host: String,
}

impl Called {
    /// The server at `url`, called by `name`; none where it is called by that anyway, or by no name at all.
    pub(crate) fn by(name: &str, url: &Url) -> Option<Self> {
        // Numbers are no names that a server is called by.
        let is_name = matches!(ServerName::try_from(name), Ok(ServerName::DnsName(_)));
        let host = url.host_str().filter(|host| *host != name && is_name && url.scheme() == "https")?;
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let authority = HeaderValue::from_str(&format!("{host}{port}")).ok()?;
        let mut called = url.clone();
        called.set_host(Some(name)).ok()?;
        Some(Self { url: called, authority, host: host.trim_matches(['[', ']']).to_owned() })
    }
}

/// Looks one host up, whatever it is asked for.
pub(crate) struct Always(Arc<str>);

impl Always {
    pub(crate) fn this(host: &str) -> Self {
        Self(host.into())
    }
}

impl Resolve for Always {
    fn resolve(&self, _: Name) -> Resolving {
        let host = Arc::clone(&self.0);
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((&*host, 0)).await?.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_stands_in_the_address_and_its_host_is_looked_up() {
        let by = |name, url: &str| {
            let called = Called::by(name, &Url::parse(url).unwrap())?;
            let authority = called.authority.to_str().unwrap().to_owned();
            Some((called.url.to_string(), authority, called.host))
        };
        let told = |url: &str, authority: &str, host: &str| {
            Some((url.to_owned(), authority.to_owned(), host.to_owned()))
        };
        assert_eq!(
            by("hooks.internal", "https://me:p@10.0.0.5:8443/a?b"),
            told("https://me:p@hooks.internal:8443/a?b", "10.0.0.5:8443", "10.0.0.5")
        );
        assert_eq!(
            by("h.internal", "https://[fd00::5]/"),
            told("https://h.internal/", "[fd00::5]", "fd00::5")
        );
        for (name, url) in
            [("a.org", "https://a.org/"), ("10.0.0.1", "https://a.org/"), ("b.org", "http://a.org/")]
        {
            assert_eq!(by(name, url), None);
        }
    }
}
