//! How the doors are set up; decided by the flags.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::time::Duration;

use larum_core::matcher::MatcherSyntax;
use larum_render::Links;

/// How posting alerts is protected.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PostAuth {
    /// Anybody on this machine may post: see [`PostAuth::if_nobody_chose`].
    OpenOnLoopback,
    /// Anybody who reaches the door may post; chosen in so many words.
    None,
    /// A service token as `Authorization: Bearer larum_…`.
    Bearer,
    /// A service token as the password of HTTP Basic authentication, with any user name.
    Basic,
}

impl PostAuth {
    /// What holds if nobody chose: open to this machine, where nobody else comes in. A proxy in front of Larum lets
    /// others in by loopback, and shows itself in the address that people are given. `None` if somebody has to choose.
    pub fn if_nobody_chose(listen_address: SocketAddr, external_url: &ExternalUrl) -> Option<Self> {
        let alone = listen_address.ip().to_canonical().is_loopback() && external_url.is_loopback();
        alone.then_some(Self::OpenOnLoopback)
    }
}

/// Whether pages of other sites may read what Alertmanager's API answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum CrossOrigin {
    /// They may not: no answer says anything of them.
    #[default]
    Refused,
    /// They may, as Alertmanager lets them.
    Allowed,
}

/// Who comes in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Access {
    /// Who logs in or has a service token, and who may post ([`PostAuth`]).
    #[default]
    Login,
    /// Everybody who reaches the door, and may do everything, as with Alertmanager.
    Everybody,
}

/// What this Larum is to others that speak of a cluster: always alone in it.
#[derive(Clone, Debug)]
pub struct Member {
    /// What it calls itself.
    pub name: String,
    /// Where it would listen to others.
    pub address: String,
}

/// How Alertmanager's API is served; by default as `larum serve` does.
#[derive(Clone, Debug, Default)]
pub struct ApiV2 {
    /// Who comes in.
    pub access: Access,
    /// As whom it shows itself in its cluster; `None` if it is in none.
    pub member: Option<Member>,
    /// Whether pages of other sites may read what it answers.
    pub cross_origin: CrossOrigin,
    /// How many reads are answered at a time (Alertmanager, `--web.get-concurrency`); unless somebody chose, as many as
    /// there are processors, and at least 8.
    pub get_concurrency: Option<NonZeroUsize>,
    /// How long an answer may take until it begins (Alertmanager, `--web.timeout`), but no longer than any other of
    /// Larum's.
    pub timeout: Option<Duration>,
    /// How matchers in questions are read.
    pub matcher_syntax: MatcherSyntax,
}

/// How the doors are set up.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Larum's version.
    pub version: &'static str,
    /// The machine's name.
    pub hostname: String,
    /// Where it listens.
    pub listen_address: SocketAddr,
    /// Whether it speaks TLS itself, so that nothing ever comes in the clear.
    pub speaks_tls: bool,
    /// Where people reach it, and the links in messages point.
    pub external_url: ExternalUrl,
    /// How posting alerts is protected.
    pub post_auth: PostAuth,
    /// How long an alert of an Alertmanager's webhook fires on when nothing more is heard of it.
    pub webhook_resolve_timeout: Duration,
    /// How Alertmanager's API is served.
    pub alertmanager: ApiV2,
}

/// Where people reach Larum: an `http` or `https` address without a slash at its end. Cannot exist if messages could
/// not link to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExternalUrl(String);

impl ExternalUrl {
    /// Reads what was given. `None` if it has no host, a login, a query, or is no `http` or `https` address at all.
    pub fn parse(given: &str) -> Option<Self> {
        let url = given.trim().trim_end_matches('/');
        let sound = Links::to(url) != Links::none() && !url.contains(['?', '#']);
        let url = Self(url.to_owned()).without_usual_port();
        (sound && !host_of(url.authority()).is_empty()).then_some(url)
    }

    /// Browsers leave it out of `Host` and `Origin` (WHATWG, "URL", "default port").
    fn without_usual_port(self) -> Self {
        let usual = if self.is_https() { ":443" } else { ":80" };
        match self.authority().strip_suffix(usual) {
            Some(host) => Self(self.0.replacen(self.authority(), host, 1)),
            None => self,
        }
    }

    /// As it was given, without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether people reach Larum by https, by a proxy in front of it.
    pub fn is_https(&self) -> bool {
        self.0.split_once(':').is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case("https"))
    }

    /// Host and port.
    pub fn authority(&self) -> &str {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        rest.split('/').next().unwrap_or_default()
    }

    /// What follows host and port: empty, or with a slash in front.
    pub fn path(&self) -> &str {
        &self.0[self.origin().len()..]
    }

    /// Scheme, host and port, as browsers send them in `Origin`.
    pub fn origin(&self) -> &str {
        let scheme = self.0.find("://").map_or(0, |at| at + "://".len());
        &self.0[..scheme + self.authority().len()]
    }

    /// Whether it leads nowhere for everybody on another machine.
    pub fn is_loopback(&self) -> bool {
        is_loopback_host(host_of(self.authority()))
    }
}

/// An authority without its port; an IPv6 address keeps its brackets.
pub fn host_of(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// Whether a host is this machine itself (RFC 6761, section 6.3, for `localhost` and names below it).
pub fn is_loopback_host(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || host.ends_with(".localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_told_from_ports() {
        assert_eq!(host_of("a.b:9093"), "a.b");
        assert_eq!(host_of("[::1]:9093"), "[::1]");
        assert_eq!(host_of("[::1]"), "[::1]");
        assert!(is_loopback_host("LOCALHOST") && is_loopback_host("127.1.2.3") && is_loopback_host("[::1]"));
        assert!(!is_loopback_host("localhost.evil.example") && !is_loopback_host("10.0.0.1"));
    }

    #[test]
    fn the_origin_is_the_external_url_without_its_path() {
        let url = ExternalUrl::parse("https://larum.example:8443/alerts/").unwrap();
        assert_eq!(url.as_str(), "https://larum.example:8443/alerts");
        assert_eq!(url.origin(), "https://larum.example:8443");
        assert!(url.is_https() && !url.is_loopback());
        assert!(ExternalUrl::parse("HTTPS://larum.example").unwrap().is_https());
        assert_eq!(ExternalUrl::parse("https://a.b:443/x").unwrap().as_str(), "https://a.b/x");
        assert_eq!(ExternalUrl::parse("http://a.b:443").unwrap().authority(), "a.b:443");
    }

    #[test]
    fn an_address_that_messages_cannot_link_to_is_none() {
        for given in [
            "",
            "larum.example",
            "ftp://larum.example",
            "https://",
            "https:///",
            "https://:9093",
            "https://user@larum.example",
            "https://larum.example/?q",
            "https://larum.example/#x",
            "https://larum example",
        ] {
            assert_eq!(ExternalUrl::parse(given), None, "{given}");
        }
    }

    #[test]
    fn posting_is_open_only_where_nobody_else_comes_in() {
        let open = |listen: &str, url: &str| {
            let url = ExternalUrl::parse(url).unwrap();
            PostAuth::if_nobody_chose(listen.parse().unwrap(), &url).is_some()
        };
        assert!(open("127.0.0.1:9093", "http://127.0.0.1:9093"));
        assert!(open("[::1]:9093", "http://localhost:9093"));
        assert!(!open("127.0.0.1:9093", "https://larum.example.com"), "a proxy lets others in");
        assert!(!open("0.0.0.0:9093", "http://localhost:9093"));
        assert!(!open("10.0.0.7:9093", "http://10.0.0.7:9093"));
    }
}
